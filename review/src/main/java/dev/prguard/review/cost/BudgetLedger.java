package dev.prguard.review.cost;

import dev.prguard.review.cost.LedgerMonth.Entry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What all reviews on one data folder spend, shared by threads and processes: an append-only file
/// for each UTC month. A reservation is on the disk before the call goes out and counts with its
/// worst case until it is settled, so a process that dies in a call leaves its worst case behind.
/// Thread-safe; holds no file open.
public final class BudgetLedger {
  static final long COMPACT_AT_BYTES = 1 << 20;
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(20);
  private static final int MONTHS_KEPT = 13;
  private static final String SUFFIX = ".ledger";

  // A FileLock belongs to the whole JVM and does not wait for another thread of it.
  private static final ReentrantLock IN_PROCESS = new ReentrantLock();

  private final Path folder;
  private final InstantSource clock;
  private final Consumer<String> warnings;
  private final long compactAtBytes;
  // Guarded by IN_PROCESS.
  private final Map<YearMonth, LedgerFile> months = new HashMap<>();
  private final Map<YearMonth, Long> reported = new HashMap<>();

  /// @param folder is made on the first reservation
  /// @param warnings takes a line for the user when a part of a ledger cannot be read
  public BudgetLedger(Path folder, InstantSource clock, Consumer<String> warnings) {
    this(folder, clock, warnings, COMPACT_AT_BYTES);
  }

  BudgetLedger(Path folder, InstantSource clock, Consumer<String> warnings, long compactAtBytes) {
    this.folder = folder;
    this.clock = clock;
    this.warnings = warnings;
    this.compactAtBytes = compactAtBytes;
  }

  /// How a request for money ended.
  sealed interface Outcome {
    /// Set aside; to be settled.
    record Reserved(Entry entry) implements Outcome {}

    /// @param waitingHelps whether only calls that are on the way stand in between
    record Full(BudgetLimit limit, boolean waitingHelps) implements Outcome {}

    record Unusable(String reason) implements Outcome {}
  }

  /// Sets money aside if every limit has room for it.
  ///
  /// @param limits shared ones only
  Outcome reserve(BudgetLimits limits, String repository, long worst) {
    LocalDate day = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    String name = LedgerMonth.name(repository);
    try {
      return locked(
          YearMonth.from(day),
          (ledger, file, book) -> {
            for (Map.Entry<BudgetLimit, Long> limit : limits.nanoUsd().entrySet()) {
              long used = book.used(limit.getKey(), day, name);
              if (worst > limit.getValue() - used) {
                long moving = book.pending(limit.getKey(), day, name, LedgerProcess::isAlive);
                return new Outcome.Full(
                    limit.getKey(), worst <= limit.getValue() - (used - moving));
              }
            }
            Entry entry = new Entry(LedgerProcess.newId(), day, name, worst);
            ledger.append(file, LedgerMonth.reservation(entry), true);
            return new Outcome.Reserved(entry);
          });
    } catch (LedgerException e) {
      return new Outcome.Unusable(String.valueOf(e.getMessage()));
    }
  }

  /// Replaces what was set aside by what it came to, in the month and on the day of the
  /// reservation. When that cannot be written, the worst case stays booked.
  void settle(Entry entry, long real) {
    try {
      locked(
          YearMonth.from(entry.day()),
          (ledger, file, _) -> {
            ledger.append(file, LedgerMonth.settlement(entry, real), false);
            return true;
          });
    } catch (LedgerException e) {
      warnings.accept(e.getMessage() + "; a call stays booked with its worst case");
    }
  }

  /// Nano-dollars that the tightest limit has left when the calls on the way cost nothing; 0 when
  /// the ledger cannot be used.
  long remaining(BudgetLimits limits, String repository) {
    LocalDate day = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    String name = LedgerMonth.name(repository);
    try {
      return locked(
          YearMonth.from(day),
          (_, _, book) -> {
            long least = Long.MAX_VALUE;
            for (Map.Entry<BudgetLimit, Long> limit : limits.nanoUsd().entrySet()) {
              long used = book.used(limit.getKey(), day, name);
              long moving = book.pending(limit.getKey(), day, name, LedgerProcess::isAlive);
              least = Math.min(least, limit.getValue() - (used - moving));
            }
            return Math.max(0, least);
          });
    } catch (LedgerException e) {
      return 0;
    }
  }

