package dev.prguard.cli;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.ArrayValue;
import dev.prguard.trace.AttributeValue.BooleanValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.AttributeValue.OpaqueValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.query.TraceQueries.FoundSpan;
import dev.prguard.trace.query.TraceQueries.FoundTrace;
import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.trace.query.TraceQueries.MetricsAnswer;
import dev.prguard.trace.query.TraceQueries.Sample;
import dev.prguard.trace.query.TraceQueries.SearchAnswer;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.trace.query.TraceQueries.SpanSet;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Answers of `pr-guard query` for people: spans as rows, series as rows with a line drawn in text.
final class QueryTables {
  private static final String BLOCKS = "▁▂▃▄▅▆▇█";
  private static final int BAR_WIDTH = 24;

  private QueryTables() {}

  /// A row for each span, the traces that started last first.
  static String search(SearchAnswer answer) {
    Set<String> groupKeys = new LinkedHashSet<>();
    Set<String> spanKeys = new LinkedHashSet<>();
    boolean named = false;
    for (FoundTrace trace : answer.traces()) {
      for (SpanSet set : trace.spanSets()) {
        set.attributes().forEach(label -> groupKeys.add(label.key()));
        for (FoundSpan span : set.spans()) {
          named |= !span.name().isEmpty();
          span.attributes().forEach(label -> spanKeys.add(label.key()));
        }
      }
    }
    List<String> head = new ArrayList<>(List.of("started (UTC)", "trace", "root"));
    List<TextTable.Side> sides =
        new ArrayList<>(List.of(TextTable.Side.LEFT, TextTable.Side.LEFT, TextTable.Side.LEFT));
    head.addAll(groupKeys);
    groupKeys.forEach(_ -> sides.add(TextTable.Side.LEFT));
    if (named) {
      head.add("name");
      sides.add(TextTable.Side.LEFT);
    }
    head.add("duration");
    sides.add(TextTable.Side.RIGHT);
    head.addAll(spanKeys);
    spanKeys.forEach(_ -> sides.add(TextTable.Side.LEFT));
    TextTable table = new TextTable(head, sides);
    int spans = 0;
    int hidden = 0;
    for (FoundTrace trace : answer.traces()) {
      for (SpanSet set : trace.spanSets()) {
        hidden += set.matched() - set.spans().size();
        for (FoundSpan span : set.spans()) {
          spans++;
          table.add(row(trace, set, span, groupKeys, spanKeys, named));
        }
      }
      if (trace.spanSets().isEmpty()) {
        List<String> row =
            new ArrayList<>(
                List.of(time(trace.startNanos()), trace.traceId(), trace.rootTraceName()));
        groupKeys.forEach(_ -> row.add(""));
        if (named) {
          row.add("");
        }
        row.add(trace.durationMillis() + "ms");
        spanKeys.forEach(_ -> row.add(""));
        table.add(row);
      }
    }
    return table.render()
        + String.format(
            Locale.ROOT,
            "%d spans in %d traces%s%n",
            spans,
            answer.traces().size(),
            hidden > 0 ? "; " + hidden + " more in these traces (--spss 0 shows all)" : "");
  }

  private static List<String> row(
      FoundTrace trace,
      SpanSet set,
      FoundSpan span,
      Set<String> groupKeys,
      Set<String> spanKeys,
      boolean named) {
    List<String> row = new ArrayList<>();
    row.add(time(span.startNanos()));
    row.add(trace.traceId());
    row.add(trace.rootTraceName());
    groupKeys.forEach(key -> row.add(values(set.attributes(), key)));
    if (named) {
      row.add(span.name());
    }
    row.add(duration(span.durationNanos()));
    spanKeys.forEach(key -> row.add(values(span.attributes(), key)));
    return row;
  }

