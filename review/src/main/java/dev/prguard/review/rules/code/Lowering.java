package dev.prguard.review.rules.code;

import dev.prguard.review.rules.code.Expr.Arg;
import dev.prguard.review.rules.code.Expr.Assign;
import dev.prguard.review.rules.code.Expr.Binary;
import dev.prguard.review.rules.code.Expr.Call;
import dev.prguard.review.rules.code.Expr.Conditional;
import dev.prguard.review.rules.code.Expr.Index;
import dev.prguard.review.rules.code.Expr.Literal;
import dev.prguard.review.rules.code.Expr.Member;
import dev.prguard.review.rules.code.Expr.Name;
import dev.prguard.review.rules.code.Expr.Other;
import dev.prguard.review.syntax.SyntaxNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns the syntax tree of one language into the small form. What a language says in its own way
/// is left to the subclass; a kind of node that nobody knows becomes [Other] with its parts.
abstract class Lowering {

  abstract Expr expression(SyntaxNode node);

  abstract Stmt statement(SyntaxNode node);

  final List<Expr> expressions(List<SyntaxNode> nodes) {
    List<Expr> result = new ArrayList<>(nodes.size());
    for (SyntaxNode node : nodes) {
      result.add(expression(node));
    }
    return result;
  }

  final List<Stmt> statements(List<SyntaxNode> nodes) {
    List<Stmt> result = new ArrayList<>(nodes.size());
    for (SyntaxNode node : nodes) {
      result.add(statement(node));
    }
    return result;
  }

  final Stmt block(SyntaxNode node) {
    return new Stmt.Block(statements(node.children()));
  }

  final Expr other(SyntaxNode node) {
    return new Other(node.kind(), expressions(node.children()), node.line());
  }

  final Expr expressionOr(@Nullable SyntaxNode node, int line) {
    return node == null ? Expr.nothing(line) : expression(node);
  }

  final @Nullable Expr optional(@Nullable SyntaxNode node) {
    return node == null ? null : expression(node);
  }

  final Stmt statementOr(@Nullable SyntaxNode node) {
    return node == null ? new Stmt.Block(List.of()) : statement(node);
  }

  final @Nullable Stmt optionalStatement(@Nullable SyntaxNode node) {
    return node == null ? null : statement(node);
  }

  final Expr single(SyntaxNode node) {
    return node.children().isEmpty()
        ? Expr.nothing(node.line())
        : expression(node.children().getFirst());
  }

  static String text(@Nullable SyntaxNode node) {
    return node == null ? "" : node.text();
  }

  /// A sum of a thousand parts is a thousand deep on the left: it is gone down in a loop.
  final Expr binary(SyntaxNode node) {
    List<SyntaxNode> chain = new ArrayList<>();
    SyntaxNode innermost = node;
    for (SyntaxNode left = node; left != null && left.is(node.kind()); left = left.child("left")) {
      chain.add(left);
      innermost = left;
    }
    Expr result = expressionOr(innermost.child("left"), innermost.line());
    for (SyntaxNode each : chain.reversed()) {
      int line = each.line();
      result =
          new Binary(
              text(each.child("operator")), result, expressionOr(each.child("right"), line), line);
    }
    return result;
  }

  final Expr conditional(SyntaxNode node) {
    int line = node.line();
    return new Conditional(
        expressionOr(node.child("condition"), line),
        expressionOr(node.child("consequence"), line),
        expressionOr(node.child("alternative"), line),
        line);
  }

  /// @param object, name what the grammar calls them
  final Expr member(SyntaxNode node, String object, String name) {
    return new Member(
        expressionOr(node.child(object), node.line()), text(node.child(name)), node.line());
  }

  /// @param object what the grammar calls it
  final Expr index(SyntaxNode node, String object) {
    return new Index(
        expressionOr(node.child(object), node.line()),
        expressionOr(node.child("index"), node.line()),
        node.line());
  }

  static Expr assign(Expr target, Expr value, String type, int line) {
    return new Assign(target, "=", value, type, line);
  }

