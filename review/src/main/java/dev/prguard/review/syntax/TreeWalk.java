package dev.prguard.review.syntax;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.treesitter.TSNode;
import org.treesitter.TSTree;
import org.treesitter.TSTreeCursor;

/// Walks a syntax tree and writes down its nodes in the order of the text: the named ones, and
/// those that the grammar gives a role (operators). Comments and punctuation say nothing to a
/// reader of the program. Without recursion, see [TokenWalk].
final class TreeWalk {

  /// A reader that calls itself gets this deep without trouble.
  private static final int MAX_DEPTH = 1_200;

  private static final int MAX_NODES = 1_000_000;

  /// Values written for each node: kind, field, start, end, depth.
  static final int WIDTH = 5;

  private record Kind(String name, boolean named) {}

  private final Map<Integer, Kind> kinds = new LinkedHashMap<>();
  private final Map<Integer, String> fields = new LinkedHashMap<>();
  private final boolean errors;
  private int[] nodes = new int[WIDTH * 1024];
  private int size;

  private TreeWalk(boolean errors) {
    this.errors = errors;
  }

  static TreeWalk of(TSTree tree, long giveUp) {
    TSNode root = tree.getRootNode();
    TreeWalk walk = new TreeWalk(root.hasError());
    try (TSTreeCursor cursor = new TSTreeCursor(root)) {
      walk.walk(cursor, giveUp);
    }
    return walk;
  }

  private void walk(TSTreeCursor cursor, long giveUp) {
    int depth = 0;
    while (true) {
      if ((size & 0xff) == 0) {
        DeadlineException.check(giveUp);
      }
      TSNode node = cursor.currentNode();
      int symbol = node.getSymbol();
      Kind kind = kinds.get(symbol);
      if (kind == null) {
        kind = new Kind(node.getType(), node.isNamed());
        kinds.put(symbol, kind);
      }
      int field = cursor.currentFieldId();
      boolean comment = kind.named() && kind.name().endsWith("comment");
      boolean kept = (kind.named() || field != 0) && !comment;
      if (kept) {
        if (field != 0 && !fields.containsKey(field)) {
          fields.put(field, cursor.currentFieldName());
        }
        add(symbol, field, node.getStartByte(), node.getEndByte(), depth);
      }
      if (kept && cursor.gotoFirstChild()) {
        depth++;
        if (depth > MAX_DEPTH) {
          throw new DeadlineException();
        }
        continue;
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) {
          return;
        }
        depth--;
      }
    }
  }

  private void add(int symbol, int field, int start, int end, int depth) {
    if (size >= MAX_NODES) {
      throw new DeadlineException();
    }
    int at = size * WIDTH;
    if (at == nodes.length) {
      nodes = Arrays.copyOf(nodes, nodes.length * 2);
    }
    nodes[at] = symbol;
    nodes[at + 1] = field;
    nodes[at + 2] = start;
    nodes[at + 3] = end;
    nodes[at + 4] = depth;
    size++;
  }

  /// Names of kinds and of fields (a count, then number and name each), whether there are errors, a
  /// count of nodes and their values. [SyntaxTree#read] reads it.
  void writeTo(DataOutputStream out) throws IOException {
    out.writeInt(kinds.size());
    for (Map.Entry<Integer, Kind> kind : kinds.entrySet()) {
      out.writeInt(kind.getKey());
      out.writeUTF(kind.getValue().name());
    }
    out.writeInt(fields.size());
    for (Map.Entry<Integer, String> field : fields.entrySet()) {
      out.writeInt(field.getKey());
      out.writeUTF(field.getValue());
    }
    out.writeBoolean(errors);
    out.writeInt(size);
    byte[] bytes = new byte[size * WIDTH * Integer.BYTES];
    java.nio.ByteBuffer.wrap(bytes).asIntBuffer().put(nodes, 0, size * WIDTH);
    out.write(bytes);
  }
}
