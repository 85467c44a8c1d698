package dev.prguard.traceql;

import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.traceql.Token.AttributeName;
import dev.prguard.traceql.Token.Kind;
import dev.prguard.traceql.tree.BinaryOperator;
import dev.prguard.traceql.tree.FieldExpr;
import dev.prguard.traceql.tree.FieldExpr.UnaryOperator;
import dev.prguard.traceql.tree.Literal;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Expressions over one span. Precedence is that of Tempo's grammar (pkg/traceql/expr.y), loosest
/// first: `&&` and `||` together; comparisons; `+ -` and the minus sign; `!`; `* / %`; `^`, which
/// groups to the right.
final class FieldParser {
  private static final int LOGIC = 1;
  private static final int COMPARISON = 2;
  private static final int SUM = 3;
  private static final int NOT = 4;
  private static final int PRODUCT = 5;
  private static final int POWER = 6;

  private static final Map<String, Intrinsic> INTRINSICS =
      Map.ofEntries(
          Map.entry("duration", Intrinsic.DURATION),
          Map.entry("name", Intrinsic.NAME),
          Map.entry("status", Intrinsic.STATUS),
          Map.entry("statusMessage", Intrinsic.STATUS_MESSAGE),
          Map.entry("kind", Intrinsic.KIND),
          Map.entry("rootName", Intrinsic.TRACE_ROOT_NAME),
          Map.entry("rootServiceName", Intrinsic.TRACE_ROOT_SERVICE),
          Map.entry("traceDuration", Intrinsic.TRACE_DURATION),
          Map.entry("nestedSetLeft", Intrinsic.NESTED_SET_LEFT),
          Map.entry("nestedSetRight", Intrinsic.NESTED_SET_RIGHT),
          Map.entry("nestedSetParent", Intrinsic.NESTED_SET_PARENT),
          Map.entry("span:duration", Intrinsic.DURATION),
          Map.entry("span:name", Intrinsic.NAME),
          Map.entry("span:status", Intrinsic.STATUS),
          Map.entry("span:statusMessage", Intrinsic.STATUS_MESSAGE),
          Map.entry("span:kind", Intrinsic.KIND),
          Map.entry("span:id", Intrinsic.SPAN_ID),
          Map.entry("span:parentID", Intrinsic.PARENT_SPAN_ID),
          Map.entry("span:childCount", Intrinsic.CHILD_COUNT),
          Map.entry("trace:duration", Intrinsic.TRACE_DURATION),
          Map.entry("trace:rootName", Intrinsic.TRACE_ROOT_NAME),
          Map.entry("trace:rootService", Intrinsic.TRACE_ROOT_SERVICE),
          Map.entry("trace:id", Intrinsic.TRACE_ID),
          Map.entry("event:name", Intrinsic.EVENT_NAME),
          Map.entry("event:timeSinceStart", Intrinsic.EVENT_TIME_SINCE_START),
          Map.entry("link:traceID", Intrinsic.LINK_TRACE_ID),
          Map.entry("link:spanID", Intrinsic.LINK_SPAN_ID),
          Map.entry("instrumentation:name", Intrinsic.INSTRUMENTATION_NAME),
          Map.entry("instrumentation:version", Intrinsic.INSTRUMENTATION_VERSION));

  private static final Map<String, Literal> LITERALS =
      Map.ofEntries(
          Map.entry("true", new Literal.BoolLiteral(true)),
          Map.entry("false", new Literal.BoolLiteral(false)),
          Map.entry("minInt", new Literal.IntLiteral(Long.MIN_VALUE)),
          Map.entry("maxInt", new Literal.IntLiteral(Long.MAX_VALUE)),
          Map.entry("ok", new Literal.StatusLiteral(SpanRecord.Status.OK)),
          Map.entry("error", new Literal.StatusLiteral(SpanRecord.Status.ERROR)),
          Map.entry("unset", new Literal.StatusLiteral(SpanRecord.Status.UNSET)),
          Map.entry("unspecified", new Literal.KindLiteral(SpanRecord.Kind.UNSPECIFIED)),
          Map.entry("internal", new Literal.KindLiteral(SpanRecord.Kind.INTERNAL)),
          Map.entry("server", new Literal.KindLiteral(SpanRecord.Kind.SERVER)),
          Map.entry("client", new Literal.KindLiteral(SpanRecord.Kind.CLIENT)),
          Map.entry("producer", new Literal.KindLiteral(SpanRecord.Kind.PRODUCER)),
          Map.entry("consumer", new Literal.KindLiteral(SpanRecord.Kind.CONSUMER)));

  /// Trees are walked by recursion, on threads with a small stack too.
  static final int MAX_DEPTH = 1_000;

  private final TokenReader reader;
  private final Positions positions;
  private int depth;

  FieldParser(TokenReader reader, Positions positions) {
    this.reader = reader;
    this.positions = positions;
  }

  FieldExpr expression() {
    return expression(LOGIC);
  }

  private FieldExpr expression(int loosest) {
    deeper();
    FieldExpr left = operand();
    int chained = 0;
    while (true) {
      Token token = reader.peek();
      BinaryOperator operator = operator(token);
      if (operator == null || precedence(operator) < loosest) {
        depth -= 1 + chained;
        return left;
      }
      reader.next();
      // A chain to the left makes the tree as deep as it is long.
      deeper();
      chained++;
      if (reader.peek().is("nil")
          && (operator == BinaryOperator.EQUAL || operator == BinaryOperator.NOT_EQUAL)) {
        reader.next();
        left = positions.mark(
            new FieldExpr.Binary(left, operator, new Literal.NilLiteral()), token);
        continue;
      }
      int precedence = precedence(operator);
      FieldExpr right =
          expression(operator == BinaryOperator.POWER ? precedence : precedence + 1);
      left = positions.mark(new FieldExpr.Binary(left, operator, right), token);
    }
  }

