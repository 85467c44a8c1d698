package dev.prguard.traceql;

import dev.prguard.trace.query.SpanField;
import dev.prguard.traceql.TraceQlValidator.FieldType;
import dev.prguard.traceql.tree.Aggregate;
import dev.prguard.traceql.tree.BinaryOperator;
import dev.prguard.traceql.tree.FieldExpr;
import dev.prguard.traceql.tree.Literal;
import dev.prguard.traceql.tree.MetricsStage;
import dev.prguard.traceql.tree.Pipeline;
import dev.prguard.traceql.tree.Pipeline.SpansetExpr;
import dev.prguard.traceql.tree.Pipeline.Stage;
import dev.prguard.traceql.tree.RootExpr;
import dev.prguard.traceql.tree.RootExpr.MetricsOperand;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Warns of what is valid TraceQL and does not do what it looks like. The rules are measured on
/// Tempo 3.0.3; docs/traceql.md lists them.
public final class TraceQlLinter {
  private static final Set<String> HINTS =
      Set.of("most_recent", "exemplars", "sample", "span_sample", "trace_sample", "extrapolate");

  private final TraceQlParser.Parsed parsed;
  private final List<Found> found = new ArrayList<>();

  /// @param rule such as `literal-type`
  /// @param line from 1
  /// @param column from 1, in code points
  /// @param fix what to write instead
  public record Warning(String rule, int line, int column, String message, String fix) {}

  private record Found(int offset, Warning warning) {}

  private TraceQlLinter(TraceQlParser.Parsed parsed) {
    this.parsed = parsed;
  }

  /// In the order of the text.
  ///
  /// @throws TraceQlSyntaxException when the text is no TraceQL
  public static List<Warning> lint(String query) {
    TraceQlLinter linter = new TraceQlLinter(TraceQlParser.parseWithPositions(query));
    linter.root(linter.parsed.root());
    return linter.found.stream()
        .sorted(Comparator.comparingInt(Found::offset))
        .map(Found::warning)
        .distinct()
        .toList();
  }

  /// Where a part stands, for the rules.
  String textOf(Object part) {
    Positions.Place place = parsed.positions().of(part);
    return parsed.text().substring(place.start(), place.end());
  }

  boolean isParenthesised(Object part) {
    return parsed.positions().isParenthesised(part);
  }

  void warn(Object part, String rule, String message, String fix) {
    int offset = parsed.positions().of(part).start();
    String text = parsed.text();
    int line = 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
    int start = offset == 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
    found.add(
        new Found(
            offset, new Warning(rule, line, 1 + text.codePointCount(start, offset), message, fix)));
  }

  private void root(RootExpr root) {
    switch (root) {
      case RootExpr.SpansQuery(Pipeline pipeline, _) -> pipeline(pipeline);
      case RootExpr.MetricsQuery(Pipeline pipeline, MetricsStage stage, _, _) -> {
        pipeline(pipeline);
        metrics(pipeline, stage);
      }
      case RootExpr.MetricsArithmetic(MetricsOperand left, _, MetricsOperand right, _, _) -> {
        operand(left);
        operand(right);
        warn(
            root,
            "metrics-arithmetic",
            "Tempo has arithmetic between metrics queries only after 3.0; Grafana Cloud may refuse it",
            "two queries and a Grafana expression");
      }
    }
    for (RootExpr.Hint hint : root.hints()) {
      if (!HINTS.contains(hint.key())) {
        warn(
            root,
            "unknown-hint",
            "the hint " + hint.key() + " is unknown, and ignored",
            "most_recent, exemplars, sample");
      }
    }
  }

  private void operand(MetricsOperand operand) {
    if (operand instanceof MetricsOperand.Nested(RootExpr query)) {
      root(query);
    }
  }

  // Pipelines.

  private void pipeline(Pipeline pipeline) {
    Set<SpanField> fetched = new HashSet<>();
    boolean selected = false;
    for (Stage stage : pipeline.stages()) {
      if (stage instanceof SpansetExpr expr) {
        spansets(expr, filter -> new ExpressionRules(this).check(filter.condition()));
      }
      List<FieldExpr.Field> named = fieldsOf(stage);
      for (FieldExpr.Field field : named) {
        if (selected && !fetched.contains(field.field())) {
          String name = TraceQlFormatter.field(field.field());
          warn(
              field,
              "after-select",
              name + " is not seen after select(): no stage before it named it",
              "{ … && " + name + " != nil } | select(…) | …");
        }
      }
      if (!selected) {
        named.forEach(field -> fetched.add(field.field()));
      }
      selected |= stage instanceof Pipeline.Select;
    }
  }

