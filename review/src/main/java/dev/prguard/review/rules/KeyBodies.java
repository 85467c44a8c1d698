package dev.prguard.review.rules;

import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.Hunk;
import dev.prguard.review.result.Finding.Side;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The lines of a file that are secret only because of the lines before them: the body of a private
/// key. A finding on such a line (a blank at its end, say) must not quote it.
final class KeyBodies {
  private static final String SIGN = "PRIVATE KEY";

  private final Map<Integer, String> onNew = new HashMap<>();
  private final Map<Integer, String> onOld = new HashMap<>();

  private KeyBodies() {}

  static KeyBodies of(ScannedFile file) {
    KeyBodies bodies = new KeyBodies();
    for (Segment segment : file.segments()) {
      add(bodies.onNew, segment.firstLine(), segment.lines());
    }
    for (Hunk hunk : file.hunks()) {
      List<String> old = new ArrayList<>(hunk.oldCount());
      for (DiffLine line : hunk.lines()) {
        if (line.kind() != DiffLine.Kind.ADDED) {
          old.add(line.text());
        }
      }
      add(bodies.onOld, hunk.oldStart(), old);
    }
    return bodies;
  }

  private static void add(Map<Integer, String> bodies, int firstLine, List<String> lines) {
    if (lines.stream().noneMatch(line -> line.contains(SIGN))) {
      return;
    }
    List<String> redacted = SecretRedactor.redact(lines);
    for (int i = 0; i < redacted.size(); i++) {
      if (redacted.get(i).contains(SecretRedactor.KEY_MARK)) {
        bodies.put(firstLine + i, redacted.get(i));
      }
    }
  }

  /// The line without what it holds of a key; null when it holds nothing.
  @Nullable String redacted(Side side, int line) {
    return switch (side) {
      case NEW -> onNew.get(line);
      case OLD -> onOld.get(line);
    };
  }

  /// Whether one of the lines holds a part of a key.
  boolean any(Side side, int line, int endLine) {
    for (int each = line; each <= endLine; each++) {
      if (redacted(side, each) != null) {
        return true;
      }
    }
    return false;
  }
}
