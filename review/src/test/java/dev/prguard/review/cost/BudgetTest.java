package dev.prguard.review.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.cost.Budget.Reservation;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class BudgetTest {

  @Test
  void reserve_givesBackWhatWasNotUsed() {
    Budget budget = Budget.ofNanoUsd(100);
    Reservation first = budget.reserve(60).orElseThrow();
    assertThat(budget.reserve(41)).isEmpty();
    first.settle(Cost.ofNanoUsd(10));
    first.settle(Cost.ofNanoUsd(10));
    assertThat(budget.spentNanoUsd()).isEqualTo(10);
    assertThat(budget.reserve(90)).isPresent();
    assertThat(budget.reserve(1)).isEmpty();
  }

  @Test
  void reserve_refusesAnUnknownPriceOnlyUnderALimit() {
    assertThat(Budget.ofNanoUsd(Long.MAX_VALUE).reserve(OptionalLong.empty())).isEmpty();
    assertThat(Budget.unlimited().reserve(OptionalLong.empty())).isPresent();
  }

  @Test
  void settle_booksAnUnknownCostAsTheWorstCase() {
    Budget budget = Budget.ofNanoUsd(100);
    budget.reserve(60).orElseThrow().settle(Cost.unknown());
    assertThat(budget.spentNanoUsd()).isEqualTo(60);
  }

  @Test
  void reserveWhenFree_waitsForWhatOthersDoNotUse() throws Exception {
    Budget budget = Budget.ofNanoUsd(100);
    Reservation other = budget.reserve(90).orElseThrow();
    Thread.ofVirtual()
        .start(() -> {
          LockSupport.parkNanos(50_000_000);
          other.settle(Cost.ofNanoUsd(10));
        });
    assertThat(budget.reserveWhenFree(OptionalLong.of(90), Duration.ofMinutes(1))).isPresent();
    assertThat(budget.reserveWhenFree(OptionalLong.of(91), Duration.ofMinutes(1))).isEmpty();
    assertThat(budget.reserveWhenFree(OptionalLong.of(1), Duration.ofMillis(20))).isEmpty();
    assertThat(budget.reserveWhenFree(OptionalLong.empty(), Duration.ofMinutes(1))).isEmpty();
  }

  @Test
  void reserve_neverOvershootsWithManyCallers() {
    Budget budget = Budget.ofNanoUsd(1_000);
    AtomicInteger granted = new AtomicInteger();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 32; i++) {
        callers.execute(() -> {
          for (int call = 0; call < 50; call++) {
            Optional<Reservation> reservation = budget.reserve(7);
            if (reservation.isPresent()) {
              granted.incrementAndGet();
              reservation.get().settle(Cost.ofNanoUsd(7));
            }
          }
        });
      }
    }
    assertThat(granted).hasValue(142);
    assertThat(budget.spentNanoUsd()).isEqualTo(994);
  }
}
