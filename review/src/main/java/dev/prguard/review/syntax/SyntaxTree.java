package dev.prguard.review.syntax;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A parsed text.
///
/// @param root all of it
/// @param errors whether some stretch of the text did not parse
public record SyntaxTree(SyntaxNode root, boolean errors) {

  /// Reads what [TreeWalk] wrote.
  static SyntaxTree read(DataInputStream in, byte[] source) throws IOException {
    Map<Integer, String> kinds = names(in);
    Map<Integer, String> fields = names(in);
    boolean errors = in.readBoolean();
    int size = in.readInt();
    byte[] bytes = new byte[size * TreeWalk.WIDTH * Integer.BYTES];
    in.readFully(bytes);
    IntBuffer values = ByteBuffer.wrap(bytes).asIntBuffer();
    Lines lines = new Lines(source);
    List<SyntaxNode> path = new ArrayList<>();
    SyntaxNode root = null;
    for (int i = 0; i < size; i++) {
      String kind = kinds.getOrDefault(values.get(), "");
      String field = fields.getOrDefault(values.get(), "");
      int start = values.get();
      int end = values.get();
      int depth = values.get();
      SyntaxNode node =
          new SyntaxNode(
              source, kind, field, start, end, lines.of(start), lines.of(Math.max(start, end - 1)));
      if (root == null) {
        root = node;
      } else {
        path.subList(depth, path.size()).clear();
        path.getLast().add(node);
      }
      path.add(node);
    }
    if (root == null) {
      root = new SyntaxNode(source, "", "", 0, 0, 1, 1);
    }
    return new SyntaxTree(root, errors);
  }

  private static Map<Integer, String> names(DataInputStream in) throws IOException {
    int count = in.readInt();
    Map<Integer, String> names = HashMap.newHashMap(count);
    for (int i = 0; i < count; i++) {
      int number = in.readInt();
      names.put(number, in.readUTF().intern());
    }
    return names;
  }

  /// Offsets to line numbers; fast when asked in about the order of the text.
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

    int of(int offset) {
      while (at > 0 && starts[at] > offset) {
        at--;
      }
      while (at + 1 < starts.length && starts[at + 1] <= offset) {
        at++;
      }
      return at + 1;
    }
  }
}
