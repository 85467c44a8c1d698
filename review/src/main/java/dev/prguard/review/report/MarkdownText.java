package dev.prguard.review.report;

import java.util.Locale;

/// Hostile text as GitHub Markdown that shows the text and does nothing else.
///
/// GitHub looks for mentions, issue numbers and emoji names after Markdown is rendered, in the text
/// that the reader would see: neither a backslash nor an entity stops them, a zero-width space
/// inside does. The text itself cannot bring one: hidden characters are shown by name first.
final class MarkdownText {
  private static final String BREAK = "&#8203;";
  private static final int MAX_SHORTCODE = 64;

  /// Seven hexadecimal digits may be a commit.
  private static final int MAX_HEX = 6;

  private MarkdownText() {}

  /// One line of plain text, safe in a paragraph, a list item and a table cell.
  static String inline(String untrusted) {
    String text = Untrusted.line(untrusted).replaceAll(" {2,}", " ");
    StringBuilder out = new StringBuilder(text.length() + 32);
    int orderedListEnd = orderedListMarker(text);
    int commitStart = 0;
    int commitEnd = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (i >= commitEnd && startsWord(text, i)) {
        commitStart = i;
        commitEnd = commitId(text, i);
      }
      if (i < commitEnd) {
        boolean full = i > commitStart && (i - commitStart) % MAX_HEX == 0;
        out.append(full ? BREAK : "").append(c);
        continue;
      }
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '|' -> out.append("&#124;");
        case '$' -> out.append("&#36;");
        case '\\', '`', '*', '_', '[', ']', '~' -> out.append('\\').append(c);
        case '@' -> out.append('@').append(BREAK);
        case '#' -> {
          out.append(i == 0 ? "\\#" : "#");
          if (isDigit(text, i + 1)) {
            out.append(BREAK);
          }
        }
        case ':' -> {
          out.append(i == 0 ? "\\:" : ":");
          if (text.startsWith("//", i + 1) || emojiName(text, i)) {
            out.append(BREAK);
          }
        }
        case '.', ')' -> {
          if (i == orderedListEnd) {
            out.append('\\');
          } else if (c == '.' && endsWith(text, i, "www")) {
            out.append(BREAK);
          }
          out.append(c);
        }
        case '-' -> {
          out.append(i == 0 ? "\\-" : "-");
          if (endsWith(text, i, "gh") && isDigit(text, i + 1)) {
            out.append(BREAK);
          }
        }
        case '+', '=' -> out.append(i == 0 ? "\\" : "").append(c);
        default -> out.append(c);
      }
    }
    return out.toString();
  }

  /// Text of several lines as paragraphs; a line end stays a line end.
  static String paragraphs(String untrusted) {
    StringBuilder out = new StringBuilder();
    boolean gap = false;
    for (String line : Untrusted.lines(untrusted).split("\n", -1)) {
      if (line.isBlank()) {
        gap = true;
        continue;
      }
      if (!out.isEmpty()) {
        out.append(gap ? "\n\n" : "\\\n");
      }
      gap = false;
      out.append(inline(line));
    }
    return out.toString();
  }

  /// A code span for a file name or a line of code; not for table cells, see [#cellCode].
  static String code(String untrusted) {
    String text = withoutComment(Untrusted.code(untrusted).strip());
    if (text.isEmpty()) {
      return "";
    }
    String fence = "`".repeat(longestRun(text) + 1);
    String pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
    return fence + pad + text + pad + fence;
  }

  /// A code span in a table cell. A pipe there would end the cell, whatever stands before it, so
  /// text with one is shown as plain text.
  static String cellCode(String untrusted) {
    return untrusted.indexOf('|') >= 0 ? inline(untrusted) : code(untrusted);
  }

  /// A block of code whose fence is longer than any run of backticks in it.
  static String codeBlock(String language, String untrusted) {
    StringBuilder text = new StringBuilder();
    for (String line : Untrusted.lines(untrusted.replace("\t", "    ")).split("\n", -1)) {
      text.append(line).append('\n');
    }
    return fenced(language, withoutComment(text.toString()));
  }

  /// A block with exactly this text, for content that must arrive byte for byte.
  ///
  /// @param text ends in a newline, or is empty
  static String fenced(String language, String text) {
    String fence = "`".repeat(Math.max(3, longestRun(text) + 1));
    return fence + language + "\n" + text + fence + "\n";
  }

  /// Breaks the start of an HTML comment. It is only text inside code, but whoever searches a
  /// comment for our own marker must never find one that somebody else wrote.
  private static String withoutComment(String text) {
    return text.replace("<!--", "<\u200B!--");
  }

  private static int longestRun(String text) {
    int longest = 0;
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      run = text.charAt(i) == '`' ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  }

  /// The place of the `.` or `)` of a line that would start a numbered list, or -1.
  private static int orderedListMarker(String text) {
    int i = 0;
    while (i < text.length() && i < 10 && isDigit(text, i)) {
      i++;
    }
    return i > 0 && i < text.length() && (text.charAt(i) == '.' || text.charAt(i) == ')') ? i : -1;
  }

  private static boolean emojiName(String text, int colon) {
    int i = colon + 1;
    while (i < text.length() && i <= colon + MAX_SHORTCODE) {
      char c = text.charAt(i);
      if (c == ':') {
        return i > colon + 1;
      }
      if (!isWord(c) && c != '+' && c != '-') {
        return false;
      }
      i++;
    }
    return false;
  }

  /// The end of a commit id (7 to 40 hexadecimal digits) that starts here, or -1.
  private static int commitId(String text, int start) {
    int i = start;
    boolean digit = false;
    while (i < text.length() && i <= start + 40 && isHex(text.charAt(i))) {
      digit |= isDigit(text, i);
      i++;
    }
    int length = i - start;
    boolean whole = i == text.length() || !isWord(text.charAt(i));
    return digit && whole && length >= 7 && length <= 40 ? i : -1;
  }

  private static boolean startsWord(String text, int i) {
    return i == 0 || !isWord(text.charAt(i - 1));
  }

  private static boolean endsWith(String text, int end, String word) {
    int start = end - word.length();
    return start >= 0 && text.substring(start, end).toLowerCase(Locale.ROOT).equals(word);
  }

  private static boolean isDigit(String text, int i) {
    return i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9';
  }

  private static boolean isHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  private static boolean isWord(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
}
