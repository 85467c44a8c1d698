package dev.prguard.traceql;

import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Attribute;
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
import dev.prguard.traceql.tree.RootExpr.Hint;
import dev.prguard.traceql.tree.RootExpr.MetricsOperand;
import dev.prguard.traceql.tree.SecondStage;
import dev.prguard.traceql.tree.SpansetOperator;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Canonical text of a tree, which parses back to an equal tree. Fields, and expressions in the
/// labels of answers, are printed as Tempo prints them.
public final class TraceQlFormatter {
  /// Chains of `&&` and `||` up to this length are told apart by parentheses, which do not change
  /// them; longer ones would nest deeper than is read back.
  private static final int MAX_EXPLAINED = 50;

  private TraceQlFormatter() {}

  public static String format(RootExpr root) {
    String text =
        switch (root) {
          case RootExpr.SpansQuery(Pipeline pipeline, _) -> pipeline(pipeline);
          case RootExpr.MetricsQuery(
                  Pipeline pipeline,
                  MetricsStage stage,
                  List<SecondStage> second,
                  _) ->
              pipeline(pipeline) + " | " + metrics(stage) + second(second);
          case RootExpr.MetricsArithmetic(
                  MetricsOperand left,
                  BinaryOperator operator,
                  MetricsOperand right,
                  List<SecondStage> second,
                  _) ->
              operand(left) + " " + operator.symbol() + " " + operand(right) + second(second);
        };
    return root.hints().isEmpty() ? text : text + " with(" + hints(root.hints()) + ")";
  }

  private static String hints(List<Hint> hints) {
    return hints.stream()
        .map(hint -> hint.key() + "=" + literal(hint.value()))
        .collect(Collectors.joining(", "));
  }

  private static String operand(MetricsOperand operand) {
    return switch (operand) {
      case MetricsOperand.Nested(RootExpr query) -> "(" + format(query) + ")";
      case MetricsOperand.Scalar(Literal value) -> literal(value);
    };
  }

  private static String pipeline(Pipeline pipeline) {
    return pipeline.stages().stream()
        .map(TraceQlFormatter::stage)
        .collect(Collectors.joining(" | "));
  }

  private static String stage(Stage stage) {
    return switch (stage) {
      case SpansetExpr expr -> spanset(expr);
      case Pipeline.AggregateFilter(
              Aggregate aggregate,
              BinaryOperator comparison,
              Literal value) ->
          number(aggregate) + " " + comparison.symbol() + " " + literal(value);
      case Pipeline.GroupBy(FieldExpr expression) -> "by(" + expression(expression) + ")";
      case Pipeline.Coalesce() -> "coalesce()";
      case Pipeline.Select(List<SpanField> fields) -> "select(" + fields(fields) + ")";
    };
  }

  private static String spanset(SpansetExpr expr) {
    return switch (expr) {
      case Pipeline.SpansetFilter(FieldExpr condition) ->
          condition.equals(new Literal.BoolLiteral(true))
              ? "{ }"
              : "{ " + expression(condition) + " }";
      case Pipeline.NestedPipeline(Pipeline pipeline) -> "(" + pipeline(pipeline) + ")";
      case Pipeline.SpansetOperation(
              SpansetExpr left,
              SpansetOperator operator,
              SpansetExpr right) ->
          side(left) + " " + operator.symbol() + " " + side(right);
    };
  }

  private static String side(SpansetExpr expr) {
    return expr instanceof Pipeline.SpansetOperation ? "(" + spanset(expr) + ")" : spanset(expr);
  }

  private static String number(Aggregate aggregate) {
    return switch (aggregate) {
      case Aggregate.Count() -> "count()";
      case Aggregate.Of(Aggregate.Function function, FieldExpr operand) ->
          function.name().toLowerCase(Locale.ROOT) + "(" + expression(operand) + ")";
    };
  }

  /// Such as `count()` and `avg(duration)`, as the labels of answers have it.
  public static String aggregate(Aggregate aggregate) {
    return switch (aggregate) {
      case Aggregate.Count() -> "count()";
      case Aggregate.Of(Aggregate.Function function, FieldExpr operand) ->
          function.name().toLowerCase(Locale.ROOT) + "(" + field(operand) + ")";
    };
  }

  private static String metrics(MetricsStage stage) {
    return switch (stage) {
      case MetricsStage.OverTime(
              MetricsStage.Function function,
              SpanField operand,
              List<Double> quantiles,
              List<SpanField> by) ->
          function.keyword()
              + "("
              + (operand == null ? "" : field(operand))
              + quantiles.stream().map(q -> ", " + number(q)).collect(Collectors.joining())
              + ")"
              + (by.isEmpty() ? "" : " by(" + fields(by) + ")");
      case MetricsStage.Compare(Pipeline.SpansetFilter selection, int topN, long start, long end) ->
          "compare("
              + spanset(selection)
              + ", "
              + topN
              + (start == 0 && end == 0 ? "" : ", " + start + ", " + end)
              + ")";
    };
  }

