package dev.prguard.traceql;

import dev.prguard.traceql.Part.Metrics;
import dev.prguard.traceql.Part.Scalar;
import dev.prguard.traceql.Part.ScalarPipeline;
import dev.prguard.traceql.Part.Shape;
import dev.prguard.traceql.Part.Spans;
import dev.prguard.traceql.tree.Aggregate;
import dev.prguard.traceql.tree.BinaryOperator;
import dev.prguard.traceql.tree.FieldExpr;
import dev.prguard.traceql.tree.Literal;
import dev.prguard.traceql.tree.Pipeline;
import dev.prguard.traceql.tree.Pipeline.NestedPipeline;
import dev.prguard.traceql.tree.Pipeline.SpansetExpr;
import dev.prguard.traceql.tree.Pipeline.SpansetFilter;
import dev.prguard.traceql.tree.Pipeline.SpansetOperation;
import dev.prguard.traceql.tree.Pipeline.Stage;
import dev.prguard.traceql.tree.RootExpr.MetricsArithmetic;
import dev.prguard.traceql.tree.RootExpr.MetricsOperand;
import dev.prguard.traceql.tree.RootExpr.MetricsQuery;
import dev.prguard.traceql.tree.SpansetOperator;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Span set expressions, numbers of span sets and metrics queries with their operators and
/// parentheses. What `( … )` may hold depends on what stands before it, as in Tempo's LALR grammar:
/// `({a})` is a span set expression wherever one may stand, and a pipeline only beside pipelines.
final class PartParser {
  /// Parentheses within each other: parsing them takes the stack.
  private static final int MAX_NESTING = 100;

  /// Chains of operators, which make the tree as deep as they are long.
  private static final int MAX_HEIGHT = 500;

  private static final Set<Shape> SPANS = EnumSet.of(Shape.SPANS);
  private static final Set<Shape> OF_PIPELINES = EnumSet.of(Shape.SPANS_OF_PIPELINES);
  private static final Set<Shape> SCALAR = EnumSet.of(Shape.SCALAR);
  private static final Set<Shape> SCALAR_PIPELINE = EnumSet.of(Shape.SCALAR_PIPELINE);
  private static final Set<Shape> METRICS = EnumSet.of(Shape.METRICS);
  private static final Set<Shape> STAGE = EnumSet.of(Shape.SPANS, Shape.SCALAR);

  private final TokenReader reader;
  private final FieldParser fields;
  private final MetricsParser metrics;
  private final Positions positions;
  private @Nullable TraceQlSyntaxException unsupported;
  private int nesting;
  private int height;

  PartParser(TokenReader reader, FieldParser fields, Positions positions) {
    this.reader = reader;
    this.fields = fields;
    this.metrics = new MetricsParser(reader, fields, this::spansetFilter);
    this.positions = positions;
  }

  /// What was parsed and is not supported; null when there is no such thing.
  @Nullable TraceQlSyntaxException unsupported() {
    return unsupported;
  }

  MetricsParser metrics() {
    return metrics;
  }

  // Stages.

  /// `by`, `select` and, where it is not the first, `coalesce`; null where none of them stands.
  @Nullable Stage takeWordStage(boolean first) {
    int start = reader.peek().offset();
    if (reader.take("by")) {
      reader.expect("(");
      FieldExpr expression = fields.expression();
      reader.expect(")");
      return mark(new Pipeline.GroupBy(expression), start);
    }
    if (reader.take("select")) {
      reader.expect("(");
      Pipeline.Select select = new Pipeline.Select(metrics.fieldList());
      reader.expect(")");
      return mark(select, start);
    }
    if (!first && reader.take("coalesce")) {
      reader.expect("(");
      reader.expect(")");
      return new Pipeline.Coalesce();
    }
    return null;
  }

  /// The stages after the first one, up to what is no stage of spans: metrics, an aggregate that is
  /// not compared, or no pipe.
  List<Stage> pipeline(Stage first, boolean scalarMayEnd) {
    List<Stage> stages = new ArrayList<>();
    stages.add(first);
    while (reader.peek().is("|") && !MetricsParser.begins(reader.peekNext())) {
      reader.next();
      int start = reader.peek().offset();
      Stage word = takeWordStage(false);
      if (word != null) {
        stages.add(word);
        continue;
      }
      Part part = part(STAGE);
      if (part instanceof Scalar(Aggregate aggregate, _)
          && aggregate != null
          && scalarMayEnd
          && reader.peek().is(")")) {
        stages.clear();
        return stages;
      }
      stages.add(stageOf(part, start));
    }
    return stages;
  }

  /// A part that stands alone between pipes.
  Stage stageOf(Part part, int start) {
    return switch (part) {
      case Spans(SpansetExpr expr, _) -> expr;
      case Scalar scalar -> scalarFilter(scalar, start);
      case ScalarPipeline _, Metrics _ -> throw reader.unexpected("");
    };
  }

