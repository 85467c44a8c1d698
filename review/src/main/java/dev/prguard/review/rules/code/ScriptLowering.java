package dev.prguard.review.rules.code;

import dev.prguard.review.rules.code.Expr.Arg;
import dev.prguard.review.rules.code.Expr.Assign;
import dev.prguard.review.rules.code.Expr.Call;
import dev.prguard.review.rules.code.Expr.Entries;
import dev.prguard.review.rules.code.Expr.Entry;
import dev.prguard.review.rules.code.Expr.Items;
import dev.prguard.review.rules.code.Expr.Lambda;
import dev.prguard.review.rules.code.Expr.Literal;
import dev.prguard.review.rules.code.Expr.Member;
import dev.prguard.review.rules.code.Expr.Name;
import dev.prguard.review.rules.code.Expr.Other;
import dev.prguard.review.rules.code.Expr.Text;
import dev.prguard.review.rules.code.Expr.Unary;
import dev.prguard.review.syntax.SyntaxNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// JavaScript and TypeScript: expressions. Statements are in [ScriptStatements].
final class ScriptLowering extends Lowering {
  /// Longer than any name.
  private static final int MAX_CALLEE = 80;

  private final ScriptStatements statements = new ScriptStatements(this);

  @Override
  Stmt statement(SyntaxNode node) {
    return statements.statement(node);
  }

  @Override
  Expr expression(SyntaxNode node) {
    int line = node.line();
    return switch (node.kind()) {
      case "identifier",
          "this",
          "super",
          "import",
          "property_identifier",
          "type_identifier",
          "private_property_identifier",
          "shorthand_property_identifier" ->
          new Name(node.text(), line);
      case "string" -> string(node);
      case "template_string" -> template(node);
      case "number" -> numberLiteral(node);
      case "regex" -> {
        boolean lines = text(node.child("flags")).indexOf('m') >= 0;
        String pattern = (lines ? "(?m)" : "") + text(node.child("pattern"));
        yield call(new Name("RegExp", line), List.of(Expr.text(pattern, line)), node);
      }
      case "true" -> new Literal(true, line);
      case "false" -> new Literal(false, line);
      case "null", "undefined" -> Expr.nothing(line);
      case "member_expression" -> member(node, "object", "property");
      case "subscript_expression" -> index(node, "object");
      case "call_expression" -> callOf(node, node.child("function"), false);
      case "new_expression" -> callOf(node, node.child("constructor"), true);
      case "binary_expression" -> binary(node);
      case "unary_expression" ->
          new Unary(text(node.child("operator")), expressionOr(node.child("argument"), line), line);
      case "update_expression" -> increment(node, expressionOr(node.child("argument"), line));
      case "ternary_expression" -> conditional(node);
      case "assignment_expression" ->
          assign(
              expressionOr(node.child("left"), line),
              expressionOr(node.child("right"), line),
              "",
              line);
      case "augmented_assignment_expression" ->
          new Assign(
              expressionOr(node.child("left"), line),
              text(node.child("operator")),
              expressionOr(node.child("right"), line),
              "",
              line);
      case "parenthesized_expression",
          "await_expression",
          "as_expression",
          "satisfies_expression",
          "non_null_expression",
          "jsx_expression",
          "computed_property_name",
          "template_substitution",
          "spread_element",
          "decorator" ->
          single(node);
      case "type_assertion" ->
          node.children().isEmpty() ? Expr.nothing(line) : expression(node.children().getLast());
      case "sequence_expression" -> new Other("sequence", expressions(node.children()), line);
      case "array" -> new Items(node.children().stream().map(this::item).toList(), line);
      case "array_pattern" -> new Items(expressions(node.children()), line);
      case "object", "object_pattern" -> object(node);
      case "assignment_pattern", "object_assignment_pattern" ->
          expressionOr(node.child("left"), line);
      case "shorthand_property_identifier_pattern" -> new Name(node.text(), line);
      case "rest_pattern" -> single(node);
      case "arrow_function", "function_expression", "function", "generator_function" ->
          new Lambda(statements.function(node, "", List.of()), line);
      case "class" -> new Other("class", List.of(), line);
      case "jsx_element", "jsx_self_closing_element", "jsx_opening_element", "jsx_fragment" ->
          jsx(node);
      case "jsx_text",
          "jsx_closing_element",
          "type_annotation",
          "type_arguments",
          "type_parameters",
          "statement_block" ->
          new Other("nothing", List.of(), line);
      default -> other(node);
    };
  }

  private Expr item(SyntaxNode node) {
    return node.is("spread_element")
        ? new Other("list_splat", List.of(single(node)), node.line())
        : expression(node);
  }

  private static Expr string(SyntaxNode node) {
    String text = node.text();
    return Expr.text(
        text.length() > 1 ? unescape(text.substring(1, text.length() - 1)) : "", node.line());
  }

