package dev.prguard.review.syntax;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.treesitter.TSTree;

/// Walks a syntax tree and writes down its nodes in the order of the text: the named ones, and
/// those that the grammar gives a role (operators). Comments and punctuation say nothing to a
/// reader of the program. Without recursion, see [TokenWalk].
final class TreeWalk {

  /// A reader that calls itself gets this deep without trouble.
  private static final int MAX_DEPTH = 1_200;

  private static final int MAX_NODES = 1_000_000;

  /// Five numbers of at most five bytes.
  private static final int MAX_NODE_BYTES = 25;

  private final NodeNames names;
  private final boolean errors;
  private byte[] bytes = new byte[16_384];
  private int length;
  private int size;
  private int lastStart;
  private int lastDepth = -1;

  private TreeWalk(NodeNames names, boolean errors) {
    this.names = names;
    this.errors = errors;
  }

  static TreeWalk of(TSTree tree, NodeNames names, Deadline deadline) {
    TreeWalk walk = new TreeWalk(names, tree.getRootNode().hasError());
    try (NativeCursor cursor = new NativeCursor(tree)) {
      walk.walk(cursor, deadline);
    }
    return walk;
  }

  private void walk(NativeCursor cursor, Deadline deadline) {
    int depth = 0;
    while (true) {
      if ((size & 0xff) == 0) {
        deadline.check();
      }
      int symbol = cursor.symbol();
      int field = cursor.field();
      boolean kept =
          switch (names.use(symbol)) {
            case NAMED -> true;
            case TOKEN -> field != 0;
            case COMMENT -> false;
          };
      if (kept) {
        add(names.kind(symbol), names.field(field), cursor.start(), cursor.end(), depth);
      }
      if (kept && cursor.firstChild()) {
        depth++;
        if (depth > MAX_DEPTH) {
          throw new DeadlineException();
        }
        continue;
      }
      while (!cursor.nextSibling()) {
        if (!cursor.parent()) {
          return;
        }
        depth--;
      }
    }
  }

  /// Nodes come in the order of their starts, and each is at most one deeper than the one before.
  private void add(int kind, int field, int start, int end, int depth) {
    if (size >= MAX_NODES) {
      throw new DeadlineException();
    }
    if (length + MAX_NODE_BYTES > bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    number(lastDepth + 1 - depth);
    number(kind);
    number(field);
    number(start - lastStart);
    number(end - start);
    lastStart = start;
    lastDepth = depth;
    size++;
  }

  /// Seven bits a byte, the lowest first; the eighth says that there are more.
  private void number(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  /// New names, whether there are errors, a count of nodes, a count of bytes, and the nodes: levels
  /// up from a child of the node before, kind, role, distance of the starts, length.
  /// [SyntaxTree#read] reads it.
  void writeTo(DataOutputStream out) throws IOException {
    names.writeNew(out);
    out.writeBoolean(errors);
    out.writeInt(size);
    out.writeInt(length);
    out.write(bytes, 0, length);
  }
}