  private static String second(List<SecondStage> stages) {
    return stages.stream()
        .map(stage ->
            switch (stage) {
              case SecondStage.TopK(int limit) -> " | topk(" + limit + ")";
              case SecondStage.BottomK(int limit) -> " | bottomk(" + limit + ")";
              case SecondStage.Threshold(BinaryOperator comparison, Literal value) ->
                  " " + comparison.symbol() + " " + literal(value);
            })
        .collect(Collectors.joining());
  }

  private static String fields(List<SpanField> fields) {
    return fields.stream().map(TraceQlFormatter::field).collect(Collectors.joining(", "));
  }

  /// An expression with no more parentheses than it takes, and those that tell `&&` from `||`.
  private static String expression(FieldExpr expr) {
    // A chain makes the tree deep to the left, deeper than recursion should go.
    Deque<FieldExpr.Binary> chain = chain(expr);
    FieldExpr left = chain.isEmpty() ? expr : chain.getFirst().left();
    StringBuilder text = new StringBuilder();
    if (chain.isEmpty()) {
      return switch (expr) {
        case FieldExpr.Unary(UnaryOperator operator, FieldExpr operand) ->
            sign(operator) + parenthesised(operand, isOperation(operand));
        case FieldExpr.Binary _, FieldExpr.Field _, Literal _ -> operand(expr);
      };
    }
    text.append(parenthesised(left, left instanceof FieldExpr.Unary));
    for (FieldExpr.Binary binary : chain) {
      BinaryOperator operator = binary.operator();
      if (left instanceof FieldExpr.Binary inner) {
        boolean mixed =
            isLogic(operator) && isLogic(inner.operator()) && operator != inner.operator();
        if (FieldParser.precedence(inner.operator()) < FieldParser.precedence(operator)
            || operator == BinaryOperator.POWER
            || (mixed && chain.size() <= MAX_EXPLAINED)) {
          text.insert(0, '(').append(')');
        }
      }
      FieldExpr right = binary.right();
      boolean looser =
          right instanceof FieldExpr.Binary inner
              && (operator == BinaryOperator.POWER
                  ? inner.operator() != BinaryOperator.POWER
                  : FieldParser.precedence(inner.operator()) <= FieldParser.precedence(operator));
      text.append(' ')
          .append(operator.symbol())
          .append(' ')
          .append(parenthesised(right, looser || right instanceof FieldExpr.Unary));
      left = binary;
    }
    return text.toString();
  }

  private static boolean isLogic(BinaryOperator operator) {
    return operator == BinaryOperator.AND || operator == BinaryOperator.OR;
  }

  private static boolean isOperation(FieldExpr expr) {
    return expr instanceof FieldExpr.Binary || expr instanceof FieldExpr.Unary;
  }

  private static String parenthesised(FieldExpr expr, boolean parentheses) {
    return parentheses ? "(" + expression(expr) + ")" : expression(expr);
  }

  private static String sign(UnaryOperator operator) {
    return operator == UnaryOperator.NOT ? "!" : "-";
  }

  /// The operations of a chain to the left, innermost first.
  private static Deque<FieldExpr.Binary> chain(FieldExpr expr) {
    Deque<FieldExpr.Binary> chain = new ArrayDeque<>();
    FieldExpr first = expr;
    while (first instanceof FieldExpr.Binary binary) {
      chain.push(binary);
      first = binary.left();
    }
    return chain;
  }

  /// An expression as Tempo prints it in labels and messages: operands that are operations stand in
  /// parentheses.
  public static String field(FieldExpr expr) {
    Deque<FieldExpr.Binary> chain = chain(expr);
    if (chain.isEmpty()) {
      return operand(expr);
    }
    StringBuilder text =
        new StringBuilder("(".repeat(chain.size() - 1)).append(inner(chain.getFirst().left()));
    int open = chain.size() - 1;
    for (FieldExpr.Binary binary : chain) {
      text.append(' ').append(binary.operator().symbol()).append(' ').append(inner(binary.right()));
      if (open-- > 0) {
        text.append(')');
      }
    }
    return text.toString();
  }

  private static String operand(FieldExpr expr) {
    return switch (expr) {
      case FieldExpr.Binary binary -> field(binary);
      case FieldExpr.Unary(UnaryOperator operator, FieldExpr operand) ->
          sign(operator) + inner(operand);
      case FieldExpr.Field(SpanField field, boolean ofParent) ->
          ofParent ? "parent." + field(field).replaceFirst("^\\.", "") : field(field);
      case Literal literal -> literal(literal);
    };
  }

  private static String inner(FieldExpr expr) {
    return isOperation(expr) ? "(" + field(expr) + ")" : field(expr);
  }

