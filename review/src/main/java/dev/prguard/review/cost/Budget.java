package dev.prguard.review.cost;

import dev.prguard.review.cost.BudgetLedger.Outcome;
import dev.prguard.review.cost.LedgerMonth.Entry;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// How much a review may cost. A call reserves the most that it can cost before it goes out and
/// settles with what it did cost, so parallel callers cannot overshoot together: threads of this
/// review by the limits of call and review, all reviews on a data folder by the ledger.
/// Thread-safe.
public final class Budget {
  private static final Duration LEDGER_POLL = Duration.ofMillis(50);

  private final BudgetLimits limits;
  private final UnpricedModels unpriced;
  // Null when no limit is shared; then no ledger is touched.
  private final @Nullable BudgetLedger ledger;
  private final String repository;
  // Guarded by this: what was spent, what calls on the way may yet cost, and how many have ended.
  private long spent;
  private long reserved;
  private long settled;

  private Budget(
      BudgetLimits limits,
      UnpricedModels unpriced,
      @Nullable BudgetLedger ledger,
      String repository) {
    this.limits = limits;
    this.unpriced = unpriced;
    this.ledger = ledger;
    this.repository = repository;
  }

  public static Budget unlimited() {
    return new Budget(BudgetLimits.NONE, UnpricedModels.REFUSED, null, "");
  }

  /// Of this review alone.
  ///
  /// @param nanoUsd nano-dollars, 0 or more
  public static Budget ofNanoUsd(long nanoUsd) {
    BudgetLimits limits = new BudgetLimits(Map.of(BudgetLimit.REVIEW, nanoUsd));
    return new Budget(limits, UnpricedModels.REFUSED, null, "");
  }

  /// @param ledger keeps the limits that more than one review share; not touched without such
  ///   limits
  /// @param repository whose review it is, `owner/repo`
  public static Budget of(
      BudgetLimits limits, UnpricedModels unpriced, BudgetLedger ledger, String repository) {
    return new Budget(limits, unpriced, limits.shared().isEmpty() ? null : ledger, repository);
  }

  public boolean limited() {
    return !limits.isEmpty();
  }

  /// Nano-dollars spent by settled calls of this review; a call whose cost stayed unknown counts
  /// with the most that it could cost.
  public synchronized long spentNanoUsd() {
    return spent;
  }

  /// The answer to a request for money.
  public sealed interface Grant permits Reservation, Refusal {}

  /// @param reason names the limit
  /// @param unpriced whether it was refused because its price is unknown
  /// @param waitingHelps whether only calls that are on the way stand in between
  public record Refusal(String reason, boolean unpriced, boolean waitingHelps) implements Grant {}

  /// Sets money aside for a call that could cost so many nano-dollars.
  public Grant reserve(long worstCaseNanoUsd) {
    return reserve(OptionalLong.of(worstCaseNanoUsd));
  }

  /// Sets money aside for a call.
  ///
  /// @param worstCaseNanoUsd empty when the price is unknown
  public Grant reserve(OptionalLong worstCaseNanoUsd) {
    if (worstCaseNanoUsd.isEmpty() && limited() && unpriced == UnpricedModels.REFUSED) {
      return new Refusal("its price is unknown, so a budget cannot hold it", true, false);
    }
    long worst = worstCaseNanoUsd.orElse(0);
    if (worst < 0) {
      throw new IllegalArgumentException("worstCaseNanoUsd: " + worst + " (expected: 0 or more)");
    }
    OptionalLong callLimit = limits.of(BudgetLimit.CALL);
    if (callLimit.isPresent() && worst > callLimit.getAsLong()) {
      return full(BudgetLimit.CALL, false);
    }
    synchronized (this) {
      OptionalLong limit = limits.of(BudgetLimit.REVIEW);
      if (limit.isPresent() && worst > limit.getAsLong() - spent - reserved) {
        return full(BudgetLimit.REVIEW, worst <= limit.getAsLong() - spent);
      }
      reserved = Math.addExact(reserved, worst);
    }
    if (ledger == null) {
      return new Reservation(worst, null);
    }
    Outcome outcome = ledger.reserve(limits.shared(), repository, worst);
    if (outcome instanceof Outcome.Reserved(Entry entry)) {
      return new Reservation(worst, entry);
    }
    synchronized (this) {
      reserved -= worst;
      notifyAll();
    }
    return switch (outcome) {
      case Outcome.Reserved _ -> throw new IllegalStateException("seen above");
      case Outcome.Full(BudgetLimit limit, boolean waitingHelps) -> full(limit, waitingHelps);
      case Outcome.Unusable(String reason) -> new Refusal(reason, false, false);
    };
  }

  private Refusal full(BudgetLimit limit, boolean waitingHelps) {
    String text = limit.describe(limits.of(limit).orElse(0));
    return new Refusal("the limit of " + text + " has no room for this call", false, waitingHelps);
  }

  /// As [#reserve(OptionalLong)], but when only the reservations of other calls stand in the way it
  /// waits for them to be settled: most calls cost far less than they might.
  ///
  /// @param patience how long to wait at most
  public Grant reserveWhenFree(OptionalLong worstCaseNanoUsd, Duration patience)
      throws InterruptedException {
    long start = System.nanoTime();
    while (true) {
      long before;
      synchronized (this) {
        before = settled;
      }
      Grant grant = reserve(worstCaseNanoUsd);
      if (!(grant instanceof Refusal refusal) || !refusal.waitingHelps()) {
        return grant;
      }
      long leftMs = patience.minusNanos(System.nanoTime() - start).toMillis();
      if (leftMs <= 0) {
        return grant;
      }
      // Other processes do not notify.
      long waitMs = ledger == null ? leftMs : Math.min(leftMs, LEDGER_POLL.toMillis());
      synchronized (this) {
        if (settled == before) {
          wait(waitMs);
        }
      }
    }
  }

  /// The most that one more call may cost, reservations of calls on the way not counted;
  /// Long.MAX_VALUE without a limit. Looks into the ledger when a limit is shared.
  public long remainingNanoUsd() {
    long remaining = limits.of(BudgetLimit.CALL).orElse(Long.MAX_VALUE);
    OptionalLong review = limits.of(BudgetLimit.REVIEW);
    if (review.isPresent()) {
      remaining = Math.min(remaining, Math.max(0, review.getAsLong() - spentNanoUsd()));
    }
    return ledger == null
        ? remaining
        : Math.min(remaining, ledger.remaining(limits.shared(), repository));
  }

  /// Money set aside for one call.
  public final class Reservation implements Grant {
    private final long worstCase;
    private final @Nullable Entry entry;
    private boolean done;

    private Reservation(long worstCase, @Nullable Entry entry) {
      this.worstCase = worstCase;
      this.entry = entry;
    }

    /// Replaces what was set aside by the real cost. An unknown cost is booked as the worst case.
    /// Settling again changes nothing.
    public void settle(Cost cost) {
      long real =
          switch (cost) {
            case Cost.Known(long nanoUsd) -> nanoUsd;
            case Cost.Unknown(long known) -> Math.max(known, worstCase);
          };
      synchronized (Budget.this) {
        if (done) {
          return;
        }
        done = true;
      }
      if (ledger != null && entry != null) {
        ledger.settle(entry, real);
      }
      synchronized (Budget.this) {
        reserved -= worstCase;
        spent = Math.addExact(spent, real);
        settled++;
        Budget.this.notifyAll();
      }
    }
  }
}
