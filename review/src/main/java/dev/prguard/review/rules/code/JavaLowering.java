package dev.prguard.review.rules.code;

import dev.prguard.review.rules.code.Expr.Arg;
import dev.prguard.review.rules.code.Expr.Assign;
import dev.prguard.review.rules.code.Expr.Binary;
import dev.prguard.review.rules.code.Expr.Body;
import dev.prguard.review.rules.code.Expr.Call;
import dev.prguard.review.rules.code.Expr.Cast;
import dev.prguard.review.rules.code.Expr.Items;
import dev.prguard.review.rules.code.Expr.Lambda;
import dev.prguard.review.rules.code.Expr.Literal;
import dev.prguard.review.rules.code.Expr.Member;
import dev.prguard.review.rules.code.Expr.Name;
import dev.prguard.review.rules.code.Expr.Unary;
import dev.prguard.review.rules.code.Function.Param;
import dev.prguard.review.syntax.SyntaxNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Java.
final class JavaLowering extends Lowering {

  private final JavaBranches branches = new JavaBranches(this);

  @Override
  Stmt statement(SyntaxNode node) {
    int line = node.line();
    return switch (node.kind()) {
      case "block", "constructor_body", "ERROR", "static_initializer", "finally_clause" ->
          block(node);
      case "expression_statement" -> new Stmt.Evaluate(single(node));
      case "local_variable_declaration", "field_declaration", "constant_declaration" ->
          declaration(node);
      case "if_statement" ->
          new Stmt.If(
              expressionOr(node.child("condition"), line),
              statementOr(node.child("consequence")),
              optionalStatement(node.child("alternative")));
      case "while_statement", "do_statement" ->
          new Stmt.Loop(
              optional(node.child("condition")), statementOr(node.child("body")), null, line);
      case "for_statement" -> branches.forStatement(node);
      case "enhanced_for_statement" ->
          new Stmt.ForEach(
              expressionOr(node.child("name"), line),
              simpleType(node.child("type")),
              expressionOr(node.child("value"), line),
              statementOr(node.child("body")));
      case "switch_expression", "switch_statement" -> branches.switchStatement(node, false);
      case "try_statement", "try_with_resources_statement" -> branches.tryStatement(node);
      case "synchronized_statement" -> statementOr(node.child("body"));
      case "labeled_statement" ->
          node.children().isEmpty()
              ? new Stmt.Block(List.of())
              : statement(node.children().getLast());
      case "return_statement" ->
          new Stmt.Return(node.children().isEmpty() ? null : single(node), line);
      case "yield_statement" -> new Stmt.Return(single(node), line);
      case "throw_statement" -> new Stmt.Leave(Stmt.Kind.THROW, single(node));
      case "break_statement" -> new Stmt.Leave(Stmt.Kind.BREAK, null);
      case "continue_statement" -> new Stmt.Leave(Stmt.Kind.CONTINUE, null);
      case "method_declaration", "constructor_declaration", "compact_constructor_declaration" ->
          new Stmt.Define(function(node));
      case "class_declaration",
          "interface_declaration",
          "enum_declaration",
          "record_declaration",
          "annotation_type_declaration" ->
          new Stmt.DefineClass(classCode(node, text(node.child("name")), node.child("body")));
      case "import_declaration" -> imports(node);
      case "package_declaration", "line_comment" -> new Stmt.Block(List.of());
      default -> new Stmt.Evaluate(expression(node));
    };
  }

  private static Stmt imports(SyntaxNode node) {
    SyntaxNode name = node.children().isEmpty() ? null : node.children().getFirst();
    String path = text(name);
    boolean wild = node.first("asterisk") != null;
    String last = wild ? "*" : path.substring(path.lastIndexOf('.') + 1);
    if (!wild && node.text().startsWith("import static")) {
      int dot = path.lastIndexOf('.');
      String owner = dot < 0 ? "" : path.substring(0, dot);
      return new Stmt.Import(last, owner.substring(owner.lastIndexOf('.') + 1) + '.' + last);
    }
    // Types go by their own name; where they live tells one XPath from another.
    return new Stmt.Import("\0module", wild ? path + ".*" : path);
  }

  private Stmt declaration(SyntaxNode node) {
    List<Stmt> parts = new ArrayList<>();
    String type = simpleType(node.child("type"));
    if (node.is("field_declaration")) {
      marks(node).forEach(mark -> parts.add(new Stmt.Evaluate(mark)));
    }
    for (SyntaxNode each : node.children()) {
      if (each.is("variable_declarator")) {
        SyntaxNode value = each.child("value");
        Expr name = expressionOr(each.child("name"), each.line());
        parts.add(
            new Stmt.Evaluate(
                assign(
                    name,
                    value == null
                        ? new Expr.Other("unset", List.of(), each.line())
                        : expression(value),
                    type,
                    each.line())));
      }
    }
    return parts.size() == 1 ? parts.getFirst() : new Stmt.Block(parts);
  }