  private Stage scalarFilter(Scalar left, int start) {
    BinaryOperator comparison = takeComparison();
    Part right = part(SCALAR);
    Aggregate aggregate = left.aggregate();
    Literal constant = right instanceof Scalar scalar ? scalar.constant() : null;
    if (aggregate == null || constant == null) {
      refuse(aggregate == null ? "lhs" : "rhs");
      return new Pipeline.Coalesce();
    }
    return mark(new Pipeline.AggregateFilter(aggregate, comparison, constant), start);
  }

  /// `({ … } | count()) > 2`, which Tempo parses only to refuse it.
  void scalarPipelineFilter() {
    BinaryOperator _ = takeComparison();
    if (reader.peek().is("(")) {
      Part _ = part(SCALAR_PIPELINE);
    } else {
      Literal _ = fields.literal();
    }
    refuse("lhs");
  }

  private BinaryOperator takeComparison() {
    BinaryOperator comparison = FieldParser.operator(reader.peek());
    if (comparison == null || !comparison.isComparison()) {
      throw reader.unexpected("");
    }
    reader.next();
    return comparison;
  }

  private void refuse(String side) {
    if (unsupported == null) {
      // The %v is Tempo's.
      unsupported =
          new TraceQlSyntaxException(
              "",
              "scalar filter " + side + " of type (%v) not yet supported",
              -1,
              1,
              "count() > 2");
    }
  }

  // Parts.

  /// One part with its operators.
  Part part(Set<Shape> allowed) {
    int start = reader.peek().offset();
    Part first = operand(allowed);
    return switch (first) {
      case Spans(SpansetExpr expr, boolean ofPipelines) ->
          new Spans(spansets(expr, 1, ofPipelines, start), ofPipelines);
      case Scalar _, ScalarPipeline _, Metrics _ -> arithmetic(first, 0, allowed);
    };
  }

  private Part operand(Set<Shape> allowed) {
    Token token = reader.peek();
    if (token.is("(")) {
      return parenthesised(allowed);
    }
    if (token.is("{") && allowed.contains(Shape.SPANS)) {
      return new Spans(spansetFilter(), false);
    }
    if (allowed.contains(Shape.SCALAR) || allowed.contains(Shape.METRICS)) {
      Literal number = fields.takeNumber();
      if (number != null) {
        return new Scalar(null, number);
      }
      Aggregate aggregate = allowed.contains(Shape.SCALAR) ? fields.takeAggregate() : null;
      if (aggregate != null) {
        return new Scalar(aggregate, null);
      }
    }
    throw reader.unexpected(
        allowed.equals(SPANS)
            ? "expecting { or ("
            : allowed.equals(OF_PIPELINES) || allowed.equals(SCALAR_PIPELINE) ? "expecting (" : "");
  }

  private Part parenthesised(Set<Shape> allowed) {
    nesting++;
    higher();
    reader.expect("(");
    boolean pipelines =
        allowed.contains(Shape.SPANS_OF_PIPELINES)
            || allowed.contains(Shape.SCALAR_PIPELINE)
            || allowed.contains(Shape.METRICS);
    Part inner = inside(allowed, pipelines);
    reader.expect(")");
    nesting--;
    height--;
    return inner;
  }

  private Part inside(Set<Shape> allowed, boolean pipelines) {
    int start = reader.peek().offset();
    Stage first = pipelines ? takeWordStage(true) : null;
    if (first == null) {
      EnumSet<Shape> shapes = EnumSet.copyOf(allowed);
      if (pipelines) {
        shapes.addAll(STAGE);
      }
      Part part = part(shapes);
      boolean piped = reader.peek().is("|");
      switch (part) {
        case Spans(SpansetExpr expr, boolean ofPipelines) -> {
          if (ofPipelines || (!piped && allowed.contains(Shape.SPANS))) {
            return part;
          }
          if (!pipelines) {
            throw reader.unexpected("");
          }
          first = expr;
        }
        case Scalar scalar -> {
          if (reader.peek().is(")") && allowed.contains(Shape.SCALAR)) {
            return scalar;
          }
          if (!pipelines) {
            throw reader.unexpected("");
          }
          first = scalarFilter(scalar, start);
        }
        case ScalarPipeline _, Metrics _ -> {
          return part;
        }
      }
    }
    return pipelineInside(first, allowed);
  }

  private Part pipelineInside(Stage first, Set<Shape> allowed) {
    List<Stage> stages = pipeline(first, allowed.contains(Shape.SCALAR_PIPELINE));
    if (stages.isEmpty()) {
      return new ScalarPipeline();
    }
    if (reader.peek().is("|") && allowed.contains(Shape.METRICS)) {
      reader.next();
      return new Metrics(
          new MetricsOperand.Nested(
              new MetricsQuery(
                  new Pipeline(stages), metrics.stage(), metrics.secondStages(), List.of())));
    }
    if (!reader.peek().is(")") || !allowed.contains(Shape.SPANS_OF_PIPELINES)) {
      throw reader.unexpected("");
    }
    return new Spans(new NestedPipeline(new Pipeline(stages)), true);
  }

