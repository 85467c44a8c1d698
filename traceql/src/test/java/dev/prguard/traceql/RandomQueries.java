package dev.prguard.traceql;

import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanField;
import dev.prguard.traceql.tree.Aggregate;
import dev.prguard.traceql.tree.BinaryOperator;
import dev.prguard.traceql.tree.FieldExpr;
import dev.prguard.traceql.tree.FieldExpr.Binary;
import dev.prguard.traceql.tree.FieldExpr.Unary;
import dev.prguard.traceql.tree.FieldExpr.UnaryOperator;
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
import dev.prguard.traceql.tree.RootExpr.MetricsOperand;
import dev.prguard.traceql.tree.SecondStage;
import dev.prguard.traceql.tree.SpansetOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/// Trees such as the parser makes them, by a seed. In field expressions numbers are not negative: a
/// minus sign is an operation there.
final class RandomQueries {
  private static final List<String> KEYS =
      List.of(
          "a",
          "http.status_code",
          "with blank",
          "quote\"back\\slash",
          "brace{}",
          "ключ",
          "5five",
          "",
          "a=b",
          "semi;colon",
          "tab\tin",
          "🙂",
          "no\u00a0break",
          "span.x");
  private static final List<String> STRINGS =
      List.of(
          "",
          "x",
          "back`quote",
          "quote\"",
          "line\nbreak",
          "\\d+",
          "car\rriage",
          "nul\0",
          "ü🙂",
          "// no",
          "{");

  private final Random random;

  RandomQueries(long seed) {
    this.random = new Random(seed);
  }

  RootExpr next() {
    return switch (random.nextInt(6)) {
      case 0, 1 -> new RootExpr.SpansQuery(pipeline(), hints());
      case 2 -> new RootExpr.SpansQuery(new Pipeline(List.of(ofPipelines(2))), hints());
      case 3, 4 -> new RootExpr.MetricsQuery(pipeline(), metrics(), second(), hints());
      default -> {
        RootExpr.MetricsArithmetic arithmetic = arithmetic(2);
        yield new RootExpr.MetricsArithmetic(
            arithmetic.left(), arithmetic.operator(), arithmetic.right(), second(), hints());
      }
    };
  }

  private Pipeline pipeline() {
    List<Stage> stages = new ArrayList<>();
    Stage first = stage();
    stages.add(first instanceof Pipeline.Coalesce ? spans(1) : first);
    stages.addAll(some(3, this::stage));
    return new Pipeline(stages);
  }

  private Stage stage() {
    return switch (random.nextInt(7)) {
      case 0, 1, 2 -> spans(2);
      case 3 -> new Pipeline.AggregateFilter(aggregate(), comparison(), number(true));
      case 4 -> new Pipeline.GroupBy(expression(2));
      case 5 -> new Pipeline.Coalesce();
      default -> new Pipeline.Select(fields());
    };
  }

  private Aggregate aggregate() {
    return random.nextInt(3) == 0
        ? new Aggregate.Count()
        : new Aggregate.Of(oneOf(List.of(Aggregate.Function.values())), expression(2));
  }

  private SpansetExpr spans(int depth) {
    return depth == 0 || random.nextInt(3) == 0
        ? new SpansetFilter(random.nextInt(5) == 0 ? new Literal.BoolLiteral(true) : expression(3))
        : new SpansetOperation(spans(depth - 1), spansetOperator(), spans(depth - 1));
  }

  /// Of pipelines in parentheses: one that is a span set expression stands only on the right.
  private SpansetExpr ofPipelines(int depth) {
    if (depth == 0 || random.nextInt(3) == 0) {
      Pipeline pipeline = pipeline();
      boolean isSpans =
          pipeline.stages().size() == 1 && pipeline.stages().getFirst() instanceof SpansetExpr;
      List<Stage> stages = new ArrayList<>(pipeline.stages());
      if (isSpans) {
        stages.add(new Pipeline.Coalesce());
      }
      return new NestedPipeline(new Pipeline(stages));
    }
    SpansetExpr right =
        random.nextInt(3) == 0
            ? new NestedPipeline(new Pipeline(List.of(spans(1))))
            : ofPipelines(depth - 1);
    return new SpansetOperation(ofPipelines(depth - 1), spansetOperator(), right);
  }

