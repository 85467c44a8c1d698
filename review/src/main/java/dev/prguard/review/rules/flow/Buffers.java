package dev.prguard.review.rules.flow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Texts that grow: builders and buffers.
final class Buffers {

  /// Where a buffer keeps its text among what it holds.
  static final String TEXT = "\0text";

  private final Evaluator all;

  Buffers(Evaluator all) {
    this.all = all;
  }

  @Nullable Value call(int id, Shape shape, String method, List<Value> args, Value receiver) {
    Value text = shape.get(TEXT);
    return switch (method) {
      case "append", "write", "WriteString", "WriteByte", "WriteRune", "add", "print", "insert" -> {
        Value added = args.isEmpty() ? Value.UNKNOWN : args.getLast();
        Value sum =
            method.equals("insert")
                ? Operations.concat(added, text)
                : Operations.concat(text, added);
        all.env().shape(id, shape.with(TEXT, sum));
        yield receiver;
      }
      case "toString", "String", "getvalue", "getBuffer" -> text;
      case "replace", "setLength", "reverse", "deleteCharAt", "delete", "setCharAt" -> {
        all.env().shape(id, shape.with(TEXT, text.widened()));
        yield receiver;
      }
      default -> text.derived();
    };
  }
}
