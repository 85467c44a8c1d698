package dev.prguard.traceql;

import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.traceql.tree.Aggregate;
import dev.prguard.traceql.tree.BinaryOperator;
import dev.prguard.traceql.tree.FieldExpr;
import dev.prguard.traceql.tree.FieldExpr.UnaryOperator;
import dev.prguard.traceql.tree.Literal;
import dev.prguard.traceql.tree.MetricsStage;
import dev.prguard.traceql.tree.Pipeline;
import dev.prguard.traceql.tree.Pipeline.SpansetExpr;
import dev.prguard.traceql.tree.Pipeline.Stage;
import dev.prguard.traceql.tree.RootExpr;
import dev.prguard.traceql.tree.RootExpr.MetricsOperand;
import dev.prguard.traceql.tree.SecondStage;
import dev.prguard.traceql.tree.SpansetOperator;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/// Refuses what parses and means nothing, in Tempo's words (pkg/traceql/ast_validate.go).
public final class TraceQlValidator {
  private static final int MAX_GROUPS = 5;

  /// Quantiles, histograms and averages need one label for themselves.
  private static final int MAX_GROUPS_WITH_OWN_LABEL = 4;

  private TraceQlValidator() {}

  /// @throws TraceQlSyntaxException for a query that Tempo refuses
  public static void validate(RootExpr root) {
    switch (root) {
      case RootExpr.SpansQuery(Pipeline pipeline, _) -> pipeline(pipeline);
      case RootExpr.MetricsQuery(
              Pipeline pipeline,
              MetricsStage stage,
              List<SecondStage> second,
              _) -> {
        pipeline(pipeline);
        metrics(stage, second);
      }
      case RootExpr.MetricsArithmetic(
              MetricsOperand left,
              _,
              MetricsOperand right,
              List<SecondStage> second,
              _) -> {
        operand(left);
        operand(right);
        second.forEach(TraceQlValidator::second);
      }
    }
  }

  private static void operand(MetricsOperand operand) {
    if (operand instanceof MetricsOperand.Nested(RootExpr query)) {
      validate(query);
      if (query instanceof RootExpr.MetricsQuery(_, MetricsStage.Compare _, _, _)) {
        throw refused("`compare()` cannot be used in arithmetic");
      }
    } else if (operand instanceof MetricsOperand.Scalar(Literal value)
        && !FieldType.of(value).isNumeric()) {
      throw refused(
          "a number has to stand beside a metrics query: " + TraceQlFormatter.literal(value));
    }
  }

  private static void pipeline(Pipeline pipeline) {
    pipeline.stages().forEach(TraceQlValidator::stage);
  }

  private static void stage(Stage stage) {
    switch (stage) {
      case SpansetExpr expr -> spanset(expr);
      case Pipeline.AggregateFilter(
              Aggregate aggregate,
              BinaryOperator comparison,
              Literal value) ->
          aggregateFilter(aggregate, comparison, value);
      case Pipeline.GroupBy(FieldExpr expression) -> {
        FieldType _ = FieldType.checked(expression);
        if (!FieldType.referencesSpan(expression)) {
          throw refused(
              "grouping field expressions must reference the span: by("
                  + TraceQlFormatter.field(expression)
                  + ")");
        }
      }
      case Pipeline.Coalesce() -> {}
      case Pipeline.Select(List<SpanField> _) -> {}
    }
  }

  private static void spanset(SpansetExpr expr) {
    switch (expr) {
      case Pipeline.SpansetFilter(FieldExpr condition) -> {
        FieldType type = FieldType.checked(condition);
        if (type != FieldType.BOOLEAN && type != FieldType.ATTRIBUTE) {
          throw refused(
              "span filter field expressions must resolve to a boolean: { "
                  + TraceQlFormatter.field(condition)
                  + " }");
        }
      }
      case Pipeline.NestedPipeline(Pipeline pipeline) -> pipeline(pipeline);
      case Pipeline.SpansetOperation(SpansetExpr left, SpansetOperator _, SpansetExpr right) -> {
        spanset(left);
        spanset(right);
      }
    }
  }