  /// A row for each series: its labels, least, average, greatest and last sample, and their line.
  ///
  /// @param width of the terminal, in characters
  static String range(MetricsAnswer answer, int width) {
    TextTable table =
        new TextTable(
            List.of("series", "min", "avg", "max", "last", "over time"),
            List.of(
                TextTable.Side.LEFT,
                TextTable.Side.RIGHT,
                TextTable.Side.RIGHT,
                TextTable.Side.RIGHT,
                TextTable.Side.RIGHT,
                TextTable.Side.LEFT));
    int nameWidth =
        answer.series().stream().mapToInt(series -> name(series.labels()).length()).max().orElse(6);
    int lineWidth = Math.clamp(width - nameWidth - 52L, 12, 120);
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (Series series : answer.series()) {
      for (Sample sample : series.samples()) {
        first = Math.min(first, sample.timestampMillis());
        last = Math.max(last, sample.timestampMillis());
      }
    }
    for (Series series : answer.series()) {
      List<Double> values = series.samples().stream().map(Sample::value).toList();
      double average =
          values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
      table.add(
          List.of(
              name(series.labels()),
              values.isEmpty() ? "" : number(Collections.min(values)),
              values.isEmpty() ? "" : number(average),
              values.isEmpty() ? "" : number(Collections.max(values)),
              values.isEmpty() ? "" : number(values.getLast()),
              line(series.samples(), first, last, lineWidth)));
    }
    String span =
        first <= last ? ", " + millisTime(first) + " to " + millisTime(last) + " (UTC)" : "";
    return table.render()
        + String.format(Locale.ROOT, "%d series%s%n", answer.series().size(), span);
  }

  /// A row for each series: its labels, its value, and a bar beside the greatest.
  static String instant(MetricsAnswer answer) {
    TextTable table =
        new TextTable(
            List.of("series", "value", ""),
            List.of(TextTable.Side.LEFT, TextTable.Side.RIGHT, TextTable.Side.LEFT));
    double greatest = 0;
    for (Series series : answer.series()) {
      for (Sample sample : series.samples()) {
        greatest = Math.max(greatest, sample.value());
      }
    }
    for (Series series : answer.series()) {
      double value = series.samples().isEmpty() ? 0 : series.samples().getLast().value();
      int bar = greatest > 0 && value > 0 ? (int) Math.round(value / greatest * BAR_WIDTH) : 0;
      table.add(List.of(name(series.labels()), number(value), "█".repeat(Math.max(bar, 0))));
    }
    return table.render() + String.format(Locale.ROOT, "%d series%n", answer.series().size());
  }

  /// The greatest sample of each column of text, between 0 and the series' greatest; a blank where
  /// there is none.
  private static String line(List<Sample> samples, long first, long last, int width) {
    double[] columns = new double[width];
    java.util.Arrays.fill(columns, Double.NaN);
    double greatest = 0;
    for (Sample sample : samples) {
      int column =
          last == first
              ? 0
              : (int) ((sample.timestampMillis() - first) * (double) (width - 1) / (last - first));
      columns[column] =
          Double.isNaN(columns[column])
              ? sample.value()
              : Math.max(columns[column], sample.value());
      greatest = Math.max(greatest, sample.value());
    }
    StringBuilder text = new StringBuilder();
    for (double value : columns) {
      if (Double.isNaN(value)) {
        text.append(' ');
      } else {
        int level = greatest > 0 ? (int) Math.floor(value / greatest * (BLOCKS.length() - 1)) : 0;
        text.append(BLOCKS.charAt(Math.clamp(level, 0, BLOCKS.length() - 1)));
      }
    }
    return text.toString();
  }

  static String name(List<Label> labels) {
    return labels.stream()
        .map(label -> label.key() + "=" + text(label.value()))
        .collect(Collectors.joining(", "));
  }

  static String text(AttributeValue value) {
    return switch (value) {
      case StringValue(String text) -> text;
      case LongValue(long number) -> Long.toString(number);
      case DoubleValue(double number) -> number(number);
      case BooleanValue(boolean flag) -> Boolean.toString(flag);
      case OpaqueValue _ -> "";
      case ArrayValue(List<AttributeValue> values) ->
          values.stream().map(QueryTables::text).collect(Collectors.joining(", ", "[", "]"));
    };
  }

  /// Six digits are enough to read; `--json` and `--csv` have all.
  private static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
    return Math.abs(rounded.precision() - rounded.scale()) > 15
        ? rounded.toString()
        : rounded.toPlainString();
  }

  private static String values(List<Label> labels, String key) {
    return labels.stream()
        .filter(label -> label.key().equals(key))
        .map(label -> text(label.value()))
        .collect(Collectors.joining(", "));
  }

  private static String duration(long nanos) {
    return number(nanos / 1e6) + "ms";
  }

  private static String time(long nanos) {
    return millisTime(nanos / 1_000_000);
  }

  private static String millisTime(long millis) {
    return Instant.ofEpochMilli(millis)
        .truncatedTo(ChronoUnit.SECONDS)
        .toString()
        .replace('T', ' ')
        .replace("Z", "");
  }
}
