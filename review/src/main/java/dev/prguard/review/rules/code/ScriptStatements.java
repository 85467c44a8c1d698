package dev.prguard.review.rules.code;

import dev.prguard.review.rules.code.Expr.Name;
import dev.prguard.review.rules.code.Function.Param;
import dev.prguard.review.syntax.SyntaxNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// JavaScript and TypeScript: statements, functions and classes.
final class ScriptStatements {

  private final ScriptLowering all;

  ScriptStatements(ScriptLowering all) {
    this.all = all;
  }

  Stmt statement(SyntaxNode node) {
    int line = node.line();
    return switch (node.kind()) {
      case "statement_block",
          "ERROR",
          "program",
          "else_clause",
          "internal_module",
          "module",
          "ambient_declaration" ->
          all.block(node);
      case "expression_statement" ->
          node.children().size() == 1 && node.children().getFirst().is("internal_module")
              ? all.block(node)
              : new Stmt.Evaluate(all.single(node));
      case "lexical_declaration", "variable_declaration" -> declaration(node);
      case "function_declaration", "generator_function_declaration" ->
          new Stmt.Define(function(node, ScriptLowering.text(node.child("name")), List.of()));
      case "class_declaration", "abstract_class_declaration" ->
          new Stmt.DefineClass(classCode(node));
      case "export_statement" -> export(node);
      case "import_statement" -> imports(node);
      case "if_statement" ->
          new Stmt.If(
              all.expressionOr(node.child("condition"), line),
              all.statementOr(node.child("consequence")),
              all.optionalStatement(node.child("alternative")));
      case "while_statement", "do_statement" ->
          new Stmt.Loop(
              all.optional(node.child("condition")),
              all.statementOr(node.child("body")),
              null,
              line);
      case "for_statement" -> {
        SyntaxNode test = node.child("condition");
        yield new Stmt.Block(
            List.of(
                all.statementOr(node.child("initializer")),
                new Stmt.Loop(
                    test == null || test.is("empty_statement") ? null : all.expression(test),
                    all.statementOr(node.child("body")),
                    all.optional(node.child("increment")),
                    line)));
      }
      case "for_in_statement" ->
          new Stmt.ForEach(
              all.expressionOr(node.child("left"), line),
              "",
              all.expressionOr(node.child("right"), line),
              all.statementOr(node.child("body")));
      case "switch_statement" -> switchStatement(node);
      case "try_statement" -> {
        SyntaxNode handler = node.child("handler");
        SyntaxNode last = node.child("finalizer");
        yield new Stmt.Try(
            all.statementOr(node.child("body")),
            handler == null ? List.of() : List.of(all.statementOr(handler.child("body"))),
            last == null ? null : all.statementOr(last.child("body")));
      }
      case "return_statement" ->
          new Stmt.Return(node.children().isEmpty() ? null : all.single(node), line);
      case "throw_statement" -> new Stmt.Leave(Stmt.Kind.THROW, all.single(node));
      case "break_statement" -> new Stmt.Leave(Stmt.Kind.BREAK, null);
      case "continue_statement" -> new Stmt.Leave(Stmt.Kind.CONTINUE, null);
      case "labeled_statement" -> all.statementOr(node.child("body"));
      case "interface_declaration",
          "type_alias_declaration",
          "enum_declaration",
          "empty_statement",
          "hash_bang_line",
          "function_signature" ->
          new Stmt.Block(List.of());
      default -> new Stmt.Evaluate(all.expression(node));
    };
  }

  private Stmt declaration(SyntaxNode node) {
    List<Stmt> parts = new ArrayList<>();
    for (SyntaxNode each : node.children()) {
      if (each.is("variable_declarator")) {
        SyntaxNode value = each.child("value");
        SyntaxNode name = each.child("name");
        int line = each.line();
        if (name != null
            && value != null
            && (value.is("arrow_function") || value.is("function_expression"))) {
          parts.add(new Stmt.Define(function(value, name.text(), List.of())));
          continue;
        }
        parts.add(
            new Stmt.Evaluate(
                Lowering.assign(
                    all.expressionOr(name, line),
                    value == null
                        ? new Expr.Other("unset", List.of(), line)
                        : all.expression(value),
                    Lowering.simpleType(each.child("type")),
                    line)));
      }
    }
    return parts.size() == 1 ? parts.getFirst() : new Stmt.Block(parts);
  }

