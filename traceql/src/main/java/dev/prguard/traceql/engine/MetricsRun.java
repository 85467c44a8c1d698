package dev.prguard.traceql.engine;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.AggregateRow;
import dev.prguard.trace.query.SpanAggregate;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanWindow;
import dev.prguard.trace.query.TraceQueries.Exemplar;
import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.trace.query.TraceSpans;
import dev.prguard.traceql.engine.SpanSetPipeline.Spans;
import dev.prguard.traceql.tree.FieldExpr;
import dev.prguard.traceql.tree.Literal;
import dev.prguard.traceql.tree.MetricsStage;
import dev.prguard.traceql.tree.Pipeline.SpansetFilter;
import dev.prguard.traceql.tree.Pipeline.Stage;
import dev.prguard.traceql.tree.RootExpr.MetricsQuery;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One metrics query: takes spans, or what a store has aggregated already, and makes series.
final class MetricsRun implements Predicate<TraceSpans> {
  private final Grid grid;
  private final SpanSetPipeline pipeline;
  private final FirstPass pass;
  private final boolean wholeTraces;
  private final boolean matchable;
  private final int maxExemplars;
  private final Deadline deadline;
  private final MetricsStage stage;
  private final @Nullable SeriesTable table;
  private final @Nullable CompareTable compare;
  private final Set<String> exemplarTraces = new HashSet<>();
  private final int[] exemplarsByInterval;

  MetricsRun(
      MetricsQuery query, Grid grid, QuantileMode mode, int maxExemplars, Deadline deadline) {
    Conditions conditions = new Conditions();
    this.grid = grid;
    this.pipeline = SpanSetPipeline.of(query.pipeline(), conditions);
    this.pass = new FirstPass(conditions);
    this.stage = query.stage();
    this.maxExemplars = maxExemplars;
    this.deadline = deadline;
    this.exemplarsByInterval = new int[grid.intervals()];
    this.wholeTraces =
        !query.pipeline().stages().stream().allMatch(of -> of instanceof SpansetFilter)
            || conditions.list().stream().anyMatch(of -> isOfTrace(of.field()))
            || (stage instanceof MetricsStage.OverTime over
                && (isOfTrace(over.operand())
                    || over.by().stream().anyMatch(MetricsRun::isOfTrace)))
            || stage instanceof MetricsStage.Compare;
    this.matchable =
        query.pipeline().stages().stream()
            .noneMatch(of ->
                of instanceof SpansetFilter(FieldExpr condition)
                    && Expr.of(condition) instanceof Expr.Const(Object value)
                    && !Boolean.TRUE.equals(value));
    switch (stage) {
      case MetricsStage.OverTime over -> {
        this.table = new SeriesTable(over, grid, mode);
        this.compare = null;
      }
      case MetricsStage.Compare of -> {
        this.table = null;
        this.compare = new CompareTable(of, selection(of.selection()), grid);
      }
    }
  }

  private static Predicate<FetchedSpan> selection(SpansetFilter filter) {
    Expr compiled = Expr.of(filter.condition());
    Conditions conditions = new Conditions();
    conditions.filter(compiled);
    FirstPass pass = new FirstPass(conditions);
    return span -> {
      FetchedSpan fetched = pass.fetch(span.span(), span.trace(), span.index());
      return fetched != null && Boolean.TRUE.equals(compiled.eval(fetched));
    };
  }

  /// Whether a field can only be told from all spans of the trace.
  private static boolean isOfTrace(@Nullable SpanField field) {
    return field instanceof Intrinsic intrinsic
        && switch (intrinsic) {
          case CHILD_COUNT,
              NESTED_SET_LEFT,
              NESTED_SET_RIGHT,
              NESTED_SET_PARENT,
              TRACE_DURATION,
              TRACE_ROOT_NAME,
              TRACE_ROOT_SERVICE ->
              true;
          case DURATION,
              NAME,
              STATUS,
              STATUS_MESSAGE,
              KIND,
              SPAN_ID,
              PARENT_SPAN_ID,
              TRACE_ID,
              EVENT_NAME,
              EVENT_TIME_SINCE_START,
              LINK_TRACE_ID,
              LINK_SPAN_ID,
              INSTRUMENTATION_NAME,
              INSTRUMENTATION_VERSION ->
              false;
        };
  }

