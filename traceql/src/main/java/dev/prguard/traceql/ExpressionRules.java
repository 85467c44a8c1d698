package dev.prguard.traceql;

import dev.prguard.trace.query.SpanField;
import dev.prguard.traceql.TraceQlValidator.FieldType;
import dev.prguard.traceql.tree.BinaryOperator;
import dev.prguard.traceql.tree.FieldExpr;
import dev.prguard.traceql.tree.FieldExpr.UnaryOperator;
import dev.prguard.traceql.tree.Literal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The linter's rules on what stands in `{ … }`.
final class ExpressionRules {
  private static final Pattern GLUED = Pattern.compile("[^*%+]+?([*%+]|[/-](?=\\d)).*");
  private static final String REGEX_SIGNS = ".*+?[](){}|^$\\";

  private final TraceQlLinter linter;

  ExpressionRules(TraceQlLinter linter) {
    this.linter = linter;
  }

  void check(FieldExpr condition) {
    Deque<FieldExpr> open = new ArrayDeque<>(List.of(condition));
    while (!open.isEmpty()) {
      switch (open.pop()) {
        case FieldExpr.Binary binary -> {
          binary(binary);
          open.push(binary.right());
          open.push(binary.left());
        }
        case FieldExpr.Unary unary -> {
          negation(unary);
          open.push(unary.operand());
        }
        case FieldExpr.Field field -> glued(field);
        case Literal _ -> {}
      }
    }
  }

  private void binary(FieldExpr.Binary expr) {
    switch (expr.operator()) {
      case AND, OR -> logic(expr);
      case REGEX, NOT_REGEX -> regex(expr);
      case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> {
        literalType(expr, expr.left(), expr.right(), true);
        literalType(expr, expr.right(), expr.left(), false);
        literalLeft(expr);
      }
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, POWER -> {}
    }
  }

  private void logic(FieldExpr.Binary expr) {
    if (expr.left() instanceof FieldExpr.Binary left
        && (left.operator() == BinaryOperator.AND || left.operator() == BinaryOperator.OR)
        && left.operator() != expr.operator()
        && !linter.isParenthesised(left)) {
      linter.warn(
          expr,
          "mixed-logic",
          "&& and || have one precedence, and group to the left",
          "("
              + linter.textOf(left)
              + ") "
              + expr.operator().symbol()
              + " "
              + linter.textOf(expr.right()));
    }
    if (expr.operator() == BinaryOperator.OR
        && expr.left() instanceof FieldExpr.Field field
        && field.field() instanceof SpanField.Attribute) {
      linter.warn(
          field,
          "bare-attribute",
          "a bare attribute on the left of || has to be there for the right side to count",
          linter.textOf(field) + " = true");
    }
  }

  private void regex(FieldExpr.Binary expr) {
    if (expr.right() instanceof Literal.StringLiteral(String pattern)
        && !pattern.isEmpty()
        && pattern.chars().noneMatch(c -> REGEX_SIGNS.indexOf(c) >= 0)
        && !pattern.startsWith("(?")) {
      linter.warn(
          expr.right(),
          "anchored-regex",
          "a pattern has to match the whole value: this one matches " + pattern + " alone",
          "\".*"
              + pattern
              + ".*\", or "
              + (expr.operator() == BinaryOperator.REGEX ? "=" : "!=")
              + " \""
              + pattern
              + "\"");
    }
  }

  private void literalType(FieldExpr.Binary expr, FieldExpr side, FieldExpr other, boolean first) {
    if (!(side
            instanceof FieldExpr.Field(SpanField.Attribute(SpanField.Scope scope, String key), _))
        || (scope != SpanField.Scope.SPAN && scope != SpanField.Scope.ANY)) {
      return;
    }
    FieldType known = KnownAttributes.typeOf(key);
    if (known == null) {
      return;
    }
    String right = written(known, other);
    if (right == null) {
      return;
    }
    String name = linter.textOf(side);
    String operator = expr.operator().symbol();
    linter.warn(
        expr,
        "literal-type",
        name
            + " is "
            + switch (known) {
              case FLOAT -> "a double";
              case INT -> "an int";
              case BOOLEAN -> "a boolean";
              default -> "a string";
            }
            + ", and types are not coerced: this finds nothing",
        first ? name + " " + operator + " " + right : right + " " + operator + " " + name);
  }