  /// What a stage compares, groups by or adds up.
  private static List<FieldExpr.Field> fieldsOf(Stage stage) {
    List<FieldExpr.Field> fields = new ArrayList<>();
    switch (stage) {
      case SpansetExpr expr -> spansets(expr, filter -> collect(filter.condition(), fields));
      case Pipeline.GroupBy(FieldExpr expression) -> collect(expression, fields);
      case Pipeline.AggregateFilter(Aggregate.Of(_, FieldExpr operand), _, _) ->
          collect(operand, fields);
      case Pipeline.AggregateFilter _, Pipeline.Coalesce _, Pipeline.Select _ -> {}
    }
    return fields;
  }

  private static void collect(FieldExpr expr, List<FieldExpr.Field> into) {
    Deque<FieldExpr> open = new ArrayDeque<>(List.of(expr));
    while (!open.isEmpty()) {
      switch (open.pop()) {
        case FieldExpr.Binary(FieldExpr left, _, FieldExpr right) -> {
          open.push(right);
          open.push(left);
        }
        case FieldExpr.Unary(_, FieldExpr operand) -> open.push(operand);
        case FieldExpr.Field field -> into.add(field);
        case Literal _ -> {}
      }
    }
  }

  private static void spansets(SpansetExpr expr, Consumer<Pipeline.SpansetFilter> each) {
    switch (expr) {
      case Pipeline.SpansetFilter filter -> each.accept(filter);
      case Pipeline.SpansetOperation(SpansetExpr left, _, SpansetExpr right) -> {
        spansets(left, each);
        spansets(right, each);
      }
      case Pipeline.NestedPipeline(Pipeline pipeline) -> {
        for (Stage stage : pipeline.stages()) {
          if (stage instanceof SpansetExpr inner) {
            spansets(inner, each);
          }
        }
      }
    }
  }

  // Metrics.

  private void metrics(Pipeline pipeline, MetricsStage stage) {
    if (!(stage instanceof MetricsStage.OverTime over)
        || !(over.operand() instanceof SpanField.Attribute attribute)) {
      return;
    }
    String name = TraceQlFormatter.field(attribute);
    // The other functions pass over what is missing.
    if (over.function() == MetricsStage.Function.SUM_OVER_TIME && !isPresent(pipeline, attribute)) {
      warn(
          stage,
          "missing-values",
          name + " may be missing, and Tempo restarts a sum after each span without it",
          "{ … && " + name + " != nil }");
    }
    FieldType type = KnownAttributes.typeOf(attribute.key());
    if (type == FieldType.FLOAT
        && attribute.scope() != SpanField.Scope.RESOURCE
        && (over.function() == MetricsStage.Function.QUANTILE_OVER_TIME
            || over.function() == MetricsStage.Function.HISTOGRAM_OVER_TIME)) {
      boolean cost = attribute.key().equals("cost.usd");
      warn(
          stage,
          "quantile-of-double",
          name + " is a double: " + over.function().keyword() + " of doubles is empty in Tempo",
          cost ? "span.cost.nano_usd, the same as an int" : "avg_over_time or max_over_time");
    }
  }

  /// Whether a stage lets through only spans that have the attribute.
  private static boolean isPresent(Pipeline pipeline, SpanField.Attribute attribute) {
    return pipeline.stages().stream()
        .anyMatch(stage ->
            stage instanceof Pipeline.SpansetFilter(FieldExpr condition)
                && impliesPresence(condition, attribute));
  }

  private static boolean impliesPresence(FieldExpr condition, SpanField.Attribute attribute) {
    FieldExpr left = condition;
    while (left
            instanceof FieldExpr.Binary(FieldExpr next, BinaryOperator operator, FieldExpr right)
        && operator == BinaryOperator.AND) {
      if (impliesPresence(right, attribute)) {
        return true;
      }
      left = next;
    }
    if (left instanceof FieldExpr.Field field) {
      return field.field().equals(attribute);
    }
    if (!(left instanceof FieldExpr.Binary(FieldExpr one, BinaryOperator operator, FieldExpr other))
        || operator == BinaryOperator.OR) {
      return false;
    }
    boolean nil = one instanceof Literal.NilLiteral || other instanceof Literal.NilLiteral;
    if (nil && operator == BinaryOperator.EQUAL) {
      return false;
    }
    // Every other comparison with a missing value is false.
    List<FieldExpr.Field> fields = new ArrayList<>();
    collect(left, fields);
    return fields.stream().anyMatch(field -> field.field().equals(attribute));
  }
}
