package dev.prguard.traceql.engine;

import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.AggregateRow;
import dev.prguard.trace.query.SpanAggregate;
import dev.prguard.trace.query.SpanFetch;
import dev.prguard.trace.query.SpanFetch.Grouping;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanSource;
import dev.prguard.trace.query.SpanWindow;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueryException;
import dev.prguard.trace.query.TraceQueryException.Reason;
import dev.prguard.trace.query.TraceSpans;
import dev.prguard.traceql.TraceQlParser;
import dev.prguard.traceql.TraceQlSyntaxException;
import dev.prguard.traceql.TraceQlValidator;
import dev.prguard.traceql.tree.BinaryOperator;
import dev.prguard.traceql.tree.Pipeline;
import dev.prguard.traceql.tree.RootExpr;
import dev.prguard.traceql.tree.RootExpr.MetricsOperand;
import dev.prguard.traceql.tree.SecondStage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Answers TraceQL over the spans of a source, as Tempo 3 does. Thread-safe.
public final class TraceQlEngine implements TraceQueries {
  private static final int MAX_LIMIT = 262_144;

  /// An exemplar of a part of the window is sought among so many, where a store counts the spans
  /// itself.
  private static final int MAX_SAMPLED = 500;

  private final SpanSource source;
  private final Options options;
  private final InstantSource clock;
  private final TagSearch tags;

  /// @param timeout of one query
  /// @param pushDown whether a source may answer whole metrics stages, and leave out spans; off, it
  ///   hands out everything, which is slow and must give the same answers
  public record Options(Duration timeout, QuantileMode quantiles, PushDown pushDown) {
    public static final Options DEFAULT =
        new Options(Duration.ofSeconds(60), QuantileMode.EXACT, PushDown.ON);
  }

  public enum PushDown {
    ON,
    OFF
  }

  public TraceQlEngine(SpanSource source, Options options, InstantSource clock) {
    this.source = source;
    this.options = options;
    this.clock = clock;
    this.tags = new TagSearch(source);
  }

  private Deadline deadline() {
    return new Deadline(clock.instant(), options.timeout());
  }

  @Override
  public SearchAnswer search(Search search) {
    if (search.limit() < 1) {
      throw refused("invalid limit: must be a positive number");
    }
    if (search.limit() > MAX_LIMIT) {
      throw refused("limit " + search.limit() + " exceeds max limit " + MAX_LIMIT);
    }
    long start = wholeSeconds(search.range().start());
    long end = wholeSeconds(search.range().end());
    if (end <= start) {
      throw refused(
          "http parameter start must be before end. received start="
              + search.range().start().getEpochSecond()
              + " end="
              + search.range().end().getEpochSecond());
    }
    Pipeline pipeline = search.query().isBlank() ? null : searched(search.query());
    Deadline deadline = deadline();
    SearchRun run =
        new SearchRun(pipeline, start, end, search.limit(), search.spansPerSet(), deadline);
    Planner.Traces wanted =
        pipeline == null || options.pushDown() == PushDown.OFF
            ? new Planner.Traces(new SpanPredicate.Any(), List.of())
            : Planner.traces(pipeline);
    source.fetch(
        new SpanFetch(
            new SpanWindow.Overlaps(start, end),
            wanted.candidates(),
            wanted.companions(),
            Grouping.WHOLE_TRACES,
            pipeline == null ? FieldsOf.TRACE : fields(pipeline),
            deadline.at()),
        run);
    return new SearchAnswer(
        run.found().stream()
            .sorted(Comparator.comparingLong(FoundTrace::startNanos).reversed())
            .toList());
  }

  /// A search window is of whole seconds.
  private static long wholeSeconds(Instant instant) {
    return Grid.nanos(Instant.ofEpochSecond(instant.getEpochSecond()));
  }

  /// Tempo answers a metrics query that is searched as if its metrics stage were not there.
  private static Pipeline searched(String query) {
    return switch (parsed(query, "invalid TraceQL query: ", "invalid TraceQL query: ")) {
      case RootExpr.SpansQuery(Pipeline pipeline, _) -> pipeline;
      case RootExpr.MetricsQuery(Pipeline pipeline, _, _, _) -> pipeline;
      case RootExpr.MetricsArithmetic _ ->
          throw refused("invalid TraceQL query: arithmetic of metrics cannot be searched");
    };
  }

  private static RootExpr parsed(String query, String parsePrefix, String validatePrefix) {
    try {
      RootExpr root = TraceQlParser.parse(query);
      try {
        TraceQlValidator.validate(root);
      } catch (TraceQlSyntaxException e) {
        throw refused(validatePrefix + e.getMessage());
      }
      return root;
    } catch (TraceQlSyntaxException e) {
      throw refused((e.isParseError() ? parsePrefix : validatePrefix) + e.getMessage());
    }
  }

  @Override
  public MetricsAnswer range(RangeQuery query) {
    RootExpr root = parsed(query.query(), "", "compiling query: ");
    Grid grid = Grid.range(query.range().start(), query.range().end(), query.step());
    return new MetricsAnswer(sorted(series(root, grid, query.exemplars(), deadline())));
  }

  @Override
  public MetricsAnswer instant(InstantQuery query) {
    RootExpr root = parsed(query.query(), "", "compiling query: ");
    Grid grid = Grid.instant(query.range().start(), query.range().end());
    return new MetricsAnswer(sorted(series(root, grid, 0, deadline())));
  }

