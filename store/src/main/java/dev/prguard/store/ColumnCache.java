package dev.prguard.store;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// Columns that were read, as many as fit; the one that was used longest ago goes first. Safe for
/// use by many threads: a column that two want at once is read once.
final class ColumnCache {
  private final long maxBytes;

  /// In the order of use. Guarded by itself.
  private final Map<Key, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);

  private long bytes;

  ColumnCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /// @param what a column's name, or another thing of a file
  record Key(String file, Object what) {}

  /// What is kept.
  ///
  /// @param bytes what it takes in memory, about
  record Loaded<T>(T value, long bytes) {}

  @FunctionalInterface
  interface Loader<T> {
    Loaded<T> load() throws SQLException;
  }

  private static final class Entry {
    /// Held while it is being read.
    final ReentrantLock reading = new ReentrantLock();

    volatile Loaded<?> loaded = new Loaded<>(Entry.class, -1);
  }

  @SuppressWarnings("unchecked") // a key is always of one type
  <T> T get(String file, Object what, Loader<T> loader) throws SQLException {
    Key key = new Key(file, what);
    Entry entry;
    synchronized (entries) {
      entry = entries.computeIfAbsent(key, _ -> new Entry());
    }
    if (entry.loaded.bytes() < 0) {
      entry.reading.lock();
      try {
        if (entry.loaded.bytes() < 0) {
          entry.loaded = loader.load();
          added(key, entry);
        }
      } catch (SQLException | RuntimeException e) {
        synchronized (entries) {
          entries.remove(key, entry);
        }
        throw e;
      } finally {
        entry.reading.unlock();
      }
    }
    return (T) entry.loaded.value();
  }

  /// Whether something is at hand.
  boolean has(String file, Object what) {
    synchronized (entries) {
      Entry entry = entries.get(new Key(file, what));
      return entry != null && entry.loaded.bytes() >= 0;
    }
  }

  private void added(Key key, Entry entry) {
    synchronized (entries) {
      if (entries.get(key) != entry) {
        return;
      }
      bytes += entry.loaded.bytes();
      var oldest = entries.entrySet().iterator();
      while (bytes > maxBytes && oldest.hasNext()) {
        Map.Entry<Key, Entry> next = oldest.next();
        long of = next.getValue().loaded.bytes();
        if (next.getValue() != entry && of >= 0) {
          oldest.remove();
          bytes -= of;
        }
      }
    }
  }

  /// Forgets what is of no file any more.
  void retain(java.util.Set<String> files) {
    synchronized (entries) {
      entries
          .entrySet()
          .removeIf(entry -> {
            boolean gone = !files.contains(entry.getKey().file());
            if (gone) {
              bytes -= Math.max(0, entry.getValue().loaded.bytes());
            }
            return gone;
          });
    }
  }
}