  /// The constant in the type of the attribute; null where it has it, or is none.
  private static @Nullable String written(FieldType known, FieldExpr other) {
    FieldExpr constant = other;
    String sign = "";
    if (other instanceof FieldExpr.Unary(UnaryOperator operator, FieldExpr operand)
        && operator == UnaryOperator.MINUS) {
      constant = operand;
      sign = "-";
    }
    if (!(constant instanceof Literal literal)
        || literal instanceof Literal.NilLiteral
        || FieldType.of(literal) == known) {
      return null;
    }
    return switch (known) {
      case FLOAT ->
          switch (literal) {
            case Literal.IntLiteral(long value) -> sign + value + ".0";
            case Literal.StringLiteral(String value) -> number(value, "1.0");
            default -> "1.0";
          };
      case INT ->
          switch (literal) {
            case Literal.FloatLiteral(double value) -> sign + Math.round(value);
            case Literal.DurationLiteral(long nanos) -> sign + nanos / 1_000_000;
            case Literal.StringLiteral(String value) -> number(value, "1");
            default -> "1";
          };
      case BOOLEAN -> "true";
      default -> '"' + TraceQlFormatter.literal(literal).replace("`", "").replace("\"", "") + '"';
    };
  }

  private static String number(String text, String instead) {
    return text.matches("-?\\d{1,18}(\\.\\d+)?") && text.contains(".") == instead.contains(".")
        ? text
        : instead;
  }

  private void literalLeft(FieldExpr.Binary expr) {
    if (!(expr.left() instanceof Literal)
        || !(expr.right() instanceof FieldExpr.Field)
        || expr.operator() == BinaryOperator.EQUAL
        || expr.operator() == BinaryOperator.NOT_EQUAL) {
      return;
    }
    linter.warn(
        expr,
        "literal-left",
        "Tempo looks for a constant on the left of an order by the wrong comparison: matches are lost",
        linter.textOf(expr.right())
            + " "
            + mirrored(expr.operator()).symbol()
            + " "
            + TraceQlFormatter.literal((Literal) expr.left()));
  }

  private static BinaryOperator mirrored(BinaryOperator operator) {
    return switch (operator) {
      case LESS -> BinaryOperator.GREATER;
      case LESS_OR_EQUAL -> BinaryOperator.GREATER_OR_EQUAL;
      case GREATER -> BinaryOperator.LESS;
      case GREATER_OR_EQUAL -> BinaryOperator.LESS_OR_EQUAL;
      default -> operator;
    };
  }

  private void negation(FieldExpr.Unary expr) {
    if (expr.operator() != UnaryOperator.NOT
        || !(expr.operand() instanceof FieldExpr.Binary inner)) {
      return;
    }
    BinaryOperator opposite = opposite(inner.operator());
    linter.warn(
        expr,
        "negated-comparison",
        "Tempo fetches only spans for which the comparison holds, so its negation finds nothing",
        opposite == null
            ? "the opposite of each comparison, without !"
            : linter.textOf(inner.left())
                + " "
                + opposite.symbol()
                + " "
                + (inner.right() instanceof Literal.NilLiteral
                    ? "nil"
                    : inner.right() instanceof Literal literal
                        ? TraceQlFormatter.literal(literal)
                        : linter.textOf(inner.right())));
  }

  private static @Nullable BinaryOperator opposite(BinaryOperator operator) {
    return switch (operator) {
      case EQUAL -> BinaryOperator.NOT_EQUAL;
      case NOT_EQUAL -> BinaryOperator.EQUAL;
      case REGEX -> BinaryOperator.NOT_REGEX;
      case NOT_REGEX -> BinaryOperator.REGEX;
      case LESS -> BinaryOperator.GREATER_OR_EQUAL;
      case LESS_OR_EQUAL -> BinaryOperator.GREATER;
      case GREATER -> BinaryOperator.LESS_OR_EQUAL;
      case GREATER_OR_EQUAL -> BinaryOperator.LESS;
      case AND, OR, ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, POWER -> null;
    };
  }

  private void glued(FieldExpr.Field field) {
    String text = linter.textOf(field);
    if (field.field() instanceof SpanField.Attribute
        && text.indexOf('"') < 0
        && GLUED.matcher(text).matches()) {
      linter.warn(
          field,
          "glued-operator",
          text + " is one name: names run on until a blank",
          text.replaceAll("([*%+]|[/-](?=\\d))", " $1 "));
    }
  }
}