  private Stmt component(Param param) {
    List<Stmt> parts = new ArrayList<>();
    param.marks().forEach(mark -> parts.add(new Stmt.Evaluate(mark)));
    parts.add(
        new Stmt.Evaluate(
            assign(
                new Name(param.name(), param.line()),
                new Expr.Other("unset", List.of(), param.line()),
                param.type(),
                param.line())));
    return parts.size() == 1 ? parts.getFirst() : new Stmt.Block(parts);
  }

  private List<Expr> marks(SyntaxNode node) {
    List<Expr> marks = new ArrayList<>();
    SyntaxNode modifiers = node.first("modifiers");
    for (SyntaxNode each : modifiers == null ? List.<SyntaxNode>of() : modifiers.children()) {
      if (each.is("annotation") || each.is("marker_annotation")) {
        marks.add(expression(each));
      }
    }
    return marks;
  }

  private Function function(SyntaxNode node) {
    return new Function(
        text(node.child("name")),
        params(node.child("parameters")),
        // An abstract method is not an empty one.
        node.child("body") == null
            ? new Stmt.Leave(Stmt.Kind.THROW, null)
            : statementOr(node.child("body")),
        marks(node),
        node.line(),
        node.endLine());
  }

  private List<Param> params(@Nullable SyntaxNode list) {
    List<Param> params = new ArrayList<>();
    if (list == null) {
      return params;
    }
    if (list.is("identifier")) {
      return List.of(new Param(list.text(), "", List.of(), null, list.line()));
    }
    for (SyntaxNode each : list.children()) {
      if (each.is("identifier")) {
        params.add(new Param(each.text(), "", List.of(), null, each.line()));
        continue;
      }
      SyntaxNode name = each.child("name");
      SyntaxNode declarator = each.first("variable_declarator");
      if (name == null && declarator != null) {
        name = declarator.child("name");
      }
      if (name != null) {
        params.add(
            new Param(name.text(), simpleType(each.child("type")), marks(each), null, each.line()));
      }
    }
    return params;
  }

  private ClassCode classCode(SyntaxNode node, String name, @Nullable SyntaxNode body) {
    List<Stmt> fields = new ArrayList<>();
    List<Function> methods = new ArrayList<>();
    List<ClassCode> inner = new ArrayList<>();
    if (node.is("record_declaration")) {
      params(node.child("parameters")).forEach(component -> fields.add(component(component)));
    }
    List<SyntaxNode> members =
        new ArrayList<>(body == null ? List.<SyntaxNode>of() : body.children());
    for (int i = 0; i < members.size(); i++) {
      SyntaxNode each = members.get(i);
      if (each.is("enum_body_declarations")) {
        members.addAll(each.children());
        continue;
      }
      switch (statement(each)) {
        case Stmt.Define(Function function) -> methods.add(function);
        case Stmt.DefineClass(ClassCode code) -> inner.add(code);
        case Stmt other -> fields.add(other);
      }
    }
    List<String> bases = new ArrayList<>();
    if (node.is("enum_declaration")) {
      bases.add("Enum");
    }
    for (String role : List.of("superclass", "interfaces")) {
      SyntaxNode base = node.child(role);
      if (base != null) {
        for (SyntaxNode child : base.children()) {
          (child.is("type_list") ? child.children() : List.of(child))
              .forEach(type -> bases.add(simpleType(type)));
        }
      }
    }
    return new ClassCode(name, bases, fields, methods, inner, marks(node), node.line());
  }

