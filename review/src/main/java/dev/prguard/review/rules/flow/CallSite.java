package dev.prguard.review.rules.flow;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A call with what is known of its parts.
///
/// @param name of what is called, dotted
/// @param making whether it makes an object
/// @param receiver what the method is called on
/// @param args by position
/// @param named by name
/// @param taken whether the name stands alone in the code, and is that of an import
record CallSite(
    String name,
    boolean making,
    Value receiver,
    List<Value> args,
    Map<String, Value> named,
    int line,
    int endLine,
    boolean taken) {

  CallSite(
      String name,
      boolean making,
      Value receiver,
      List<Value> args,
      Map<String, Value> named,
      int line,
      int endLine) {
    this(name, making, receiver, args, named, line, endLine, false);
  }

  /// The same by the name that it has by itself: `deploy` of `import { deploy } from "./pipeline"`;
  /// null when that is no other.
  @Nullable CallSite bare() {
    return taken ? new CallSite(method(), making, receiver, args, named, line, endLine) : null;
  }

  /// What follows the last dot of the name.
  String method() {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
