package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Function;
import java.util.List;
import java.util.Map;

/// Gives the parameters of a function what it is called with.
final class Arguments {

  private final Evaluator all;

  Arguments(Evaluator all) {
    this.all = all;
  }

  void bind(Function function, Value receiver, List<Value> args, Map<String, Value> named) {
    Function.Param owner = function.receiver();
    if (owner != null) {
      Value object = receiver.name().isEmpty() ? receiver.withName(owner.type()) : receiver;
      all.env().set(owner.name(), object);
    }
    List<Function.Param> params = function.params();
    int shift =
        !params.isEmpty()
                && Names.isSelf(params.getFirst().name())
                && params.size() > args.size() + named.size()
            ? 1
            : 0;
    for (int i = shift; i < params.size(); i++) {
      Function.Param param = params.get(i);
      Value value = i - shift < args.size() ? args.get(i - shift) : named.get(param.name());
      Value spread = named.get(Function.Param.OTHERS);
      if (value == null && param.type().equals(Function.Param.OTHERS)) {
        value = others(function, named);
      } else if (value == null && spread != null) {
        // refund(**arguments): which of them are among it is not known.
        value = spread.withName(param.name());
      } else if (value == null) {
        value =
            param.otherwise() == null
                ? all.handed.param(function, param, Value.named(param.name()))
                : all.expressions.evaluate(param.otherwise());
      }
      Value given = value.through(param.line());
      all.env()
          .set(
              param.name(),
              given.name().isEmpty()
                      || (all.definitions.typed() && !param.type().isEmpty() && !given.isConstant())
                  ? typed(given, param)
                  : given);
    }
  }

  /// The first parameter that is not the object itself.
  static String first(Function function) {
    List<Function.Param> params = function.params();
    boolean self = params.size() > 1 && Names.isSelf(params.getFirst().name());
    return params.isEmpty() ? "" : params.get(self ? 1 : 0).name();
  }

  /// What `**others` of a function holds.
  private Value others(Function function, Map<String, Value> named) {
    Shape shape = Shape.MAP;
    for (Map.Entry<String, Value> each : named.entrySet()) {
      if (function.params().stream().noneMatch(param -> param.name().equals(each.getKey()))) {
        shape = shape.with(each.getKey(), each.getValue());
      }
    }
    return Value.holding(all.newShape(shape));
  }

  private Value typed(Value value, Function.Param param) {
    return value
        .withName(all.definitions.typed() && !param.type().isEmpty() ? param.type() : param.name())
        .number(TypeNames.NUMBERS.contains(param.type()));
  }
}
