package dev.prguard.review.cost;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/// What one month's ledger says, read line by line. A line is its CRC-32C in 8 hexadecimal digits, a
/// space and
///
///     R id day worst repository            a reservation, before the call
///     S id day worst real repository       its settlement, after the call
///     D day sum · P repository sum · X unreadable largest        what older lines came to
///
/// Amounts are nano-dollars. A reservation without settlement counts with its worst case for ever:
/// whoever died in a call may have been billed. A settlement repeats the reservation, so that one
/// of the two lines is enough.
final class LedgerMonth {
  /// A reservation.
  record Entry(String id, LocalDate day, String repository, long worst) {}

  static final int MAX_LINE = 1024;
  private static final int MAX_NAME = 600;

  /// Bytes of a reservation and its settlement, at least: one of them alone is enough.
  private static final int SHORTEST_CALL = 80;

  private final Map<LocalDate, Long> days = new TreeMap<>();
  private final Map<String, Long> repositories = new TreeMap<>();
  private final Map<String, Entry> open = new LinkedHashMap<>();
  private long unreadable;
  private long largest;

  /// Takes in a line without its end; one that cannot be read is counted.
  void read(String line) {
    try {
      String[] words = checked(line).split(" ", -1);
      switch (words[0]) {
        case "R" -> reserved(entry(words, 5, 4));
        case "S" -> settled(entry(words, 6, 5), amount(words[4]));
        case "D" -> days.merge(LocalDate.parse(words[1]), amount(words[2]), LedgerMonth::sum);
        case "P" -> repositories.merge(decoded(words[1]), amount(words[2]), LedgerMonth::sum);
        case "X" -> {
          unreadable += amount(words[1]);
          largest = Math.max(largest, amount(words[2]));
        }
        default -> unreadable(line.length());
      }
    } catch (IllegalArgumentException | DateTimeException | IndexOutOfBoundsException e) {
      unreadable(line.length());
    }
  }

  /// Counts a stretch of bytes that holds no line, as the calls that it may have told of.
  void unreadable(long bytes) {
    unreadable += Math.max(1, Math.ceilDiv(bytes, SHORTEST_CALL));
  }

  long unreadable() {
    return unreadable;
  }

  private void reserved(Entry entry) {
    open.put(entry.id(), entry);
    largest = Math.max(largest, entry.worst());
  }

  private void settled(Entry entry, long real) {
    open.remove(entry.id());
    largest = Math.max(largest, entry.worst());
    days.merge(entry.day(), real, LedgerMonth::sum);
    repositories.merge(entry.repository(), real, LedgerMonth::sum);
  }

  /// Nano-dollars that count against a shared limit: settled, set aside, and for each line that
  /// cannot be read as much as the dearest reservation of the month.
  long used(BudgetLimit limit, LocalDate day, String repository) {
    long settled =
        switch (limit) {
          case CALL, REVIEW -> throw new IllegalArgumentException(limit + " is not shared");
          case DAY -> days.getOrDefault(day, 0L);
          case MONTH -> days.values().stream().reduce(0L, LedgerMonth::sum);
          case REPOSITORY_MONTH -> repositories.getOrDefault(repository, 0L);
        };
    return sum(sum(settled, pending(limit, day, repository, id -> true)), damage());
  }

  /// The part of [#used] that was set aside by reservations that pass `which`.
  long pending(BudgetLimit limit, LocalDate day, String repository, Predicate<String> which) {
    long pending = 0;
    for (Entry entry : open.values()) {
      boolean counts =
          switch (limit) {
            case CALL, REVIEW -> false;
            case DAY -> entry.day().equals(day);
            case MONTH -> true;
            case REPOSITORY_MONTH -> entry.repository().equals(repository);
          };
      if (counts && which.test(entry.id())) {
        pending = sum(pending, entry.worst());
      }
    }
    return pending;
  }

  private long damage() {
    if (unreadable == 0) {
      return 0;
    }
    // Nothing is known of what was lost: nothing may be spent.
    return largest == 0 || unreadable > Long.MAX_VALUE / largest
        ? Long.MAX_VALUE
        : unreadable * largest;
  }

  /// Lines that say the same in short.
  List<String> checkpoint() {
    List<String> lines = new ArrayList<>();
    days.forEach((day, sum) -> lines.add(line("D " + day + ' ' + sum)));
    repositories.forEach((name, sum) -> lines.add(line("P " + encoded(name) + ' ' + sum)));
    lines.add(line("X " + unreadable + ' ' + largest));
    open.values().forEach(entry -> lines.add(reservation(entry)));
    return lines;
  }

  static String reservation(Entry entry) {
    return line(
        "R "
            + entry.id()
            + ' '
            + entry.day()
            + ' '
            + entry.worst()
            + ' '
            + encoded(entry.repository()));
  }

  static String settlement(Entry entry, long real) {
    return line(
        "S "
            + entry.id()
            + ' '
            + entry.day()
            + ' '
            + entry.worst()
            + ' '
            + real
            + ' '
            + encoded(entry.repository()));
  }

  /// `body` behind its checksum, with the line's end.
  static String line(String body) {
    return crc(body) + ' ' + body + '\n';
  }

  /// The body of a line.
  ///
  /// @throws IllegalArgumentException when the checksum does not fit
  static String checked(String line) {
    if (line.length() < 10 || line.length() > MAX_LINE || line.charAt(8) != ' ') {
      throw new IllegalArgumentException("not a line");
    }
    String body = line.substring(9);
    if (!crc(body).equals(line.substring(0, 8))) {
      throw new IllegalArgumentException("wrong checksum");
    }
    return body;
  }

  private static String crc(String body) {
    CRC32C crc = new CRC32C();
    crc.update(body.getBytes(StandardCharsets.ISO_8859_1));
    return String.format("%08x", crc.getValue());
  }

  private static Entry entry(String[] words, int count, int repository) {
    if (words.length != count) {
      throw new IllegalArgumentException("wrong number of words");
    }
    return new Entry(
        words[1], LocalDate.parse(words[2]), decoded(words[repository]), amount(words[3]));
  }

  private static long amount(String digits) {
    long amount = Long.parseLong(digits);
    if (amount < 0) {
      throw new IllegalArgumentException("negative amount");
    }
    return amount;
  }

  /// A name as the ledger keeps it: one that makes no line is replaced by its hash.
  static String name(String repository) {
    if (encoded(repository).length() <= MAX_NAME) {
      return repository;
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(repository.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8) + '.';
  }

  private static String decoded(String word) {
    return URLDecoder.decode(word.substring(0, word.length() - 1), StandardCharsets.UTF_8);
  }

  private static long sum(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
