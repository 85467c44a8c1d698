package dev.prguard.traceql;

import dev.prguard.trace.query.SpanField;
import dev.prguard.traceql.Token.Kind;
import dev.prguard.traceql.tree.BinaryOperator;
import dev.prguard.traceql.tree.FieldExpr;
import dev.prguard.traceql.tree.Literal;
import dev.prguard.traceql.tree.MetricsStage;
import dev.prguard.traceql.tree.Pipeline.SpansetFilter;
import dev.prguard.traceql.tree.SecondStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/// The stages that make numbers over time.
final class MetricsParser {
  private final TokenReader reader;
  private final FieldParser fields;
  private final Supplier<SpansetFilter> filters;

  /// @param filters parses `{ … }`
  MetricsParser(TokenReader reader, FieldParser fields, Supplier<SpansetFilter> filters) {
    this.reader = reader;
    this.fields = fields;
    this.filters = filters;
  }

  static boolean begins(Token token) {
    if (token.is("compare")) {
      return true;
    }
    for (MetricsStage.Function function : MetricsStage.Function.values()) {
      if (token.is(function.keyword())) {
        return true;
      }
    }
    return false;
  }

  MetricsStage stage() {
    if (reader.take("compare")) {
      return compare();
    }
    Token word = reader.next();
    MetricsStage.Function function = MetricsStage.Function.RATE;
    for (MetricsStage.Function candidate : MetricsStage.Function.values()) {
      if (word.is(candidate.keyword())) {
        function = candidate;
      }
    }
    reader.expect("(");
    SpanField operand = null;
    List<Double> quantiles = new ArrayList<>();
    switch (function) {
      case RATE, COUNT_OVER_TIME -> {}
      case MIN_OVER_TIME, MAX_OVER_TIME, AVG_OVER_TIME, SUM_OVER_TIME, HISTOGRAM_OVER_TIME ->
          operand = fieldOnly();
      case QUANTILE_OVER_TIME -> {
        operand = fieldOnly();
        reader.expect(",");
        do {
          quantiles.add(number());
        } while (reader.take(","));
      }
    }
    reader.expect(")");
    List<SpanField> by = List.of();
    if (reader.take("by")) {
      reader.expect("(");
      by = fieldList();
      reader.expect(")");
    }
    return new MetricsStage.OverTime(function, operand, quantiles, by);
  }

  private MetricsStage compare() {
    reader.expect("(");
    SpansetFilter selection = filters.get();
    long topN = 10;
    long start = 0;
    long end = 0;
    if (reader.take(",")) {
      topN = integer();
      if (reader.take(",")) {
        start = integer();
        reader.expect(",");
        end = integer();
      }
    }
    reader.expect(")");
    return new MetricsStage.Compare(selection, Math.clamp(topN, -1, Integer.MAX_VALUE), start, end);
  }

  /// `topk`, `bottomk` and thresholds, in the order written.
  List<SecondStage> secondStages() {
    List<SecondStage> stages = new ArrayList<>();
    while (true) {
      BinaryOperator comparison = FieldParser.operator(reader.peek());
      if (comparison != null && comparison.isComparison()) {
        reader.next();
        Literal number = fields.takeNumber();
        if (number == null) {
          throw reader.unexpected("expecting INTEGER or FLOAT or DURATION or -");
        }
        stages.add(new SecondStage.Threshold(comparison, number));
        continue;
      }
      if (!reader.take("|")) {
        return stages;
      }
      boolean top = reader.peek().is("topk");
      if (!top && !reader.peek().is("bottomk")) {
        throw reader.unexpected("expecting topk or bottomk");
      }
      reader.next();
      reader.expect("(");
      int limit = Math.clamp(integer(), Integer.MIN_VALUE, Integer.MAX_VALUE);
      reader.expect(")");
      stages.add(top ? new SecondStage.TopK(limit) : new SecondStage.BottomK(limit));
    }
  }

  /// One field or more, separated by commas.
  List<SpanField> fieldList() {
    List<SpanField> list = new ArrayList<>();
    do {
      list.add(fieldOnly());
    } while (reader.take(","));
    return list;
  }

  private SpanField fieldOnly() {
    FieldExpr.Field field = fields.field();
    if (field.ofParent()) {
      throw new TraceQlSyntaxException("", "parent not yet supported", -1, 1, null);
    }
    return field.field();
  }

  private long integer() {
    Token token = reader.expect(Kind.INTEGER);
    return (Long) Objects.requireNonNull(token.value());
  }

  private double number() {
    Token token = reader.peek();
    if (token.kind() != Kind.INTEGER && token.kind() != Kind.FLOAT) {
      throw reader.unexpected("expecting INTEGER or FLOAT");
    }
    reader.next();
    return ((Number) Objects.requireNonNull(token.value())).doubleValue();
  }
}