  /// Nano-dollars that count against a shared limit today.
  long used(BudgetLimit limit, String repository) throws LedgerException {
    LocalDate day = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return locked(
        YearMonth.from(day), (_, _, book) -> book.used(limit, day, LedgerMonth.name(repository)));
  }

  @FunctionalInterface
  private interface Work<T> {
    T on(LedgerFile ledger, RandomAccessFile file, LedgerMonth book) throws IOException;
  }

  private <T> T locked(YearMonth month, Work<T> work) throws LedgerException {
    // Books are kept to the end when a review is stopped: an interrupt must not break into them.
    boolean interrupted = Thread.interrupted();
    IN_PROCESS.lock();
    try {
      Files.createDirectories(folder, ownerOnly());
      try (RandomAccessFile lock = new RandomAccessFile(folder.resolve("lock").toFile(), "rw");
          FileLock _ = acquire(lock.getChannel())) {
        return underLock(month, work);
      }
    } catch (IOException e) {
      months.remove(month);
      String reason = e.getMessage() == null ? "" : ": " + e.getMessage();
      throw new LedgerException(
          "the budget ledger in "
              + folder
              + " cannot be used ("
              + e.getClass().getSimpleName()
              + reason
              + ')',
          e);
    } finally {
      IN_PROCESS.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private <T> T underLock(YearMonth month, Work<T> work) throws IOException, LedgerException {
    Path path = folder.resolve(month + SUFFIX);
    boolean isNew = !Files.exists(path);
    LedgerFile ledger = months.computeIfAbsent(month, m -> new LedgerFile(path, m));
    byte @Nullable [] compacted = null;
    T result;
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      LedgerMonth book = ledger.refresh(file);
      report(path, month, book);
      result = work.on(ledger, file, book);
      if (ledger.size() > compactAtBytes) {
        byte[] shorter = ledger.compacted();
        // Many repositories or open reservations are not made shorter again and again.
        compacted = shorter.length < ledger.size() / 2 ? shorter : null;
      }
    }
    tidy(path, compacted, isNew, month);
    return result;
  }

  /// What fails here is tried again later; no money depends on it.
  private void tidy(Path path, byte @Nullable [] compacted, boolean isNew, YearMonth month) {
    try {
      if (compacted != null) {
        replace(path, compacted);
      }
      if (isNew) {
        syncFolder();
        prune(month);
      }
    } catch (IOException e) {
      // A longer file, or an old one more.
    }
  }

  private void report(Path path, YearMonth month, LedgerMonth book) {
    long before = reported.getOrDefault(month, 0L);
    if (book.unreadable() > before) {
      reported.put(month, book.unreadable());
      warnings.accept(
          path
              + ": "
              + book.unreadable()
              + " damaged lines; each counts as much as the dearest call of the month");
    }
  }

  private static void replace(Path path, byte[] bytes) throws IOException {
    Path draft = path.resolveSibling(path.getFileName() + ".tmp");
    try (RandomAccessFile file = new RandomAccessFile(draft.toFile(), "rw")) {
      file.setLength(0);
      file.write(bytes);
      file.getFD().sync();
    }
    Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// So that the new file's name outlives a power cut too.
  private void syncFolder() {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows cannot; its file systems keep names in a journal.
    }
  }

  private void prune(YearMonth now) throws IOException {
    String oldest = now.minusMonths(MONTHS_KEPT) + SUFFIX;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "????-??" + SUFFIX)) {
      for (Path file : files) {
        if (file.getFileName().toString().compareTo(oldest) < 0) {
          Files.delete(file);
        }
      }
    }
  }

  private static FileLock acquire(FileChannel channel) throws IOException {
    long start = System.nanoTime();
    long pause = 100_000;
    while (true) {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
      if (System.nanoTime() - start > LOCK_PATIENCE.toNanos()) {
        throw new IOException(
            "another process has held its lock for " + LOCK_PATIENCE.toSeconds() + " s");
      }
      LockSupport.parkNanos(pause);
      pause = Math.min(2 * pause, 5_000_000);
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
    };
  }
}
