package dev.prguard.review.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.cost.BudgetLedger.Outcome;
import dev.prguard.review.cost.LedgerMonth.Entry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BudgetLedgerTest {
  private static final BudgetLimits DAY = new BudgetLimits(Map.of(BudgetLimit.DAY, 100L));
  private static final BudgetLimits MONTH = new BudgetLimits(Map.of(BudgetLimit.MONTH, 100L));
  private static final BudgetLimits REPOSITORY =
      new BudgetLimits(Map.of(BudgetLimit.REPOSITORY_MONTH, 100L));

  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-29T10:00:00Z");

  private BudgetLedger ledger() {
    return new BudgetLedger(folder.resolve("budget"), () -> now, warnings::add);
  }

  private Path file() {
    return folder.resolve("budget/2026-11.ledger");
  }

  private static Entry granted(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Reserved.class);
    return ((Outcome.Reserved) outcome).entry();
  }

  @Test
  void reserve_countsWhatAnotherLedgerOnTheFolderSetAside() {
    Entry first = granted(ledger().reserve(DAY, "o/r", 60));
    assertThat(ledger().reserve(DAY, "o/r", 41)).isEqualTo(new Outcome.Full(BudgetLimit.DAY, true));
    ledger().settle(first, 10);
    assertThat(ledger().remaining(DAY, "o/r")).isEqualTo(90);
    granted(ledger().reserve(DAY, "other/repo", 90));
    assertThat(ledger().reserve(DAY, "o/r", 91))
        .isEqualTo(new Outcome.Full(BudgetLimit.DAY, false));
    assertThat(warnings).isEmpty();
  }

  @Test
  void reserve_countsByUtcDayMonthAndRepository() {
    BudgetLedger ledger = ledger();
    granted(ledger.reserve(DAY, "o/r", 100));
    assertThat(ledger.reserve(DAY, "o/r", 1)).isInstanceOf(Outcome.Full.class);
    granted(ledger.reserve(REPOSITORY, "o/other", 100));
    now = Instant.parse("2026-11-29T23:59:59.999Z");
    assertThat(ledger.reserve(DAY, "o/r", 1)).isInstanceOf(Outcome.Full.class);
    now = Instant.parse("2026-11-30T00:00:00Z");
    granted(ledger.reserve(DAY, "o/r", 1));
    assertThat(ledger.reserve(MONTH, "o/r", 1)).isInstanceOf(Outcome.Full.class);
    assertThat(ledger.reserve(REPOSITORY, "o/r", 1)).isInstanceOf(Outcome.Full.class);
    now = Instant.parse("2026-12-01T00:00:00Z");
    granted(ledger.reserve(MONTH, "o/r", 100));
  }

  @Test
  void settle_goesToTheDayAndMonthOfTheReservation() throws LedgerException {
    BudgetLedger ledger = ledger();
    now = Instant.parse("2026-11-30T23:59:59Z");
    Entry late = granted(ledger.reserve(MONTH, "o/r", 60));
    now = Instant.parse("2026-12-01T00:00:01Z");
    ledger.settle(late, 50);
    assertThat(ledger.used(BudgetLimit.MONTH, "o/r")).isZero();
    // A clock that is set back finds the old month again.
    now = Instant.parse("2026-11-30T23:59:59Z");
    assertThat(ledger.used(BudgetLimit.MONTH, "o/r")).isEqualTo(50);
    assertThat(ledger.used(BudgetLimit.DAY, "o/r")).isEqualTo(50);
  }

  @Test
  void settle_onAnInterruptedThread_isWrittenAndStaysInterrupted() throws LedgerException {
    BudgetLedger ledger = ledger();
    Entry entry = granted(ledger.reserve(DAY, "o/r", 60));
    Thread.currentThread().interrupt();
    ledger.settle(entry, 7);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(ledger.used(BudgetLimit.DAY, "o/r")).isEqualTo(7);
  }

  @Test
  void tail_tornAnywhere_keepsTheIntactPart() throws IOException, LedgerException {
    BudgetLedger ledger = ledger();
    ledger.settle(granted(ledger.reserve(DAY, "o/r", 60)), 20);
    granted(ledger.reserve(DAY, "o/r", 30));
    byte[] whole = Files.readAllBytes(file());
    int lastLine =
        new String(whole, StandardCharsets.ISO_8859_1).lastIndexOf('\n', whole.length - 2);
    for (int length = lastLine + 1; length < whole.length; length++) {
      Files.write(file(), java.util.Arrays.copyOf(whole, length));
      assertThat(ledger().used(BudgetLimit.DAY, "o/r")).as("at %d", length).isEqualTo(20);
      granted(ledger().reserve(DAY, "o/r", 80));
      assertThat(ledger().used(BudgetLimit.DAY, "o/r")).as("at %d", length).isEqualTo(100);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void line_damaged_countsAsTheDearestCall_andIsReported() throws IOException, LedgerException {
    BudgetLedger ledger = ledger();
    ledger.settle(granted(ledger.reserve(DAY, "o/r", 30)), 20);
    granted(ledger.reserve(DAY, "o/r", 10));
    granted(ledger.reserve(DAY, "o/r", 5));
    List<String> lines = new ArrayList<>(Files.readAllLines(file()));
    lines.set(3, lines.get(3).replace(" 10 ", " 19 "));
    Files.write(file(), lines);
    // 20 settled, 5 set aside, and 30 for the line that nobody can trust.
    assertThat(ledger().used(BudgetLimit.DAY, "o/r")).isEqualTo(55);
    assertThat(warnings).singleElement().asString().contains("2026-11.ledger: 1 damaged lines");
    granted(ledger().reserve(DAY, "o/r", 45));
    assertThat(ledger().reserve(DAY, "o/r", 1)).isEqualTo(new Outcome.Full(BudgetLimit.DAY, true));
  }

  @Test
  void settlement_isEnoughWhenItsReservationIsDamaged() throws IOException, LedgerException {
    BudgetLedger ledger = ledger();
    ledger.settle(granted(ledger.reserve(DAY, "o/r", 30)), 20);
    List<String> lines = new ArrayList<>(Files.readAllLines(file()));
    lines.set(1, "#" + lines.get(1));
    Files.write(file(), lines);
    assertThat(ledger().used(BudgetLimit.DAY, "o/r")).isEqualTo(50);
  }

  @Test
  void junk_neverLowersWhatWasSpent() throws IOException, LedgerException {
    long seed = 20261123;
    Random random = new Random(seed);
    for (int round = 0; round < 30; round++) {
      BudgetLedger ledger = ledger();
      Files.deleteIfExists(file());
      long settled = 0;
      for (int i = 0; i < 20; i++) {
        long real = random.nextInt(4);
        ledger.settle(granted(ledger.reserve(DAY, "o/r", 4)), real);
        settled += real;
      }
      // Every line of a ledger is forced to the disk, so each serves for ten kinds of damage.
      byte[] whole = Files.readAllBytes(file());
      for (int damage = 0; damage < 10; damage++) {
        Files.write(file(), whole);
        try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
          raw.seek(60 + random.nextInt((int) raw.length() - 60));
          byte[] junk = new byte[1 + random.nextInt(damage == 0 ? 5000 : 100)];
          random.nextBytes(junk);
          raw.write(junk);
        }
        assertThat(ledger().used(BudgetLimit.DAY, "o/r"))
            .as("seed %d round %d damage %d", seed, round, damage)
            .isGreaterThanOrEqualTo(settled);
      }
    }
  }

  @Test
  void header_damagedOrNewer_isRefusedAndUntouched() throws IOException {
    granted(ledger().reserve(DAY, "o/r", 1));
    String newer = LedgerMonth.line("pr-guard-budget 2 2026-11 00") + "what the future writes\n";
    for (String text : List.of("junk\n", "\0".repeat(4000), newer)) {
      Files.writeString(file(), text);
      assertThat(ledger().reserve(DAY, "o/r", 1))
          .isInstanceOfSatisfying(
              Outcome.Unusable.class,
              unusable -> assertThat(unusable.reason()).contains("2026-11.ledger"));
      assertThat(ledger().remaining(DAY, "o/r")).isZero();
      assertThat(Files.readString(file())).isEqualTo(text);
    }
  }

  @Test
  void folder_thatCannotBeWritten_refuses() throws IOException {
    Files.writeString(folder.resolve("budget"), "a file");
    assertThat(ledger().reserve(DAY, "o/r", 1))
        .isInstanceOfSatisfying(
            Outcome.Unusable.class,
            unusable -> assertThat(unusable.reason()).contains("cannot be used"));
  }

  @Test
  void file_staysBounded_andSaysTheSame() throws IOException, LedgerException {
    BudgetLimits wide = new BudgetLimits(Map.of(BudgetLimit.MONTH, 1_000_000L));
    BudgetLedger ledger =
        new BudgetLedger(folder.resolve("budget"), () -> now, warnings::add, 8_000);
    Entry open = granted(ledger.reserve(wide, "o/open", 7));
    for (int i = 0; i < 400; i++) {
      now = now.plusSeconds(60);
      ledger.settle(granted(ledger.reserve(wide, "o/r" + i % 5, 9)), 3);
      assertThat(Files.size(file())).isLessThan(9_000);
    }
    assertThat(ledger().used(BudgetLimit.MONTH, "")).isEqualTo(400 * 3 + 7);
    assertThat(ledger().used(BudgetLimit.REPOSITORY_MONTH, "o/r1")).isEqualTo(240);
    ledger.settle(open, 2);
    assertThat(ledger().used(BudgetLimit.REPOSITORY_MONTH, "o/open")).isEqualTo(2);
    assertThat(warnings).isEmpty();
  }

  @Test
  void months_longAgoAreDropped() throws IOException {
    granted(ledger().reserve(MONTH, "o/r", 1));
    Files.writeString(folder.resolve("budget/notes.txt"), "kept", StandardOpenOption.CREATE_NEW);
    now = Instant.parse("2028-01-01T00:00:00Z");
    granted(ledger().reserve(MONTH, "o/r", 1));
    try (var files = Files.list(folder.resolve("budget"))) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("lock", "notes.txt", "2028-01.ledger");
    }
  }

  @Test
  void repository_ofAnyName_isCountedApart() throws LedgerException {
    List<String> names =
        List.of("", " ", "a b\nc", "日本/語", "x".repeat(5000), "x".repeat(5001), "a%20b", "+");
    BudgetLedger ledger = ledger();
    for (int i = 0; i < names.size(); i++) {
      granted(ledger.reserve(REPOSITORY, names.get(i), i + 1));
    }
    for (int i = 0; i < names.size(); i++) {
      assertThat(ledger().used(BudgetLimit.REPOSITORY_MONTH, names.get(i))).isEqualTo(i + 1);
    }
    assertThat(warnings).isEmpty();
  }
}
