package dev.prguard.review.rules;

import java.util.ArrayList;
import java.util.List;

/// A statement joined from the lines that it spans, with comments left out and indentation reduced
/// to one space.
///
/// @param text the joined lines
/// @param starts for each line, where it starts in `text`
record Statement(String text, List<Integer> starts) {

  private static final int MAX_LINES = 12;
  private static final int MAX_CHARS = 4_000;

  Statement {
    starts = List.copyOf(starts);
  }

  /// The statement that starts at a line: it goes on while a bracket or string is open, or the line
  /// ends (or the next begins) with an operator.
  static Statement at(Segment segment, int index, Language language) {
    StringBuilder text = new StringBuilder();
    List<Integer> starts = new ArrayList<>(MAX_LINES);
    Joiner joiner = new Joiner(language.comments());
    for (int i = index; i < segment.lines().size() && starts.size() < MAX_LINES; i++) {
      String line = segment.lines().get(i);
      if (!starts.isEmpty()) {
        if (!joiner.goesOn(text, line)) {
          break;
        }
        text.append(' ');
        line = line.strip();
      }
      starts.add(text.length());
      joiner.append(line, text);
      if (text.length() > MAX_CHARS) {
        break;
      }
    }
    return new Statement(text.toString(), starts);
  }

  int lineCount() {
    return starts.size();
  }

  /// Which of the statement's lines, from 0, a position of the text is on.
  int lineOf(int position) {
    int line = 0;
    while (line + 1 < starts.size() && starts.get(line + 1) <= position) {
      line++;
    }
    return line;
  }

  private static final class Joiner {
    private final Language.Comments comments;
    private int depth;
    private String quote = "";

    Joiner(Language.Comments comments) {
      this.comments = comments;
    }

    void append(String line, StringBuilder text) {
      if (quote.length() == 1 && quote.charAt(0) != '`') {
        quote = "";
      }
      int i = 0;
      while (i < line.length()) {
        char c = line.charAt(i);
        if (!quote.isEmpty()) {
          if (c == '\\') {
            i += 2;
          } else if (line.startsWith(quote, i)) {
            i += quote.length();
            quote = "";
          } else {
            i++;
          }
          continue;
        }
        if (startsComment(line, i)) {
          text.append(line, 0, i);
          return;
        }
        switch (c) {
          case '"', '\'', '`' -> {
            quote = String.valueOf(c).repeat(3);
            if (c == '`' || !line.startsWith(quote, i)) {
              quote = String.valueOf(c);
            }
            i += quote.length() - 1;
          }
          case '(', '[' -> depth++;
          case ')', ']' -> depth--;
          default -> {}
        }
        i++;
      }
      text.append(line);
    }

    boolean goesOn(CharSequence text, String next) {
      boolean inString = quote.length() == 3 || quote.equals("`");
      if (inString || depth > 0) {
        return true;
      }
      int last = text.length() - 1;
      while (last >= 0 && Character.isWhitespace(text.charAt(last))) {
        last--;
      }
      if (last >= 0 && "\\+.=|&".indexOf(text.charAt(last)) >= 0) {
        return true;
      }
      String start = next.strip();
      return start.startsWith(".") || start.startsWith("+");
    }

    private boolean startsComment(String line, int i) {
      boolean hash = line.charAt(i) == '#';
      boolean slashes = line.startsWith("//", i);
      return switch (comments) {
        case HASH -> hash;
        case SLASHES -> slashes;
        case SLASHES_OR_HASH -> hash || slashes;
        case NONE -> false;
      };
    }
  }
}
