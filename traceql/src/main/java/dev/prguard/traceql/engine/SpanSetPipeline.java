package dev.prguard.traceql.engine;

import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.traceql.engine.Value.Nanos;
import dev.prguard.traceql.tree.Aggregate;
import dev.prguard.traceql.tree.BinaryOperator;
import dev.prguard.traceql.tree.FieldExpr;
import dev.prguard.traceql.tree.Literal;
import dev.prguard.traceql.tree.Pipeline;
import dev.prguard.traceql.tree.Pipeline.SpansetExpr;
import dev.prguard.traceql.tree.Pipeline.Stage;
import dev.prguard.traceql.tree.SpansetOperator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The stages of a query, compiled: span sets of one trace in, span sets out.
final class SpanSetPipeline {

  /// @param attributes those of `by()` and of aggregates
  record Spans(List<FetchedSpan> spans, List<Label> attributes) {
    Spans {
      spans = List.copyOf(spans);
      attributes = List.copyOf(attributes);
    }

    Spans with(List<FetchedSpan> others) {
      return new Spans(others, attributes);
    }
  }

  /// One compiled stage.
  private interface Step {
    List<Spans> apply(List<Spans> sets);
  }

  private final List<Step> steps;

  private SpanSetPipeline(List<Step> steps) {
    this.steps = steps;
  }

  /// @param conditions takes what the stages ask of storage
  static SpanSetPipeline of(Pipeline pipeline, Conditions conditions) {
    List<Step> steps = new ArrayList<>();
    Conditions asked = conditions;
    for (Stage stage : pipeline.stages()) {
      steps.add(step(stage, asked));
      if (stage instanceof Pipeline.Select) {
        // What comes after belongs to the second pass: it sees only what was fetched before.
        asked = new Conditions();
      }
    }
    return new SpanSetPipeline(steps);
  }

  List<Spans> apply(List<FetchedSpan> spans) {
    return apply(List.of(new Spans(spans, List.of())), steps);
  }

  private static List<Spans> apply(List<Spans> sets, List<Step> steps) {
    List<Spans> current = sets;
    for (Step step : steps) {
      if (current.isEmpty()) {
        return current;
      }
      current = step.apply(current);
    }
    return current;
  }

  private static Step step(Stage stage, Conditions conditions) {
    return switch (stage) {
      case SpansetExpr expr -> spanset(expr, conditions);
      case Pipeline.AggregateFilter(
              Aggregate aggregate,
              BinaryOperator comparison,
              Literal value) ->
          aggregate(aggregate, comparison, Objects.requireNonNull(Value.of(value)), conditions);
      case Pipeline.GroupBy(FieldExpr expression) -> {
        conditions.oneIsEnough();
        Expr compiled = Expr.of(expression);
        conditions.extract(compiled);
        yield by(compiled, LabelText.by(expression));
      }
      case Pipeline.Coalesce() -> SpanSetPipeline::coalesce;
      case Pipeline.Select _ -> sets -> sets;
    };
  }

  private static Step spanset(SpansetExpr expr, Conditions conditions) {
    return switch (expr) {
      case Pipeline.SpansetFilter(FieldExpr condition) -> {
        Expr compiled = Expr.of(condition);
        conditions.filter(compiled);
        yield sets -> {
          List<Spans> kept = new ArrayList<>();
          for (Spans set : sets) {
            List<FetchedSpan> spans = new ArrayList<>();
            for (FetchedSpan span : set.spans()) {
              if (Boolean.TRUE.equals(compiled.eval(span))) {
                spans.add(span);
              }
            }
            if (!spans.isEmpty()) {
              kept.add(set.with(spans));
            }
          }
          return kept;
        };
      }
      case Pipeline.NestedPipeline(Pipeline pipeline) -> {
        List<Step> inner =
            pipeline.stages().stream().map(stage -> step(stage, conditions)).toList();
        yield sets -> apply(sets, inner);
      }
      case Pipeline.SpansetOperation(
              SpansetExpr left,
              SpansetOperator operator,
              SpansetExpr right) -> {
        if (operator == SpansetOperator.AND || operator == SpansetOperator.OR) {
          conditions.oneIsEnough();
        } else {
          conditions.structural();
        }
        Step l = spanset(left, conditions);
        Step r = spanset(right, conditions);
        yield sets -> {
          List<Spans> kept = new ArrayList<>();
          for (Spans set : sets) {
            kept.addAll(operation(set, operator, l.apply(List.of(set)), r.apply(List.of(set))));
          }
          return kept;
        };
      }
    };
  }

  private static List<Spans> operation(
      Spans set, SpansetOperator operator, List<Spans> left, List<Spans> right) {
    return switch (operator) {
      case AND -> left.isEmpty() || right.isEmpty() ? List.of() : union(set, left, right);
      case OR -> left.isEmpty() && right.isEmpty() ? List.of() : union(set, left, right);
      case CHILD,
          PARENT,
          DESCENDANT,
          ANCESTOR,
          SIBLING,
          NOT_CHILD,
          NOT_PARENT,
          NOT_DESCENDANT,
          NOT_ANCESTOR,
          NOT_SIBLING,
          UNION_CHILD,
          UNION_PARENT,
          UNION_DESCENDANT,
          UNION_ANCESTOR,
          UNION_SIBLING -> {
        if (left.size() > 1 || right.size() > 1) {
          throw Operators.failed(
              "spanset operators are not supported for multiple spansets per trace. consider using"
                  + " coalesce()");
        }
        List<FetchedSpan> found =
            Structure.find(
                operator,
                left.isEmpty() ? List.of() : left.getFirst().spans(),
                right.isEmpty() ? List.of() : right.getFirst().spans());
        yield found.isEmpty() ? List.of() : List.of(set.with(found));
      }
    };
  }

