package dev.prguard.store;

import dev.prguard.trace.query.QueryTimeoutException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBPreparedStatement;
import org.jspecify.annotations.Nullable;

/// DuckDB, which reads and writes Parquet; it holds nothing itself. It would block the carrier of a
/// virtual thread, so its work runs on a few platform threads. It is loaded at the first use.
final class DuckDb implements AutoCloseable {
  /// Beside the heap: sorts that need more go to the disk.
  private static final String MEMORY = "112MB";

  /// A table of 250 columns, the most a block has, takes 100 MB to begin with, which cannot go
  /// there.
  private static final String MEMORY_OF_WIDE = "160MB";

  /// A table of more columns than that is wide.
  private static final int WIDE = 100;

  /// For what may take as long as it takes.
  static final Instant NO_DEADLINE = Instant.parse("9999-01-01T00:00:00Z");

  private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);

  /// How long a query that was told to stop may take until its thread is given up.
  private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(5);

  private final Path spill;
  private final ExecutorService threads;

  private final AtomicReference<String> room = new AtomicReference<>(MEMORY);

  /// Null until the first use. Guarded by this.
  private @Nullable DuckDBConnection root;

  /// @param spill a folder for what does not fit into memory; made when it is needed
  DuckDb(Path spill) {
    this.spill = spill;
    this.threads =
        Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("duckdb-", 0).factory());
  }

  /// Something to do with a connection of its own.
  @FunctionalInterface
  interface Work<T> {
    T with(Session session) throws SQLException;
  }

  @FunctionalInterface
  interface Chunks {
    void next(DuckDBDataChunkReader chunk) throws SQLException;
  }

  @FunctionalInterface
  interface Result {
    void next(ResultSet row) throws SQLException;
  }

  /// One connection, on one thread.
  static final class Session {
    private final DuckDBConnection connection;
    private final AtomicReference<@Nullable Statement> running = new AtomicReference<>();
    private final AtomicBoolean cancelled = new AtomicBoolean();

    /// Of the whole database.
    private final AtomicReference<String> room;

    Session(DuckDBConnection connection, AtomicReference<String> room) {
      this.connection = connection;
      this.room = room;
    }

    DuckDBConnection connection() {
      return connection;
    }

    void execute(String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        run(statement, () -> statement.execute(sql));
      }
    }

    void rows(String sql, Result result) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        run(
            statement,
            () -> {
              try (ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                  result.next(rows);
                }
              }
              return true;
            });
      }
    }

    /// As [#rows], vector by vector: for whole columns.
    void chunks(String sql, Chunks chunks) throws SQLException {
      try (DuckDBPreparedStatement statement = connection.prepare(sql)) {
        run(
            statement,
            () -> {
              try (DuckDBChunkedResult result = statement.query()) {
                while (result.nextChunk()) {
                  if (cancelled.get()) {
                    throw new SQLException("cancelled");
                  }
                  chunks.next(result.chunk());
                }
              }
              return true;
            });
      }
    }

    /// Gives DuckDB the memory that a table of so many columns needs. Only where it changes: it
    /// gives all free memory back to the system each time, to ask for it again a moment later.
    void makeRoom(int columns) throws SQLException {
      String needed = columns > WIDE ? MEMORY_OF_WIDE : MEMORY;
      if (!needed.equals(room.getAndSet(needed))) {
        execute("SET GLOBAL memory_limit = '%s'".formatted(needed));
      }
    }

    private void run(Statement statement, Callable<Boolean> work) throws SQLException {
      running.set(statement);
      try {
        if (cancelled.get()) {
          throw new SQLException("cancelled");
        }
        boolean _ = work.call();
      } catch (SQLException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new SQLException(e);
      } finally {
        running.set(null);
      }
    }

    private void cancel() {
      cancelled.set(true);
      Statement statement = running.get();
      if (statement != null) {
        try {
          statement.cancel();
        } catch (SQLException _) {
          // It has ended meanwhile.
        }
      }
    }
  }

  /// @throws SQLException what DuckDB says of the files
  /// @throws QueryTimeoutException past the deadline, or when the calling thread is interrupted
  <T> T call(Instant deadline, Work<T> work) throws SQLException {
    AtomicReference<@Nullable Session> session = new AtomicReference<>();
    AtomicBoolean stopped = new AtomicBoolean();
    Future<T> future =
        threads.submit(() -> {
          try (DuckDBConnection connection = connection()) {
            Session own = new Session(connection, room);
            session.set(own);
            if (stopped.get()) {
              throw new SQLException("cancelled");
            }
            return work.with(own);
          }
        });
    try {
      return future.get(
          Math.max(1, Duration.between(Instant.now(), deadline).toMillis()), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      stop(stopped, session, future);
      throw new QueryTimeoutException("the query took too long: narrow its range");
    } catch (InterruptedException e) {
      stop(stopped, session, future);
      Thread.currentThread().interrupt();
      throw new QueryTimeoutException("the query was cancelled");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof SQLException said) {
        throw said;
      }
      if (cause instanceof RuntimeException failed) {
        throw failed;
      }
      throw new SQLException(e);
    }
  }

  /// Waits until the thread is free: what it writes to must not be used meanwhile.
  private static void stop(
      AtomicBoolean stopped, AtomicReference<@Nullable Session> session, Future<?> future) {
    stopped.set(true);
    boolean interrupted = Thread.interrupted();
    Session running = session.get();
    if (running != null) {
      running.cancel();
    }
    try {
      Object _ = future.get(CANCEL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException _) {
      // That it was cancelled is what was asked for.
    } catch (InterruptedException _) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized DuckDBConnection connection() throws SQLException {
    if (root == null) {
      Properties settings = new Properties();
      settings.setProperty("memory_limit", MEMORY);
      // A query of one thread does not wait for another in a busy loop, which took a fifth of it.
      settings.setProperty("threads", "1");
      settings.setProperty("temp_directory", spill.toString());
      settings.setProperty("autoinstall_known_extensions", "false");
      settings.setProperty("autoload_known_extensions", "false");
      root = new DuckDBDriver().connect("jdbc:duckdb:", settings).unwrap(DuckDBConnection.class);
      try (Statement statement = root.createStatement()) {
        // Each column of a block is a query of its own.
        statement.execute("SET GLOBAL parquet_metadata_cache = true");
      }
    }
    return root.duplicate();
  }

  /// Loads the library, which takes as long as a small query.
  static void load() {
    try {
      DriverManager.getConnection("jdbc:duckdb:").close();
    } catch (SQLException _) {
      // Said when it is needed.
    }
  }

  /// A text as SQL has it.
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  public void close() {
    threads.shutdownNow();
    synchronized (this) {
      if (root != null) {
        try {
          root.close();
        } catch (SQLException _) {
          // There is nothing in it to lose.
        }
        root = null;
      }
    }
  }
}