  boolean wholeTraces() {
    return wholeTraces;
  }

  boolean isCompare() {
    return compare != null;
  }

  /// Whether a query can find anything at all.
  boolean matchable() {
    return matchable;
  }

  /// What a store could answer as a whole; empty where the spans have to be seen.
  static Optional<SpanAggregate> aggregate(
      MetricsQuery query, Grid grid, QuantileMode mode, Deadline deadline) {
    if (!(query.stage() instanceof MetricsStage.OverTime over)
        || !over.by().stream().allMatch(Planner::isPlain)) {
      return Optional.empty();
    }
    List<Expr> filters = new ArrayList<>();
    for (Stage stage : query.pipeline().stages()) {
      if (!(stage instanceof SpansetFilter(FieldExpr condition))) {
        return Optional.empty();
      }
      filters.add(Expr.of(condition));
    }
    SpanField operand = over.operand();
    if (operand != null
        && (!Planner.isPlain(operand)
            || (operand instanceof Intrinsic && operand != Intrinsic.DURATION))) {
      return Optional.empty();
    }
    Conditions conditions = new Conditions();
    SpanSetPipeline _ = SpanSetPipeline.of(query.pipeline(), conditions);
    FirstPass pass = new FirstPass(conditions);
    boolean readable =
        over.by().stream().allMatch(pass::isReadFromRows)
            && (operand == null || pass.isOperandOfRows(operand));
    if (!readable) {
      return Optional.empty();
    }
    ExactFilters exact = new ExactFilters(conditions);
    Optional<SpanPredicate> filter = exact.of(filters);
    return filter.map(predicate ->
        new SpanAggregate(
            grid.window(),
            grid.originNanos(),
            grid.stepNanos(),
            predicate,
            exact.scalars(),
            function(over.function(), mode),
            operand,
            over.by(),
            over.quantiles(),
            deadline.at()));
  }

  private static SpanAggregate.Function function(
      MetricsStage.Function function, QuantileMode mode) {
    return switch (function) {
      case RATE, COUNT_OVER_TIME -> SpanAggregate.Function.COUNT;
      case MIN_OVER_TIME -> SpanAggregate.Function.MIN;
      case MAX_OVER_TIME -> SpanAggregate.Function.MAX;
      case AVG_OVER_TIME -> SpanAggregate.Function.AVERAGE;
      case SUM_OVER_TIME -> SpanAggregate.Function.SUM;
      case QUANTILE_OVER_TIME ->
          mode == QuantileMode.EXACT
              ? SpanAggregate.Function.QUANTILES
              : SpanAggregate.Function.LOG2_BUCKETS;
      case HISTOGRAM_OVER_TIME -> SpanAggregate.Function.LOG2_BUCKETS;
    };
  }

  /// How many there are.
  int exemplars() {
    return exemplarTraces.size();
  }

  /// Takes over the exemplars of another run of the same query.
  void exemplarsOf(MetricsRun other) {
    if (table != null && other.table != null) {
      table.exemplarsOf(other.table);
    }
  }

  /// Takes the rows of a store.
  ///
  /// @return false when they hold quantiles that would have to be joined
  boolean take(SpanAggregate aggregate, List<AggregateRow> rows) {
    SeriesTable series = java.util.Objects.requireNonNull(table);
    Set<List<@Nullable Object>> seen = new HashSet<>();
    for (AggregateRow row : rows) {
      List<@Nullable Object> by = new ArrayList<>();
      for (int i = 0; i < row.labels().size(); i++) {
        by.add(pass.fromRow(aggregate.by().get(i), row.labels().get(i)));
      }
      if (aggregate.function() == SpanAggregate.Function.QUANTILES) {
        List<@Nullable Object> key = new ArrayList<>(by);
        key.add(row.interval());
        if (!seen.add(key)) {
          return false;
        }
      }
    }
    for (AggregateRow row : rows) {
      List<@Nullable Object> by = new ArrayList<>();
      for (int i = 0; i < row.labels().size(); i++) {
        by.add(pass.fromRow(aggregate.by().get(i), row.labels().get(i)));
      }
      switch (aggregate.function()) {
        case COUNT -> series.count(by, row.interval(), row.count());
        case SUM, MIN, MAX, AVERAGE ->
            series.merge(by, row.interval(), row.count(), row.numbers().getFirst() / series.unit());
        case QUANTILES -> series.quantiles(by, row.interval(), row.numbers());
        case LOG2_BUCKETS ->
            series.bucket(
                by, row.interval(), Math.getExponent(row.numbers().getFirst()), row.count());
      }
    }
    return true;
  }

