package dev.prguard.traceql.engine;

import dev.prguard.trace.query.SpanWindow;
import dev.prguard.trace.query.TraceQueryException;
import dev.prguard.traceql.GoDuration;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// The intervals of a metrics query: interval i holds the starts in (origin + i*step, origin +
/// (i+1)*step], and its sample stands at its end.
///
/// @param originNanos ns since the epoch
/// @param stepNanos ns
/// @param instant one interval, the whole range
record Grid(long originNanos, long stepNanos, int intervals, boolean instant) {
  static final int MAX_INTERVALS = 10_000;

  private static final long SECOND = 1_000_000_000L;

  /// Tempo's alignment: the start is rounded down and one interval more, the end is rounded up.
  ///
  /// @param step null for the default
  /// @throws TraceQueryException for an empty range, and a step with too many intervals
  static Grid range(Instant start, Instant end, @Nullable Duration step) {
    long from = nanos(start);
    long to = nanos(end);
    if (to < from) {
      throw refused("end must be greater than start");
    }
    long by = step == null ? defaultStep(to - from) : toNanos(step);
    if (by <= 0) {
      throw refused("step must be greater than zero");
    }
    long origin = from - Math.floorMod(from, by) - by;
    long last = Math.ceilDiv(to, by) * by;
    long count = (last - origin) / by;
    if (count > MAX_INTERVALS + 2 || (to - from) / by > MAX_INTERVALS) {
      throw refused(
          "step of "
              + GoDuration.format(by)
              + " is too small, minimum step for given range is "
              + GoDuration.format(Math.ceilDiv(to - from, MAX_INTERVALS)));
    }
    return new Grid(origin, by, (int) count, false);
  }

  /// One interval, (start, end].
  static Grid instant(Instant start, Instant end) {
    long from = nanos(start);
    long to = nanos(end);
    if (to <= from) {
      throw refused("end must be greater than start");
    }
    return new Grid(from, to - from, 1, true);
  }

  private static long defaultStep(long range) {
    long step = range / 240;
    if (range < 60 * SECOND) {
      return Math.max(step - step % 50_000_000L, 50_000_000L);
    }
    for (long unit : new long[] {3600, 300, 60, 15, 5, 1}) {
      if (step > unit * SECOND) {
        return step - step % (unit * SECOND);
      }
    }
    return SECOND;
  }

  private static long toNanos(Duration step) {
    try {
      return step.toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE / 4;
    }
  }

  static long nanos(Instant instant) {
    try {
      return ChronoUnit.NANOS.between(Instant.EPOCH, instant);
    } catch (ArithmeticException e) {
      throw refused("time out of range: " + instant);
    }
  }

  private static TraceQueryException refused(String message) {
    return new TraceQueryException(TraceQueryException.Reason.REFUSED, message);
  }

  long endNanos() {
    return originNanos + stepNanos * intervals;
  }

  SpanWindow.Starts window() {
    return new SpanWindow.Starts(originNanos, endNanos());
  }

  /// @return -1 outside
  int interval(long startNanos) {
    if (startNanos <= originNanos || startNanos > endNanos()) {
      return -1;
    }
    return (int) ((startNanos - originNanos - 1) / stepNanos);
  }

  long timestampMillis(int interval) {
    return (originNanos + stepNanos * (interval + 1)) / 1_000_000;
  }

  double stepSeconds() {
    return stepNanos / 1e9;
  }
}