  @Override
  Expr expression(SyntaxNode node) {
    int line = node.line();
    return switch (node.kind()) {
      case "identifier", "this", "super", "type_identifier" -> new Name(node.text(), line);
      case "scoped_identifier", "scoped_type_identifier" -> dotted(node.text(), line);
      case "string_literal" -> string(node);
      case "character_literal" -> {
        String text = node.text();
        yield Expr.text(
            text.length() > 2 ? unescape(text.substring(1, text.length() - 1)) : "", line);
      }
      case "decimal_integer_literal",
          "hex_integer_literal",
          "octal_integer_literal",
          "binary_integer_literal",
          "decimal_floating_point_literal" ->
          numberLiteral(node);
      case "true" -> new Literal(true, line);
      case "false" -> new Literal(false, line);
      case "null_literal" -> Expr.nothing(line);
      case "method_invocation" -> invocation(node);
      case "explicit_constructor_invocation" ->
          new Call(
              expressionOr(node.child("constructor"), line),
              args(node.child("arguments")),
              false,
              line,
              node.endLine());
      case "object_creation_expression" -> creation(node);
      case "array_creation_expression" -> {
        SyntaxNode value = node.child("value");
        SyntaxNode type = node.child("type");
        yield value != null
            ? expression(value)
            : type != null && type.text().equals("byte")
                ? new Name("byte[]", line)
                : new Items(List.of(), line);
      }
      case "array_initializer", "element_value_array_initializer" ->
          new Items(expressions(node.children()), line);
      case "field_access" -> member(node, "object", "field");
      case "array_access" -> index(node, "array");
      case "binary_expression" -> binary(node);
      case "unary_expression" ->
          new Unary(text(node.child("operator")), expressionOr(node.child("operand"), line), line);
      case "update_expression" -> increment(node, single(node));
      case "assignment_expression" ->
          new Assign(
              expressionOr(node.child("left"), line),
              text(node.child("operator")),
              expressionOr(node.child("right"), line),
              "",
              line);
      case "ternary_expression" -> conditional(node);
      case "parenthesized_expression" -> single(node);
      case "cast_expression" ->
          new Cast(simpleType(node.child("type")), expressionOr(node.child("value"), line), line);
      case "instanceof_expression" -> instanceOf(node);
      case "lambda_expression" -> lambda(node);
      case "switch_expression" -> {
        Function function =
            new Function(
                "",
                List.of(),
                branches.switchStatement(node, true),
                List.of(),
                line,
                node.endLine());
        yield call(new Lambda(function, line), List.of(), node);
      }
      case "annotation", "marker_annotation" ->
          new Call(
              dotted(text(node.child("name")), line),
              args(node.child("arguments")),
              false,
              line,
              node.endLine());
      case "class_literal" -> new Member(single(node), "class", line);
      case "generic_type" -> single(node);
      case "class_declaration", "record_declaration", "block" ->
          new Expr.Other("definition", List.of(), line);
      default -> other(node);
    };
  }

  private static Expr string(SyntaxNode node) {
    StringBuilder text = new StringBuilder();
    for (SyntaxNode child : node.children()) {
      text.append(child.text());
    }
    return Expr.text(unescape(text.toString()), node.line());
  }

  private Expr invocation(SyntaxNode node) {
    SyntaxNode object = node.child("object");
    SyntaxNode name = node.child("name");
    int line = name == null ? node.line() : name.line();
    Expr callee =
        object == null
            ? new Name(text(name), line)
            : new Member(expression(object), text(name), line);
    return new Call(callee, args(node.child("arguments")), false, line, node.endLine());
  }

  private Expr creation(SyntaxNode node) {
    SyntaxNode type = node.child("type");
    String path = text(type);
    int generic = path.indexOf('<');
    Expr callee = dotted(generic < 0 ? path : path.substring(0, generic), node.line());
    Call call = new Call(callee, args(node.child("arguments")), true, node.line(), node.endLine());
    SyntaxNode body = node.first("class_body");
    return body == null
        ? call
        : new Body(call, classCode(node, simpleType(type), body), node.line());
  }

  private List<Arg> args(@Nullable SyntaxNode list) {
    List<Arg> args = new ArrayList<>();
    for (SyntaxNode each : list == null ? List.<SyntaxNode>of() : list.children()) {
      args.add(
          each.is("element_value_pair")
              ? new Arg(
                  text(each.child("key")), expressionOr(each.child("value"), each.line()), false)
              : new Arg("", expression(each), false));
    }
    return args;
  }

  private Expr instanceOf(SyntaxNode node) {
    int line = node.line();
    Expr value = expressionOr(node.child("left"), line);
    SyntaxNode name = node.child("name");
    Expr test = new Expr.Other("instanceof", List.of(), line);
    String type = simpleType(node.child("right"));
    return name == null
        ? new Binary("instanceof", value, test, line)
        : new Binary(
            "instanceof",
            assign(expression(name), new Cast(type, value, line), "", line),
            test,
            line);
  }

  private Expr lambda(SyntaxNode node) {
    SyntaxNode body = node.child("body");
    int line = node.line();
    Stmt code =
        body != null && body.is("block")
            ? block(body)
            : new Stmt.Return(expressionOr(body, line), line);
    return new Lambda(
        new Function("", params(node.child("parameters")), code, List.of(), line, node.endLine()),
        line);
  }
}
