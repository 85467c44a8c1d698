package dev.prguard.review.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.cost.Budget.Grant;
import dev.prguard.review.cost.Budget.Refusal;
import dev.prguard.review.cost.Budget.Reservation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class BudgetTest {
  /// A folder that cannot be made: whoever touches it fails.
  private static final BudgetLedger UNTOUCHED =
      new BudgetLedger(Path.of("/dev/null/budget"), InstantSource.system(), line -> {});

  private static Reservation granted(Grant grant) {
    assertThat(grant).isInstanceOf(Reservation.class);
    return (Reservation) grant;
  }

  @Test
  void reserve_givesBackWhatWasNotUsed() {
    Budget budget = Budget.ofNanoUsd(100);
    Reservation first = granted(budget.reserve(60));
    assertThat(budget.reserve(41)).isInstanceOf(Refusal.class);
    first.settle(Cost.ofNanoUsd(10));
    first.settle(Cost.ofNanoUsd(10));
    assertThat(budget.spentNanoUsd()).isEqualTo(10);
    assertThat(budget.reserve(90)).isInstanceOf(Reservation.class);
    assertThat(budget.reserve(1)).isInstanceOf(Refusal.class);
  }

  @Test
  void reserve_refusesAnUnknownPriceOnlyUnderALimit() {
    assertThat(Budget.ofNanoUsd(Long.MAX_VALUE).reserve(OptionalLong.empty()))
        .isInstanceOf(Refusal.class);
    assertThat(Budget.unlimited().reserve(OptionalLong.empty())).isInstanceOf(Reservation.class);
  }

  @Test
  void settle_booksAnUnknownCostAsTheWorstCase() {
    Budget budget = Budget.ofNanoUsd(100);
    granted(budget.reserve(60)).settle(Cost.unknown());
    assertThat(budget.spentNanoUsd()).isEqualTo(60);
  }

  @Test
  void reserveWhenFree_waitsForWhatOthersDoNotUse() throws Exception {
    Budget budget = Budget.ofNanoUsd(100);
    Reservation other = granted(budget.reserve(90));
    Thread.ofVirtual()
        .start(() -> {
          LockSupport.parkNanos(50_000_000);
          other.settle(Cost.ofNanoUsd(10));
        });
    assertThat(budget.reserveWhenFree(OptionalLong.of(90), Duration.ofMinutes(1)))
        .isInstanceOf(Reservation.class);
    assertThat(budget.reserveWhenFree(OptionalLong.of(91), Duration.ofMinutes(1)))
        .isInstanceOf(Refusal.class);
    assertThat(budget.reserveWhenFree(OptionalLong.of(1), Duration.ofMillis(20)))
        .isInstanceOf(Refusal.class);
    assertThat(budget.reserveWhenFree(OptionalLong.empty(), Duration.ofMinutes(1)))
        .isInstanceOf(Refusal.class);
  }

  @Test
  void reserve_neverOvershootsWithManyCallers() {
    Budget budget = Budget.ofNanoUsd(1_000);
    AtomicInteger granted = new AtomicInteger();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 32; i++) {
        callers.execute(() -> {
          for (int call = 0; call < 50; call++) {
            if (budget.reserve(7) instanceof Reservation reservation) {
              granted.incrementAndGet();
              reservation.settle(Cost.ofNanoUsd(7));
            }
          }
        });
      }
    }
    assertThat(granted).hasValue(142);
    assertThat(budget.spentNanoUsd()).isEqualTo(994);
  }

  @Test
  void reserve_ofACall_isRefusedOverTheLimitOfACall() {
    BudgetLimits limits = new BudgetLimits(Map.of(BudgetLimit.CALL, 10_000_000L));
    Budget budget = Budget.of(limits, UnpricedModels.REFUSED, UNTOUCHED, "o/r");
    assertThat(budget.reserve(10_000_000)).isInstanceOf(Reservation.class);
    assertThat(budget.reserve(10_000_001))
        .isEqualTo(
            new Refusal(
                "the limit of $0.01 a call (call_usd) has no room for this call", false, false));
    assertThat(budget.remainingNanoUsd()).isEqualTo(10_000_000);
  }

  @Test
  void reserve_allowsAnUnknownPriceWhenToldTo() {
    BudgetLimits limits = new BudgetLimits(Map.of(BudgetLimit.REVIEW, 5L));
    Budget budget = Budget.of(limits, UnpricedModels.ALLOWED, UNTOUCHED, "o/r");
    granted(budget.reserve(OptionalLong.empty())).settle(Cost.unknown());
    assertThat(budget.spentNanoUsd()).isZero();
    // Its price turned out when it answered.
    granted(budget.reserve(OptionalLong.empty())).settle(Cost.ofNanoUsd(3));
    assertThat(budget.spentNanoUsd()).isEqualTo(3);
  }

  @Test
  void limits_mergeByTheirRule() {
    BudgetLimits flag = new BudgetLimits(Map.of(BudgetLimit.REVIEW, 9L));
    BudgetLimits repository = new BudgetLimits(Map.of(BudgetLimit.REVIEW, 1L, BudgetLimit.DAY, 7L));
    BudgetLimits user = new BudgetLimits(Map.of(BudgetLimit.DAY, 5L, BudgetLimit.MONTH, 50L));
    assertThat(flag.orElse(repository.strictest(user)).nanoUsd())
        .containsExactly(
            Map.entry(BudgetLimit.REVIEW, 9L),
            Map.entry(BudgetLimit.DAY, 5L),
            Map.entry(BudgetLimit.MONTH, 50L));
  }
}
