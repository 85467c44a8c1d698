package dev.prguard.traceql;

import dev.prguard.trace.query.SpanField;
import dev.prguard.traceql.Token.Kind;
import dev.prguard.traceql.tree.Aggregate;
import dev.prguard.traceql.tree.BinaryOperator;
import dev.prguard.traceql.tree.FieldExpr;
import dev.prguard.traceql.tree.Literal;
import dev.prguard.traceql.tree.MetricsStage;
import dev.prguard.traceql.tree.Pipeline;
import dev.prguard.traceql.tree.Pipeline.NestedPipeline;
import dev.prguard.traceql.tree.Pipeline.SpansetExpr;
import dev.prguard.traceql.tree.Pipeline.SpansetFilter;
import dev.prguard.traceql.tree.Pipeline.SpansetOperation;
import dev.prguard.traceql.tree.Pipeline.Stage;
import dev.prguard.traceql.tree.RootExpr;
import dev.prguard.traceql.tree.RootExpr.Hint;
import dev.prguard.traceql.tree.RootExpr.MetricsArithmetic;
import dev.prguard.traceql.tree.RootExpr.MetricsOperand;
import dev.prguard.traceql.tree.RootExpr.MetricsQuery;
import dev.prguard.traceql.tree.RootExpr.SpansQuery;
import dev.prguard.traceql.tree.SecondStage;
import dev.prguard.traceql.tree.SpansetOperator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// TraceQL text to its tree, by recursive descent. What parses here and in Tempo 3 is the same; the
/// grammar is pkg/traceql/expr.y of grafana/tempo.
public final class TraceQlParser {
  /// Parentheses around pipelines and span set expressions, and chains of their operators.
  private static final int MAX_DEPTH = 500;

  private final TokenReader reader;
  private final FieldParser fields;
  private final MetricsParser metrics;
  private final Positions positions = new Positions();
  private int depth;

  private TraceQlParser(String query) {
    this.reader = new TokenReader(query);
    this.fields = new FieldParser(reader, positions);
    this.metrics = new MetricsParser(reader, fields, this::spansetFilter);
  }

  /// @throws TraceQlSyntaxException when the text is no TraceQL; whether the query means something
  ///   is [TraceQlValidator]'s to say
  public static RootExpr parse(String query) {
    return new TraceQlParser(query).root();
  }

  /// A query, and where its parts stand.
  record Parsed(RootExpr root, Positions positions) {}

  static Parsed parseWithPositions(String query) {
    TraceQlParser parser = new TraceQlParser(query);
    return new Parsed(parser.root(), parser.positions);
  }

  private RootExpr root() {
    RootExpr root = query();
    List<Hint> hints = hints();
    if (reader.peek().kind() != Kind.END) {
      throw reader.unexpected("expecting the end of the query, | or with");
    }
    return withHints(root, hints);
  }

  private RootExpr query() {
    Parenthesised first = null;
    Stage stage;
    if (reader.peek().is("(")) {
      first = parenthesised();
      if (first.metrics() != null) {
        return arithmetic(first.metrics());
      }
      stage = spansetOperations(first);
    } else {
      stage = stage(true);
    }
    if (stage instanceof SpansetExpr expr && isOfPipelines(expr)) {
      return new SpansQuery(new Pipeline(List.of(stage)), List.of());
    }
    return pipelineAfter(stage);
  }

  /// What follows the first stage of a query or of parentheses.
  private RootExpr pipelineAfter(Stage first) {
    List<Stage> stages = new ArrayList<>(List.of(first));
    while (reader.peek().is("|")) {
      Token next = reader.peekNext();
      if (MetricsParser.begins(next)) {
        reader.next();
        MetricsStage stage = metrics.stage();
        return new MetricsQuery(
            new Pipeline(stages), stage, metrics.secondStages(), List.of());
      }
      reader.next();
      stages.add(stage(false));
    }
    return new SpansQuery(new Pipeline(stages), List.of());
  }

  private Stage stage(boolean first) {
    Token token = reader.peek();
    if (token.is("{") || token.is("(")) {
      return spansetExpression();
    }
    if (reader.take("by")) {
      reader.expect("(");
      FieldExpr expression = fields.expression();
      reader.expect(")");
      return new Pipeline.GroupBy(expression);
    }
    if (!first && reader.take("coalesce")) {
      reader.expect("(");
      reader.expect(")");
      return new Pipeline.Coalesce();
    }
    if (reader.take("select")) {
      reader.expect("(");
      List<SpanField> selected = metrics.fieldList();
      reader.expect(")");
      return new Pipeline.Select(selected);
    }
    return aggregateFilter();
  }