  // Span sets.

  /// `&&` and `||` are level 1, structural operators level 2; all group to the left.
  private SpansetExpr spansets(SpansetExpr first, int loosest, boolean ofPipelines, int start) {
    higher();
    int chained = 1;
    SpansetExpr left = first;
    while (true) {
      Token token = reader.peek();
      SpansetOperator operator =
          token.kind() == Token.Kind.SYMBOL ? SpansetOperator.of(token.text()) : null;
      if (operator == null || (loosest == 2 && !operator.isStructural())) {
        height -= chained;
        return left;
      }
      reader.next();
      higher();
      chained++;
      int from = reader.peek().offset();
      SpansetExpr right = ((Spans) operand(ofPipelines ? OF_PIPELINES : SPANS)).expr();
      if (!operator.isStructural()) {
        right = spansets(right, 2, ofPipelines, from);
      }
      left = mark(new SpansetOperation(left, operator, right), start);
    }
  }

  SpansetFilter spansetFilter() {
    int start = reader.peek().offset();
    reader.expect("{");
    if (reader.take("}")) {
      return mark(new SpansetFilter(new Literal.BoolLiteral(true)), start);
    }
    FieldExpr condition = fields.expression();
    if (!reader.peek().is("}")) {
      throw reader.unexpected("");
    }
    reader.next();
    return mark(new SpansetFilter(condition), start);
  }

  // Numbers.

  /// Precedence climbing over `+ - * / % ^`, whose precedence is that of field expressions.
  private Part arithmetic(Part first, int loosest, Set<Shape> allowed) {
    Part left = first;
    int chained = 0;
    while (true) {
      BinaryOperator operator = FieldParser.operator(reader.peek());
      if (operator == null
          || !operator.isArithmetic()
          || FieldParser.precedence(operator) < loosest
          || (left instanceof Metrics && !isMetricsOperator(operator))) {
        height -= chained;
        return left;
      }
      Token token = reader.next();
      higher();
      chained++;
      Set<Shape> shapes = beside(left, allowed);
      int precedence = FieldParser.precedence(operator);
      Part right =
          arithmetic(
              operand(shapes),
              operator == BinaryOperator.POWER ? precedence : precedence + 1,
              shapes);
      left = combined(left, operator, right, token, allowed.contains(Shape.METRICS));
    }
  }

  /// What may stand on the other side of an operator.
  private static Set<Shape> beside(Part part, Set<Shape> allowed) {
    return switch (part) {
      case Metrics _ -> METRICS;
      case ScalarPipeline _ -> SCALAR_PIPELINE;
      case Scalar(_, Literal constant) ->
          constant != null && allowed.contains(Shape.METRICS)
              ? EnumSet.of(Shape.SCALAR, Shape.METRICS)
              : SCALAR;
      case Spans _ -> SPANS;
    };
  }

  private Part combined(
      Part left, BinaryOperator operator, Part right, Token token, boolean besideMetrics) {
    if (left instanceof ScalarPipeline) {
      return left;
    }
    if (left instanceof Scalar(_, Literal one) && right instanceof Scalar(_, Literal other)) {
      // Constants beside metrics are worked out; beside aggregates Tempo supports none.
      return new Scalar(
          null,
          one == null || other == null || !besideMetrics
              ? null
              : ConstantArithmetic.fold(one, operator, other));
    }
    if (!isMetricsOperator(operator)) {
      throw reader.at(token, "syntax error: unexpected " + token.text(), null);
    }
    higher();
    return new Metrics(
        new MetricsOperand.Nested(
            new MetricsArithmetic(
                metricsOperand(left, token),
                operator,
                metricsOperand(right, token),
                List.of(),
                List.of())));
  }

  private MetricsOperand metricsOperand(Part part, Token operator) {
    if (part instanceof Metrics(MetricsOperand operand)) {
      return operand;
    }
    if (part instanceof Scalar(_, Literal constant) && constant != null) {
      return new MetricsOperand.Scalar(constant);
    }
    throw reader.at(operator, "syntax error: unexpected " + operator.text(), null);
  }

  private static boolean isMetricsOperator(BinaryOperator operator) {
    return operator == BinaryOperator.ADD
        || operator == BinaryOperator.SUBTRACT
        || operator == BinaryOperator.MULTIPLY
        || operator == BinaryOperator.DIVIDE;
  }

  private <T> T mark(T part, int start) {
    return positions.mark(part, start, reader.lastEnd());
  }

  private void higher() {
    height++;
    if (nesting > MAX_NESTING || height > MAX_HEIGHT) {
      throw reader.at(
          reader.peek(),
          nesting > MAX_NESTING
              ? "nested more than " + MAX_NESTING + " deep"
              : "chained more than " + MAX_HEIGHT + " deep",
          null);
    }
  }
}