  private Expr template(SyntaxNode node) {
    List<Expr> parts = new ArrayList<>();
    int at = node.start() + 1;
    for (SyntaxNode child : node.children()) {
      if (child.is("template_substitution")) {
        if (child.start() > at) {
          parts.add(Expr.text(unescape(node.text(at, child.start())), node.line()));
        }
        parts.add(single(child));
        at = child.end();
      }
    }
    if (node.end() - 1 > at) {
      parts.add(Expr.text(unescape(node.text(at, node.end() - 1)), node.line()));
    }
    if (parts.isEmpty()) {
      return Expr.text("", node.line());
    }
    return parts.size() == 1 && parts.getFirst() instanceof Literal
        ? parts.getFirst()
        : new Text(parts, node.line());
  }

  private Expr callOf(SyntaxNode node, @Nullable SyntaxNode callee, boolean making) {
    List<Arg> args = new ArrayList<>();
    SyntaxNode list = node.child("arguments");
    if (list != null && list.is("template_string")) {
      // A tag gets texts and values apart: its values are not part of a text.
      List<Expr> values = new ArrayList<>();
      values.add(new Items(List.of(), node.line()));
      for (SyntaxNode child : list.children()) {
        if (child.is("template_substitution")) {
          values.add(single(child));
        }
      }
      Expr tag = new Member(expressionOr(callee, node.line()), "`", node.line());
      return call(tag, values, node);
    }
    for (SyntaxNode each : list == null ? List.<SyntaxNode>of() : list.children()) {
      args.add(new Arg("", given(expression(each), callee), each.is("spread_element")));
    }
    SyntaxNode property = callee == null ? null : callee.child("property");
    return new Call(
        expressionOr(callee, node.line()),
        args,
        making,
        property == null ? node.line() : property.line(),
        node.endLine());
  }

  /// A function, or an object's functions, as an argument: told of what it is given to. The text of
  /// anything else is not made, and not of what is longer than a name: of a long chain of calls
  /// each is the beginning of the next.
  private static Expr given(Expr value, @Nullable SyntaxNode callee) {
    if (callee == null || callee.end() - callee.start() > MAX_CALLEE) {
      return value;
    }
    return switch (value) {
      case Lambda(Function function, int line) -> new Lambda(function.givenTo(callee.text()), line);
      case Entries(List<Entry> entries, int line, int endLine) when hasFunction(entries) ->
          new Entries(
              entries.stream()
                  .map(each ->
                      each.value() instanceof Lambda
                          ? new Entry(each.key(), given(each.value(), callee))
                          : each)
                  .toList(),
              line,
              endLine);
      default -> value;
    };
  }

  private static boolean hasFunction(List<Entry> entries) {
    return entries.stream().anyMatch(each -> each.value() instanceof Lambda);
  }

  private Expr object(SyntaxNode node) {
    List<Entry> entries = new ArrayList<>();
    for (SyntaxNode each : node.children()) {
      int line = each.line();
      switch (each.kind()) {
        case "pair", "pair_pattern" ->
            entries.add(new Entry(key(each.child("key")), expressionOr(each.child("value"), line)));
        case "shorthand_property_identifier", "shorthand_property_identifier_pattern" ->
            entries.add(new Entry(Expr.text(each.text(), line), new Name(each.text(), line)));
        case "object_assignment_pattern" -> {
          SyntaxNode left = each.child("left");
          entries.add(new Entry(Expr.text(text(left), line), expressionOr(left, line)));
        }
        case "method_definition" ->
            entries.add(
                new Entry(
                    key(each.child("name")),
                    new Lambda(statements.function(each, "", List.of()), line)));
        default -> entries.add(new Entry(null, single(each)));
      }
    }
    return new Entries(entries, node.line(), node.endLine());
  }

  private @Nullable Expr key(@Nullable SyntaxNode key) {
    if (key == null) {
      return null;
    }
    return key.is("property_identifier") || key.is("private_property_identifier")
        ? Expr.text(key.text(), key.line())
        : expression(key);
  }

  /// Each attribute becomes a call of `jsx.NAME` with its value.
  private Expr jsx(SyntaxNode node) {
    List<Expr> parts = new ArrayList<>();
    String element = text(node.child("name"));
    for (SyntaxNode child : node.children()) {
      if (child.is("jsx_attribute") && child.children().size() == 2) {
        String name = child.children().getFirst().text();
        Expr value = expression(child.children().getLast());
        parts.add(
            call(
                new Member(new Name("jsx", child.line()), name, child.line()),
                List.of(value, Expr.text(element, child.line())),
                child));
      } else if (!child.is("identifier") && !child.is("member_expression")) {
        parts.add(expression(child));
      }
    }
    return new Other("jsx", parts, node.line());
  }
}
