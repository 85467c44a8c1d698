package dev.prguard.review.report;

import dev.prguard.review.cost.Cost;
import dev.prguard.review.result.ReviewResult;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.Set;

/// Money as people read it: exact, never rounded, and never a number where none is known.
public final class Money {

  private Money() {}

  /// `$0.0006663`, or `unknown (at least $0.0002: price or tokens of model x-1 not known)`.
  ///
  /// @param model the model whose price is missing, or which did not say what it had used; used
  ///   only when the cost is unknown; returned as it is, so untrusted where the name is
  public static String format(Cost cost, String model) {
    return switch (cost) {
      case Cost.Known known -> dollars(known.usd());
      case Cost.Unknown(long knownNanoUsd) ->
          "unknown ("
              + (knownNanoUsd > 0
                  ? "at least " + dollars(BigDecimal.valueOf(knownNanoUsd, 9)) + ": "
                  : "")
              + "price or tokens of model "
              + model
              + " not known)";
    };
  }

  /// The cost of the whole review; an unknown one names only the models whose price is missing.
  public static String total(ReviewResult result) {
    Set<String> unpriced = new LinkedHashSet<>();
    for (ReviewResult.OperationSummary operation : result.operations()) {
      if (operation.cost() instanceof Cost.Unknown) {
        unpriced.add(operation.model());
      }
    }
    return format(result.cost(), unpriced.isEmpty() ? result.model() : String.join(", ", unpriced));
  }

  /// The exact decimal number, without an exponent and without zeros at its end.
  static String plain(BigDecimal usd) {
    return usd.signum() == 0 ? "0" : usd.stripTrailingZeros().toPlainString();
  }

  private static String dollars(BigDecimal usd) {
    return "$" + plain(usd);
  }
}