  private Stmt export(SyntaxNode node) {
    SyntaxNode declaration = node.child("declaration");
    if (declaration != null) {
      Stmt plain = statement(declaration);
      List<Expr> marks = decorators(node);
      Stmt statement =
          plain instanceof Stmt.DefineClass(ClassCode code) && !marks.isEmpty()
              ? new Stmt.DefineClass(
                  new ClassCode(
                      code.name(),
                      code.bases(),
                      code.fields(),
                      code.methods(),
                      code.inner(),
                      marks,
                      code.line()))
              : plain;
      String name = ScriptLowering.text(declaration.child("name"));
      return isDefault(node) && !name.isEmpty()
          ? new Stmt.Block(List.of(statement, exported("default", name, node.line())))
          : statement;
    }
    SyntaxNode value = node.child("value");
    if (value != null) {
      return exported("default", all.expression(value), node.line());
    }
    SyntaxNode clause = node.first("export_clause");
    SyntaxNode source = node.child("source");
    List<Stmt> parts = new ArrayList<>();
    for (SyntaxNode each : clause == null ? List.<SyntaxNode>of() : clause.children()) {
      String name = ScriptLowering.text(each.child("name"));
      SyntaxNode alias = each.child("alias");
      String inner = name;
      if (source != null) {
        // No name of a program has a blank in it.
        inner = "from " + name;
        parts.add(new Stmt.Import(inner, module(source) + '.' + name));
      }
      parts.add(exported(alias == null ? name : alias.text(), inner, each.line()));
    }
    return new Stmt.Block(parts);
  }

  private static boolean isDefault(SyntaxNode node) {
    return node.text(node.start(), Math.min(node.end(), node.start() + 24))
        .startsWith("export default");
  }

  private static Stmt exported(String name, String inner, int line) {
    return exported(name, new Name(inner, line), line);
  }

  /// `exports.name = value`, as it was written before there were modules.
  private static Stmt exported(String name, Expr value, int line) {
    return new Stmt.Evaluate(
        Lowering.assign(new Expr.Member(new Name("exports", line), name, line), value, "", line));
  }

  private static Stmt imports(SyntaxNode node) {
    List<Stmt> imports = new ArrayList<>();
    SyntaxNode clause = node.first("import_clause");
    SyntaxNode required = node.first("import_require_clause");
    SyntaxNode source = node.child("source");
    if (required != null) {
      source = required.child("source");
      SyntaxNode name = required.first("identifier");
      if (name != null) {
        imports.add(new Stmt.Import(name.text(), module(source)));
      }
    }
    String module = module(source);
    imports.add(new Stmt.Import("\0module", module));
    for (SyntaxNode each : clause == null ? List.<SyntaxNode>of() : clause.children()) {
      switch (each.kind()) {
        case "identifier" -> imports.add(new Stmt.Import(each.text(), module));
        case "namespace_import" ->
            each.children().forEach(name -> imports.add(new Stmt.Import(name.text(), module)));
        case "named_imports" -> {
          for (SyntaxNode one : each.children()) {
            String name = ScriptLowering.text(one.child("name"));
            SyntaxNode alias = one.child("alias");
            imports.add(new Stmt.Import(alias == null ? name : alias.text(), module + '.' + name));
          }
        }
        default -> {}
      }
    }
    return new Stmt.Block(imports);
  }

  private static String module(@Nullable SyntaxNode source) {
    String text = ScriptLowering.text(source);
    text = text.length() > 1 ? text.substring(1, text.length() - 1) : text;
    return text.startsWith("node:") ? text.substring(5) : text;
  }

  private Stmt switchStatement(SyntaxNode node) {
    List<Stmt.Case> cases = new ArrayList<>();
    SyntaxNode body = node.child("body");
    for (SyntaxNode each : body == null ? List.<SyntaxNode>of() : body.children()) {
      SyntaxNode value = each.child("value");
      List<Stmt> statements = new ArrayList<>();
      for (SyntaxNode child : each.children()) {
        if (child.field().equals("body")) {
          statements.add(statement(child));
        }
      }
      cases.add(
          new Stmt.Case(
              value == null ? List.of() : List.of(all.expression(value)),
              null,
              new Stmt.Block(statements)));
    }
    return new Stmt.Switch(all.expressionOr(node.child("value"), node.line()), cases, true);
  }

