package dev.prguard.review.cost;

import java.math.BigDecimal;

/// An exact amount: nano-dollars (1 USD = 1,000,000,000), or unknown when the price of a billed
/// call is not known. An unknown part makes the sum unknown; it is never taken as 0.
public sealed interface Cost {

  record Known(long nanoUsd) implements Cost {
    public Known {
      if (nanoUsd < 0) {
        throw new IllegalArgumentException("nanoUsd: " + nanoUsd + " (expected: 0 or more)");
      }
    }

    /// The amount in USD, exact.
    public BigDecimal usd() {
      return BigDecimal.valueOf(nanoUsd, 9);
    }
  }

  /// Not known whole.
  ///
  /// @param knownNanoUsd the sum of the parts whose price is known
  record Unknown(long knownNanoUsd) implements Cost {}

  static Cost zero() {
    return new Known(0);
  }

  static Cost unknown() {
    return new Unknown(0);
  }

  static Cost ofNanoUsd(long nanoUsd) {
    return new Known(nanoUsd);
  }

  default Cost plus(Cost other) {
    long sum = Math.addExact(knownPart(), other.knownPart());
    return this instanceof Known && other instanceof Known ? new Known(sum) : new Unknown(sum);
  }

  /// Nano-dollars of the parts whose price is known.
  default long knownPart() {
    return switch (this) {
      case Known(long nanoUsd) -> nanoUsd;
      case Unknown(long knownNanoUsd) -> knownNanoUsd;
    };
  }
}