  private Stage aggregateFilter() {
    Aggregate aggregate = aggregate();
    if (aggregate == null) {
      throw reader.unexpected("");
    }
    Token operator = reader.peek();
    BinaryOperator comparison = FieldParser.operator(operator);
    if (comparison != null && comparison.isArithmetic()) {
      throw new TraceQlSyntaxException(
          "", "scalar filter lhs of type (%v) not yet supported", -1, 1, "count() > 2");
    }
    if (comparison == null || !comparison.isComparison()) {
      throw reader.unexpected("expecting a comparison, such as count() > 2");
    }
    reader.next();
    if (aggregate() != null) {
      throw new TraceQlSyntaxException(
          "", "scalar filter rhs of type (%v) not yet supported", -1, 1, "count() > 2");
    }
    return new Pipeline.AggregateFilter(aggregate, comparison, fields.literal());
  }

  private @Nullable Aggregate aggregate() {
    Token token = reader.peek();
    if (reader.take("count")) {
      reader.expect("(");
      reader.expect(")");
      return new Aggregate.Count();
    }
    for (Aggregate.Function function : Aggregate.Function.values()) {
      if (token.is(function.name().toLowerCase(java.util.Locale.ROOT))) {
        reader.next();
        reader.expect("(");
        FieldExpr operand = fields.expression();
        reader.expect(")");
        return new Aggregate.Of(function, operand);
      }
    }
    return null;
  }

  // Span set expressions.

  /// What stood in parentheses: a metrics query, or span sets.
  ///
  /// @param spans null where it is metrics
  /// @param ofPipeline whether it is a pipeline, which combines only with other parentheses
  private record Parenthesised(
      @Nullable RootExpr metrics, @Nullable SpansetExpr spans, boolean ofPipeline) {}

  private SpansetExpr spansetExpression() {
    if (reader.peek().is("(")) {
      return spansetOperations(parenthesised());
    }
    return operations(spansetFilter(), 1, false);
  }

  private SpansetExpr spansetOperations(Parenthesised first) {
    SpansetExpr spans = first.spans();
    if (spans == null) {
      throw reader.unexpected("expecting span sets, not metrics, in these parentheses");
    }
    return operations(spans, 1, first.ofPipeline());
  }

  /// `&&` and `||` are level 1, structural operators level 2; all group to the left.
  private SpansetExpr operations(SpansetExpr first, int loosest, boolean ofPipelines) {
    deeper();
    int chained = 1;
    SpansetExpr left = first;
    while (true) {
      SpansetOperator operator = spansetOperator(reader.peek());
      if (operator == null || level(operator) < loosest) {
        depth -= chained;
        return left;
      }
      reader.next();
      deeper();
      chained++;
      SpansetExpr right = operand(ofPipelines);
      if (level(operator) == 1) {
        right = operations(right, 2, ofPipelines);
      }
      left = new SpansetOperation(left, operator, right);
    }
  }

  private SpansetExpr operand(boolean ofPipelines) {
    if (!reader.peek().is("(")) {
      if (ofPipelines) {
        throw reader.unexpected("expecting (");
      }
      if (!reader.peek().is("{")) {
        throw reader.unexpected("expecting { or (");
      }
      return spansetFilter();
    }
    Token open = reader.peek();
    Parenthesised operand = parenthesised();
    SpansetExpr spans = operand.spans();
    if (spans == null || (operand.ofPipeline() && !ofPipelines)) {
      throw reader.at(
          open,
          "syntax error: unexpected pipeline in parentheses",
          "both sides in parentheses, the pipeline on the left");
    }
    if (ofPipelines && !operand.ofPipeline()) {
      return new NestedPipeline(new Pipeline(List.of(spans)));
    }
    return spans;
  }

  private Parenthesised parenthesised() {
    deeper();
    reader.expect("(");
    Parenthesised inner;
    if (reader.peek().is("(")) {
      Parenthesised first = parenthesised();
      RootExpr innerMetrics = first.metrics();
      if (innerMetrics != null) {
        inner = new Parenthesised(arithmetic(innerMetrics), null, false);
      } else {
        SpansetExpr expr = spansetOperations(first);
        inner = isOfPipelines(expr) ? new Parenthesised(null, expr, true) : after(expr);
      }
    } else {
      inner = after(stage(true));
    }
    reader.expect(")");
    depth--;
    return inner;
  }

  private Parenthesised after(Stage first) {
    RootExpr root = pipelineAfter(first);
    if (!(root instanceof SpansQuery(Pipeline pipeline, _))) {
      return new Parenthesised(root, null, false);
    }
    if (pipeline.stages().size() == 1 && first instanceof SpansetExpr expr) {
      return new Parenthesised(null, expr, false);
    }
    return new Parenthesised(null, new NestedPipeline(pipeline), true);
  }

