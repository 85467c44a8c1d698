package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Parts of lists, maps and texts.
final class Indexing {

  private final Evaluator all;
  private final Expressions expressions;
  private final Parts parts;

  Indexing(Evaluator all, Expressions expressions) {
    this.all = all;
    this.expressions = expressions;
    parts = new Parts(all);
  }

  /// An entry picked by what can be guessed can be guessed; else the index leaves no trace.
  Value entry(Value object, Value index, int line) {
    Value entry = index(object, index, line);
    if (!index.taints().isEmpty()) {
      all.named.check("index=", List.of(index), object, line);
    }
    if (object.name().endsWith("environ") && index.text() != null) {
      // As os.environ.get(name) is, by which sources go.
      CallSite site =
          new CallSite(
              object.name() + ".get", false, Value.UNKNOWN, List.of(index), Map.of(), line, line);
      long labels = all.model.source(site, all.env());
      entry =
          labels == 0
              ? entry
              : entry.withTaint(Taint.at(labels, line, Expressions.shown(site.name()) + "()"));
    }
    return index.taints().isEmpty()
        ? entry
        : withTaints(entry, index.cleared(FlowModel.ALL | FlowModel.BOUND).taints());
  }

  private Value index(Value object, Value index, int line) {
    if (object.text() != null && index.number() != null) {
      String text = String.valueOf(object.text());
      long at = index.number() < 0 ? text.length() + index.number() : index.number();
      if (at >= 0 && at < text.length()) {
        return Value.constant(String.valueOf(text.charAt((int) at)));
      }
    }
    Value cut = parts.at(object, index);
    if (cut != null) {
      return cut;
    }
    if (object.taints().isEmpty() && all.definitions.isEnum(object.name())) {
      return Value.UNKNOWN.known().withName(object.name());
    }
    Shape shape = all.env().shape(object.shape());
    if (shape != null) {
      Object key = index.single();
      if (key instanceof Boolean one && shape.isList()) {
        key = one ? 1L : 0L;
      }
      if (key instanceof Long at && at < 0 && shape.isList()) {
        key = shape.size() + at;
      }
      if (key != null && (shape.has(key) || (!shape.entries().isEmpty() && shape.isList()))) {
        return withTaints(shape.get(key), object.taints());
      }
      return withTaints(key == null ? any(shape) : shape.rest(), object.taints());
    }
    Object key = index.single();
    if (key instanceof String name && !object.name().isEmpty() && !Expressions.isSize(name)) {
      return expressions.memberOf(object, name, line, true).withName(object.name() + "[]");
    }
    boolean told = index.isConstant() || index.taints().stream().anyMatch(Taint::isProgram);
    return new Value(
        List.of(),
        told ? Environment.column(object.taints(), all.model) : object.taints(),
        object.name().isEmpty() ? "" : object.name() + "[]",
        0,
        object.skeleton(),
        null);
  }

  /// Go's `allowed[host]` of a map of yes is no where the key is not there.
  private Value any(Shape shape) {
    Value any = shape.any();
    return all.language == ParsedLanguage.GO && Boolean.TRUE.equals(any.single())
        ? any.or(Value.constant(false))
        : any.function() == null
            ? any
            // Which of them is called with it is not known: see Calls.
            : any.withShape(all.newShape(shape));
  }

  private static Value withTaints(Value value, List<Taint> taints) {
    return value.withTaints(Value.join(value.taints(), taints));
  }

  Value slice(Expr object, @Nullable Expr from, @Nullable Expr to) {
    Value cut = part(object, from, to);
    // items[:50]: however many there were.
    return to != null && !cut.isConstant() && expressions.quietly(to).isConstant()
        ? cut.cleared(FlowModel.BOUND)
        : cut;
  }

  private Value part(Expr object, @Nullable Expr from, @Nullable Expr to) {
    Value text = expressions.evaluate(object);
    Value start = from == null ? Value.constant(0L) : expressions.evaluate(from);
    Value end = to == null ? Value.UNKNOWN : expressions.evaluate(to);
    String known = text.text();
    Long first = start.number();
    if (known != null && first != null && (to == null || end.number() != null)) {
      Long endNumber = end.number();
      long last = endNumber == null ? known.length() : endNumber;
      return Value.constant(Operations.substring(known, first, last));
    }
    Value cut = parts.part(text, start, to == null ? null : end);
    if (cut != null) {
      return cut;
    }
    Shape shape = all.env().shape(text.shape());
    if (shape != null && shape.isList()) {
      Value last = to == null ? Value.constant((long) shape.size()) : end;
      return Value.holding(all.newShape(ListMethods.part(shape, start, last)))
          .withTaints(text.taints());
    }
    if (shape != null) {
      Value any = shape.any();
      return Value.holding(all.newShape(Shape.MAP.withAny(any)))
          .withTaints(Value.join(any.taints(), text.taints()));
    }
    return text.derived();
  }

  /// One list behind another; null where they are none.
  @Nullable Value together(Value left, Value right) {
    Shape one = all.env().shape(left.shape());
    Shape other = all.env().shape(right.shape());
    if (one == null || other == null || !one.isList() || !other.isList()) {
      return null;
    }
    Shape both = one;
    for (long i = 0; i < other.size(); i++) {
      both = both.add(other.get(i));
    }
    return Value.holding(all.newShape(both)).withTaints(Value.join(left.taints(), right.taints()));
  }
}