  private static void aggregateFilter(
      Aggregate aggregate, BinaryOperator comparison, Literal value) {
    FieldType type = FieldType.INT;
    if (aggregate instanceof Aggregate.Of(Aggregate.Function function, FieldExpr operand)) {
      type = FieldType.checked(operand);
      String text = TraceQlFormatter.aggregate(aggregate);
      if (!type.isNumeric() && type != FieldType.ATTRIBUTE) {
        throw refused("aggregate field expressions must resolve to a number type: " + text);
      }
      if (!FieldType.referencesSpan(operand)) {
        throw refused("aggregate field expressions must reference the span: " + text);
      }
      if (function == Aggregate.Function.AVG && type == FieldType.INT) {
        type = FieldType.FLOAT;
      }
    }
    FieldType other = FieldType.of(value);
    String text =
        TraceQlFormatter.aggregate(aggregate)
            + " "
            + comparison.symbol()
            + " "
            + TraceQlFormatter.literal(value);
    if (!type.matches(other)) {
      throw refused("binary operations must operate on the same type: " + text);
    }
    if (!type.takes(comparison) || !other.takes(comparison)) {
      throw refused("illegal operation for the given types: " + text);
    }
  }

  private static void metrics(MetricsStage stage, List<SecondStage> second) {
    switch (stage) {
      case MetricsStage.OverTime over -> overTime(over);
      case MetricsStage.Compare(
              Pipeline.SpansetFilter selection,
              int topN,
              long start,
              long end) -> {
        spanset(selection);
        if (topN <= 0) {
          throw refused("compare() top number of values must be integer greater than 0");
        }
        if (start != 0 || end != 0) {
          if (start <= 0 || end <= 0) {
            throw refused("compare() timestamps must be positive integer unix nanoseconds");
          }
          if (start >= end) {
            throw refused("compare() end timestamp must be greater than start timestamp");
          }
        }
        if (!second.isEmpty()) {
          throw refused("`compare()` cannot be used with second stage functions");
        }
      }
    }
    second.forEach(TraceQlValidator::second);
  }

  private static void overTime(MetricsStage.OverTime over) {
    int most =
        switch (over.function()) {
          case RATE, COUNT_OVER_TIME, MIN_OVER_TIME, MAX_OVER_TIME, SUM_OVER_TIME -> MAX_GROUPS;
          case AVG_OVER_TIME, QUANTILE_OVER_TIME, HISTOGRAM_OVER_TIME -> MAX_GROUPS_WITH_OWN_LABEL;
        };
    if (over.by().size() > most) {
      throw refused(
          String.format(
              Locale.ROOT, "metrics group by %d values not yet supported", over.by().size()));
    }
    for (double quantile : over.quantiles()) {
      if (!(quantile >= 0 && quantile <= 1)) {
        throw refused("quantile must be between 0 and 1: " + TraceQlFormatter.goNumber(quantile));
      }
    }
  }

  private static void second(SecondStage stage) {
    switch (stage) {
      case SecondStage.TopK(int limit) -> limit(limit);
      case SecondStage.BottomK(int limit) -> limit(limit);
      case SecondStage.Threshold(BinaryOperator _, Literal value) -> {
        if (!FieldType.of(value).isNumeric()) {
          throw refused(
              "metrics filter must be a number or a duration: " + TraceQlFormatter.literal(value));
        }
      }
    }
  }

  private static void limit(int limit) {
    if (limit <= 0) {
      throw refused("limit must be greater than 0");
    }
  }

  static TraceQlSyntaxException refused(String problem) {
    return new TraceQlSyntaxException("", problem, -1, 1, null);
  }

  /// The types of TraceQL. ATTRIBUTE is a value whose type only the span knows.
  enum FieldType {
    ATTRIBUTE,
    BOOLEAN,
    INT,
    FLOAT,
    DURATION,
    STRING,
    STATUS,
    KIND,
    NIL;

    boolean isNumeric() {
      return this == INT || this == FLOAT || this == DURATION;
    }

    boolean matches(FieldType other) {
      return this == ATTRIBUTE
          || other == ATTRIBUTE
          || this == other
          || (isNumeric() && other.isNumeric());
    }

    boolean takes(BinaryOperator operator) {
      return switch (this) {
        case ATTRIBUTE -> true;
        case BOOLEAN ->
            operator == BinaryOperator.AND
                || operator == BinaryOperator.OR
                || operator == BinaryOperator.EQUAL
                || operator == BinaryOperator.NOT_EQUAL;
        case INT, FLOAT, DURATION -> operator.isArithmetic() || operator.isComparison();
        case STRING ->
            operator.isComparison()
                || operator == BinaryOperator.REGEX
                || operator == BinaryOperator.NOT_REGEX;
        case STATUS, KIND, NIL ->
            operator == BinaryOperator.EQUAL || operator == BinaryOperator.NOT_EQUAL;
      };
    }

    static FieldType of(Literal literal) {
      return switch (literal) {
        case Literal.IntLiteral _ -> INT;
        case Literal.FloatLiteral _ -> FLOAT;
        case Literal.StringLiteral _ -> STRING;
        case Literal.BoolLiteral _ -> BOOLEAN;
        case Literal.DurationLiteral _ -> DURATION;
        case Literal.StatusLiteral _ -> STATUS;
        case Literal.KindLiteral _ -> KIND;
        case Literal.NilLiteral _ -> NIL;
      };
    }

