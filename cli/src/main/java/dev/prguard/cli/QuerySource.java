package dev.prguard.cli;

import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.store.SegmentProblem;
import dev.prguard.store.StoreFormatException;
import dev.prguard.store.StoreUnavailableException;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.traceql.engine.TraceQlEngine;
import dev.prguard.traceql.engine.TraceQlEngine.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// Where commands ask their questions: the embedded store of the data folder.
final class QuerySource implements AutoCloseable {
  private final EmbeddedSpanStore store;
  private final TraceQueries queries;

  private QuerySource(EmbeddedSpanStore store, TraceQueries queries) {
    this.store = store;
    this.queries = queries;
  }

  /// @param timeout of one query
  /// @throws CommandException when the data folder cannot be opened
  static QuerySource embedded(Map<String, String> env, Duration timeout) {
    Path folder = DataFolder.of(env);
    try {
      EmbeddedSpanStore store = EmbeddedSpanStore.open(folder);
      Options options =
          new Options(timeout, Options.DEFAULT.quantiles(), Options.DEFAULT.pushDown());
      return new QuerySource(store, new TraceQlEngine(store, options, InstantSource.system()));
    } catch (StoreUnavailableException | StoreFormatException e) {
      throw CommandException.wrongInput(String.valueOf(e.getMessage()), e);
    }
  }

  TraceQueries queries() {
    return queries;
  }

  /// What of the store could not be read, a line each. A torn tail is none: a run may be writing
  /// it.
  List<String> problems() {
    return store.problems().stream()
        .filter(problem -> problem.kind() != SegmentProblem.Kind.TORN_TAIL)
        .map(problem ->
            problem.file()
                + ": damaged at byte "
                + problem.offset()
                + " ("
                + problem.detail()
                + "); what stands before was read")
        .toList();
  }

  @Override
  public void close() {
    store.close();
  }
}
