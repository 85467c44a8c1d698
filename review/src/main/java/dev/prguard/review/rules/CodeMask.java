package dev.prguard.review.rules;

import java.util.List;

/// Tells code from comments and strings, so that a rule about code does not fire on prose.
///
/// It errs towards code: where a multi-line string or comment may have begun before the known
/// lines, only what opens and closes on one line is masked, because a wrong guess would hide code.
final class CodeMask {

  private static final int CODE = 0;
  private static final int BLOCK_COMMENT = 1;
  private static final int TRIPLE_DOUBLE = 2;
  private static final int TRIPLE_SINGLE = 3;
  private static final int BACKTICK = 4;
  private static final int LINE_COMMENT = 5;
  private static final int DOUBLE = 6;
  private static final int SINGLE = 7;

  /// Added to the depth of braces within `${...}` of a template literal.
  private static final int TEMPLATE_CODE = 16;

  private final Language language;
  private final int firstLine;
  private final int[] startStates;

  /// @param lines the lines from `firstLine` on
  /// @param fromFileStart whether nothing precedes them, so that multi-line state can be trusted
  CodeMask(Language language, List<String> lines, int firstLine, boolean fromFileStart) {
    this.language = language;
    this.firstLine = firstLine;
    startStates = new int[lines.size() + 1];
    if (!fromFileStart || !language.isLexed()) {
      return;
    }
    int state = CODE;
    for (int i = 0; i < lines.size(); i++) {
      startStates[i] = state;
      String line = lines.get(i);
      state = atLineEnd(lex(line, line.length(), state));
    }
    startStates[lines.size()] = state;
  }

  /// Whether the character at a column of a line is code; a quote that opens a string is.
  boolean isCode(int lineNumber, String line, int column) {
    if (!language.isLexed()) {
      return !isCommentLine(line);
    }
    int at = lineNumber - firstLine;
    int start = at >= 0 && at < startStates.length ? startStates[at] : CODE;
    int state = lex(line, column, start);
    return state == CODE || state >= TEMPLATE_CODE;
  }

  private boolean isCommentLine(String line) {
    String start = line.stripLeading();
    return switch (language.comments()) {
      case HASH -> start.startsWith("#");
      case SLASHES -> start.startsWith("//");
      case SLASHES_OR_HASH -> start.startsWith("//") || start.startsWith("#");
      case NONE -> false;
    };
  }

  private static int atLineEnd(int state) {
    return switch (state) {
      case LINE_COMMENT, DOUBLE, SINGLE -> CODE;
      default -> state;
    };
  }

  /// The state just before the character at `until`.
  private int lex(String line, int until, int start) {
    int state = start;
    int i = 0;
    while (i < until) {
      int next = i + 1;
      switch (state) {
        case LINE_COMMENT -> {
          return state;
        }
        case BLOCK_COMMENT -> {
          if (line.startsWith("*/", i)) {
            state = CODE;
            next = i + 2;
          }
        }
        case TRIPLE_DOUBLE, TRIPLE_SINGLE -> {
          if (line.charAt(i) == '\\') {
            next = i + 2;
          } else if (line.startsWith(state == TRIPLE_DOUBLE ? "\"\"\"" : "'''", i)) {
            state = CODE;
            next = i + 3;
          }
        }
        case BACKTICK -> {
          char c = line.charAt(i);
          if (c == '\\' && language != Language.GO) {
            next = i + 2;
          } else if (c == '`') {
            state = CODE;
          } else if (language != Language.GO && line.startsWith("${", i)) {
            state = TEMPLATE_CODE + 1;
            next = i + 2;
          }
        }
        case DOUBLE, SINGLE -> {
          char c = line.charAt(i);
          if (c == '\\') {
            next = i + 2;
          } else if (c == (state == DOUBLE ? '"' : '\'')) {
            state = CODE;
          }
        }
        default -> {
          int opened = opened(line, i);
          if (opened != CODE) {
            next = i + (opened == TRIPLE_DOUBLE || opened == TRIPLE_SINGLE ? 3 : 1);
            if (state >= TEMPLATE_CODE) {
              // A string within ${...}: skipped whole, so that the braces' depth is kept.
              next = closed(line, i);
              if (next > until) {
                return opened;
              }
            } else {
              state = opened;
            }
          } else if (state >= TEMPLATE_CODE) {
            char c = line.charAt(i);
            if (c == '{') {
              state++;
            } else if (c == '}') {
              state = state == TEMPLATE_CODE + 1 ? BACKTICK : state - 1;
            }
          } else {
            next = Math.max(next, regexEnd(line, i));
            if (next > until) {
              return DOUBLE;
            }
          }
        }
      }
      i = next;
    }
    return state;
  }

  /// The state that the character at `i` opens, CODE when none.
  private int opened(String line, int i) {
    char c = line.charAt(i);
    return switch (c) {
      case '#' -> language == Language.PYTHON ? LINE_COMMENT : CODE;
      case '/' -> {
        if (language == Language.PYTHON) {
          yield CODE;
        }
        if (line.startsWith("//", i)) {
          yield LINE_COMMENT;
        }
        yield line.startsWith("/*", i) ? BLOCK_COMMENT : CODE;
      }
      case '"' -> hasTriple() && line.startsWith("\"\"\"", i) ? TRIPLE_DOUBLE : DOUBLE;
      case '\'' ->
          language == Language.PYTHON && line.startsWith("'''", i) ? TRIPLE_SINGLE : SINGLE;
      case '`' -> hasBacktick() ? BACKTICK : CODE;
      default -> CODE;
    };
  }

  private boolean hasTriple() {
    return language == Language.PYTHON || language == Language.JAVA || language == Language.KOTLIN;
  }

  private boolean hasBacktick() {
    return language == Language.JAVASCRIPT
        || language == Language.TYPESCRIPT
        || language == Language.GO;
  }

  /// Position after the string that opens at `i`, the line's end when it does not close.
  private static int closed(String line, int i) {
    char quote = line.charAt(i);
    for (int at = i + 1; at < line.length(); at++) {
      if (line.charAt(at) == '\\') {
        at++;
      } else if (line.charAt(at) == quote) {
        return at + 1;
      }
    }
    return line.length() + 1;
  }

  /// Position after a JavaScript regular expression literal at `i`, else 0. Its quotes must not
  /// count: `/"/` would turn all that follows into a string.
  private int regexEnd(String line, int i) {
    if (line.charAt(i) != '/'
        || (language != Language.JAVASCRIPT && language != Language.TYPESCRIPT)) {
      return 0;
    }
    int before = i - 1;
    while (before >= 0 && line.charAt(before) == ' ') {
      before--;
    }
    if (before >= 0 && "(,=:[!&|?{};+>".indexOf(line.charAt(before)) < 0) {
      return 0;
    }
    boolean inClass = false;
    for (int at = i + 1; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '\\') {
        at++;
      } else if (c == '[') {
        inClass = true;
      } else if (c == ']') {
        inClass = false;
      } else if (c == '/' && !inClass) {
        return at + 1;
      }
    }
    return 0;
  }
}
