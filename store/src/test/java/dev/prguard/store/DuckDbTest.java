package dev.prguard.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prguard.trace.query.QueryTimeoutException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbTest {
  /// Would take minutes.
  private static final String ENDLESS =
      "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE hash(a.range + b.range) = 7";

  @TempDir Path folder;

  private static boolean run(DuckDb duckDb, String sql, Instant deadline) throws SQLException {
    return duckDb.call(
        deadline,
        session -> {
          session.rows(sql, _ -> {});
          return true;
        });
  }

  @Test
  void call_pastTheDeadline_stopsTheQueryInside() throws Exception {
    try (DuckDb duckDb = new DuckDb(folder)) {
      assertThat(run(duckDb, "SELECT 1", DuckDb.NO_DEADLINE)).isTrue();
      for (int i = 0; i < 6; i++) {
        // More often than there are threads: each has to be free again.
        Instant start = Instant.now();
        assertThatThrownBy(() -> run(duckDb, ENDLESS, start.plusMillis(150)))
            .isInstanceOf(QueryTimeoutException.class)
            .hasMessageContaining("took too long");
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(4));
      }
      assertThat(run(duckDb, "SELECT 1", Instant.now().plusSeconds(20))).isTrue();
    }
  }

  @Test
  void call_ofAnInterruptedThread_stopsTheQueryInside() throws Exception {
    try (DuckDb duckDb = new DuckDb(folder)) {
      assertThat(run(duckDb, "SELECT 1", DuckDb.NO_DEADLINE)).isTrue();
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      Thread asking =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  boolean _ = run(duckDb, ENDLESS, DuckDb.NO_DEADLINE);
                  thrown.complete(new AssertionError("it ended"));
                } catch (Throwable e) {
                  thrown.complete(e);
                }
              });
      TimeUnit.MILLISECONDS.sleep(150);
      asking.interrupt();
      assertThat(thrown.get(10, TimeUnit.SECONDS))
          .isInstanceOf(QueryTimeoutException.class)
          .hasMessageContaining("cancelled");
      assertThat(run(duckDb, "SELECT 1", Instant.now().plusSeconds(20))).isTrue();
    }
  }

  @Test
  void names_ofAnyText_areQuoted() {
    assertThat(DuckDb.identifier("a\"; DROP TABLE x; --")).isEqualTo("\"a\"\"; DROP TABLE x; --\"");
    assertThat(DuckDb.literal("it's")).isEqualTo("'it''s'");
  }
}
