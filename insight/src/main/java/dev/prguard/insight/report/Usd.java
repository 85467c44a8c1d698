package dev.prguard.insight.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Prints amounts. A report has one unit, so that its tables can be compared; columns are rounded
/// by largest remainder, so that the printed cells add up to the printed total, and each cell is
/// less than one unit away from its exact amount.
final class Usd {
  private final int decimals;
  private final long unitNanoUsd;

  private Usd(int decimals) {
    this.decimals = decimals;
    this.unitNanoUsd = BigDecimal.TEN.pow(9 - decimals).longValueExact();
  }

  /// Cents from 1,000 USD on, else four decimals from 1 USD on, else six.
  static Usd forTotal(long nanoUsd) {
    if (nanoUsd >= 1_000_000_000_000L) {
      return new Usd(2);
    }
    return new Usd(nanoUsd >= 1_000_000_000L ? 4 : 6);
  }

  int decimals() {
    return decimals;
  }

  /// `$1,234.50`, rounded to the unit, half to even.
  String print(long nanoUsd) {
    return printUnits(units(nanoUsd));
  }

  /// A column whose total is printed by [#print].
  List<String> column(List<Long> nanoUsd) {
    long[] units = new long[nanoUsd.size()];
    List<Integer> order = new ArrayList<>();
    long total = 0;
    long floors = 0;
    for (int i = 0; i < units.length; i++) {
      units[i] = Math.floorDiv(nanoUsd.get(i), unitNanoUsd);
      total = Math.addExact(total, nanoUsd.get(i));
      floors += units[i];
      order.add(i);
    }
    order.sort(
        Comparator.comparingLong((Integer i) -> Math.floorMod(nanoUsd.get(i), unitNanoUsd))
            .reversed());
    long missing = units(total) - floors;
    for (int i = 0; i < missing; i++) {
      units[order.get(i)]++;
    }
    List<String> cells = new ArrayList<>();
    for (long unit : units) {
      cells.add(printUnits(unit));
    }
    return cells;
  }

  /// An average or another amount that is no sum: four significant digits.
  static String fine(double usd) {
    if (usd == 0) {
      return "$0";
    }
    BigDecimal rounded = BigDecimal.valueOf(usd).round(new MathContext(4, RoundingMode.HALF_EVEN));
    return "$" + grouped(rounded.scale() < 0 ? rounded.setScale(0) : rounded);
  }

  /// All digits.
  static String exact(long nanoUsd) {
    BigDecimal usd = BigDecimal.valueOf(nanoUsd, 9);
    return usd.signum() == 0 ? "0" : usd.stripTrailingZeros().toPlainString();
  }

  private long units(long nanoUsd) {
    return BigDecimal.valueOf(nanoUsd, 9)
        .setScale(decimals, RoundingMode.HALF_EVEN)
        .unscaledValue()
        .longValueExact();
  }

  private String printUnits(long units) {
    return (units < 0 ? "-$" : "$") + grouped(BigDecimal.valueOf(Math.abs(units), decimals));
  }

  private static String grouped(BigDecimal number) {
    return String.format(Locale.ROOT, "%,." + Math.max(0, number.scale()) + "f", number);
  }
}
