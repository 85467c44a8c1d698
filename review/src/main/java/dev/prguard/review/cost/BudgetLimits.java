package dev.prguard.review.cost;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;

/// Limits in nano-dollars, 0 or more; a limit that is not there does not limit.
public record BudgetLimits(Map<BudgetLimit, Long> nanoUsd) {

  public static final BudgetLimits NONE = new BudgetLimits(Map.of());

  public BudgetLimits {
    EnumMap<BudgetLimit, Long> copy = new EnumMap<>(BudgetLimit.class);
    nanoUsd.forEach((limit, amount) -> {
      if (amount < 0) {
        throw new IllegalArgumentException(limit + ": " + amount + " (expected: 0 or more)");
      }
      copy.put(limit, amount);
    });
    nanoUsd = Collections.unmodifiableMap(copy);
  }

  public boolean isEmpty() {
    return nanoUsd.isEmpty();
  }

  public OptionalLong of(BudgetLimit limit) {
    Long amount = nanoUsd.get(limit);
    return amount == null ? OptionalLong.empty() : OptionalLong.of(amount);
  }

  /// These limits, and of `next` those that are not here.
  public BudgetLimits orElse(BudgetLimits next) {
    Map<BudgetLimit, Long> merged = new EnumMap<>(BudgetLimit.class);
    merged.putAll(next.nanoUsd);
    merged.putAll(nanoUsd);
    return new BudgetLimits(merged);
  }

  /// Both, and the smaller one where both limit the same.
  public BudgetLimits strictest(BudgetLimits other) {
    Map<BudgetLimit, Long> merged = new EnumMap<>(BudgetLimit.class);
    merged.putAll(nanoUsd);
    other.nanoUsd.forEach((limit, amount) -> merged.merge(limit, amount, Math::min));
    return new BudgetLimits(merged);
  }

  /// Those that hold for more than one review.
  public BudgetLimits shared() {
    Map<BudgetLimit, Long> shared = new EnumMap<>(BudgetLimit.class);
    nanoUsd.forEach((limit, amount) -> {
      if (limit.shared()) {
        shared.put(limit, amount);
      }
    });
    return new BudgetLimits(shared);
  }
}
