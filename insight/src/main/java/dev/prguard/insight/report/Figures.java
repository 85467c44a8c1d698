package dev.prguard.insight.report;

import dev.prguard.insight.report.ReportTable.Cell;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Numbers as the report prints them.
final class Figures {
  /// Where there is nothing to say.
  static final String NONE = "–";

  private Figures() {}

  static Cell count(long value) {
    return Cell.of(String.format(Locale.ROOT, "%,d", value), (double) value);
  }

  static Cell percent(long part, long whole) {
    if (whole == 0) {
      return Cell.of(NONE, -1);
    }
    double share = 100.0 * part / whole;
    return Cell.of(String.format(Locale.ROOT, "%.1f %%", share), share);
  }

  static Cell millis(@Nullable Double ms) {
    return ms == null ? Cell.of(NONE, -1) : Cell.of(String.format(Locale.ROOT, "%,.0f", ms), ms);
  }

  /// An average of money, in nano-dollars.
  static Cell usd(long nanoUsd, long per) {
    return per == 0
        ? Cell.of(NONE, -1)
        : Cell.of(Usd.fine((double) nanoUsd / per / 1e9), (double) nanoUsd / per);
  }

  /// `+12.5 %`, against the period before.
  static String change(@Nullable Double now, @Nullable Double before) {
    if (now == null || before == null || before == 0) {
      return NONE;
    }
    double change = 100 * (now - before) / before;
    return String.format(Locale.ROOT, "%+.1f %%", change).replace('-', '−');
  }

  /// `+0.4 points`: the change of a share.
  static String points(@Nullable Double now, @Nullable Double before) {
    return now == null || before == null
        ? NONE
        : String.format(Locale.ROOT, "%+.1f points", 100 * (now - before)).replace('-', '−');
  }

  static @Nullable Double ratio(long part, long whole) {
    return whole == 0 ? null : (double) part / whole;
  }
}