  private static List<Spans> union(Spans set, List<Spans> left, List<Spans> right) {
    Map<Integer, FetchedSpan> unique = new LinkedHashMap<>();
    left.forEach(of -> of.spans().forEach(span -> unique.putIfAbsent(span.index(), span)));
    right.forEach(of -> of.spans().forEach(span -> unique.putIfAbsent(span.index(), span)));
    return List.of(set.with(List.copyOf(unique.values())));
  }

  private static List<Spans> coalesce(List<Spans> sets) {
    Map<Integer, FetchedSpan> unique = new LinkedHashMap<>();
    sets.forEach(of -> of.spans().forEach(span -> unique.putIfAbsent(span.index(), span)));
    return List.of(new Spans(List.copyOf(unique.values()), List.of()));
  }

  private static Step by(Expr expression, String label) {
    return sets -> {
      List<Spans> groups = new ArrayList<>();
      for (Spans set : sets) {
        Map<Optional<Object>, List<FetchedSpan>> byValue = new LinkedHashMap<>();
        for (FetchedSpan span : set.spans()) {
          byValue
              .computeIfAbsent(Optional.ofNullable(expression.eval(span)), _ -> new ArrayList<>())
              .add(span);
        }
        byValue.forEach((value, spans) -> {
          List<Label> attributes = new ArrayList<>(set.attributes());
          attributes.add(new Label(label, Value.listed(value.orElse(null))));
          groups.add(new Spans(spans, attributes));
        });
      }
      return groups;
    };
  }

  private static Step aggregate(
      Aggregate aggregate, BinaryOperator comparison, Object literal, Conditions conditions) {
    conditions.oneIsEnough();
    String label = LabelText.of(aggregate);
    Expr operand =
        aggregate instanceof Aggregate.Of(_, FieldExpr expression) ? Expr.of(expression) : null;
    if (operand != null) {
      conditions.extract(operand);
    }
    Aggregate.Function function =
        aggregate instanceof Aggregate.Of(Aggregate.Function of, _) ? of : null;
    return sets -> {
      List<Spans> kept = new ArrayList<>();
      for (Spans set : sets) {
        Object value =
            function == null || operand == null
                ? (Object) (long) set.spans().size()
                : aggregated(function, operand, set.spans());
        if (value != null && Operators.test(comparison, value, literal)) {
          List<Label> attributes = new ArrayList<>(set.attributes());
          attributes.add(new Label(label, Value.listed(value)));
          kept.add(new Spans(set.spans(), attributes));
        }
      }
      return kept;
    };
  }

  /// Of values of several types a sum adds those of the first one's type, an average divides by the
  /// count of all, and least and greatest go by the order of types.
  ///
  /// @return null when no span has a value
  private static @Nullable Object aggregated(
      Aggregate.Function function, Expr operand, List<FetchedSpan> spans) {
    Object result = null;
    long count = 0;
    for (FetchedSpan span : spans) {
      Object value = operand.eval(span);
      if (value == null) {
        continue;
      }
      count++;
      if (result == null) {
        result = value;
        continue;
      }
      result =
          switch (function) {
            case MIN -> compare(value, result) < 0 ? value : result;
            case MAX -> compare(value, result) > 0 ? value : result;
            case SUM, AVG -> value.getClass() == result.getClass() ? sum(result, value) : result;
          };
    }
    if (result == null || function != Aggregate.Function.AVG) {
      return result;
    }
    return switch (result) {
      case Nanos(long nanos) -> new Nanos(nanos / count);
      case Long sum -> (double) sum / count;
      case Double sum -> sum / count;
      default -> result;
    };
  }

  private static int compare(Object one, Object other) {
    if (Value.isNumber(one) && Value.isNumber(other)) {
      return Operators.test(BinaryOperator.LESS, one, other)
          ? -1
          : Operators.test(BinaryOperator.GREATER, one, other) ? 1 : 0;
    }
    if (one instanceof String left && other instanceof String right) {
      return Operators.compareBytes(left, right);
    }
    return Integer.compare(rank(one), rank(other));
  }

  private static int rank(Object value) {
    return switch (value) {
      case Long _ -> 0;
      case Double _ -> 1;
      case String _ -> 2;
      case Boolean _ -> 3;
      case Value.Elements _ -> 4;
      default -> 5;
    };
  }

  private static Object sum(Object one, Object other) {
    if (one instanceof Nanos(long l) && other instanceof Nanos(long r)) {
      return new Nanos(l + r);
    }
    return Value.isNumber(one) ? Operators.apply(BinaryOperator.ADD, one, other) : one;
  }
}
