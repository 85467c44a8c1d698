package dev.prguard.review.patch;

import dev.prguard.review.diff.DiffLine;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A file as git sees it: lines that end in LF, the last one perhaps not. Text is held one byte a
/// char (ISO-8859-1), so whatever the bytes are, they come back unchanged.
final class FileLines {

  /// Lines `line`..`endLine` (1-based, inclusive) become `lines`, each with its own end.
  record Edit(int line, int endLine, List<String> lines) {
    Edit {
      lines = List.copyOf(lines);
    }

    boolean overlaps(Edit other) {
      return line <= other.endLine && other.line <= endLine;
    }

    /// Lines more than before; negative when fewer.
    int growth() {
      return lines.size() - (endLine - line + 1);
    }
  }

  private final List<String> lines;

  private FileLines(List<String> lines) {
    this.lines = lines;
  }

  static FileLines of(byte[] content) {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    List<String> lines = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int newline = text.indexOf('\n', start);
      int end = newline < 0 ? text.length() : newline + 1;
      lines.add(text.substring(start, end));
      start = end;
    }
    return new FileLines(lines);
  }

  int count() {
    return lines.size();
  }

  /// The line with its end, as it is.
  String raw(int line) {
    return lines.get(line - 1);
  }

  /// The line as UTF-8 text without its end.
  String text(int line) {
    String raw = raw(line);
    return DiffLine.text(raw.endsWith("\n") ? raw.substring(0, raw.length() - 1) : raw);
  }

  /// Offset of the line's first byte; `line` may be one past the last.
  int offset(int line) {
    int offset = 0;
    for (int i = 0; i < line - 1; i++) {
      offset += lines.get(i).length();
    }
    return offset;
  }

  /// The edit that puts `replacement` in place of the lines, each new line with the end that the
  /// old line in its place had: CRLF stays CRLF, a missing final newline stays missing. An empty
  /// replacement is one empty line.
  ///
  /// @param replacement lines that end in LF, the last one without an end
  Edit edit(int line, int endLine, String replacement) {
    String[] parts = replacement.split("\n", -1);
    List<String> edited = new ArrayList<>(parts.length);
    for (int i = 0; i < parts.length; i++) {
      byte[] utf8 = parts[i].getBytes(StandardCharsets.UTF_8);
      String end = i == parts.length - 1 ? end(endLine) : innerEnd(Math.min(line + i, endLine));
      edited.add(new String(utf8, StandardCharsets.ISO_8859_1) + end);
    }
    return new Edit(line, endLine, edited);
  }

  private String end(int line) {
    String raw = raw(line);
    if (raw.endsWith("\r\n")) {
      return "\r\n";
    }
    if (raw.endsWith("\n")) {
      return "\n";
    }
    return raw.endsWith("\r") ? "\r" : "";
  }

  /// The end of a line that is not the last one: never missing.
  private String innerEnd(int line) {
    for (int i = line; i >= 1; i--) {
      if (raw(i).endsWith("\n")) {
        return end(i);
      }
    }
    return "\n";
  }

  /// The file after the edits.
  ///
  /// @param edits in order, without overlaps
  FileLines with(List<Edit> edits) {
    List<String> result = new ArrayList<>(lines.size());
    int next = 1;
    for (Edit edit : edits) {
      result.addAll(lines.subList(next - 1, edit.line() - 1));
      result.addAll(edit.lines());
      next = edit.endLine() + 1;
    }
    result.addAll(lines.subList(next - 1, lines.size()));
    return new FileLines(result);
  }

  byte[] bytes() {
    return String.join("", lines).getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Whether the bytes can be told as text without a change: valid UTF-8 without NUL.
  static boolean isText(byte[] content) {
    for (byte b : content) {
      if (b == 0) {
        return false;
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
