package dev.prguard.review.rules.flow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Texts that grow: builders and buffers.
final class Buffers {

  /// Where a buffer keeps its text among what it holds.
  static final String TEXT = "\0text";

  private final Evaluator all;
  private final TextMethods texts;
  private final Parts parts;

  Buffers(Evaluator all, TextMethods texts, Parts parts) {
    this.all = all;
    this.texts = texts;
    this.parts = parts;
  }

  @Nullable Value call(int id, Shape shape, String method, List<Value> args, Value receiver) {
    Value text = shape.get(TEXT);
    return switch (method) {
      case "append",
          "write",
          "WriteString",
          "WriteByte",
          "WriteRune",
          "add",
          "print",
          "println",
          "writelines" -> {
        Value added = args.isEmpty() ? Value.UNKNOWN : appended(args);
        all.env().shape(id, shape.with(TEXT, Operations.concat(text, added)));
        yield receiver;
      }
      case "insert" -> {
        Value added = args.isEmpty() ? Value.UNKNOWN : args.getLast();
        Value at = args.size() > 1 ? args.getFirst() : Value.UNKNOWN;
        Value sum = replaced(text, at, at, added);
        Value loose = sum == null ? Operations.concat(added, text) : sum;
        all.env().shape(id, shape.with(TEXT, loose));
        yield receiver;
      }
      case "toString", "String", "getvalue", "getBuffer", "toByteArray", "getbuffer" -> text;
      case "length" -> size(text);
      case "replace", "delete", "deleteCharAt", "setCharAt", "setLength", "truncate", "reset" -> {
        Value with =
            method.equals("replace") || method.equals("setCharAt") ? args.getLast() : EMPTY;
        Value now = changed(text, method, args, with);
        all.env()
            .shape(
                id, shape.with(TEXT, now == null ? Operations.concat(text.widened(), with) : now));
        yield receiver;
      }
      case "reverse" -> {
        String known = text.text();
        Value now =
            known == null
                ? text.derived()
                : Value.constant(new StringBuilder(known).reverse().toString());
        all.env().shape(id, shape.with(TEXT, now));
        yield receiver;
      }
      case "flush", "close", "ensureCapacity", "trimToSize", "seek" -> receiver;
      default -> {
        String known = text.text();
        Value result =
            known != null
                ? texts.call(known, method, args)
                : text.exact().isEmpty() ? null : parts.call(text, method, args);
        yield result == null ? text.derived() : result;
      }
    };
  }

  private static final Value EMPTY = Value.constant("");

  /// `write(text, from, length)` and `append(text, from, to)` take a part of a text.
  private static Value appended(List<Value> args) {
    return args.size() == 3 ? args.getFirst().derived() : args.getLast();
  }

  private static Value size(Value text) {
    String known = text.text();
    if (known != null) {
      return Value.constant((long) known.length());
    }
    Value end = Parts.fromEnd(Parts.of(text), Parts.of(text).length());
    return end == null ? Value.UNKNOWN : end;
  }

  private @Nullable Value changed(Value text, String method, List<Value> args, Value with) {
    Value zero = Value.constant(0L);
    Value first = args.isEmpty() ? zero : args.getFirst();
    return switch (method) {
      case "setLength", "truncate", "reset" -> replaced(text, first, size(text), EMPTY);
      case "deleteCharAt", "setCharAt" -> {
        Value next = Parts.moved(first, 1L);
        Long number = first.number();
        Value end = number != null ? Value.constant(number + 1) : next;
        yield end == null ? null : replaced(text, first, end, with);
      }
      default -> args.size() < 2 ? null : replaced(text, first, args.get(1), with);
    };
  }

  /// Null where it is not known what is taken away.
  private @Nullable Value replaced(Value text, Value from, Value to, Value with) {
    String whole = Parts.of(text);
    int start = Parts.position(whole, from);
    int end = Math.min(whole.length(), Parts.position(whole, to));
    if (start < 0 || end < start) {
      return null;
    }
    return Operations.concat(
        Operations.concat(Parts.cut(text, whole, 0, start), with),
        Parts.cut(text, whole, end, whole.length()));
  }
}
