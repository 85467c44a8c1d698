package dev.prguard.review.syntax;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A node of a [SyntaxTree].
public final class SyntaxNode {

  private final byte[] source;
  private final String kind;
  private final String field;
  private final int start;
  private final int end;
  private int line;
  private int endLine;
  private List<SyntaxNode> children = List.of();

  SyntaxNode(byte[] source, String kind, String field, int start, int end, int line, int endLine) {
    this.source = source;
    this.kind = kind;
    this.field = field;
    this.start = start;
    this.end = end;
    this.line = line;
    this.endLine = endLine;
  }

  void add(SyntaxNode child) {
    if (children.isEmpty()) {
      children = new ArrayList<>(4);
    }
    children.add(child);
  }

  void move(int lines) {
    line += lines;
    endLine += lines;
  }

  /// The grammar's name for it.
  public String kind() {
    return kind;
  }

  public boolean is(String other) {
    return kind.equals(other);
  }

  /// Its role in its parent, empty when the grammar names none.
  public String field() {
    return field;
  }

  /// 1-based.
  public int line() {
    return line;
  }

  /// Of its last byte, 1-based.
  public int endLine() {
    return endLine;
  }

  public int start() {
    return start;
  }

  public int end() {
    return end;
  }

  public List<SyntaxNode> children() {
    return children;
  }

  /// The first child in a role.
  public @Nullable SyntaxNode child(String role) {
    for (SyntaxNode child : children) {
      if (child.field.equals(role)) {
        return child;
      }
    }
    return null;
  }

  /// The first child of a kind.
  public @Nullable SyntaxNode first(String childKind) {
    for (SyntaxNode child : children) {
      if (child.kind.equals(childKind)) {
        return child;
      }
    }
    return null;
  }

  public String text() {
    return new String(source, start, end - start, StandardCharsets.UTF_8);
  }

  /// The text between two offsets of the file.
  public String text(int from, int to) {
    return new String(source, from, Math.max(0, to - from), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return kind + " " + text();
  }
}
