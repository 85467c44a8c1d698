package dev.prguard.cli;

import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.store.SegmentProblem;
import dev.prguard.store.StoreFormatException;
import dev.prguard.store.StoreUnavailableException;
import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.query.SpanFetch;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanWindow;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import dev.prguard.traceql.engine.TraceQlEngine;
import dev.prguard.traceql.engine.TraceQlEngine.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// Where commands ask their questions: the embedded store of the data folder.
final class QuerySource implements AutoCloseable {
  /// About 150 MB of them.
  private static final int SPANS_IN_MEMORY = 50_000;

  private final EmbeddedSpanStore store;
  private final TraceQueries queries;
  private final Options options;

  private QuerySource(EmbeddedSpanStore store, TraceQueries queries, Options options) {
    this.store = store;
    this.queries = queries;
    this.options = options;
  }

  /// @param timeout of one query
  /// @throws CommandException when the data folder cannot be opened
  static QuerySource embedded(Map<String, String> env, Duration timeout) {
    Path folder = DataFolder.of(env);
    try {
      EmbeddedSpanStore store = EmbeddedSpanStore.open(folder);
      Options options =
          new Options(timeout, Options.DEFAULT.quantiles(), Options.DEFAULT.pushDown());
      return new QuerySource(
          store, new TraceQlEngine(store, options, InstantSource.system()), options);
    } catch (StoreUnavailableException | StoreFormatException e) {
      throw CommandException.wrongInput(String.valueOf(e.getMessage()), e);
    }
  }

  TraceQueries queries() {
    return queries;
  }

  /// For many questions about spans that started in the window: reads them once, where they fit
  /// into memory.
  TraceQueries queries(TimeRange window) {
    InMemorySpanStore memory = new InMemorySpanStore();
    AtomicInteger spans = new AtomicInteger();
    store.fetch(
        new SpanFetch(
            new SpanWindow.Starts(nanos(window.start()), nanos(window.end())),
            new SpanPredicate.Any(),
            List.of(),
            SpanFetch.Grouping.SPANS,
            null,
            Instant.now().plus(options.timeout())),
        trace -> {
          boolean fits = spans.addAndGet(trace.spans().size()) <= SPANS_IN_MEMORY;
          if (fits) {
            memory.append(trace.spans());
          }
          return fits;
        });
    return spans.get() <= SPANS_IN_MEMORY
        ? new TraceQlEngine(memory, options, InstantSource.system())
        : queries;
  }

  private static long nanos(Instant time) {
    return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
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
