package dev.prguard.traceql;

import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.traceql.Token.AttributeName;
import dev.prguard.traceql.Token.Kind;
import dev.prguard.traceql.tree.Aggregate;
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

  static final Map<String, Intrinsic> INTRINSICS =
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

  /// Words that are constants.
  static final Map<String, Literal> LITERALS =
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

  /// How high a tree may get: trees are walked by recursion, on threads with a small stack too.
  private static final int MAX_HEIGHT = 1_000;

  /// Parentheses and signs within each other. Parsing one takes more of the stack than walking it.
  private static final int MAX_NESTING = 300;

  private final TokenReader reader;
  private final Positions positions;
  private int nesting;
  private int height;

  FieldParser(TokenReader reader, Positions positions) {
    this.reader = reader;
    this.positions = positions;
  }

  FieldExpr expression() {
    return expression(LOGIC);
  }

  private FieldExpr expression(int loosest) {
    nesting++;
    higher();
    int start = reader.peek().offset();
    FieldExpr left = operand();
    int chained = 0;
    while (true) {
      BinaryOperator operator = operator(reader.peek());
      if (operator == null || precedence(operator) < loosest) {
        nesting--;
        height -= 1 + chained;
        return left;
      }
      reader.next();
      // A chain to the left makes the tree as deep as it is long.
      higher();
      chained++;
      FieldExpr right;
      if (isEquality(operator) && reader.take("nil")) {
        right = new Literal.NilLiteral();
      } else {
        int precedence = precedence(operator);
        right = expression(operator == BinaryOperator.POWER ? precedence : precedence + 1);
      }
      left = mark(new FieldExpr.Binary(left, operator, right), start);
    }
  }

  private FieldExpr operand() {
    Token token = reader.peek();
    int start = token.offset();
    if (reader.take("-")) {
      return mark(new FieldExpr.Unary(UnaryOperator.MINUS, expression(SUM + 1)), start);
    }
    if (reader.take("!")) {
      return mark(new FieldExpr.Unary(UnaryOperator.NOT, expression(NOT + 1)), start);
    }
    if (reader.take("(")) {
      FieldExpr inner = expression(LOGIC);
      reader.expect(")");
      // From here on it stands where its parentheses do.
      return mark(positions.parenthesise(inner), start);
    }
    if (token.is("nil")) {
      return nilFirst();
    }
    Literal literal = takeLiteral();
    return literal == null ? field() : literal;
  }

  /// `nil = x`: nil stands nowhere else.
  private FieldExpr nilFirst() {
    int start = reader.next().offset();
    BinaryOperator operator = operator(reader.peek());
    if (operator == null || !isEquality(operator)) {
      throw reader.unexpected("expecting = or !=");
    }
    reader.next();
    FieldExpr right = reader.take("nil") ? new Literal.NilLiteral() : expression(COMPARISON + 1);
    return mark(new FieldExpr.Binary(new Literal.NilLiteral(), operator, right), start);
  }

  /// A field or a literal is expected; here a field.
  FieldExpr.Field field() {
    Token token = reader.peek();
    int start = token.offset();
    if (token.kind() == Kind.ATTRIBUTE) {
      reader.next();
      AttributeName name = (AttributeName) Objects.requireNonNull(token.value());
      return mark(new FieldExpr.Field(name.attribute(), name.ofParent()), start);
    }
    if (token.kind() == Kind.SCOPE) {
      reader.next();
      Token name = reader.peek();
      SpanField intrinsic = INTRINSICS.get(token.text() + name.text());
      if (name.kind() != Kind.WORD || intrinsic == null) {
        throw reader.at(
            name,
            "syntax error: unexpected " + Lexer.printable(name.shown()),
            Suggestions.forScoped(token.text(), name.text()));
      }
      reader.next();
      return mark(new FieldExpr.Field(intrinsic, false), start);
    }
    if (token.kind() == Kind.WORD) {
      if (token.is("parent")) {
        throw new TraceQlSyntaxException(
            "", "intrinsic (parent) not yet supported", -1, 1, "span:parentID, or { } > { }");
      }
      SpanField intrinsic = INTRINSICS.get(token.text());
      if (intrinsic != null) {
        reader.next();
        return mark(new FieldExpr.Field(intrinsic, false), start);
      }
    }
    throw reader.unexpectedOperand();
  }

  /// Takes a constant where one stands; a minus sign is not of it.
  @Nullable Literal takeLiteral() {
    Token token = reader.peek();
    Literal literal =
        switch (token.kind()) {
          case STRING -> new Literal.StringLiteral(token.text());
          case INTEGER, FLOAT, DURATION -> numberOf(token, false);
          case WORD -> LITERALS.get(token.text());
          case SYMBOL, ATTRIBUTE, SCOPE, END, BAD -> null;
        };
    if (literal == null) {
      return null;
    }
    reader.next();
    // Of words each constant is one object, whose place would be that of the last.
    return token.kind() == Kind.WORD ? literal : mark(literal, token.offset());
  }

  /// A constant without a sign.
  Literal literal() {
    Literal literal = takeLiteral();
    if (literal == null) {
      throw reader.unexpectedOperand();
    }
    return literal;
  }

  /// Takes a number or a duration, with its sign, where one stands.
  @Nullable Literal takeNumber() {
    int start = reader.peek().offset();
    boolean minus = reader.peek().is("-");
    Token token = minus ? reader.peekNext() : reader.peek();
    Literal number =
        switch (token.kind()) {
          case INTEGER, FLOAT, DURATION -> numberOf(token, minus);
          case STRING, WORD, SYMBOL, ATTRIBUTE, SCOPE, END, BAD -> null;
        };
    if (number == null) {
      return null;
    }
    if (minus) {
      reader.next();
    }
    reader.next();
    return mark(number, start);
  }

  private static Literal numberOf(Token token, boolean minus) {
    Object value = Objects.requireNonNull(token.value());
    if (value instanceof Double number) {
      return new Literal.FloatLiteral(minus ? -number : number);
    }
    long number = minus ? -(Long) value : (Long) value;
    return token.kind() == Kind.DURATION
        ? new Literal.DurationLiteral(number)
        : new Literal.IntLiteral(number);
  }

  /// Takes `count()`, `avg(…)` and so on where one stands.
  @Nullable Aggregate takeAggregate() {
    if (reader.take("count")) {
      reader.expect("(");
      reader.expect(")");
      return new Aggregate.Count();
    }
    for (Aggregate.Function function : Aggregate.Function.values()) {
      if (reader.take(function.name().toLowerCase(Locale.ROOT))) {
        reader.expect("(");
        FieldExpr operand = expression();
        reader.expect(")");
        return new Aggregate.Of(function, operand);
      }
    }
    return null;
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

  private static boolean isEquality(BinaryOperator operator) {
    return operator == BinaryOperator.EQUAL || operator == BinaryOperator.NOT_EQUAL;
  }

  static int precedence(BinaryOperator operator) {
    return switch (operator) {
      case AND, OR -> LOGIC;
      case EQUAL, NOT_EQUAL, REGEX, NOT_REGEX, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
          COMPARISON;
      case ADD, SUBTRACT -> SUM;
      case MULTIPLY, DIVIDE, MODULO -> PRODUCT;
      case POWER -> POWER;
    };
  }

  private <E extends FieldExpr> E mark(E expr, int start) {
    return positions.mark(expr, start, reader.lastEnd());
  }

  private void higher() {
    height++;
    if (nesting > MAX_NESTING || height > MAX_HEIGHT) {
      throw reader.at(
          reader.peek(),
          nesting > MAX_NESTING
              ? "nested more than " + MAX_NESTING + " deep"
              : String.format(Locale.ROOT, "chained more than %,d deep", MAX_HEIGHT),
          "a regular expression, =~ \"a|b|c\", for many values of one field");
    }
  }
}
