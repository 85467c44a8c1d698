package dev.prguard.insight.alert;

import dev.prguard.insight.query.ReviewQuery;
import java.time.Duration;
import java.util.Objects;

/// A service level objective: a promise, and the share of operations that must keep it.
///
/// @param promise for people
/// @param objective the share, over 0 and below 1
/// @param broken counts operations that broke it
/// @param measured counts operations that could have
/// @param histogram the Prometheus histogram that tells the same
/// @param bound the histogram's bucket that holds those that kept it
public record Slo(
    String id,
    String promise,
    double objective,
    ReviewQuery broken,
    ReviewQuery measured,
    String histogram,
    String bound) {
  public Slo {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(promise, "promise");
    if (objective <= 0 || objective >= 1) {
      throw new IllegalArgumentException("objective: " + objective + " (expected: 0..1)");
    }
  }

  /// The share that may break it: the objective's complement, without the noise of `1 - 0.95`.
  double budget() {
    return Double.parseDouble(PromQl.number(1 - objective));
  }

  /// The share of operations that kept it, from metrics.
  String kept(Duration window) {
    String all = "sum(" + PromQl.increase(histogram + "_count", window) + ")";
    String kept = "sum(" + PromQl.increase(PromQl.bucket(histogram, bound), window) + ")";
    return kept + " / (" + all + " > 0)";
  }

  /// How fast the error budget burns, from metrics. A value exactly on the bound counts as kept
  /// here, because bounds of histograms are inclusive. Counts are multiplied before they are
  /// divided, so that a share exactly on the limit is not over it by a rounding.
  String burnRate(Duration window) {
    String all = "sum(" + PromQl.increase(histogram + "_count", window) + ")";
    String kept = "sum(" + PromQl.increase(PromQl.bucket(histogram, bound), window) + ")";
    return "(" + all + " - " + kept + ") / ((" + all + " > 0) * " + PromQl.number(budget()) + ")";
  }
}