  /// Whether an expression is made of pipelines in parentheses, and so must not be piped on.
  private static boolean isOfPipelines(SpansetExpr expr) {
    return switch (expr) {
      case SpansetFilter _ -> false;
      case NestedPipeline _ -> true;
      case SpansetOperation(SpansetExpr left, _, _) -> isOfPipelines(left);
    };
  }

  private SpansetFilter spansetFilter() {
    reader.expect("{");
    if (reader.take("}")) {
      return new SpansetFilter(new Literal.BoolLiteral(true));
    }
    FieldExpr condition = fields.expression();
    reader.expect("}");
    return new SpansetFilter(condition);
  }

  private static @Nullable SpansetOperator spansetOperator(Token token) {
    if (token.kind() != Kind.SYMBOL) {
      return null;
    }
    for (SpansetOperator operator : SpansetOperator.values()) {
      if (operator.symbol().equals(token.text())) {
        return operator;
      }
    }
    return null;
  }

  private static int level(SpansetOperator operator) {
    return operator == SpansetOperator.AND || operator == SpansetOperator.OR ? 1 : 2;
  }

  // Arithmetic between metrics queries.

  private RootExpr arithmetic(RootExpr first) {
    RootExpr left = first;
    if (FieldParser.operator(reader.peek()) == null || !isArithmetic(reader.peek())) {
      // Parentheses around a whole metrics query.
      return left;
    }
    MetricsOperand sum = metricsTerm(new MetricsOperand.Nested(left));
    while (reader.peek().is("+") || reader.peek().is("-")) {
      BinaryOperator operator = BinaryOperator.ADD;
      if (reader.next().is("-")) {
        operator = BinaryOperator.SUBTRACT;
      }
      sum = joined(sum, operator, metricsTerm(metricsOperand()));
    }
    RootExpr whole = ((MetricsOperand.Nested) sum).query();
    return whole instanceof MetricsArithmetic(
            MetricsOperand l, BinaryOperator o, MetricsOperand r, _, _)
        ? new MetricsArithmetic(l, o, r, metrics.secondStages(), List.of())
        : whole;
  }

  private MetricsOperand metricsTerm(MetricsOperand first) {
    MetricsOperand product = first;
    while (reader.peek().is("*") || reader.peek().is("/")) {
      BinaryOperator operator =
          reader.next().is("*") ? BinaryOperator.MULTIPLY : BinaryOperator.DIVIDE;
      product = joined(product, operator, metricsOperand());
    }
    return product;
  }

  private MetricsOperand joined(
      MetricsOperand left, BinaryOperator operator, MetricsOperand right) {
    deeper();
    return new MetricsOperand.Nested(
        new MetricsArithmetic(left, operator, right, List.of(), List.of()));
  }

  private MetricsOperand metricsOperand() {
    if (!reader.peek().is("(")) {
      return new MetricsOperand.Scalar(fields.literal());
    }
    Token open = reader.peek();
    RootExpr query = parenthesised().metrics();
    if (query == null) {
      throw reader.at(open, "syntax error: a metrics query has to stand here", null);
    }
    return new MetricsOperand.Nested(query);
  }

  private static boolean isArithmetic(Token token) {
    return token.is("+") || token.is("-") || token.is("*") || token.is("/");
  }

  // Hints.

  private List<Hint> hints() {
    List<Hint> hints = new ArrayList<>();
    while (reader.take("with")) {
      reader.expect("(");
      do {
        Token key = reader.expect(Kind.WORD, "the name of a hint");
        reader.expect("=");
        hints.add(new Hint(key.text(), fields.literal()));
      } while (reader.take(","));
      reader.expect(")");
    }
    return hints;
  }

  private static RootExpr withHints(RootExpr root, List<Hint> hints) {
    if (hints.isEmpty()) {
      return root;
    }
    return switch (root) {
      case SpansQuery(Pipeline pipeline, _) -> new SpansQuery(pipeline, hints);
      case MetricsQuery(Pipeline pipeline, MetricsStage stage, List<SecondStage> second, _) ->
          new MetricsQuery(pipeline, stage, second, hints);
      case MetricsArithmetic(
              MetricsOperand left,
              BinaryOperator operator,
              MetricsOperand right,
              List<SecondStage> second,
              _) ->
          new MetricsArithmetic(left, operator, right, second, hints);
    };
  }

  private void deeper() {
    if (++depth > MAX_DEPTH) {
      throw reader.at(
          reader.peek(), "nested, or chained, more than " + MAX_DEPTH + " deep", null);
    }
  }
}
