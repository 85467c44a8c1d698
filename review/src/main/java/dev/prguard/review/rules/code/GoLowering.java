package dev.prguard.review.rules.code;

import dev.prguard.review.rules.code.Expr.Arg;
import dev.prguard.review.rules.code.Expr.Assign;
import dev.prguard.review.rules.code.Expr.Call;
import dev.prguard.review.rules.code.Expr.Cast;
import dev.prguard.review.rules.code.Expr.Entries;
import dev.prguard.review.rules.code.Expr.Entry;
import dev.prguard.review.rules.code.Expr.Items;
import dev.prguard.review.rules.code.Expr.Lambda;
import dev.prguard.review.rules.code.Expr.Literal;
import dev.prguard.review.rules.code.Expr.Name;
import dev.prguard.review.rules.code.Expr.Slice;
import dev.prguard.review.rules.code.Expr.Unary;
import dev.prguard.review.rules.code.Function.Param;
import dev.prguard.review.syntax.SyntaxNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Go.
final class GoLowering extends Lowering {

  @Override
  Stmt statement(SyntaxNode node) {
    int line = node.line();
    return switch (node.kind()) {
      case "block",
          "statement_list",
          "ERROR",
          "import_declaration",
          "import_spec_list",
          "const_declaration",
          "var_declaration",
          "var_spec_list" ->
          block(node);
      case "expression_statement" -> new Stmt.Evaluate(single(node));
      case "import_spec" -> imports(node);
      case "const_spec", "var_spec" -> spec(node);
      case "function_declaration", "method_declaration" ->
          new Stmt.Define(function(node, text(node.child("name"))));
      case "if_statement" -> {
        Stmt test =
            new Stmt.If(
                expressionOr(node.child("condition"), line),
                statementOr(node.child("consequence")),
                optionalStatement(node.child("alternative")));
        SyntaxNode first = node.child("initializer");
        yield first == null ? test : new Stmt.Block(List.of(statement(first), test));
      }
      case "for_statement" -> forStatement(node);
      case "expression_switch_statement", "type_switch_statement", "select_statement" ->
          switchStatement(node);
      case "return_statement" ->
          new Stmt.Return(node.children().isEmpty() ? null : single(node), line);
      case "break_statement" -> new Stmt.Leave(Stmt.Kind.BREAK, null);
      case "continue_statement" -> new Stmt.Leave(Stmt.Kind.CONTINUE, null);
      case "go_statement", "defer_statement" -> new Stmt.Evaluate(single(node));
      case "labeled_statement" ->
          node.children().isEmpty()
              ? new Stmt.Block(List.of())
              : statement(node.children().getLast());
      case "type_declaration" -> types(node);
      case "package_clause", "goto_statement", "fallthrough_statement", "label_name" ->
          new Stmt.Block(List.of());
      default -> new Stmt.Evaluate(expression(node));
    };
  }

  private static Stmt imports(SyntaxNode node) {
    String path = text(node.child("path"));
    path = path.length() > 1 ? path.substring(1, path.length() - 1) : path;
    SyntaxNode name = node.child("name");
    String last = path.substring(path.lastIndexOf('/') + 1);
    if (last.matches("v[0-9]+") && path.contains("/")) {
      String without = path.substring(0, path.lastIndexOf('/'));
      last = without.substring(without.lastIndexOf('/') + 1);
    }
    String alias = name == null ? last : name.text();
    return new Stmt.Block(
        List.of(
            new Stmt.Import(alias, packageName(path, last, alias)),
            new Stmt.Import("\0module", path)));
  }

  /// Packages go by their last name, whatever their alias here. Where that is none (`gopher-lua`),
  /// the alias says what the package is called; of two that share one, the one that rules do not
  /// mean has another.
  private static String packageName(String path, String last, String alias) {
    return switch (path) {
      case "html/template" -> "html.template";
      case "crypto/rand" -> "crypto-rand";
      default -> last.indexOf('-') >= 0 || last.indexOf('.') >= 0 ? alias : last;
    };
  }

  /// Structs, for the types of their fields.
  private static Stmt types(SyntaxNode node) {
    List<Stmt> structs = new ArrayList<>();
    for (SyntaxNode spec : node.children()) {
      SyntaxNode type = spec.child("type");
      SyntaxNode list =
          type == null || !type.is("struct_type") ? null : type.first("field_declaration_list");
      if (list != null) {
        List<Stmt> fields = new ArrayList<>();
        for (SyntaxNode field : list.children()) {
          String declared = text(field.child("type"));
          for (SyntaxNode each : field.children()) {
            if (each.field().equals("name")) {
              List<Expr> told = new ArrayList<>();
              told.add(new Name(each.text(), each.line()));
              SyntaxNode tag = field.child("tag");
              if (tag != null) {
                told.add(Expr.text(tag.text(), tag.line()));
              }
              fields.add(
                  new Stmt.Evaluate(new Expr.Other("declaration:" + declared, told, each.line())));
            }
          }
        }
        structs.add(
            new Stmt.DefineClass(
                new ClassCode(
                    text(spec.child("name")),
                    List.of(),
                    fields,
                    List.of(),
                    List.of(),
                    List.of(),
                    spec.line())));
      }
    }
    return new Stmt.Block(structs);
  }

