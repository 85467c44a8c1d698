package dev.prguard.review.report;

import dev.prguard.review.report.TerminalReport.Terminal;
import dev.prguard.review.result.Risk;
import dev.prguard.review.result.Severity;
import java.util.ArrayList;
import java.util.List;

/// Colours, columns and line ends for a terminal.
final class TerminalText {
  private static final char ESCAPE = '\u001B';
  private static final int MIN_WIDTH = 40;

  private final boolean colour;
  private final int width;

  TerminalText(Terminal terminal) {
    this.colour = terminal.colour();
    this.width = Math.max(MIN_WIDTH, terminal.width());
  }

  String bold(String text) {
    return sgr("1", text);
  }

  String dim(String text) {
    return sgr("2", text);
  }

  String underlined(String text) {
    return sgr("4", text);
  }

  String red(String text) {
    return sgr("1;31", text);
  }

  String green(String text) {
    return sgr("32", text);
  }

  String yellow(String text) {
    return sgr("1;33", text);
  }

  String severity(Severity severity, String word) {
    return switch (severity) {
      case CRITICAL -> sgr("1;7;31", word);
      case HIGH -> sgr("1;31", word);
      case MEDIUM -> sgr("33", word);
      case LOW -> sgr("36", word);
    };
  }

  String risk(Risk.Level level) {
    return switch (level) {
      case CRITICAL -> severity(Severity.CRITICAL, level.word());
      case HIGH -> severity(Severity.HIGH, level.word());
      case MEDIUM -> severity(Severity.MEDIUM, level.word());
      case LOW -> severity(Severity.LOW, level.word());
    };
  }

  String padded(String text, int columns) {
    return text + " ".repeat(Math.max(0, columns - columns(text)));
  }

  /// Cut to the columns that are left, with `…`.
  String fitted(String text, int used) {
    int room = Math.max(10, width - used);
    if (columns(text) <= room) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      column += columns(c);
      if (column > room - 1) {
        break;
      }
      out.appendCodePoint(c);
    }
    return out.append('…').toString();
  }

  /// Lines of at most the terminal's width; words that are longer stay whole.
  ///
  /// @param first what the first line starts with
  /// @param indent what each other line starts with
  List<String> wrapped(String first, String indent, String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(first);
    int start = columns(first);
    int column = start;
    for (String word : text.split(" ", -1)) {
      int length = columns(word);
      if (column > start && column + 1 + length > width) {
        lines.add(line.toString());
        line = new StringBuilder(indent);
        start = indent.length();
        column = start;
      }
      if (column > start) {
        line.append(' ');
        column++;
      }
      line.append(word);
      column += length;
    }
    lines.add(line.toString());
    return lines;
  }

  private String sgr(String code, String text) {
    return colour && !text.isEmpty() ? ESCAPE + "[" + code + "m" + text + ESCAPE + "[0m" : text;
  }

  /// Columns that a text takes; our own colour sequences take none.
  static int columns(String text) {
    int columns = 0;
    boolean sequence = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == ESCAPE) {
        sequence = true;
      } else if (sequence) {
        sequence = c != 'm';
      } else {
        columns += columns(c);
      }
    }
    return columns;
  }

  /// 0 for combining marks, 2 for East Asian wide characters and pictures, else 1.
  private static int columns(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
      default ->
          (c >= 0x1100 && c <= 0x115F)
                  || (c >= 0x2E80 && c <= 0xA4CF)
                  || (c >= 0xAC00 && c <= 0xD7A3)
                  || (c >= 0xF900 && c <= 0xFAFF)
                  || (c >= 0xFE30 && c <= 0xFE6F)
                  || (c >= 0xFF00 && c <= 0xFF60)
                  || (c >= 0x1F300 && c <= 0x1FAFF)
                  || (c >= 0x20000 && c <= 0x3FFFD)
              ? 2
              : 1;
    };
  }
}
