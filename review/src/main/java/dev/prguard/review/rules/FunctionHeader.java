package dev.prguard.review.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.DiffLine.Kind;
import dev.prguard.review.diff.Hunk;
import java.util.Optional;

/// The line that declares a function or class, as far as a hunk shows it. Found by its look, for
/// all languages alike: a diff has too little code to parse.
///
/// @param kind whether the change keeps, adds or deletes the line
record FunctionHeader(String name, Kind kind) {

  private static final int MAX_LINE_CHARS = 2_000;

  /// A group holds the name.
  private static final Pattern HEADER =
      Pattern.compile(
          "^\\s*(?:(?:export|default|pub|public|private|protected|internal|static|final|async|"
              + "abstract|override|suspend|synchronized)\\s+)*"
              + "(?:(?:def|func|fun|fn|function|class|interface)\\s+(?:\\([^)]*\\)\\s*)?(\\w+)"
              + "|(?:const|let|var)\\s+(\\w+)\\s*=\\s*(?:async\\s*)?(?:\\([^)]*\\)|\\w+)\\s*=>"
              + "|[\\w<>\\[\\], .?]+\\s(\\w+)\\s*\\([^;=]*\\)?[^;=]*\\{?\\s*$)");

  /// The header that a changed line belongs to, on the line's own side of the diff: the one below
  /// an annotation or decorator, else the nearest one above that is indented less.
  static Optional<FunctionHeader> of(Hunk hunk, int index) {
    DiffLine line = hunk.lines().get(index);
    Kind otherSide = line.kind() == Kind.ADDED ? Kind.DELETED : Kind.ADDED;
    String text = clip(line.text());
    return text.stripLeading().startsWith("@")
        ? below(hunk, index, otherSide)
        : above(hunk, index, otherSide, indentation(text));
  }

  private static Optional<FunctionHeader> below(Hunk hunk, int index, Kind otherSide) {
    for (int i = index + 1; i < hunk.lines().size(); i++) {
      DiffLine line = hunk.lines().get(i);
      String text = clip(line.text()).strip();
      if (line.kind() != otherSide && !text.isEmpty() && !text.startsWith("@")) {
        String name = name(text);
        return name.isEmpty()
            ? Optional.empty()
            : Optional.of(new FunctionHeader(name, line.kind()));
      }
    }
    return Optional.empty();
  }

  private static Optional<FunctionHeader> above(
      Hunk hunk, int index, Kind otherSide, int indentation) {
    for (int i = index - 1; i >= 0; i--) {
      DiffLine line = hunk.lines().get(i);
      String text = clip(line.text());
      if (line.kind() != otherSide && !text.isBlank() && indentation(text) < indentation) {
        String name = name(text);
        if (!name.isEmpty()) {
          return Optional.of(new FunctionHeader(name, line.kind()));
        }
      }
    }
    return Optional.empty();
  }

  /// The name that a line declares, empty when it declares none.
  static String name(String text) {
    String start = text.strip();
    if (start.startsWith("return ")
        || start.startsWith("if ")
        || start.startsWith("else ")
        || start.startsWith("throw ")
        || start.startsWith("new ")
        || start.startsWith("} else")) {
      return "";
    }
    Matcher matcher = HEADER.matcher(text);
    if (!matcher.find()) {
      return "";
    }
    for (int group = 1; group <= matcher.groupCount(); group++) {
      String name = matcher.group(group);
      if (name != null) {
        return name;
      }
    }
    return "";
  }

  private static int indentation(String text) {
    int width = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t') {
        width += 4;
      } else if (c == ' ') {
        width++;
      } else {
        break;
      }
    }
    return width;
  }

  /// Lines are looked at up to a bound: a longer one is data.
  static String clip(String text) {
    return text.length() > MAX_LINE_CHARS ? text.substring(0, MAX_LINE_CHARS) : text;
  }
}
