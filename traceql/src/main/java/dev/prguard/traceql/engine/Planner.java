package dev.prguard.traceql.engine;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.trace.query.SpanField.Scope;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanPredicate.And;
import dev.prguard.trace.query.SpanPredicate.Any;
import dev.prguard.trace.query.SpanPredicate.Compare;
import dev.prguard.trace.query.SpanPredicate.Comparison;
import dev.prguard.trace.query.SpanPredicate.Matches;
import dev.prguard.trace.query.SpanPredicate.Or;
import dev.prguard.trace.query.SpanPredicate.Present;
import dev.prguard.traceql.engine.Value.Nanos;
import dev.prguard.traceql.tree.BinaryOperator;
import dev.prguard.traceql.tree.Pipeline;
import dev.prguard.traceql.tree.Pipeline.SpansetExpr;
import dev.prguard.traceql.tree.Pipeline.Stage;
import dev.prguard.traceql.tree.SpansetOperator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells a store what it may leave out. A hint may take more spans than the query, never fewer.
final class Planner {
  private static final SpanPredicate NOTHING = new Or(List.of());

  private final TypesSeen seen;

  Planner(Conditions conditions) {
    this.seen = new TypesSeen(conditions);
  }

  /// @param pipeline compiled for the conditions that it asks
  private static Planner of(Pipeline pipeline) {
    Conditions conditions = new Conditions();
    SpanSetPipeline _ = SpanSetPipeline.of(pipeline, conditions);
    return new Planner(conditions);
  }

  /// What a trace has to have.
  ///
  /// @param candidates one span of these
  /// @param companions and one of each of these
  record Traces(SpanPredicate candidates, List<SpanPredicate> companions) {
    Traces {
      companions = List.copyOf(companions);
    }
  }

  static Traces traces(Pipeline pipeline) {
    return of(pipeline).wanted(pipeline);
  }

  private Traces wanted(Pipeline pipeline) {
    Traces first =
        pipeline.stages().getFirst() instanceof SpansetExpr expr
            ? traces(expr)
            : new Traces(new Any(), List.of());
    List<SpanPredicate> all = new ArrayList<>(List.of(first.candidates()));
    if (pipeline.stages().getFirst() instanceof Pipeline.SpansetFilter) {
      // Filters on filters: the same span has to pass them all.
      for (Stage stage : pipeline.stages().subList(1, pipeline.stages().size())) {
        if (!(stage instanceof Pipeline.SpansetFilter(var condition))) {
          break;
        }
        all.add(hint(Expr.of(condition)));
      }
    }
    return new Traces(all.size() == 1 ? all.getFirst() : new And(all), first.companions());
  }

  private Traces traces(SpansetExpr expr) {
    return switch (expr) {
      case Pipeline.SpansetFilter(var condition) -> new Traces(hint(Expr.of(condition)), List.of());
      case Pipeline.NestedPipeline(Pipeline pipeline) -> wanted(pipeline);
      case Pipeline.SpansetOperation(
              SpansetExpr left,
              SpansetOperator operator,
              SpansetExpr right) -> {
        Traces l = traces(left);
        Traces r = traces(right);
        yield switch (operator) {
          case OR -> new Traces(new Or(List.of(l.candidates(), r.candidates())), List.of());
          case NOT_CHILD, NOT_PARENT, NOT_DESCENDANT, NOT_ANCESTOR, NOT_SIBLING -> r;
          case AND,
              CHILD,
              PARENT,
              DESCENDANT,
              ANCESTOR,
              SIBLING,
              UNION_CHILD,
              UNION_PARENT,
              UNION_DESCENDANT,
              UNION_ANCESTOR,
              UNION_SIBLING -> {
            List<SpanPredicate> companions = new ArrayList<>(l.companions());
            companions.addAll(r.companions());
            companions.add(l.candidates());
            yield new Traces(r.candidates(), companions);
          }
        };
      }
    };
  }

  SpanPredicate hint(Expr expr) {
    return switch (expr) {
      case Expr.Const(Object value) -> Boolean.TRUE.equals(value) ? new Any() : NOTHING;
      case Expr.Field(SpanField field) ->
          new Compare(field, Comparison.EQUAL, AttributeValue.of(true));
      case Expr.Not _, Expr.Minus _ -> new Any();
      case Expr.Presence(SpanField field, boolean absent) ->
          absent || field instanceof Intrinsic || isServiceName(field)
              ? new Any()
              : new Present(field);
      case Expr.In in ->
          of(
              in.negated(),
              in.constants().stream()
                  .map(constant ->
                      compare(
                          in.field().field(),
                          in.negated() ? BinaryOperator.NOT_EQUAL : BinaryOperator.EQUAL,
                          constant))
                  .toList());
      case Expr.Matches matches -> matches(matches);
      case Expr.Binary(BinaryOperator operator, Expr left, Expr right) ->
          switch (operator) {
            case AND -> new And(List.of(hint(left), hint(right)));
            case OR -> new Or(List.of(hint(left), hint(right)));
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                left instanceof Expr.Field(SpanField field)
                        && right instanceof Expr.Const(Object constant)
                        && constant != null
                    ? compare(field, operator, constant)
                    : new Any();
            case REGEX, NOT_REGEX, ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, POWER -> new Any();
          };
    };
  }

