package dev.prguard.cli;

import dev.prguard.trace.query.TraceQueries.FoundSpan;
import dev.prguard.trace.query.TraceQueries.FoundTrace;
import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.trace.query.TraceQueries.MetricsAnswer;
import dev.prguard.trace.query.TraceQueries.Sample;
import dev.prguard.trace.query.TraceQueries.SearchAnswer;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.trace.query.TraceQueries.SpanSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Answers as CSV (RFC 4180): a line for each span or sample.
final class QueryCsv {
  private QueryCsv() {}

  static String search(SearchAnswer answer) {
    Set<String> groupKeys = new LinkedHashSet<>();
    Set<String> spanKeys = new LinkedHashSet<>();
    for (FoundTrace trace : answer.traces()) {
      for (SpanSet set : trace.spanSets()) {
        set.attributes().forEach(label -> groupKeys.add(label.key()));
        set.spans().forEach(span -> span.attributes().forEach(label -> spanKeys.add(label.key())));
      }
    }
    List<String> head =
        new ArrayList<>(
            List.of(
                "trace_id",
                "root_service",
                "root_name",
                "span_id",
                "name",
                "start",
                "duration_ns"));
    head.addAll(groupKeys);
    head.addAll(spanKeys);
    StringBuilder text = new StringBuilder();
    line(text, head);
    for (FoundTrace trace : answer.traces()) {
      for (SpanSet set : trace.spanSets()) {
        for (FoundSpan span : set.spans()) {
          List<String> row =
              new ArrayList<>(
                  List.of(
                      trace.traceId(),
                      trace.rootServiceName(),
                      trace.rootTraceName(),
                      span.spanId(),
                      span.name(),
                      Instant.EPOCH.plusNanos(span.startNanos()).toString(),
                      Long.toString(span.durationNanos())));
          groupKeys.forEach(key -> row.add(value(set.attributes(), key)));
          spanKeys.forEach(key -> row.add(value(span.attributes(), key)));
          line(text, row);
        }
      }
    }
    return text.toString();
  }

  static String metrics(MetricsAnswer answer) {
    Set<String> keys = new LinkedHashSet<>();
    answer.series().forEach(series -> series.labels().forEach(label -> keys.add(label.key())));
    List<String> head = new ArrayList<>(List.of("time"));
    head.addAll(keys);
    head.add("value");
    StringBuilder text = new StringBuilder();
    line(text, head);
    for (Series series : answer.series()) {
      for (Sample sample : series.samples()) {
        List<String> row = new ArrayList<>();
        row.add(Instant.ofEpochMilli(sample.timestampMillis()).toString());
        keys.forEach(key -> row.add(value(series.labels(), key)));
        row.add(Double.toString(sample.value()));
        line(text, row);
      }
    }
    return text.toString();
  }

  private static String value(List<Label> labels, String key) {
    return labels.stream()
        .filter(label -> label.key().equals(key))
        .map(label -> QueryTables.text(label.value()))
        .collect(Collectors.joining("; "));
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append(cells.stream().map(QueryCsv::cell).collect(Collectors.joining(","))).append("\r\n");
  }

  /// A spreadsheet would run a cell that begins like a formula; a number is no formula.
  private static String cell(String value) {
    boolean formula =
        !value.isEmpty()
            && "=+-@\t\r".indexOf(value.charAt(0)) >= 0
            && !value.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?");
    String safe = formula ? "'" + value : value;
    return safe.matches("(?s).*[\",\r\n].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }
}
