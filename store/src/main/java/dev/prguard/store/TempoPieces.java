package dev.prguard.store;

import dev.prguard.store.TempoStage.Metric;
import dev.prguard.trace.query.TraceQueries.Exemplar;
import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.trace.query.TraceQueries.MetricsAnswer;
import dev.prguard.trace.query.TraceQueries.Sample;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import dev.prguard.trace.query.TraceQueryException;
import dev.prguard.trace.query.TraceQueryException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a range that is longer than a Tempo takes into pieces, and puts the answers together, where
/// that is exact.
final class TempoPieces {
  /// Tempo's own limit on the intervals of a query.
  static final int MAX_INTERVALS = 10_000;

  private static final Pattern EXCEEDS =
      Pattern.compile("exceed\\w*\\b[^0-9]{0,60}((?:\\d+h)?(?:\\d+m)?(?:\\d+(?:\\.\\d+)?s)?)");
  private static final Pattern PART = Pattern.compile("(\\d+)(?:\\.\\d+)?([hms])");

  private TempoPieces() {}

  /// The longest range that a refusal names, such as `range specified by start and end exceeds
  /// 24h0m0s. received ...`; empty when it is about something else.
  static Optional<Duration> maximum(String refusal) {
    Matcher exceeds = EXCEEDS.matcher(refusal);
    if (!exceeds.find() || exceeds.group(1).isEmpty()) {
      return Optional.empty();
    }
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(exceeds.group(1));
    while (part.find()) {
      long amount = Long.parseLong(part.group(1));
      sum =
          sum.plus(
              switch (part.group(2)) {
                case "h" -> Duration.ofHours(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofSeconds(amount);
              });
    }
    return sum.isZero() ? Optional.empty() : Optional.of(sum);
  }

  /// Tempo's step for a range that names none.
  static Duration defaultStep(TimeRange range) {
    long nanos = nanos(range.end()) - nanos(range.start());
    long step = nanos / 240;
    if (nanos < 60_000_000_000L) {
      return Duration.ofNanos(Math.max(step - step % 50_000_000L, 50_000_000L));
    }
    for (long unit : new long[] {3600, 300, 60, 15, 5, 1}) {
      if (step > unit * 1_000_000_000L) {
        return Duration.ofNanos(step - step % (unit * 1_000_000_000L));
      }
    }
    return Duration.ofSeconds(1);
  }

  /// Pieces whose ends are multiples of the longest whole number of steps (of a day, for steps that
  /// divide it), the oldest first. Each but the first begins a nanosecond behind the end of the one
  /// before, which is rounded down to that end again.
  ///
  /// @param longest of a piece, one step or more
  static List<TimeRange> ranges(TimeRange range, Duration step, Duration longest) {
    long by = step.toNanos();
    long length = longest.toNanos() / by * by;
    long start = Math.floorDiv(nanos(range.start()), by) * by;
    long end = Math.ceilDiv(nanos(range.end()), by) * by;
    List<TimeRange> pieces = new ArrayList<>();
    // The first interval ends at the start.
    long at = start;
    while (at < end) {
      long next = Math.min(end, Math.floorDiv(at, length) * length + length);
      pieces.add(new TimeRange(instant(pieces.isEmpty() ? at : at + 1), instant(next)));
      at = next;
    }
    return pieces;
  }

  /// Pieces of (start, end], the oldest first.
  static List<TimeRange> windows(TimeRange range, Duration longest) {
    List<TimeRange> pieces = new ArrayList<>();
    long end = nanos(range.end());
    long at = nanos(range.start());
    while (at < end) {
      long next =
          Math.min(
              end, Math.floorDiv(at, longest.toNanos()) * longest.toNanos() + longest.toNanos());
      pieces.add(new TimeRange(instant(at), instant(next)));
      at = next;
    }
    return pieces;
  }

  /// Puts answers over [#ranges] together. Each interval is whole in one of them.
  static MetricsAnswer joinRanges(
      List<TimeRange> pieces, Duration step, List<MetricsAnswer> answers, Metric metric) {
    Map<List<Label>, TreeMap<Long, Double>> samples = new LinkedHashMap<>();
    Map<List<Label>, List<Exemplar>> exemplars = new HashMap<>();
    for (int i = 0; i < answers.size(); i++) {
      // What ends where the piece begins was told by the one before.
      long after = i == 0 ? Long.MIN_VALUE : millis(pieces.get(i).start());
      long until = millis(pieces.get(i).end());
      for (Series series : answers.get(i).series()) {
        TreeMap<Long, Double> of = samples.computeIfAbsent(series.labels(), _ -> new TreeMap<>());
        for (Sample sample : series.samples()) {
          if (sample.timestampMillis() > after && sample.timestampMillis() <= until) {
            of.put(sample.timestampMillis(), sample.value());
          }
        }
        exemplars
            .computeIfAbsent(series.labels(), _ -> new ArrayList<>())
            .addAll(series.exemplars());
      }
    }
    if (metric.hasZeros() && !pieces.isEmpty()) {
      long first = nanos(pieces.getFirst().start());
      long last = nanos(pieces.getLast().end());
      for (TreeMap<Long, Double> of : samples.values()) {
        for (long at = first; at <= last; at += step.toNanos()) {
          of.putIfAbsent(Math.floorDiv(at, 1_000_000L), 0.0);
        }
      }
    }
    List<Series> list = new ArrayList<>();
    samples.forEach((labels, of) -> {
      if (!of.isEmpty()) {
        List<Sample> sorted = new ArrayList<>();
        of.forEach((at, value) -> sorted.add(new Sample(at, value)));
        list.add(new Series(labels, sorted, exemplars.getOrDefault(labels, List.of())));
      }
    });
    return sorted(list);
  }

  /// Puts answers over [#windows] together.
  ///
  /// @throws TraceQueryException for functions whose parts do not tell the whole
  static MetricsAnswer joinWindows(
      List<TimeRange> pieces, List<MetricsAnswer> answers, Metric metric) {
    Map<List<Label>, Double> values = new LinkedHashMap<>();
    double whole = seconds(pieces.getFirst().start(), pieces.getLast().end());
    for (int i = 0; i < answers.size(); i++) {
      double share = seconds(pieces.get(i).start(), pieces.get(i).end()) / whole;
      for (Series series : answers.get(i).series()) {
        double value = series.samples().getLast().value();
        switch (metric) {
          case COUNT_OVER_TIME, SUM_OVER_TIME, HISTOGRAM_OVER_TIME ->
              values.merge(series.labels(), value, Double::sum);
          case RATE -> values.merge(series.labels(), value * share, Double::sum);
          case MIN_OVER_TIME -> values.merge(series.labels(), value, Math::min);
          case MAX_OVER_TIME -> values.merge(series.labels(), value, Math::max);
          case AVG_OVER_TIME, QUANTILE_OVER_TIME, OTHER ->
              throw new IllegalArgumentException(metric.name());
        }
      }
    }
    long end = millis(pieces.getLast().end());
    List<Series> list = new ArrayList<>();
    values.forEach((labels, value) ->
        list.add(new Series(labels, List.of(new Sample(end, value)), List.of())));
    return sorted(list);
  }

  /// @param what the kind of query, for the message
  static TraceQueryException notExact(String what, Duration longest) {
    return new TraceQueryException(
        Reason.REFUSED,
        "this Tempo answers at most "
            + longest.toString().substring(2).toLowerCase(java.util.Locale.ROOT)
            + " at once, and "
            + what
            + " cannot be put together from parts: ask for a shorter range");
  }

  /// By the number of labels, then their keys and values, as one answer would be.
  private static MetricsAnswer sorted(List<Series> series) {
    return new MetricsAnswer(
        series.stream()
            .sorted(
                Comparator.<Series>comparingInt(of -> of.labels().size())
                    .thenComparing(of -> of.labels().toString()))
            .toList());
  }

  private static double seconds(Instant start, Instant end) {
    return (nanos(end) - nanos(start)) / 1e9;
  }

  private static long millis(Instant instant) {
    return Math.floorDiv(nanos(instant), 1_000_000L);
  }

  static long nanos(Instant instant) {
    try {
      return ChronoUnit.NANOS.between(Instant.EPOCH, instant);
    } catch (ArithmeticException _) {
      throw new TraceQueryException(Reason.REFUSED, "time out of range: " + instant);
    }
  }

  private static Instant instant(long nanos) {
    return Instant.EPOCH.plusNanos(nanos);
  }
}
