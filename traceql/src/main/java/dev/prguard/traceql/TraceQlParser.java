package dev.prguard.traceql;

import dev.prguard.traceql.Part.Metrics;
import dev.prguard.traceql.Part.Scalar;
import dev.prguard.traceql.Part.ScalarPipeline;
import dev.prguard.traceql.Part.Shape;
import dev.prguard.traceql.Part.Spans;
import dev.prguard.traceql.Token.Kind;
import dev.prguard.traceql.tree.BinaryOperator;
import dev.prguard.traceql.tree.MetricsStage;
import dev.prguard.traceql.tree.Pipeline;
import dev.prguard.traceql.tree.Pipeline.Stage;
import dev.prguard.traceql.tree.RootExpr;
import dev.prguard.traceql.tree.RootExpr.Hint;
import dev.prguard.traceql.tree.RootExpr.MetricsArithmetic;
import dev.prguard.traceql.tree.RootExpr.MetricsOperand;
import dev.prguard.traceql.tree.RootExpr.MetricsQuery;
import dev.prguard.traceql.tree.RootExpr.SpansQuery;
import dev.prguard.traceql.tree.SecondStage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;

/// TraceQL text to its tree, by recursive descent. What parses here and in Tempo 3 is the same, but
/// for arithmetic between metrics queries, which Tempo has after 3.0; the grammar is
/// pkg/traceql/expr.y of grafana/tempo.
public final class TraceQlParser {
  private final TokenReader reader;
  private final FieldParser fields;
  private final PartParser parts;
  private final Positions positions = new Positions();

  private TraceQlParser(String query) {
    this.reader = new TokenReader(Objects.requireNonNull(query, "query"));
    this.fields = new FieldParser(reader, positions);
    this.parts = new PartParser(reader, fields, positions);
  }

  /// @throws TraceQlSyntaxException when the text is no TraceQL; whether the query means something
  ///   is [TraceQlValidator]'s to say
  public static RootExpr parse(String query) {
    return new TraceQlParser(query).root();
  }

  /// A query, and where its parts stand.
  record Parsed(String text, RootExpr root, Positions positions) {}

  static Parsed parseWithPositions(String query) {
    TraceQlParser parser = new TraceQlParser(query);
    return new Parsed(query, parser.root(), parser.positions);
  }

  private RootExpr root() {
    RootExpr root = query();
    List<Hint> hints = hints();
    if (reader.peek().kind() != Kind.END) {
      throw reader.unexpected("expecting with");
    }
    TraceQlSyntaxException unsupported = parts.unsupported();
    if (unsupported != null) {
      throw unsupported;
    }
    return hints.isEmpty() ? root : withHints(root, hints);
  }

  private RootExpr query() {
    int start = reader.peek().offset();
    Stage first = parts.takeWordStage(true);
    if (first != null) {
      return pipelineAfter(first);
    }
    return switch (parts.part(EnumSet.allOf(Shape.class))) {
      case Spans(Pipeline.SpansetExpr expr, boolean ofPipelines) ->
          ofPipelines
              ? new SpansQuery(new Pipeline(List.of(expr)), List.of())
              : pipelineAfter(expr);
      case Scalar scalar -> pipelineAfter(parts.stageOf(scalar, start));
      case ScalarPipeline pipeline -> {
        parts.scalarPipelineFilter();
        yield new SpansQuery(new Pipeline(List.of(new Pipeline.Coalesce())), List.of());
      }
      case Metrics(MetricsOperand operand) -> metrics(operand);
    };
  }

  private RootExpr pipelineAfter(Stage first) {
    Pipeline pipeline = new Pipeline(parts.pipeline(first, false));
    if (!reader.take("|")) {
      return new SpansQuery(pipeline, List.of());
    }
    int start = reader.peek().offset();
    MetricsStage stage = parts.metrics().stage();
    positions.mark(stage, start, reader.lastEnd());
    return new MetricsQuery(pipeline, stage, parts.metrics().secondStages(), List.of());
  }

  /// Parentheses around a whole metrics query are dropped.
  private RootExpr metrics(MetricsOperand operand) {
    RootExpr whole = ((MetricsOperand.Nested) operand).query();
    List<SecondStage> second = new ArrayList<>();
    return switch (whole) {
      case MetricsQuery(Pipeline pipeline, MetricsStage stage, List<SecondStage> own, _) -> {
        second.addAll(own);
        second.addAll(parts.metrics().secondStages());
        yield new MetricsQuery(pipeline, stage, second, List.of());
      }
      case MetricsArithmetic(
              MetricsOperand left,
              BinaryOperator operator,
              MetricsOperand right,
              List<SecondStage> own,
              _) -> {
        second.addAll(own);
        second.addAll(parts.metrics().secondStages());
        yield new MetricsArithmetic(left, operator, right, second, List.of());
      }
      case SpansQuery _ -> whole;
    };
  }

  /// Of several `with(…)` Tempo keeps the last.
  private List<Hint> hints() {
    List<Hint> hints = new ArrayList<>();
    while (reader.take("with")) {
      reader.expect("(");
      hints.clear();
      do {
        Token key = reader.peek();
        if (!key.shown().equals("IDENTIFIER")) {
          throw reader.unexpected("expecting IDENTIFIER");
        }
        reader.next();
        reader.expect("=");
        hints.add(new Hint(key.text(), fields.literal()));
      } while (reader.take(","));
      reader.expect(")");
    }
    return hints;
  }

  private static RootExpr withHints(RootExpr root, List<Hint> hints) {
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
}