    static FieldType of(SpanField field) {
      return switch (field) {
        case SpanField.Attribute _ -> ATTRIBUTE;
        case Intrinsic intrinsic ->
            switch (intrinsic) {
              case DURATION, TRACE_DURATION, EVENT_TIME_SINCE_START -> DURATION;
              case CHILD_COUNT, NESTED_SET_LEFT, NESTED_SET_RIGHT, NESTED_SET_PARENT -> INT;
              case STATUS -> STATUS;
              case KIND -> KIND;
              case NAME,
                  STATUS_MESSAGE,
                  SPAN_ID,
                  PARENT_SPAN_ID,
                  TRACE_ID,
                  TRACE_ROOT_NAME,
                  TRACE_ROOT_SERVICE,
                  EVENT_NAME,
                  LINK_TRACE_ID,
                  LINK_SPAN_ID ->
                  STRING;
              // Tempo's impliedType leaves these two out, so `instrumentation:name = 5` is valid.
              case INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION -> ATTRIBUTE;
            };
      };
    }

    static boolean referencesSpan(FieldExpr expr) {
      FieldExpr left = expr;
      while (left instanceof FieldExpr.Binary binary) {
        if (referencesSpan(binary.right())) {
          return true;
        }
        left = binary.left();
      }
      return left instanceof FieldExpr.Field
          || (left instanceof FieldExpr.Unary(_, FieldExpr operand) && referencesSpan(operand));
    }

    /// The type of an expression.
    ///
    /// @throws TraceQlSyntaxException where its parts do not fit
    static FieldType checked(FieldExpr expr) {
      // A chain makes the tree deep to the left, deeper than recursion should go.
      Deque<FieldExpr.Binary> chain = new ArrayDeque<>();
      FieldExpr first = expr;
      while (first instanceof FieldExpr.Binary binary) {
        chain.push(binary);
        first = binary.left();
      }
      FieldType type = checkedOperand(first);
      for (FieldExpr.Binary binary : chain) {
        type = checked(binary, type, checked(binary.right()));
      }
      return type;
    }

    private static FieldType checkedOperand(FieldExpr expr) {
      return switch (expr) {
        case Literal literal -> of(literal);
        case FieldExpr.Field(SpanField field, boolean ofParent) -> {
          if (ofParent) {
            throw refused("parent not yet supported");
          }
          yield of(field);
        }
        case FieldExpr.Unary(UnaryOperator operator, FieldExpr operand) -> {
          FieldType type = checked(operand);
          boolean fits =
              type == ATTRIBUTE
                  || (operator == UnaryOperator.NOT ? type == BOOLEAN : type.isNumeric());
          if (!fits) {
            throw refused("illegal operation for the given type: " + TraceQlFormatter.field(expr));
          }
          yield type;
        }
        case FieldExpr.Binary binary -> checked(binary);
      };
    }

    private static FieldType checked(FieldExpr.Binary expr, FieldType left, FieldType right) {
      BinaryOperator operator = expr.operator();
      if (left == NIL || right == NIL) {
        nil(expr, left == NIL ? expr.right() : expr.left());
        return BOOLEAN;
      }
      if (!left.matches(right)) {
        throw refused(
            "binary operations must operate on the same type: " + TraceQlFormatter.field(expr));
      }
      if (!left.takes(operator) || !right.takes(operator)) {
        throw refused("illegal operation for the given types: " + TraceQlFormatter.field(expr));
      }
      if (operator == BinaryOperator.REGEX || operator == BinaryOperator.NOT_REGEX) {
        if (!(expr.right() instanceof Literal.StringLiteral(String pattern))) {
          throw refused("invalid type for =~ or !~: " + TraceQlFormatter.field(expr.right()));
        }
        SpanRegex _ = new SpanRegex(pattern);
      }
      if (!operator.isArithmetic()) {
        return BOOLEAN;
      }
      return left == ATTRIBUTE ? right : left;
    }

    private static void nil(FieldExpr.Binary expr, FieldExpr operand) {
      if (expr.operator() != BinaryOperator.EQUAL || !(operand instanceof FieldExpr.Field field)) {
        return;
      }
      String name = TraceQlFormatter.field(field.field());
      if (field.field() instanceof Intrinsic) {
        throw refused(name + "=nil is not valid because intrinsics cannot be nil");
      }
      if (name.equals("resource.service.name")) {
        throw refused(name + "=nil is not valid because resource.service.name cannot be nil");
      }
    }
  }
}