  /// Buffers that are ready for use when declared.
  private static final Set<String> ZERO_USABLE = Set.of("strings.Builder", "bytes.Buffer");

  private Stmt spec(SyntaxNode node) {
    List<Expr> names = new ArrayList<>();
    for (SyntaxNode each : node.children()) {
      if (each.field().equals("name") && each.is("identifier")) {
        names.add(expression(each));
      }
    }
    SyntaxNode value = node.child("value");
    if (names.isEmpty()) {
      return new Stmt.Block(List.of());
    }
    String type = text(node.child("type"));
    Expr made =
        value != null
            ? expression(value)
            : ZERO_USABLE.contains(type)
                ? new Call(dotted(type, node.line()), List.of(), true, node.line(), node.endLine())
                : new Expr.Other("unset", List.of(), node.line());
    Expr target = names.size() == 1 ? names.getFirst() : new Items(names, node.line());
    String simple = simpleType(node.child("type"));
    // As a parameter's: with its package, since that says what it is.
    boolean qualified = type.endsWith('.' + simple) && type.indexOf('(') < 0 && !simple.isEmpty();
    return new Stmt.Evaluate(
        assign(target, made, qualified ? withoutStar(type) : simple, node.line()));
  }

  private static String withoutStar(String type) {
    return type.startsWith("*") ? type.substring(1) : type;
  }

  private Stmt forStatement(SyntaxNode node) {
    Stmt body = statementOr(node.child("body"));
    SyntaxNode range = node.first("range_clause");
    if (range != null) {
      SyntaxNode left = range.child("left");
      return new Stmt.ForEach(
          left == null
              ? new Expr.Other("none", List.of(), node.line())
              : new Items(expressions(left.children()), node.line()),
          "range",
          expressionOr(range.child("right"), node.line()),
          body);
    }
    SyntaxNode clause = node.first("for_clause");
    if (clause != null) {
      SyntaxNode update = clause.child("update");
      Stmt loop =
          new Stmt.Loop(
              optional(clause.child("condition")),
              body,
              update == null ? null : expression(update),
              node.line());
      SyntaxNode first = clause.child("initializer");
      return first == null ? loop : new Stmt.Block(List.of(statement(first), loop));
    }
    SyntaxNode test = node.children().isEmpty() ? null : node.children().getFirst();
    return new Stmt.Loop(
        test == null || test.field().equals("body") ? null : expression(test),
        body,
        null,
        node.line());
  }

  private Stmt switchStatement(SyntaxNode node) {
    List<Stmt> before = new ArrayList<>();
    SyntaxNode first = node.child("initializer");
    if (first != null) {
      before.add(statement(first));
    }
    SyntaxNode value = node.child("value");
    SyntaxNode alias = node.child("alias");
    boolean types = node.is("type_switch_statement");
    if (alias != null && value != null) {
      before.add(new Stmt.Evaluate(assign(single(alias), expression(value), "", node.line())));
    }
    List<Stmt.Case> cases = new ArrayList<>();
    for (SyntaxNode each : node.children()) {
      if (!each.kind().endsWith("_case")) {
        continue;
      }
      List<Expr> labels = new ArrayList<>();
      List<Stmt> statements = new ArrayList<>();
      for (SyntaxNode child : each.children()) {
        switch (child.field()) {
          case "value" -> labels.addAll(expressions(child.children()));
          case "type" -> labels.add(new Expr.Other("type", List.of(), child.line()));
          case "communication" -> {
            labels.add(new Expr.Other("channel", List.of(), child.line()));
            statements.add(statement(child));
          }
          default -> statements.add(statement(child));
        }
      }
      cases.add(new Stmt.Case(labels, null, new Stmt.Block(statements)));
    }
    Expr subject =
        value == null || types
            ? new Literal(types ? "" : (Object) true, node.line())
            : expression(value);
    if (types) {
      subject = new Expr.Other("type", List.of(), node.line());
    }
    before.add(new Stmt.Switch(subject, cases, false));
    return new Stmt.Block(before);
  }

  private Function function(SyntaxNode node, String name) {
    List<Param> receiver = params(node.child("receiver"));
    Function function =
        new Function(
            name,
            params(node.child("parameters")),
            statementOr(node.child("body")),
            List.of(),
            node.line(),
            node.endLine());
    return receiver.isEmpty() ? function : function.method(receiver.getFirst());
  }

  private static List<Param> params(@Nullable SyntaxNode list) {
    List<Param> params = new ArrayList<>();
    for (SyntaxNode each : list == null ? List.<SyntaxNode>of() : list.children()) {
      String type = text(each.child("type"));
      String named = withoutStar(type);
      for (SyntaxNode child : each.children()) {
        if (child.field().equals("name") && child.is("identifier")) {
          params.add(new Param(child.text(), named, List.of(), null, each.line()));
        }
      }
    }
    return params;
  }