  private List<Expr> decorators(SyntaxNode node) {
    List<Expr> marks = new ArrayList<>();
    for (SyntaxNode each : node.children()) {
      if (each.is("decorator")) {
        marks.add(all.expression(each));
      }
    }
    return marks;
  }

  private ClassCode classCode(SyntaxNode node) {
    List<Stmt> fields = new ArrayList<>();
    List<Function> methods = new ArrayList<>();
    List<Expr> marks = new ArrayList<>();
    SyntaxNode body = node.child("body");
    for (SyntaxNode each : body == null ? List.<SyntaxNode>of() : body.children()) {
      switch (each.kind()) {
        case "decorator" -> {
          marks.add(all.expression(each));
          continue;
        }
        case "method_definition" -> {
          methods.add(function(each, ScriptLowering.text(each.child("name")), List.copyOf(marks)));
          fields.addAll(kept(each.child("parameters")));
        }
        case "field_definition", "public_field_definition" -> {
          SyntaxNode value = each.child("value");
          SyntaxNode name = each.child("property");
          String text = ScriptLowering.text(name == null ? each.child("name") : name);
          if (value != null && value.is("arrow_function")) {
            methods.add(function(value, text, List.copyOf(marks)));
          } else if (value != null || each.child("type") != null) {
            // What an @Input or @Prop starts with is not what it is given.
            List<Expr> told = new ArrayList<>(marks);
            told.addAll(decorators(each));
            Stmt field =
                new Stmt.Evaluate(
                    Lowering.assign(
                        new Name(text, each.line()),
                        value == null || !told.isEmpty()
                            ? new Expr.Other("unset", List.of(), each.line())
                            : all.expression(value),
                        Lowering.simpleType(each.child("type")),
                        each.line()));
            fields.add(told.isEmpty() ? field : marked(told, field));
          }
        }
        default -> {}
      }
      marks.clear();
    }
    SyntaxNode heritage = node.first("class_heritage");
    return new ClassCode(
        ScriptLowering.text(node.child("name")),
        heritage == null ? List.of() : List.of(heritage.text()),
        fields,
        methods,
        List.of(),
        decorators(node),
        node.line());
  }

  private static Stmt marked(List<Expr> marks, Stmt field) {
    List<Stmt> parts = new ArrayList<>();
    marks.forEach(mark -> parts.add(new Stmt.Evaluate(mark)));
    parts.add(field);
    return new Stmt.Block(parts);
  }

  /// Parameters of a constructor that are fields: `constructor(private readonly users: Users)`.
  private List<Stmt> kept(@Nullable SyntaxNode params) {
    List<Stmt> fields = new ArrayList<>();
    for (SyntaxNode each : params == null ? List.<SyntaxNode>of() : params.children()) {
      SyntaxNode name = each.child("pattern");
      if (name != null && each.first("accessibility_modifier") != null) {
        fields.add(
            new Stmt.Evaluate(
                Lowering.assign(
                    new Name(name.text(), each.line()),
                    new Expr.Other("unset", List.of(), each.line()),
                    Lowering.simpleType(each.child("type")),
                    each.line())));
      }
    }
    return fields;
  }

  Function function(SyntaxNode node, String name, List<Expr> marks) {
    SyntaxNode body = node.child("body");
    int line = node.line();
    Stmt code =
        body == null || body.is("statement_block")
            ? all.statementOr(body)
            : new Stmt.Return(all.expression(body), line);
    List<Param> params = new ArrayList<>();
    List<Stmt> unpacked = new ArrayList<>();
    SyntaxNode one = node.child("parameter");
    SyntaxNode list = node.child("parameters");
    List<SyntaxNode> nodes =
        one != null ? List.of(one) : list == null ? List.of() : list.children();
    for (SyntaxNode each : nodes) {
      SyntaxNode pattern = each.child("pattern");
      Expr target = all.expression(pattern == null ? each : pattern);
      String param = target instanceof Name(String known, int _) ? known : "\0" + params.size();
      if (!(target instanceof Name)) {
        // The parts of an object: taken out of it as the first thing.
        unpacked.add(
            new Stmt.Evaluate(
                Lowering.assign(target, new Name(param, each.line()), "", each.line())));
      }
      params.add(
          new Param(
              param, Lowering.simpleType(each.child("type")), decorators(each), null, each.line()));
    }
    if (!unpacked.isEmpty()) {
      unpacked.add(code);
      code = new Stmt.Block(unpacked);
    }
    return new Function(name, params, code, marks, line, node.endLine());
  }
}