  static SpanPredicate of(boolean and, List<SpanPredicate> parts) {
    return and ? new And(parts) : new Or(parts);
  }

  private SpanPredicate matches(Expr.Matches matches) {
    if (!(matches.operand() instanceof Expr.Field(SpanField field))
        || isOfTrace(field)
        || seen.readsNil(field)
        || (isServiceName(field) && matches.test(""))) {
      return new Any();
    }
    return of(
        matches.negated(),
        matches.patterns().stream()
            .<SpanPredicate>map(pattern -> new Matches(field, pattern, matches.negated()))
            .toList());
  }

  static boolean isServiceName(SpanField field) {
    return field instanceof Attribute(Scope scope, String key)
        && key.equals(TraceContext.SERVICE_NAME)
        && (scope == Scope.RESOURCE || scope == Scope.ANY);
  }

  /// What only the whole trace knows, or what is not written as it is compared.
  private static boolean isOfTrace(SpanField field) {
    return field instanceof Intrinsic intrinsic
        && switch (intrinsic) {
          case CHILD_COUNT,
              PARENT_SPAN_ID,
              NESTED_SET_LEFT,
              NESTED_SET_RIGHT,
              NESTED_SET_PARENT,
              TRACE_ID,
              TRACE_DURATION,
              TRACE_ROOT_NAME,
              TRACE_ROOT_SERVICE,
              EVENT_TIME_SINCE_START,
              LINK_TRACE_ID,
              LINK_SPAN_ID ->
              true;
          case DURATION,
              NAME,
              STATUS,
              STATUS_MESSAGE,
              KIND,
              SPAN_ID,
              EVENT_NAME,
              INSTRUMENTATION_NAME,
              INSTRUMENTATION_VERSION ->
              false;
        };
  }

  SpanPredicate compare(SpanField field, BinaryOperator operator, Object constant) {
    if (field == Intrinsic.TRACE_ID
        && operator == BinaryOperator.EQUAL
        && constant instanceof String id) {
      return new Compare(field, Comparison.EQUAL, AttributeValue.of(Ids.padded(id)));
    }
    if (isOfTrace(field)
        || (isServiceName(field) && !(operator == BinaryOperator.EQUAL && !constant.equals("")))) {
      return new Any();
    }
    if (seen.readsNil(field)) {
      return new Any();
    }
    if (Value.isNumber(constant) && seen.otherNumbersThan(constant.getClass(), field)) {
      // A number of another type may be met, and compares.
      return new Present(field);
    }
    AttributeValue operand = operand(field, constant);
    if (operand == null) {
      // Of an intrinsic the types may fit all the same, as of a duration and a float.
      return field instanceof Intrinsic ? new Any() : NOTHING;
    }
    return new Compare(field, comparison(operator), operand);
  }

  static @Nullable AttributeValue operand(SpanField field, Object constant) {
    if (field instanceof Intrinsic) {
      return switch (constant) {
        case String text -> AttributeValue.of(text);
        case Long number -> AttributeValue.of((long) number);
        case Nanos(long nanos) -> AttributeValue.of(nanos);
        case Enum<?> word -> AttributeValue.of(Value.word(word));
        default -> null;
      };
    }
    return switch (constant) {
      case String text -> AttributeValue.of(text);
      case Long number -> AttributeValue.of((long) number);
      case Double number -> AttributeValue.of((double) number);
      case Boolean flag -> AttributeValue.of((boolean) flag);
      default -> null;
    };
  }

  static Comparison comparison(BinaryOperator operator) {
    return switch (operator) {
      case EQUAL -> Comparison.EQUAL;
      case NOT_EQUAL -> Comparison.NOT_EQUAL;
      case LESS -> Comparison.LESS;
      case LESS_OR_EQUAL -> Comparison.LESS_OR_EQUAL;
      case GREATER -> Comparison.GREATER;
      case GREATER_OR_EQUAL -> Comparison.GREATER_OR_EQUAL;
      case REGEX, NOT_REGEX, ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, POWER, AND, OR ->
          throw new IllegalArgumentException("operator: " + operator);
    };
  }

  /// A field of the span or its resource that has one value.
  static boolean isPlain(SpanField field) {
    return switch (field) {
      case Attribute(Scope scope, _) ->
          scope == Scope.SPAN || scope == Scope.RESOURCE || scope == Scope.ANY;
      case Intrinsic intrinsic ->
          switch (intrinsic) {
            case DURATION, NAME, STATUS, STATUS_MESSAGE, KIND -> true;
            case CHILD_COUNT,
                SPAN_ID,
                PARENT_SPAN_ID,
                NESTED_SET_LEFT,
                NESTED_SET_RIGHT,
                NESTED_SET_PARENT,
                TRACE_ID,
                TRACE_DURATION,
                TRACE_ROOT_NAME,
                TRACE_ROOT_SERVICE,
                EVENT_NAME,
                EVENT_TIME_SINCE_START,
                LINK_TRACE_ID,
                LINK_SPAN_ID,
                INSTRUMENTATION_NAME,
                INSTRUMENTATION_VERSION ->
                false;
          };
    };
  }
}
