package dev.prguard.review.patch;

import dev.prguard.review.patch.FileLines.Edit;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What may change in a file that nobody here can parse: blanks at the start and the end of lines,
/// and not even those where the format is known to read them.
final class Whitespace {

  /// Formats in which leading blanks are syntax, or a tab is not some spaces.
  private static final Set<String> INDENT_IS_SYNTAX =
      Set.of(
          "makefile",
          "gnumakefile",
          "mk",
          "mak",
          "tsv",
          "py",
          "yaml",
          "yml",
          "coffee",
          "haml",
          "pug",
          "jade",
          "slim",
          "sass",
          "styl",
          "nim",
          "fs",
          "fsx",
          "hs",
          "lhs",
          "elm",
          "rst",
          "md",
          "markdown",
          "adoc",
          "txt",
          "diff",
          "patch",
          "sh",
          "bash",
          "zsh",
          "f",
          "for",
          "cob",
          "cbl");

  /// Formats in which blanks at the end of a line say something.
  private static final Set<String> END_IS_SYNTAX = Set.of("md", "markdown", "diff", "patch", "tsv");

  private Whitespace() {}

  /// Why the edit is more than whitespace, or null.
  static @Nullable String objection(HeadFile head, Edit edit) {
    int count = edit.endLine() - edit.line() + 1;
    if (edit.lines().size() != count) {
      return "the fix changes the number of lines";
    }
    String ending = ParsedLanguage.ending(head.path());
    for (int i = 0; i < count; i++) {
      String old = head.lines().raw(edit.line() + i);
      String fixed = edit.lines().get(i);
      if (!trimmed(old).equals(trimmed(fixed))) {
        return "the fix changes more than whitespace";
      }
      boolean blank = trimmed(old).isEmpty();
      if (!blank && !lead(old).equals(lead(fixed)) && INDENT_IS_SYNTAX.contains(ending)) {
        return "its indentation has meaning";
      }
      if (END_IS_SYNTAX.contains(ending)) {
        return "its blanks at line ends have meaning";
      }
    }
    return null;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private static String lead(String line) {
    int i = 0;
    while (i < line.length() && isBlank(line.charAt(i))) {
      i++;
    }
    return line.substring(0, i);
  }

  private static String trimmed(String line) {
    int start = lead(line).length();
    int end = line.length();
    while (end > start && isBlank(line.charAt(end - 1))) {
      end--;
    }
    return line.substring(start, end);
  }
}
