package dev.prguard.review.syntax;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.treesitter.TSNode;
import org.treesitter.TSTree;
import org.treesitter.TSTreeCursor;

/// Walks a syntax tree and writes down its tokens, each with its place in the tree. Without
/// recursion: the tree of a hostile file is as deep as its author likes.
final class TokenWalk {

  private final int from;
  private final int to;
  private final Deadline deadline;
  private final Map<Integer, Kind> kinds = new HashMap<>();
  private final List<Token> tokens = new ArrayList<>();

  /// For each node that was entered: hash of the kinds of it and of the nodes around it.
  private final Deque<Long> around = new ArrayDeque<>();

  private record Kind(String name, boolean literal) {}

  private TokenWalk(int from, int to, Deadline deadline) {
    this.from = from;
    this.to = to;
    this.deadline = deadline;
  }

  /// The tokens in order, comments too.
  ///
  /// @param from start of the stretch that a fix replaces, as an offset
  /// @param to its end
  static List<Token> tokens(TSTree tree, int from, int to, Deadline deadline) {
    TokenWalk walk = new TokenWalk(from, to, deadline);
    try (TSTreeCursor cursor = new TSTreeCursor(tree.getRootNode())) {
      walk.walk(cursor);
    }
    return walk.tokens;
  }

  /// A literal is one token, with the blanks in it: layout inside a string is meaning.
  static boolean isLiteral(String type) {
    return (type.contains("string") && !type.equals("concatenated_string"))
        || type.contains("template")
        || type.contains("char")
        || type.contains("regex")
        || type.equals("jsx_text");
  }

  private void walk(TSTreeCursor cursor) {
    while (true) {
      deadline.check();
      TSNode node = cursor.currentNode();
      Kind kind = kinds.get(node.getSymbol());
      if (kind == null) {
        // Each name crosses from the native side once.
        kind = new Kind(node.getType(), isLiteral(node.getType()));
        kinds.put(node.getSymbol(), kind);
      }
      int start = node.getStartByte();
      int end = node.getEndByte();
      if (!kind.literal() && cursor.gotoFirstChild()) {
        around.push(place(kind.name(), start, end));
        continue;
      }
      if (end > start) {
        tokens.add(new Token(start, end, kind.name(), parentPlace()));
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) {
          return;
        }
        around.pop();
      }
    }
  }

  private long place(String type, int start, int end) {
    boolean reachesOut = start < from || end > to;
    return reachesOut ? parentPlace() * 31 + type.hashCode() : parentPlace();
  }

  private long parentPlace() {
    Long parent = around.peek();
    return parent == null ? 7 : parent;
  }
}
