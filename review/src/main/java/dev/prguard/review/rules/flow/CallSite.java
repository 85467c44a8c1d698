package dev.prguard.review.rules.flow;

import java.util.List;
import java.util.Map;

/// A call with what is known of its parts.
///
/// @param name of what is called, dotted
/// @param making whether it makes an object
/// @param receiver what the method is called on
/// @param args by position
/// @param named by name
record CallSite(
    String name,
    boolean making,
    Value receiver,
    List<Value> args,
    Map<String, Value> named,
    int line,
    int endLine) {

  /// What follows the last dot of the name.
  String method() {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
