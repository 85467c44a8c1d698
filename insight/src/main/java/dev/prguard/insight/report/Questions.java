package dev.prguard.insight.report;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.ArrayValue;
import dev.prguard.trace.AttributeValue.BooleanValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.AttributeValue.OpaqueValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueries.FoundTrace;
import dev.prguard.trace.query.TraceQueries.InstantQuery;
import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.trace.query.TraceQueries.RangeQuery;
import dev.prguard.trace.query.TraceQueries.Sample;
import dev.prguard.trace.query.TraceQueries.Search;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Asks in windows that the source allows, and puts the answers together by day of the report's
/// zone. Intervals are those of TraceQL, (start, end], so a span that starts at the very nanosecond
/// of midnight belongs to the day that ends there.
final class Questions {
  /// Tempo answers at most so many intervals.
  private static final long MAX_INTERVALS = 10_000;

  private final TraceQueries queries;
  private final ZoneId zone;
  private final Duration longest;

  Questions(TraceQueries queries, ZoneId zone, Duration longest) {
    this.queries = queries;
    this.zone = zone;
    this.longest = longest;
  }

  /// The values of the labels of `by()`, in its order; empty where a span has none.
  record Labels(List<String> values) {
    Labels {
      values = List.copyOf(values);
    }

    String get(int index) {
      return index < values.size() ? values.get(index) : "";
    }
  }

  /// Whole numbers by labels and day. Sums of longs are exact up to 2^53 a sample.
  ///
  /// @param by the labels, as TraceQL prints them
  Map<Labels, Map<LocalDate, Long>> daily(String query, ReportPeriod period, List<String> by) {
    Duration step = step(period);
    Map<Labels, Map<LocalDate, Long>> days = new LinkedHashMap<>();
    Duration window = step.multipliedBy(Math.min(MAX_INTERVALS, longest.dividedBy(step)));
    for (TimeRange range : windows(period, window)) {
      for (Series series : queries.range(new RangeQuery(query, range, step, 0)).series()) {
        Map<LocalDate, Long> byDay =
            days.computeIfAbsent(labels(series, by), key -> new HashMap<>());
        for (Sample sample : series.samples()) {
          Instant end = Instant.ofEpochMilli(sample.timestampMillis());
          // The first interval lies before the window: Tempo always adds one.
          if (sample.value() != 0 && end.isAfter(range.start()) && !end.isAfter(range.end())) {
            LocalDate day = LocalDate.ofInstant(end.minusNanos(1), zone);
            byDay.merge(day, whole(sample.value()), Math::addExact);
          }
        }
      }
    }
    return days;
  }

  /// Sums over the whole period, by labels.
  Map<Labels, Double> sums(String query, ReportPeriod period, List<String> by) {
    Map<Labels, Double> sums = new LinkedHashMap<>();
    for (TimeRange range : windows(period, longest)) {
      for (Series series : queries.instant(new InstantQuery(query, range)).series()) {
        for (Sample sample : series.samples()) {
          sums.merge(labels(series, by), sample.value(), Double::sum);
        }
      }
    }
    return sums;
  }

  /// The greatest value in the period, or 0.
  double maximum(String query, ReportPeriod period) {
    double maximum = 0;
    for (TimeRange range : windows(period, longest)) {
      for (Series series : queries.instant(new InstantQuery(query, range)).series()) {
        for (Sample sample : series.samples()) {
          maximum = Math.max(maximum, sample.value());
        }
      }
    }
    return maximum;
  }

  /// Traces of the period that match, at most `limit`, with one span of each span set.
  List<FoundTrace> search(String query, ReportPeriod period, int limit) {
    Map<String, FoundTrace> found = new LinkedHashMap<>();
    // The newest first, as one search would have them.
    for (TimeRange range : windows(period, longest).reversed()) {
      if (found.size() < limit) {
        Search search = new Search(query, range, limit, 1);
        queries.search(search).traces().forEach(trace -> found.putIfAbsent(trace.traceId(), trace));
      }
    }
    return found.values().stream().limit(limit).toList();
  }

  static long whole(double value) {
    if (Math.abs(value) > 1L << 53) {
      throw new ArithmeticException("a sum of " + value + " is not exact");
    }
    return Math.round(value);
  }

  private static List<TimeRange> windows(ReportPeriod period, Duration longest) {
    List<TimeRange> windows = new ArrayList<>();
    Instant end = period.endInstant();
    for (Instant at = period.startInstant(); at.isBefore(end); ) {
      Instant next = at.plus(longest);
      next = next.isAfter(end) ? end : next;
      windows.add(new TimeRange(at, next));
      at = next;
    }
    return windows;
  }

  /// A day where all days of the zone begin at midnight UTC; else the longest of an hour, 30 and 15
  /// minutes that the zone's offsets are multiples of, so that no interval crosses a midnight.
  /// Where a query may not be longer than a day, its alignment needs room: an hour at most.
  private Duration step(ReportPeriod period) {
    long common = ChronoUnit.DAYS.getDuration().toSeconds();
    for (LocalDate day : period.days()) {
      common = gcd(common, Math.floorMod(day.atStartOfDay(zone).toEpochSecond(), 86_400L));
    }
    common = gcd(common, Math.floorMod(period.endInstant().getEpochSecond(), 86_400L));
    boolean byDay = common == 86_400 && longest.toSeconds() > common;
    return Duration.ofSeconds(byDay ? common : gcd(common, 3600));
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  private static Labels labels(Series series, List<String> by) {
    List<String> values = new ArrayList<>();
    for (String key : by) {
      values.add(
          series.labels().stream()
              .filter(label -> label.key().equals(key))
              .map(Label::value)
              .map(Questions::text)
              .findFirst()
              .orElse(""));
    }
    return new Labels(values);
  }

  static String text(AttributeValue value) {
    return switch (value) {
      case StringValue(String text) -> text;
      case LongValue(long number) -> Long.toString(number);
      case DoubleValue(double number) -> Double.toString(number);
      case BooleanValue(boolean flag) -> Boolean.toString(flag);
      case ArrayValue(List<AttributeValue> values) -> values.toString();
      case OpaqueValue(String json) -> json;
    };
  }
}