  private List<Series> series(RootExpr root, Grid grid, int exemplars, Deadline deadline) {
    return switch (root) {
      case RootExpr.SpansQuery _ -> throw refused("not a metrics query");
      case RootExpr.MetricsQuery query ->
          SecondStages.apply(query.secondStages(), firstStage(query, grid, exemplars, deadline));
      case RootExpr.MetricsArithmetic(
              MetricsOperand left,
              BinaryOperator operator,
              MetricsOperand right,
              List<SecondStage> stages,
              _) ->
          SecondStages.apply(
              stages,
              Arithmetic.of(
                  operand(left, grid, deadline), operator, operand(right, grid, deadline)));
    };
  }

  private Arithmetic.Operand operand(MetricsOperand operand, Grid grid, Deadline deadline) {
    return switch (operand) {
      case MetricsOperand.Nested(RootExpr query) ->
          new Arithmetic.Operand(series(query, grid, 0, deadline), null);
      case MetricsOperand.Scalar(var literal) -> {
        Object value = Value.of(literal);
        yield new Arithmetic.Operand(
            List.of(),
            value instanceof Value.Nanos(long nanos)
                ? nanos / 1e9
                : Value.asDouble(java.util.Objects.requireNonNull(value)));
      }
    };
  }

  private List<Series> firstStage(
      RootExpr.MetricsQuery query, Grid grid, int asked, Deadline deadline) {
    int exemplars = MetricsRun.exemplars(query, asked);
    MetricsRun run = new MetricsRun(query, grid, options.quantiles(), exemplars, deadline);
    if (!run.matchable()) {
      return List.of();
    }
    if (options.pushDown() == PushDown.ON && aggregated(query, grid, run, deadline)) {
      if (exemplars > 0) {
        MetricsRun sampled = new MetricsRun(query, grid, options.quantiles(), exemplars, deadline);
        for (SpanWindow slice : slices(run.window(), exemplars)) {
          int before = sampled.exemplars();
          AtomicInteger seen = new AtomicInteger();
          fetch(
              query,
              sampled,
              slice,
              spans ->
                  sampled.test(spans)
                      && sampled.exemplars() == before
                      && seen.incrementAndGet() < MAX_SAMPLED,
              deadline);
        }
        run.exemplarsOf(sampled);
      }
      return run.series();
    }
    fetch(query, run, run.window(), run, deadline);
    return run.series();
  }

  /// Equal parts of a window, the latest first: exemplars are to be of all of it.
  private static List<SpanWindow> slices(SpanWindow window, int count) {
    long from = window.fromNanos();
    long length = Math.max(1, (window.toNanos() - from) / count);
    List<SpanWindow> slices = new ArrayList<>();
    for (long to = window.toNanos(); to > from; to -= length) {
      long start = Math.max(from, to - length);
      slices.add(
          switch (window) {
            case SpanWindow.Starts _ -> new SpanWindow.Starts(start, to);
            case SpanWindow.Overlaps _ -> new SpanWindow.Overlaps(start, to);
          });
    }
    return slices;
  }

  private void fetch(
      RootExpr.MetricsQuery query,
      MetricsRun run,
      SpanWindow window,
      Predicate<TraceSpans> spans,
      Deadline deadline) {
    Planner.Traces wanted =
        options.pushDown() == PushDown.ON
            ? Planner.traces(query.pipeline())
            : new Planner.Traces(new SpanPredicate.Any(), List.of());
    source.fetch(
        new SpanFetch(
            window,
            wanted.candidates(),
            wanted.companions(),
            run.wholeTraces() ? Grouping.WHOLE_TRACES : Grouping.SPANS,
            run.isCompare() ? null : fields(query),
            deadline.at()),
        spans);
  }

  private boolean aggregated(
      RootExpr.MetricsQuery query, Grid grid, MetricsRun run, Deadline deadline) {
    Optional<SpanAggregate> aggregate =
        MetricsRun.aggregate(query, grid, options.quantiles(), deadline);
    if (aggregate.isEmpty()) {
      return false;
    }
    Optional<List<AggregateRow>> rows = source.aggregate(aggregate.get());
    return rows.isPresent() && run.take(aggregate.get(), rows.get());
  }

  private static Set<SpanField> fields(Pipeline pipeline) {
    return FieldsOf.query(new RootExpr.SpansQuery(pipeline, List.of()));
  }

  private static Set<SpanField> fields(RootExpr.MetricsQuery query) {
    return FieldsOf.query(query);
  }

  /// By the number of labels, then their keys and values.
  private static List<Series> sorted(List<Series> series) {
    List<Series> list = new ArrayList<>(series);
    list.sort(
        Comparator.<Series>comparingInt(of -> of.labels().size())
            .thenComparing(of -> SecondStages.sortKey(of.labels())));
    return list;
  }

  @Override
  public SortedMap<String, SortedSet<String>> tags(
      @Nullable String scope, @Nullable String filter, TimeRange range) {
    return tags.tags(scope, filter, range, deadline());
  }

  @Override
  public List<TagValue> tagValues(String tag, @Nullable String filter, TimeRange range) {
    return tags.values(tag, filter, range, deadline());
  }

  @Override
  public List<SpanRecord> trace(String traceId) {
    if (!traceId.matches("[0-9a-fA-F]{1,32}")) {
      throw refused("trace IDs can only contain hex characters: " + traceId);
    }
    return source.trace(Ids.padded(traceId.toLowerCase(java.util.Locale.ROOT)));
  }

  static TraceQueryException refused(String message) {
    return new TraceQueryException(Reason.REFUSED, message);
  }
}