  @Override
  Expr expression(SyntaxNode node) {
    int line = node.line();
    return switch (node.kind()) {
      case "identifier", "field_identifier", "package_identifier", "type_identifier" ->
          new Name(node.text(), line);
      case "interpreted_string_literal", "raw_string_literal" -> string(node);
      case "rune_literal" -> {
        String text = node.text();
        yield Expr.text(
            text.length() > 2 ? unescape(text.substring(1, text.length() - 1)) : "", line);
      }
      case "int_literal", "float_literal" -> numberLiteral(node);
      case "true" -> new Literal(true, line);
      case "false" -> new Literal(false, line);
      case "nil" -> Expr.nothing(line);
      case "call_expression" -> callOf(node);
      case "selector_expression" -> member(node, "operand", "field");
      case "index_expression" -> index(node, "operand");
      case "slice_expression" ->
          new Slice(
              expressionOr(node.child("operand"), line),
              optional(node.child("start")),
              optional(node.child("end")),
              line);
      case "binary_expression" -> binary(node);
      case "unary_expression" -> {
        String operator = text(node.child("operator"));
        Expr operand = expressionOr(node.child("operand"), line);
        yield operator.equals("&") || operator.equals("*") || operator.equals("<-")
            ? operand
            : new Unary(operator, operand, line);
      }
      case "composite_literal" -> composite(node);
      case "literal_value" -> literalValue(node);
      case "literal_element", "parenthesized_expression" -> single(node);
      case "type_conversion_expression", "type_assertion_expression" ->
          new Cast(simpleType(node.child("type")), expressionOr(node.child("operand"), line), line);
      case "func_literal" -> new Lambda(function(node, ""), line);
      case "short_var_declaration", "assignment_statement", "receive_statement" -> {
        SyntaxNode operator = node.child("operator");
        yield new Assign(
            expressionOr(node.child("left"), line),
            operator == null ? "=" : operator.text(),
            expressionOr(node.child("right"), line),
            "",
            line);
      }
      case "inc_statement", "dec_statement" -> increment(node, single(node));
      case "expression_list" ->
          node.children().size() == 1
              ? single(node)
              : new Items(expressions(node.children()), line);
      case "qualified_type" -> dotted(node.text(), line);
      default -> other(node);
    };
  }

  private static Expr string(SyntaxNode node) {
    String text = node.text();
    String inner = text.length() > 1 ? text.substring(1, text.length() - 1) : "";
    return Expr.text(node.is("raw_string_literal") ? inner : unescape(inner), node.line());
  }

  private Expr callOf(SyntaxNode node) {
    SyntaxNode function = node.child("function");
    List<Arg> args = new ArrayList<>();
    SyntaxNode list = node.child("arguments");
    for (SyntaxNode each : list == null ? List.<SyntaxNode>of() : list.children()) {
      args.add(
          each.is("variadic_argument")
              ? new Arg("", single(each), true)
              : new Arg("", expression(each), false));
    }
    SyntaxNode field = function == null ? null : function.child("field");
    return new Call(
        expressionOr(function, node.line()),
        args,
        false,
        field == null ? node.line() : field.line(),
        node.endLine());
  }

  private Expr composite(SyntaxNode node) {
    SyntaxNode type = node.child("type");
    SyntaxNode body = node.child("body");
    Expr value = body == null ? new Items(List.of(), node.line()) : literalValue(body);
    if (type == null || type.is("map_type") || type.is("slice_type") || type.is("array_type")) {
      return value;
    }
    List<Arg> args = new ArrayList<>();
    switch (value) {
      case Entries(List<Entry> entries, int _, int _) ->
          entries.forEach(entry ->
              args.add(
                  new Arg(
                      entry.key() instanceof Literal(Object name, int _)
                          ? String.valueOf(name)
                          : "",
                      entry.value(),
                      false)));
      case Items(List<Expr> items, int _) ->
          items.forEach(item -> args.add(new Arg("", item, false)));
      default -> {}
    }
    return new Call(dotted(type.text(), node.line()), args, true, node.line(), node.endLine());
  }

  private Expr literalValue(SyntaxNode node) {
    List<Expr> items = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    for (SyntaxNode each : node.children()) {
      if (each.is("keyed_element")) {
        Expr key = expressionOr(each.child("key"), each.line());
        // A field of a struct, or a constant: either way its name is all that is known.
        Expr named = key instanceof Name(String name, int line) ? Expr.text(name, line) : key;
        entries.add(new Entry(named, expressionOr(each.child("value"), each.line())));
      } else {
        items.add(expression(each));
      }
    }
    return entries.isEmpty()
        ? new Items(items, node.line())
        : new Entries(entries, node.line(), node.endLine());
  }
}
