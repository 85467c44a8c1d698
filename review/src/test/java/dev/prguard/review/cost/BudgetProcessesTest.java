package dev.prguard.review.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three processes of eight threads review on one data folder ([BudgetRunsMain]); what the provider
/// billed is added up apart from the ledger.
class BudgetProcessesTest {
  private static final long DAY = 700_000;
  private static final long MONTH = 1_200_000;
  private static final long REPOSITORY_MONTH = 401_000;
  private static final long REVIEW = 3_000;
  private static final int RUNS = 10_000;

  @TempDir Path folder;

  /// What the provider billed, and what we may know of it, by day or by month and repository.
  private record Bill(Map<String, Long> billed, Map<String, Long> known) {}

  private Process start(int number, int runs) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            BudgetRunsMain.class.getName(),
            folder.toString(),
            folder.resolve("bills-" + number).toString(),
            Integer.toString(number),
            Integer.toString(runs),
            "CALL=990,REVIEW=%d,DAY=%d,MONTH=%d,REPOSITORY_MONTH=%d"
                .formatted(REVIEW, DAY, MONTH, REPOSITORY_MONTH))
        .redirectError(folder.resolve("err-" + number).toFile())
        .redirectOutput(folder.resolve("out-" + number).toFile())
        .start();
  }

  private void finish(Process process, int number) throws IOException, InterruptedException {
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(folder.resolve("err-" + number))).isEmpty();
    assertThat(Files.readString(folder.resolve("out-" + number))).isEqualTo("done\n");
  }

  private Bill bill() throws IOException {
    Map<String, Long> billed = new TreeMap<>();
    Map<String, Long> known = new TreeMap<>();
    List<Path> files;
    try (var found = Files.list(folder)) {
      files = found.filter(path -> path.getFileName().toString().startsWith("bills-")).toList();
    }
    for (Path file : files) {
      for (String line : Files.readAllLines(file)) {
        String[] words = line.split(" ", -1);
        String month = words[0].substring(0, 7);
        for (String key : List.of(words[0], month, month + " " + words[1])) {
          billed.merge(key, Long.parseLong(words[2]), Long::sum);
          known.merge(key, Long.parseLong(words[3]), Long::sum);
        }
      }
    }
    return new Bill(billed, known);
  }

  /// The same sums, as the ledger has them.
  private Map<String, Long> booked() throws LedgerException {
    Map<String, Long> booked = new TreeMap<>();
    LocalDate first = LocalDate.ofInstant(BudgetRunsMain.START, ZoneOffset.UTC);
    for (LocalDate day = first; !day.isAfter(first.plusDays(3)); day = day.plusDays(1)) {
      LocalDate today = day;
      BudgetLedger ledger =
          new BudgetLedger(
              folder.resolve("budget"),
              () -> today.atStartOfDay(ZoneOffset.UTC).toInstant(),
              line -> assertThat(line).isNull());
      String month = YearMonth.from(day).toString();
      put(booked, day.toString(), ledger.used(BudgetLimit.DAY, ""));
      put(booked, month, ledger.used(BudgetLimit.MONTH, ""));
      for (int i = 0; i < BudgetRunsMain.REPOSITORIES; i++) {
        String repository = "o/r" + i;
        put(
            booked,
            month + " " + repository,
            ledger.used(BudgetLimit.REPOSITORY_MONTH, repository));
      }
    }
    return booked;
  }

  private static void put(Map<String, Long> sums, String key, long sum) {
    if (sum > 0) {
      sums.put(key, sum);
    }
  }

  private static void assertNoOverspend(Map<String, Long> sums) {
    assertThat(sums)
        .allSatisfy((key, sum) ->
            assertThat(sum)
                .as(key)
                .isLessThanOrEqualTo(
                    key.length() == 10 ? DAY : key.length() == 7 ? MONTH : REPOSITORY_MONTH));
  }

  @Test
  void tenThousandRuns_spendNoNanoTooMuch_andTheLedgerIsTheBill() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      processes.add(start(i, i == 0 ? RUNS - 2 * (RUNS / 3) : RUNS / 3));
    }
    for (int i = 0; i < 3; i++) {
      finish(processes.get(i), i);
    }
    Bill bill = bill();
    assertNoOverspend(bill.billed());
    assertThat(booked()).isEqualTo(bill.known());
    assertNoOverspend(bill.known());
    // The limits were reached, so it was they that held.
    assertThat(bill.known().get("2026-11-29")).isGreaterThan(DAY - 1_000);
    assertThat(bill.known().get("2026-11")).isGreaterThan(MONTH - 3_000);
    assertThat(bill.known().get("2026-11 o/r0")).isGreaterThan(REPOSITORY_MONTH - 3_000);
  }

  @Test
  void kill_inTheMiddle_leavesTheWorstCase_andTheOthersNeverOverspend() throws Exception {
    Process victim = start(0, RUNS);
    List<Process> others = List.of(start(1, 1_200), start(2, 1_200));
    Path bills = folder.resolve("bills-0");
    while (!Files.exists(bills) || Files.size(bills) < 2_000) {
      assertThat(victim.isAlive()).isTrue();
      // The processes need the cores.
      Thread.sleep(1);
    }
    victim.destroyForcibly().waitFor();
    for (int i = 0; i < 2; i++) {
      finish(others.get(i), i + 1);
    }
    Bill bill = bill();
    Map<String, Long> booked = booked();
    assertNoOverspend(bill.billed());
    assertNoOverspend(booked);
    bill.billed()
        .forEach((key, sum) -> assertThat(booked.get(key)).as(key).isGreaterThanOrEqualTo(sum));
    // At most one call of each thread was on the way, and stays booked with its worst case.
    long excess = booked.getOrDefault("2026-11", 0L) - bill.known().getOrDefault("2026-11", 0L);
    assertThat(excess).isBetween(0L, BudgetRunsMain.THREADS * 1_000L);
  }
}