  /// An attribute with its scope, in quotes where its name needs them; an intrinsic by its old name
  /// where it has one.
  public static String field(SpanField field) {
    return switch (field) {
      case Attribute(SpanField.Scope scope, String key) -> prefix(scope) + key(scope, key);
      case Intrinsic intrinsic -> intrinsic(intrinsic);
    };
  }

  /// As labels of series name a field: a key stands in quotes where it holds what would end it, and
  /// quotes in it stay as they are.
  public static String label(SpanField field) {
    return switch (field) {
      case Attribute(SpanField.Scope scope, String key) ->
          prefix(scope) + (key.codePoints().allMatch(Lexer::isNamePart) ? key : '"' + key + '"');
      case Intrinsic intrinsic -> intrinsic(intrinsic);
    };
  }

  private static String prefix(SpanField.Scope scope) {
    return switch (scope) {
      case ANY -> ".";
      case SPAN -> "span.";
      case RESOURCE -> "resource.";
      case EVENT -> "event.";
      case LINK -> "link.";
      case INSTRUMENTATION -> "instrumentation.";
    };
  }

  private static String key(SpanField.Scope scope, String key) {
    // `.5` would be a number.
    boolean number =
        scope == SpanField.Scope.ANY
            && !key.isEmpty()
            && key.charAt(0) <= '9'
            && key.charAt(0) >= '0';
    boolean bare =
        !key.isEmpty()
            && !number
            && key.codePoints().allMatch(c -> c != '"' && Lexer.isNamePart(c));
    return bare ? key : '"' + key.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String intrinsic(Intrinsic intrinsic) {
    return switch (intrinsic) {
      case DURATION -> "duration";
      case NAME -> "name";
      case STATUS -> "status";
      case STATUS_MESSAGE -> "statusMessage";
      case KIND -> "kind";
      case CHILD_COUNT -> "span:childCount";
      case SPAN_ID -> "span:id";
      case PARENT_SPAN_ID -> "span:parentID";
      case NESTED_SET_LEFT -> "nestedSetLeft";
      case NESTED_SET_RIGHT -> "nestedSetRight";
      case NESTED_SET_PARENT -> "nestedSetParent";
      case TRACE_ID -> "trace:id";
      case TRACE_DURATION -> "traceDuration";
      case TRACE_ROOT_NAME -> "rootName";
      case TRACE_ROOT_SERVICE -> "rootServiceName";
      case EVENT_NAME -> "event:name";
      case EVENT_TIME_SINCE_START -> "event:timeSinceStart";
      case LINK_TRACE_ID -> "link:traceID";
      case LINK_SPAN_ID -> "link:spanID";
      case INSTRUMENTATION_NAME -> "instrumentation:name";
      case INSTRUMENTATION_VERSION -> "instrumentation:version";
    };
  }

  /// A constant.
  public static String literal(Literal literal) {
    return switch (literal) {
      case Literal.IntLiteral(long value) ->
          value == Long.MIN_VALUE ? "minInt" : Long.toString(value);
      case Literal.FloatLiteral(double value) -> number(value);
      case Literal.StringLiteral(String value) -> string(value);
      case Literal.BoolLiteral(boolean value) -> Boolean.toString(value);
      case Literal.DurationLiteral(long nanos) -> GoDuration.format(nanos);
      case Literal.StatusLiteral(SpanRecord.Status value) -> word(value);
      case Literal.KindLiteral(SpanRecord.Kind value) -> word(value);
      case Literal.NilLiteral() -> "nil";
    };
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /// Back-quoted as Tempo prints it, where that can be read back.
  private static String string(String value) {
    if (value.indexOf('`') < 0 && value.indexOf('\r') < 0 && value.indexOf('\0') < 0) {
      return '`' + value + '`';
    }
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\0' -> text.append("\\x00");
        default -> text.append(c);
      }
    }
    return text.append('"').toString();
  }

  /// Always with a point or an exponent: `5` would be an int. The exponent stands where Go's
  /// shortest 'g' has it, below 1e-4 and from 1e6 on.
  private static String number(double value) {
    String text = go(value, 6);
    return text.indexOf('.') < 0 && text.indexOf('e') < 0 && Double.isFinite(value)
        ? text + ".0"
        : text;
  }

  /// As Go's `%v` prints it.
  static String goNumber(double value) {
    return go(value, 21);
  }

  private static String go(double value, int exponentFrom) {
    if (!Double.isFinite(value) || value == 0) {
      return value == 0 ? (1 / value < 0 ? "-0" : "0") : Double.toString(value);
    }
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent >= -4 && exponent < exponentFrom) {
      return decimal.toPlainString();
    }
    String digits = decimal.unscaledValue().abs().toString();
    return (value < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + "e"
        + (exponent < 0 ? "-" : "+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }
}
