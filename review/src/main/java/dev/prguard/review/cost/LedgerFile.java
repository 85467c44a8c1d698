package dev.prguard.review.cost;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/// One month's ledger file: a line that names format, month and generation, then the lines of
/// [LedgerMonth]. What was read before is kept, so that each look reads only what others have
/// added. The caller holds the lock.
final class LedgerFile {
  private static final String FORMAT = "pr-guard-budget ";
  private static final int VERSION = 1;
  private static final long MAX_BYTES = 256L << 20;

  private final Path path;
  private final YearMonth month;

  private String header = "";
  private LedgerMonth book = new LedgerMonth();
  // Where the next unread line starts, and whether bytes behind it make no line.
  private long end;
  private boolean torn;

  LedgerFile(Path path, YearMonth month) {
    this.path = path;
    this.month = month;
  }

  YearMonth month() {
    return month;
  }

  long size() {
    return end;
  }

  /// Reads what is new.
  ///
  /// @throws LedgerException when it is no ledger, or that of a newer version; it is left untouched
  LedgerMonth refresh(RandomAccessFile file) throws IOException, LedgerException {
    long length = file.length();
    if (length > MAX_BYTES) {
      throw new LedgerException(path + " is over " + (MAX_BYTES >> 20) + " MB");
    }
    String first = firstLine(file, length);
    if (first.isEmpty()) {
      // New, or its writer died before the first line was whole: nothing was granted on it.
      start(file);
      return book;
    }
    if (!first.equals(header) || length < end) {
      check(first);
      header = first;
      book = new LedgerMonth();
      end = first.length() + 1L;
    }
    readFrom(file, length);
    return book;
  }

  private static String firstLine(RandomAccessFile file, long length) throws IOException {
    byte[] head = new byte[(int) Math.min(length, LedgerMonth.MAX_LINE)];
    file.seek(0);
    file.readFully(head);
    String text = new String(head, StandardCharsets.ISO_8859_1);
    int newline = text.indexOf('\n');
    if (newline >= 0) {
      return text.substring(0, newline);
    }
    return head.length < LedgerMonth.MAX_LINE ? "" : text;
  }

  private void check(String first) throws LedgerException {
    String body;
    try {
      body = LedgerMonth.checked(first);
    } catch (IllegalArgumentException e) {
      throw new LedgerException(
          path + " is damaged in its first line; look at it, then move it away", e);
    }
    String[] words = body.split(" ", -1);
    if (!body.startsWith(FORMAT) || words.length != 4 || !words[2].equals(month.toString())) {
      throw new LedgerException(
          path
              + (body.startsWith(FORMAT)
                  ? " is that of a newer version of pr-guard or of another month"
                  : " is not a budget ledger"));
    }
    if (!words[1].equals(Integer.toString(VERSION))) {
      throw new LedgerException(
          path + " has format " + words[1] + ", a newer version of pr-guard's");
    }
  }

  private void start(RandomAccessFile file) throws IOException {
    String line = headerLine();
    file.setLength(0);
    file.write(line.getBytes(StandardCharsets.ISO_8859_1));
    header = line.substring(0, line.length() - 1);
    book = new LedgerMonth();
    end = line.length();
    torn = false;
  }

  private String headerLine() {
    String generation = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    return LedgerMonth.line(FORMAT + VERSION + ' ' + month + ' ' + generation);
  }

  private void readFrom(RandomAccessFile file, long length) throws IOException {
    torn = false;
    if (length == end) {
      return;
    }
    byte[] bytes = new byte[(int) (length - end)];
    file.seek(end);
    file.readFully(bytes);
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        book.read(new String(bytes, from, i - from, StandardCharsets.ISO_8859_1));
        from = i + 1;
      }
    }
    end += from;
    int rest = bytes.length - from;
    if (rest > LedgerMonth.MAX_LINE || !isText(bytes, from)) {
      // Not what a writer can have left behind: it is kept, and counted.
      book.unreadable(rest);
      file.seek(length);
      file.write('\n');
      end = length + 1;
    } else {
      torn = rest > 0;
    }
  }

  private static boolean isText(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] < ' ' || bytes[i] > '~') {
        return false;
      }
    }
    return true;
  }

  /// Adds a line.
  ///
  /// @param durable whether it must outlive a power cut
  void append(RandomAccessFile file, String line, boolean durable) throws IOException {
    if (torn) {
      // Its writer died while writing, so before its call: nobody was granted anything by it.
      file.setLength(end);
      torn = false;
    }
    try {
      file.seek(end);
      file.write(line.getBytes(StandardCharsets.ISO_8859_1));
      if (durable) {
        file.getFD().sync();
      }
    } catch (IOException e) {
      file.setLength(end);
      throw e;
    }
    end += line.length();
    book.read(line.substring(0, line.length() - 1));
  }

  /// The whole file in short, as a new generation.
  byte[] compacted() {
    StringBuilder text = new StringBuilder(headerLine());
    book.checkpoint().forEach(text::append);
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
