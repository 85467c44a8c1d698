package dev.prguard.review.cost;

import dev.prguard.review.cost.Budget.Reservation;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// One process of simulated reviews, 8 threads, on a data folder that others share. A fake provider
/// writes down what it bills before the answer is known here, so that a kill loses none of it.
///
/// Arguments: folder, bill file, seed, runs, limits in nano-dollars as `DAY=..,MONTH=..`.
final class BudgetRunsMain {
  static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
  static final int THREADS = 8;
  static final int REPOSITORIES = 3;
  private static final long MAX_CALL = 1_000;
  private static final int ATTEMPTS = 3;

  private final BudgetLimits limits;
  private final FileChannel bills;
  private final Path folder;

  private BudgetRunsMain(BudgetLimits limits, FileChannel bills, Path folder) {
    this.limits = limits;
    this.bills = bills;
    this.folder = folder;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Map<BudgetLimit, Long> limits = new EnumMap<>(BudgetLimit.class);
    for (String limit : args[4].split(",", -1)) {
      String[] words = limit.split("=", -1);
      limits.put(BudgetLimit.valueOf(words[0]), Long.parseLong(words[1]));
    }
    long seed = Long.parseLong(args[2]);
    int runs = Integer.parseInt(args[3]);
    try (FileChannel bills =
            FileChannel.open(
                Path.of(args[1]), StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      BudgetRunsMain main =
          new BudgetRunsMain(new BudgetLimits(limits), bills, Path.of(args[0], "budget"));
      AtomicInteger next = new AtomicInteger();
      for (int i = 0; i < THREADS; i++) {
        threads.execute(() -> {
          for (int run = next.getAndIncrement(); run < runs; run = next.getAndIncrement()) {
            main.review(new Random(seed * 1_000_003 + run), run, runs);
          }
        });
      }
    }
    System.out.println("done");
  }

  /// A review: up to four calls, each with retries, and a dearer or cheaper fall-back.
  private void review(Random random, int run, int runs) {
    // The runs are spread over four days, of two months.
    Instant now = START.plus(Duration.ofDays(3).multipliedBy(run).dividedBy(runs));
    InstantSource clock = () -> now;
    String repository = "o/r" + random.nextInt(REPOSITORIES);
    BudgetLedger ledger =
        new BudgetLedger(
            folder,
            clock,
            line -> {
              throw new IllegalStateException(line);
            },
            40_000);
    Budget budget = Budget.of(limits, UnpricedModels.REFUSED, ledger, repository);
    int calls = 1 + random.nextInt(4);
    for (int call = 0; call < calls; call++) {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        long worst = 1 + random.nextLong(MAX_CALL);
        Budget.Grant grant;
        try {
          grant = budget.reserveWhenFree(OptionalLong.of(worst), Duration.ofMillis(3));
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        if (!(grant instanceof Reservation reservation)
            || answered(random, reservation, worst, repository, now)) {
          break;
        }
      }
    }
  }

  /// Whether the provider answered; else the call is tried again.
  private boolean answered(
      Random random, Reservation reservation, long worst, String repository, Instant now) {
    int fate = random.nextInt(10);
    if (fate < 2) {
      // An error status: nothing is billed.
      reservation.settle(Cost.zero());
      return false;
    }
    long billed = fate < 4 ? worst : random.nextLong(worst + 1);
    // A lost answer is billed, and nobody here knows how much: booked as the worst case.
    boolean lost = fate == 9;
    bill(
        LocalDate.ofInstant(now, ZoneOffset.UTC)
            + " "
            + repository
            + " "
            + billed
            + " "
            + (lost ? worst : billed)
            + "\n");
    reservation.settle(lost ? Cost.unknown() : Cost.ofNanoUsd(billed));
    return !lost;
  }

  private void bill(String line) {
    try {
      bills.write(StandardCharsets.US_ASCII.encode(line));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
