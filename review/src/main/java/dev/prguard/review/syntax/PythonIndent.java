package dev.prguard.review.syntax;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Python's rule of indentation, which tree-sitter does not hold to: it takes a line that is
/// indented for no reason as one more line of the block, and Python does not start.
final class PythonIndent {

  /// Columns of a tab, as Python counts them.
  private static final int TAB = 8;

  private PythonIndent() {}

  /// The first line whose indentation Python would refuse.
  ///
  /// @param tokens of the whole file, in order
  static Optional<SyntaxError> error(byte[] content, List<Token> tokens) {
    // Columns twice, with tabs of 8 and of 1: Python refuses what depends on the width of a tab.
    Deque<int[]> blocks = new ArrayDeque<>();
    blocks.push(new int[] {0, 0});
    int brackets = 0;
    int end = 0;
    boolean opens = false;
    int seen = 0;
    boolean continued = false;
    for (Token token : tokens) {
      // Before a string, the grammar has no token for the backslash that continues a line.
      continued |=
          token.type().equals("line_continuation") || hasBackslash(content, seen, token.start());
      seen = token.end();
      if (token.isComment() || token.type().equals("line_continuation")) {
        continue;
      }
      int lineStart = lineStart(content, token.start());
      boolean first = end == 0 || lineStart >= end;
      if (first && brackets == 0 && !continued) {
        int[] columns = columns(content, lineStart, token.start());
        if (!fits(blocks, columns, opens)) {
          return Optional.of(new SyntaxError(lineStart, token.start(), "indentation"));
        }
      }
      continued = false;
      switch (token.type()) {
        case "(", "[", "{" -> brackets++;
        case ")", "]", "}" -> brackets--;
        default -> {}
      }
      opens = token.type().equals(":");
      end = token.end();
    }
    return Optional.empty();
  }

  private static boolean fits(Deque<int[]> blocks, int[] columns, boolean opens) {
    int[] top = blocks.element();
    if (columns[0] > top[0] && columns[1] > top[1]) {
      blocks.push(columns);
      return opens;
    }
    while (blocks.element()[0] > columns[0]) {
      blocks.pop();
    }
    int[] same = blocks.element();
    return !opens && same[0] == columns[0] && same[1] == columns[1];
  }

  private static boolean hasBackslash(byte[] content, int from, int to) {
    for (int i = from; i < to; i++) {
      if (content[i] == '\\') {
        return true;
      }
    }
    return false;
  }

  private static int lineStart(byte[] content, int offset) {
    int start = offset;
    while (start > 0 && content[start - 1] != '\n') {
      start--;
    }
    return start;
  }

  private static int[] columns(byte[] content, int from, int to) {
    int wide = 0;
    int narrow = 0;
    for (int i = from; i < to; i++) {
      switch (content[i]) {
        case '\t' -> {
          wide += TAB - wide % TAB;
          narrow++;
        }
        case '\f' -> {
          wide = 0;
          narrow = 0;
        }
        // Before the first token of a line there is nothing but blanks, and a byte order mark.
        default -> {
          wide += content[i] == ' ' ? 1 : 0;
          narrow += content[i] == ' ' ? 1 : 0;
        }
      }
    }
    return new int[] {wide, narrow};
  }
}
