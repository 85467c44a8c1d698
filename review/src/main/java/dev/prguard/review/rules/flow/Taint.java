package dev.prguard.review.rules.flow;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a value carries of a source.
///
/// @param labels bits of the source's labels, see [FlowModel]
/// @param line of the source
/// @param source what was read there
/// @param path lines that the value has passed through since
/// @param cleared bits of the kinds of sink that it can no longer harm
record Taint(long labels, int line, String source, @Nullable Step path, long cleared) {

  /// Longer paths are cut in the middle.
  private static final int MAX_STEPS = 24;

  /// Of a value that the program has chosen itself.
  static final Taint PROGRAM = new Taint(0, 0, "program", null, FlowModel.ALL);

  boolean isProgram() {
    return labels == 0 && source.equals(PROGRAM.source);
  }

  record Step(int line, @Nullable Step before, int count) {}

  static Taint at(long labels, int line, String source) {
    return new Taint(labels, line, source, null, 0);
  }

  Taint through(int step) {
    int last = path == null ? line : path.line();
    if (step == last || (path != null && path.count() >= MAX_STEPS)) {
      return this;
    }
    return new Taint(
        labels, line, source, new Step(step, path, path == null ? 1 : path.count() + 1), cleared);
  }

  Taint without(long label) {
    return (labels & label) == 0 ? this : new Taint(labels & ~label, line, source, path, cleared);
  }

  Taint cleared(long kinds) {
    return (cleared | kinds) == cleared
        ? this
        : new Taint(labels, line, source, path, cleared | kinds);
  }

  boolean sameSource(Taint other) {
    return line == other.line && labels == other.labels && source.equals(other.source);
  }

  /// Of two ways from one source the one that can do more harm.
  Taint or(Taint other) {
    return new Taint(labels, line, source, path, cleared & other.cleared);
  }

  /// All lines from the source on, in order.
  List<Integer> lines() {
    List<Integer> lines = new ArrayList<>();
    for (Step step = path; step != null; step = step.before()) {
      lines.add(step.line());
    }
    lines.add(line);
    return lines.reversed();
  }
}
