package dev.prguard.review.syntax;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/// A parsed text.
///
/// @param root all of it
/// @param errors whether some stretch of the text did not parse
public record SyntaxTree(SyntaxNode root, boolean errors) {

  /// Moves all of it down, as if that many lines stood above it: so one number says in which of
  /// several texts something is, and where.
  public void moveDown(int lines) {
    Deque<SyntaxNode> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      SyntaxNode node = open.pop();
      node.move(lines);
      node.children().forEach(open::push);
    }
  }

  /// Reads what [TreeWalk] wrote.
  ///
  /// @param names those that the worker sent before; gets what is new
  static SyntaxTree read(DataInputStream in, List<String> names, byte[] source) throws IOException {
    int added = in.readInt();
    for (int i = 0; i < added; i++) {
      names.add(in.readUTF().intern());
    }
    boolean errors = in.readBoolean();
    int size = in.readInt();
    Nodes nodes = new Nodes(in.readNBytes(in.readInt()));
    Lines lines = new Lines(source);
    SyntaxNode[] path = new SyntaxNode[64];
    int depth = -1;
    int start = 0;
    for (int i = 0; i < size; i++) {
      depth += 1 - nodes.number();
      String kind = names.get(nodes.number());
      String field = names.get(nodes.number());
      start += nodes.number();
      int end = start + nodes.number();
      int line = lines.of(start);
      SyntaxNode node =
          new SyntaxNode(
              source, kind, field, start, end, line, lines.from(line, Math.max(start, end - 1)));
      if (depth > 0) {
        path[depth - 1].add(node);
      }
      if (depth == path.length) {
        path = Arrays.copyOf(path, depth * 2);
      }
      path[depth] = node;
    }
    SyntaxNode root = path[0];
    return new SyntaxTree(root == null ? new SyntaxNode(source, "", "", 0, 0, 1, 1) : root, errors);
  }

  /// The numbers of the nodes.
  private static final class Nodes {
    private final byte[] bytes;
    private int at;

    Nodes(byte[] bytes) {
      this.bytes = bytes;
    }

    int number() {
      int value = 0;
      int shift = 0;
      byte next = bytes[at++];
      while (next < 0) {
        value |= (next & 0x7f) << shift;
        shift += 7;
        next = bytes[at++];
      }
      return value | next << shift;
    }
  }

  /// Offsets to line numbers.
  private static final class Lines {
    private final int[] starts;
    private int at;

    Lines(byte[] source) {
      int count = 1;
      for (byte each : source) {
        count += each == '\n' ? 1 : 0;
      }
      starts = new int[count];
      int line = 1;
      for (int i = 0; i < source.length; i++) {
        if (source[i] == '\n') {
          starts[line++] = i + 1;
        }
      }
    }

    /// @param offset not before the one of the last call
    int of(int offset) {
      while (at + 1 < starts.length && starts[at + 1] <= offset) {
        at++;
      }
      return at + 1;
    }

    /// @param line of an offset not behind the given one
    int from(int line, int offset) {
      if (line == starts.length || offset < starts[line]) {
        return line;
      }
      int found = Arrays.binarySearch(starts, line, starts.length, offset);
      return found >= 0 ? found + 1 : -found - 1;
    }
  }
}