  private FieldExpr expression(int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      return random.nextBoolean() ? field() : literal();
    }
    return switch (random.nextInt(6)) {
      case 0 -> new Unary(oneOf(List.of(UnaryOperator.values())), expression(depth - 1));
      case 1 -> {
        BinaryOperator equality =
            random.nextBoolean() ? BinaryOperator.EQUAL : BinaryOperator.NOT_EQUAL;
        FieldExpr nil = new Literal.NilLiteral();
        yield random.nextInt(3) == 0
            ? new Binary(nil, equality, expression(depth - 1))
            : new Binary(expression(depth - 1), equality, nil);
      }
      default ->
          new Binary(
              expression(depth - 1),
              oneOf(List.of(BinaryOperator.values())),
              expression(depth - 1));
    };
  }

  private FieldExpr.Field field() {
    return new FieldExpr.Field(spanField(), false);
  }

  private SpanField spanField() {
    return random.nextBoolean()
        ? oneOf(List.of(SpanField.Intrinsic.values()))
        : new SpanField.Attribute(oneOf(List.of(SpanField.Scope.values())), oneOf(KEYS));
  }

  private List<SpanField> fields() {
    List<SpanField> fields = new ArrayList<>(some(3, this::spanField));
    fields.add(spanField());
    return fields;
  }

  private Literal literal() {
    return switch (random.nextInt(6)) {
      case 0 -> new Literal.StringLiteral(oneOf(STRINGS));
      case 1 -> new Literal.BoolLiteral(random.nextBoolean());
      case 2 -> new Literal.StatusLiteral(oneOf(List.of(SpanRecord.Status.values())));
      case 3 -> new Literal.KindLiteral(oneOf(List.of(SpanRecord.Kind.values())));
      default -> number(false);
    };
  }

  private Literal number(boolean signed) {
    int sign = signed && random.nextBoolean() ? -1 : 1;
    return switch (random.nextInt(4)) {
      case 0 -> new Literal.IntLiteral(sign * (long) random.nextInt(1000));
      case 1 ->
          new Literal.IntLiteral(signed ? 7 : oneOf(List.of(Long.MAX_VALUE, Long.MIN_VALUE, 0L)));
      case 2 ->
          new Literal.FloatLiteral(
              sign
                  * oneOf(
                      List.of(
                          0.0,
                          0.1,
                          1.0,
                          1e300,
                          Double.MIN_VALUE,
                          123456.789,
                          1e6,
                          1e-5,
                          random.nextDouble())));
      default ->
          new Literal.DurationLiteral(
              sign
                  * oneOf(
                      List.of(
                          0L,
                          1L,
                          1_500L,
                          90_000_000_000L,
                          Long.MAX_VALUE,
                          Math.abs(random.nextLong() / 2))));
    };
  }

  private MetricsStage metrics() {
    if (random.nextInt(6) == 0) {
      return new MetricsStage.Compare(
          new SpansetFilter(expression(2)),
          random.nextInt(20),
          random.nextInt(3),
          random.nextInt(3));
    }
    MetricsStage.Function function = oneOf(List.of(MetricsStage.Function.values()));
    boolean plain =
        function == MetricsStage.Function.RATE || function == MetricsStage.Function.COUNT_OVER_TIME;
    return new MetricsStage.OverTime(
        function,
        plain ? null : spanField(),
        function == MetricsStage.Function.QUANTILE_OVER_TIME
            ? List.of(0.5, oneOf(List.of(0.0, 1.0, 0.99, 1e-7)))
            : List.of(),
        random.nextBoolean() ? List.of() : fields());
  }

  private List<SecondStage> second() {
    return some(
        3,
        () ->
            switch (random.nextInt(3)) {
              case 0 -> new SecondStage.TopK(random.nextInt(9));
              case 1 -> new SecondStage.BottomK(random.nextInt(9));
              default -> new SecondStage.Threshold(comparison(), number(true));
            });
  }

  private RootExpr.MetricsArithmetic arithmetic(int depth) {
    MetricsOperand left =
        random.nextInt(4) == 0 ? new MetricsOperand.Scalar(number(true)) : nested(depth);
    MetricsOperand right =
        left instanceof MetricsOperand.Nested && random.nextInt(3) == 0
            ? new MetricsOperand.Scalar(number(true))
            : nested(depth);
    BinaryOperator operator =
        oneOf(
            List.of(
                BinaryOperator.ADD,
                BinaryOperator.SUBTRACT,
                BinaryOperator.MULTIPLY,
                BinaryOperator.DIVIDE));
    return new RootExpr.MetricsArithmetic(left, operator, right, List.of(), List.of());
  }

  private MetricsOperand nested(int depth) {
    return new MetricsOperand.Nested(
        depth == 0 || random.nextBoolean()
            ? new RootExpr.MetricsQuery(pipeline(), metrics(), second(), List.of())
            : arithmetic(depth - 1));
  }

  private List<Hint> hints() {
    return random.nextInt(3) > 0
        ? List.of()
        : List.of(
            new Hint("most_recent", literal()), new Hint("sample", new Literal.FloatLiteral(0.1)));
  }

  private BinaryOperator comparison() {
    return oneOf(
        List.of(BinaryOperator.values()).stream().filter(BinaryOperator::isComparison).toList());
  }

  private SpansetOperator spansetOperator() {
    return oneOf(List.of(SpansetOperator.values()));
  }

  private <T> T oneOf(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private <T> List<T> some(int most, Supplier<T> supplier) {
    List<T> list = new ArrayList<>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      list.add(supplier.get());
    }
    return list;
  }
}