  private FieldExpr operand() {
    Token token = reader.peek();
    if (reader.take("-")) {
      return positions.mark(
          new FieldExpr.Unary(UnaryOperator.MINUS, expression(SUM + 1)), token);
    }
    if (reader.take("!")) {
      return positions.mark(new FieldExpr.Unary(UnaryOperator.NOT, expression(NOT + 1)), token);
    }
    if (reader.take("(")) {
      FieldExpr inner = expression(LOGIC);
      reader.expect(")");
      return inner;
    }
    if (token.is("nil")) {
      return nilFirst();
    }
    Literal literal = takeLiteral();
    if (literal != null) {
      return literal;
    }
    return field();
  }

  /// `nil = x`: nil stands nowhere else.
  private FieldExpr nilFirst() {
    Token nil = reader.next();
    Token token = reader.peek();
    BinaryOperator operator = operator(token);
    if (operator != BinaryOperator.EQUAL && operator != BinaryOperator.NOT_EQUAL) {
      throw reader.unexpected("expecting = or !=");
    }
    reader.next();
    FieldExpr right;
    if (reader.take("nil")) {
      right = new Literal.NilLiteral();
    } else {
      right = expression(COMPARISON + 1);
    }
    return positions.mark(new FieldExpr.Binary(new Literal.NilLiteral(), operator, right), nil);
  }

  /// A field or a literal is expected; here a field.
  FieldExpr.Field field() {
    Token token = reader.peek();
    if (token.kind() == Kind.ATTRIBUTE) {
      reader.next();
      AttributeName name = (AttributeName) Objects.requireNonNull(token.value());
      return positions.mark(new FieldExpr.Field(name.attribute(), name.ofParent()), token);
    }
    if (token.kind() == Kind.SCOPE) {
      reader.next();
      Token name = reader.peek();
      SpanField intrinsic = INTRINSICS.get(token.text() + name.text());
      if (name.kind() != Kind.WORD || intrinsic == null) {
        throw reader.unexpected("expecting an intrinsic of " + token.text());
      }
      reader.next();
      return positions.mark(new FieldExpr.Field(intrinsic, false), token);
    }
    if (token.kind() == Kind.WORD) {
      if (token.is("parent")) {
        throw new TraceQlSyntaxException(
            "", "intrinsic (parent) not yet supported", -1, 1, "span:parentID, or { } > { }");
      }
      SpanField intrinsic = INTRINSICS.get(token.text());
      if (intrinsic != null) {
        reader.next();
        return positions.mark(new FieldExpr.Field(intrinsic, false), token);
      }
    }
    throw reader.unexpected("");
  }

  /// Takes a constant where one stands; a minus sign is not of it.
  @Nullable Literal takeLiteral() {
    Token token = reader.peek();
    Literal literal =
        switch (token.kind()) {
          case STRING -> new Literal.StringLiteral(token.text());
          case INTEGER -> new Literal.IntLiteral((Long) Objects.requireNonNull(token.value()));
          case FLOAT -> new Literal.FloatLiteral((Double) Objects.requireNonNull(token.value()));
          case DURATION -> new Literal.DurationLiteral((Long) Objects.requireNonNull(token.value()));
          case WORD -> LITERALS.get(token.text());
          case SYMBOL, ATTRIBUTE, SCOPE, END -> null;
        };
    if (literal != null) {
      reader.next();
    }
    return literal;
  }

  /// A constant with its sign.
  Literal literal() {
    Token start = reader.peek();
    boolean minus = reader.take("-");
    Literal literal = takeLiteral();
    if (literal == null) {
      throw reader.unexpected("expecting a constant");
    }
    if (!minus) {
      return literal;
    }
    return switch (literal) {
      case Literal.IntLiteral(long value) -> new Literal.IntLiteral(-value);
      case Literal.FloatLiteral(double value) -> new Literal.FloatLiteral(-value);
      case Literal.DurationLiteral(long nanos) -> new Literal.DurationLiteral(-nanos);
      case Literal.StringLiteral _,
          Literal.BoolLiteral _,
          Literal.StatusLiteral _,
          Literal.KindLiteral _,
          Literal.NilLiteral _ ->
          throw reader.at(start, "syntax error: unexpected -", null);
    };
  }

  static @Nullable BinaryOperator operator(Token token) {
    if (token.kind() != Kind.SYMBOL) {
      return null;
    }
    for (BinaryOperator operator : BinaryOperator.values()) {
      if (operator.symbol().equals(token.text())) {
        return operator;
      }
    }
    return null;
  }

  private static int precedence(BinaryOperator operator) {
    return switch (operator) {
      case AND, OR -> LOGIC;
      case EQUAL, NOT_EQUAL, REGEX, NOT_REGEX, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
          COMPARISON;
      case ADD, SUBTRACT -> SUM;
      case MULTIPLY, DIVIDE, MODULO -> PRODUCT;
      case POWER -> POWER;
    };
  }

  private void deeper() {
    if (++depth > MAX_DEPTH) {
      throw reader.at(
          reader.peek(),
          String.format(Locale.ROOT, "nested, or chained, more than %,d deep", MAX_DEPTH),
          "a regular expression, =~ \"a|b|c\", for many values of one field");
    }
  }
}
