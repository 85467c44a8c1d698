package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Function;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Calls that are given a function without a name: `items.map(item -> ...)`.
final class Callbacks {

  /// What comes back holds what the function gives for each.
  private static final Set<String> MAPS = Set.of("map", "flatMap", "mapToObj");

  private final Evaluator all;

  Callbacks(Evaluator all) {
    this.all = all;
  }

  /// Functions handed over are called by whoever gets them, with what the call is about.
  ///
  /// @return for `map` what it makes of it, else null
  @Nullable Value call(CallSite site) {
    Value mapped = null;
    boolean from = site.name().equals("Array.from");
    Value source = from && !site.args().isEmpty() ? site.args().getFirst() : site.receiver();
    if (!from && !site.args().isEmpty() && site.args().getFirst().text() != null) {
      // app.get("/path", handler) goes through nothing.
      return null;
    }
    for (Value arg : site.args()) {
      Function function = arg.function();
      if (function == null || (!from && !function.name().isEmpty())) {
        continue;
      }
      Value about = all.expressions.element(source);
      boolean known = from || !about.taints().isEmpty() || all.env().shape(source.shape()) != null;
      boolean maps = from || MAPS.contains(site.method());
      if (!known && !maps) {
        continue;
      }
      List<Value> given =
          List.of(known ? about.withName("") : Value.UNKNOWN, Value.UNKNOWN.number(true));
      Env before = all.env().copy();
      Value result =
          all.rounds()
              .each(source, () -> all.inline(function, Value.UNKNOWN, given, Map.of(), true));
      // What it has put together is not there any more afterwards.
      result = result == null ? null : Heap.whole(result, all.env());
      all.env().join(before, false);
      if (result == null || !maps) {
        continue;
      }
      if (known && all.definitions.script() && !site.method().equals("flatMap")) {
        Shape one = Shape.LIST.add(result);
        mapped = Value.holding(all.newShape(result.isConstant() ? one : Shape.MAP.withAny(result)));
      } else if (result.taints().stream().anyMatch(taint -> taint.labels() != 0)) {
        // What it reads itself: people.stream().map(p -> p.getSalary())
        mapped = Value.UNKNOWN.withTaints(Value.join(source.taints(), result.taints()));
      }
    }
    return mapped;
  }
}