  static Expr increment(SyntaxNode node, Expr target) {
    return new Assign(
        target,
        node.text().contains("--") ? "-=" : "+=",
        new Literal(1L, node.line()),
        "",
        node.line());
  }

  static Expr dotted(String path, int line) {
    Expr result = null;
    for (String part : path.split("\\.", -1)) {
      result = result == null ? new Name(part, line) : new Member(result, part, line);
    }
    return result == null ? Expr.nothing(line) : result;
  }

  static Call call(Expr callee, List<Expr> values, SyntaxNode node) {
    return new Call(
        callee,
        values.stream().map(value -> new Arg("", value, false)).toList(),
        false,
        node.line(),
        node.endLine());
  }

  /// The value of a number as written, null when it is none that fits.
  static @Nullable Object number(String text) {
    String digits = text.replace("_", "");
    while (!digits.isEmpty() && "lLnuUfFdD".indexOf(digits.charAt(digits.length() - 1)) >= 0) {
      if (digits.startsWith("0x") || digits.startsWith("0X")) {
        if ("lLnuU".indexOf(digits.charAt(digits.length() - 1)) < 0) {
          break;
        }
      }
      digits = digits.substring(0, digits.length() - 1);
    }
    try {
      if (digits.length() > 2 && digits.charAt(0) == '0') {
        int radix =
            switch (Character.toLowerCase(digits.charAt(1))) {
              case 'x' -> 16;
              case 'o' -> 8;
              case 'b' -> 2;
              default -> 0;
            };
        if (radix > 0) {
          return Long.parseLong(digits.substring(2), radix);
        }
        if (digits.chars().allMatch(c -> c >= '0' && c <= '7')) {
          return Long.parseLong(digits, 8);
        }
      }
      return digits.contains(".") || digits.contains("e") || digits.contains("E")
          ? (Object) Double.parseDouble(digits)
          : (Object) Long.parseLong(digits);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  static Expr numberLiteral(SyntaxNode node) {
    Object value = number(node.text());
    return value == null
        ? new Other("number", List.of(), node.line())
        : new Literal(value, node.line());
  }

  /// A type without its package, arguments and marks.
  static String simpleType(@Nullable SyntaxNode node) {
    return node == null ? "" : simpleType(node.text());
  }

  static String simpleType(String written) {
    String text = written;
    int cut = text.length();
    for (char end : new char[] {'<', '['}) {
      int at = text.indexOf(end);
      if (at > 0 && at < cut) {
        cut = at;
      }
    }
    text = text.substring(0, cut).strip();
    while (!text.isEmpty() && ":*?&".indexOf(text.charAt(0)) >= 0) {
      text = text.substring(1).strip();
    }
    int dot = text.lastIndexOf('.');
    if (text.endsWith(".Builder")) {
      // By itself it does not say of what.
      dot = text.lastIndexOf('.', dot - 1);
    }
    return text.substring(dot + 1).strip();
  }

  /// A text with its escapes replaced.
  static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder result = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\' || i + 1 == text.length()) {
        result.append(c);
        continue;
      }
      char next = text.charAt(++i);
      switch (next) {
        case 'n' -> result.append('\n');
        case 't' -> result.append('\t');
        case 'r' -> result.append('\r');
        case '0' -> result.append('\0');
        case '\n' -> {}
        case 'x' -> i = hex(text, i, 2, result);
        case 'u' -> i = hex(text, i, 4, result);
        case '\\', '\'', '"', '`', '$', '/' -> result.append(next);
        default -> result.append('\\').append(next);
      }
    }
    return result.toString();
  }

  private static int hex(String text, int at, int digits, StringBuilder result) {
    int end = at + 1 + digits;
    try {
      if (end <= text.length()) {
        result.append((char) Integer.parseInt(text.substring(at + 1, end), 16));
        return end - 1;
      }
    } catch (NumberFormatException e) {
      // Not a number: taken as it is written.
    }
    result.append('\\').append(text.charAt(at));
    return at;
  }
}