  @Override
  public boolean test(TraceSpans of) {
    deadline.check();
    List<SpanRecord> spans = of.spans();
    TraceContext trace = wholeTraces ? new TraceContext(spans) : null;
    List<FetchedSpan> candidates = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      if (wholeTraces || grid.interval(spans.get(i).startNanos()) >= 0) {
        FetchedSpan span = pass.fetch(spans.get(i), trace, i);
        if (span != null) {
          candidates.add(span);
        }
      }
    }
    if (candidates.isEmpty()) {
      return true;
    }
    Set<Integer> counted = new HashSet<>();
    for (Spans set : pipeline.apply(candidates)) {
      for (FetchedSpan span : set.spans()) {
        int interval = grid.interval(span.span().startNanos());
        boolean before = compare != null && isJustBefore(span.span().startNanos());
        if ((interval >= 0 || before) && counted.add(span.index())) {
          count(interval, span);
        }
      }
    }
    return true;
  }

  /// compare() over a range looks one step further back in Tempo: what it meets there is listed,
  /// with zeros.
  private boolean isJustBefore(long startNanos) {
    return !grid.instant()
        && startNanos > grid.originNanos() - grid.stepNanos()
        && startNanos <= grid.originNanos();
  }

  /// Where the spans that count start.
  SpanWindow.Starts window() {
    return compare == null || grid.instant()
        ? grid.window()
        : new SpanWindow.Starts(grid.originNanos() - grid.stepNanos(), grid.endNanos());
  }

  /// @param interval -1 before the first one
  private void count(int interval, FetchedSpan span) {
    if (compare != null) {
      compare.add(interval, span);
      return;
    }
    if (table == null || !(stage instanceof MetricsStage.OverTime over)) {
      return;
    }
    List<@Nullable Object> by = new ArrayList<>(over.by().size());
    for (SpanField field : over.by()) {
      by.add(pass.read(span, field));
    }
    SpanField operand = over.operand();
    Object value = operand == null ? null : pass.read(span, operand);
    if (table.add(interval, by, value)) {
      exemplar(table, interval, by, value, span);
    }
  }

  /// Spread over the range, and one a trace.
  private void exemplar(
      SeriesTable series,
      int interval,
      List<@Nullable Object> by,
      @Nullable Object value,
      FetchedSpan span) {
    int most = Math.max(1, Math.ceilDiv(maxExemplars, grid.intervals()));
    if (exemplarTraces.size() >= maxExemplars
        || exemplarsByInterval[interval] >= most
        || !exemplarTraces.add(span.span().traceId())) {
      return;
    }
    exemplarsByInterval[interval]++;
    List<Label> labels = new ArrayList<>();
    pass.slots()
        .forEach((field, slot) -> {
          Object listed = span.listed(slot);
          if (listed != null) {
            labels.add(
                new Label(dev.prguard.traceql.TraceQlFormatter.field(field), Value.listed(listed)));
          }
        });
    labels.add(new Label("trace:id", AttributeValue.of(span.span().traceId())));
    double shown =
        value instanceof Value.Nanos(long nanos)
            ? nanos / 1e9
            : value == null ? 1 : Value.asDouble(value);
    series.exemplar(
        by, interval, value, new Exemplar(span.span().startNanos() / 1_000_000, shown, labels));
  }

  List<Series> series() {
    return compare != null
        ? compare.series()
        : java.util.Objects.requireNonNull(table).series(matchable);
  }

  /// The number of a hint such as `with(exemplars=3)`; false is 0.
  static int exemplars(MetricsQuery query, int asked) {
    for (var hint : query.hints()) {
      if (hint.key().equals("exemplars")) {
        return switch (hint.value()) {
          case Literal.IntLiteral(long number) -> Math.clamp(number, 0, 100);
          case Literal.BoolLiteral(boolean wanted) -> wanted ? Math.max(asked, 1) : 0;
          default -> asked;
        };
      }
    }
    return asked;
  }
}
