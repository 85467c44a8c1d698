package dev.prguard.review.rules.code;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The functions and methods of a Python text by its lines, found without parsing it: a line that
/// begins a statement, with a word and an indent. Functions within functions belong to these.
public final class PythonOutline {

  /// @param owner the class that it is a method of, empty for none
  /// @param first its first line, decorators included, from 0
  /// @param end the line after its last
  /// @param indent in characters
  public record Unit(String name, String owner, int first, int end, int indent) {}

  private record Open(String name, boolean function, int first, int indent, String owner) {}

  private final List<String> lines;
  private final List<Unit> units = new ArrayList<>();
  private final List<Open> open = new ArrayList<>();
  private final List<String> code = new ArrayList<>();

  /// Of the string that goes on over lines: its quote, else 0.
  private char triple;

  /// Whether that string is a statement.
  private boolean remark;

  private int brackets;
  private boolean continued;

  private PythonOutline(List<String> lines) {
    this.lines = lines;
  }

  public static PythonOutline of(List<String> lines) {
    PythonOutline outline = new PythonOutline(lines);
    outline.read();
    return outline;
  }

  /// In the order of the text.
  public List<Unit> units() {
    return Collections.unmodifiableList(units);
  }

  /// The lines without comments and without texts that are statements of their own.
  public List<String> code() {
    return Collections.unmodifiableList(code);
  }

  private void read() {
    int decorated = -1;
    int lastCode = 0;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean starts = triple == 0 && brackets == 0 && !continued;
      int indent = indent(line);
      boolean some = indent < line.length() && line.charAt(indent) != '#';
      if (starts && some) {
        close(indent, lastCode + 1);
        if (line.charAt(indent) == '@') {
          decorated = decorated < 0 ? i : decorated;
        } else {
          begin(line, indent, decorated < 0 ? i : decorated);
          decorated = -1;
        }
      }
      code.add(scan(line, starts ? indent : -1));
      lastCode = some || !starts ? i : lastCode;
    }
    close(0, lastCode + 1);
    units.sort((one, other) -> Integer.compare(one.first(), other.first()));
  }

  private static int indent(String line) {
    int at = 0;
    while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  private void begin(String line, int indent, int first) {
    int at = line.startsWith("async ", indent) ? indent + 6 : indent;
    boolean function = line.startsWith("def ", at);
    if (!function && !line.startsWith("class ", at)) {
      return;
    }
    int from = line.indexOf(' ', at) + 1;
    int to = from;
    while (to < line.length() && Character.isJavaIdentifierPart(line.charAt(to))) {
      to++;
    }
    String owner = open.isEmpty() ? "" : open.getLast().name();
    open.add(new Open(line.substring(from, to), function, first, indent, owner));
  }

  /// Ends what is not less indented.
  private void close(int indent, int end) {
    while (!open.isEmpty() && open.getLast().indent() >= indent) {
      Open ended = open.removeLast();
      if (ended.function() && open.stream().noneMatch(Open::function)) {
        units.add(
            new Unit(ended.name(), ended.owner(), ended.first(), end, ended.indent()));
      }
    }
  }

  /// Strings and brackets, as far as they reach into the next line; gives the line's code.
  ///
  /// @param statement where a statement begins, -1 for in the middle of one
  private String scan(String line, int statement) {
    continued = false;
    int from = 0;
    int i = 0;
    while (i < line.length()) {
      char c = line.charAt(i);
      if (triple != 0) {
        if (c == '\\') {
          i++;
        } else if (c == triple && isTriple(line, i, c)) {
          triple = 0;
          i += 2;
          from = remark ? i + 1 : from;
        }
      } else if (c == '#') {
        return line.substring(from, i);
      } else if (c == '"' || c == '\'') {
        if (isTriple(line, i, c)) {
          triple = c;
          remark = i == statement || (i == statement + 1 && "rRbBuU".indexOf(line.charAt(statement)) >= 0);
          i += 2;
        } else {
          i = endOfString(line, i, c);
        }
      } else if (c == '(' || c == '[' || c == '{') {
        brackets++;
      } else if (c == ')' || c == ']' || c == '}') {
        brackets = Math.max(0, brackets - 1);
      } else if (c == '\\' && i == line.length() - 1) {
        continued = true;
      }
      i++;
    }
    return triple != 0 && remark ? "" : from >= line.length() ? "" : line.substring(from);
  }

  private static boolean isTriple(String line, int at, char quote) {
    return at + 2 < line.length() && line.charAt(at + 1) == quote && line.charAt(at + 2) == quote;
  }

  private int endOfString(String line, int from, char quote) {
    for (int i = from + 1; i < line.length(); i++) {
      if (line.charAt(i) == '\\') {
        i++;
        continued = i == line.length();
      } else if (line.charAt(i) == quote) {
        return i;
      }
    }
    return line.length();
  }
}
