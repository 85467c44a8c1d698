package dev.prguard.telemetry;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// How far one destination has settled one log. While its file exists something is owed; the
/// process that holds the file's lock is the one that sends. Its first line is `owed`; one is added
/// for each settled batch (`acked OFFSET`), so that a kill between two writes costs nothing.
///
/// A RandomAccessFile, because a channel closes itself, and gives up the lock, when a thread that
/// was told to stop writes to it.
final class Cursor implements AutoCloseable {
  private static final String OWED = "owed\n";
  private static final String ACKED = "acked ";
  private static final int TRIES = 1_000;

  /// Offsets grow, so the last lines tell.
  private static final int MAX_BYTES = 1 << 12;

  /// Files that this process has open. To close a second handle would give up the lock of the first
  /// one: so it is with locks of POSIX.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final String log;
  private final @Nullable Path path;
  private final @Nullable RandomAccessFile file;
  private long offset;

  private Cursor(String log, @Nullable Path path, @Nullable RandomAccessFile file, long offset) {
    this.log = log;
    this.path = path;
    this.file = file;
    this.offset = offset;
  }

  /// A cursor for a log that ends with the process.
  static Cursor inMemory(String log) {
    return new Cursor(log, null, null, 0);
  }

  /// Begins a log: it is owed from its start.
  ///
  /// @throws IOException when the file cannot be created, written or locked
  static Cursor begin(String log, Path path) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      RandomAccessFile file = locked(path);
      if (file != null) {
        file.write(OWED.getBytes(StandardCharsets.ISO_8859_1));
        return new Cursor(log, path, file, 0);
      }
      // Another process has seen the empty file and removes it.
      Thread.onSpinWait();
    }
    throw new IOException(path + ": another process holds it");
  }

  /// Takes over what is owed.
  ///
  /// @return null when another process is at work on it, or has settled it meanwhile
  /// @throws IOException when the file cannot be read or locked
  static @Nullable Cursor claim(String log, Path path) throws IOException {
    RandomAccessFile file = locked(path);
    if (file == null) {
      return null;
    }
    if (file.length() == 0) {
      // Not begun, or just made by ourselves: another process had settled it by then.
      Files.deleteIfExists(path);
      release(path, file);
      return null;
    }
    return new Cursor(log, path, file, offset(file));
  }

  /// Opens and locks; null when it is locked, or was removed meanwhile.
  private static @Nullable RandomAccessFile locked(Path path) throws IOException {
    if (!HELD.add(path)) {
      return null;
    }
    RandomAccessFile file = null;
    boolean locked = false;
    try {
      file = new RandomAccessFile(path.toFile(), "rw");
      locked = file.getChannel().tryLock() != null && Files.exists(path);
      return locked ? file : null;
    } finally {
      if (!locked) {
        release(path, file);
      }
    }
  }

  private static void release(Path path, @Nullable RandomAccessFile file) throws IOException {
    try {
      if (file != null) {
        file.close();
      }
    } finally {
      HELD.remove(path);
    }
  }

  private static long offset(RandomAccessFile file) throws IOException {
    long length = file.length();
    file.seek(Math.max(0, length - MAX_BYTES));
    byte[] bytes = new byte[(int) Math.min(length, MAX_BYTES)];
    file.readFully(bytes);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    // What a kill left of a last line is passed over, and ended, so that the next line is its own.
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    if (whole.length() < text.length()) {
      file.write('\n');
    }
    return offset(whole);
  }

  /// The offset that the text of a cursor file tells.
  static long offset(String text) {
    long offset = 0;
    for (String line : text.split("\n", -1)) {
      if (line.matches(ACKED + "[0-9]{1,18}")) {
        offset = Math.max(offset, Long.parseLong(line.substring(ACKED.length())));
      }
    }
    return offset;
  }

  String log() {
    return log;
  }

  /// What comes before it is settled.
  long offset() {
    return offset;
  }

  /// Settles what comes before an offset of the log.
  ///
  /// @throws IOException when that could not be written: it may be sent again some day
  void advance(long newOffset) throws IOException {
    offset = newOffset;
    if (file != null) {
      file.write((ACKED + newOffset + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  /// The whole log is settled and will not grow: nothing is owed any more.
  void settle() throws IOException {
    try {
      if (path != null) {
        Files.deleteIfExists(path);
      }
    } finally {
      close();
    }
  }

  /// Leaves what is owed to another process.
  @Override
  public void close() throws IOException {
    if (path != null) {
      release(path, file);
    }
  }
}
