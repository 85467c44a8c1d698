package dev.prguard.review.rules.code;

import dev.prguard.review.rules.code.Expr.Unary;
import dev.prguard.review.syntax.SyntaxNode;
import java.util.ArrayList;
import java.util.List;

/// Python: statements, functions and classes.
final class PythonStatements {

  private final PythonLowering all;

  PythonStatements(PythonLowering all) {
    this.all = all;
  }

  Stmt statement(SyntaxNode node) {
    int line = node.line();
    return switch (node.kind()) {
      case "block", "module", "ERROR" -> all.block(node);
      case "expression_statement" -> {
        List<Stmt> parts = new ArrayList<>();
        node.children().forEach(child -> parts.add(new Stmt.Evaluate(all.expression(child))));
        yield parts.size() == 1 ? parts.getFirst() : new Stmt.Block(parts);
      }
      case "if_statement" -> ifStatement(node);
      case "while_statement" ->
          new Stmt.Loop(
              all.optional(node.child("condition")),
              all.statementOr(node.child("body")),
              null,
              line);
      case "for_statement" ->
          new Stmt.ForEach(
              all.expressionOr(node.child("left"), line),
              "",
              all.expressionOr(node.child("right"), line),
              all.statementOr(node.child("body")));
      case "match_statement" -> match(node);
      case "try_statement" -> tryStatement(node);
      case "with_statement" -> with(node);
      case "return_statement" ->
          new Stmt.Return(node.children().isEmpty() ? null : all.single(node), line);
      case "raise_statement" -> new Stmt.Leave(Stmt.Kind.THROW, all.single(node));
      case "assert_statement" ->
          new Stmt.If(
              new Unary("not", all.single(node), line),
              new Stmt.Leave(Stmt.Kind.THROW, null),
              null);
      case "break_statement" -> new Stmt.Leave(Stmt.Kind.BREAK, null);
      case "continue_statement" -> new Stmt.Leave(Stmt.Kind.CONTINUE, null);
      case "function_definition" -> new Stmt.Define(function(node, List.of()));
      case "class_definition" -> new Stmt.DefineClass(classCode(node, List.of()));
      case "decorated_definition" -> decorated(node);
      case "import_statement" -> imports(node, "");
      case "import_from_statement" ->
          imports(node, PythonLowering.text(node.child("module_name")) + ".");
      case "pass_statement", "global_statement", "nonlocal_statement", "future_import_statement" ->
          new Stmt.Block(List.of());
      default -> new Stmt.Evaluate(all.expression(node));
    };
  }

  private Stmt imports(SyntaxNode node, String prefix) {
    List<Stmt> imports = new ArrayList<>();
    for (SyntaxNode child : node.children()) {
      if (child.field().equals("module_name")) {
        continue;
      }
      if (child.is("aliased_import")) {
        imports.add(
            new Stmt.Import(
                PythonLowering.text(child.child("alias")),
                prefix + PythonLowering.text(child.child("name"))));
      } else if (child.is("dotted_name")) {
        String name = child.text();
        if (prefix.isEmpty()) {
          int dot = name.indexOf('.');
          String first = dot < 0 ? name : name.substring(0, dot);
          imports.add(new Stmt.Import(first, first));
          imports.add(new Stmt.Import("\0module", name));
        } else {
          imports.add(new Stmt.Import(name, prefix + name));
        }
      } else if (child.is("wildcard_import")) {
        imports.add(new Stmt.Import("*", prefix));
      }
    }
    return new Stmt.Block(imports);
  }

  private Stmt ifStatement(SyntaxNode node) {
    List<SyntaxNode> alternatives =
        node.children().stream().filter(child -> child.field().equals("alternative")).toList();
    Stmt otherwise = null;
    for (SyntaxNode each : alternatives.reversed()) {
      otherwise =
          each.is("elif_clause")
              ? new Stmt.If(
                  all.expressionOr(each.child("condition"), each.line()),
                  all.statementOr(each.child("consequence")),
                  otherwise)
              : all.statementOr(each.child("body"));
    }
    return new Stmt.If(
        all.expressionOr(node.child("condition"), node.line()),
        all.statementOr(node.child("consequence")),
        otherwise);
  }

  private Stmt match(SyntaxNode node) {
    List<Stmt.Case> cases = new ArrayList<>();
    SyntaxNode body = node.child("body");
    for (SyntaxNode each : body == null ? List.<SyntaxNode>of() : body.children()) {
      List<Expr> labels = new ArrayList<>();
      for (SyntaxNode pattern : each.children()) {
        if (pattern.is("case_pattern") && !pattern.text().equals("_")) {
          labels(pattern, labels);
        }
      }
      SyntaxNode guard = each.child("guard");
      cases.add(
          new Stmt.Case(
              labels,
              guard == null ? null : all.single(guard),
              all.statementOr(each.child("consequence"))));
    }
    return new Stmt.Switch(all.expressionOr(node.child("subject"), node.line()), cases, false);
  }

  private void labels(SyntaxNode pattern, List<Expr> labels) {
    for (SyntaxNode child : pattern.children()) {
      if (child.is("union_pattern")) {
        labels(child, labels);
      } else {
        labels.add(all.expression(child));
      }
    }
    if (pattern.children().isEmpty()) {
      labels.add(all.other(pattern));
    }
  }

  private Stmt tryStatement(SyntaxNode node) {
    List<Stmt> handlers = new ArrayList<>();
    List<Stmt> body = new ArrayList<>();
    body.add(all.statementOr(node.child("body")));
    Stmt last = null;
    for (SyntaxNode each : node.children()) {
      switch (each.kind()) {
        case "except_clause", "except_group_clause" -> {
          List<Stmt> handler = new ArrayList<>();
          for (SyntaxNode child : each.children()) {
            // What is caught, under its name.
            handler.add(
                child.is("block") ? statement(child) : new Stmt.Evaluate(all.expression(child)));
          }
          handlers.add(new Stmt.Block(handler));
        }
        case "else_clause" -> body.add(all.statementOr(each.child("body")));
        case "finally_clause" -> last = all.statementOr(each.first("block"));
        default -> {}
      }
    }
    return new Stmt.Try(new Stmt.Block(body), handlers, last);
  }

  private Stmt with(SyntaxNode node) {
    List<Stmt> parts = new ArrayList<>();
    SyntaxNode clause = node.first("with_clause");
    for (SyntaxNode item : clause == null ? List.<SyntaxNode>of() : clause.children()) {
      parts.add(new Stmt.Evaluate(all.single(item)));
    }
    parts.add(all.statementOr(node.child("body")));
    return new Stmt.Block(parts);
  }

  private Stmt decorated(SyntaxNode node) {
    List<Expr> marks = new ArrayList<>();
    for (SyntaxNode child : node.children()) {
      if (child.is("decorator")) {
        marks.add(all.single(child));
      }
    }
    SyntaxNode definition = node.child("definition");
    if (definition == null) {
      return new Stmt.Block(List.of());
    }
    return definition.is("class_definition")
        ? new Stmt.DefineClass(classCode(definition, marks))
        : new Stmt.Define(function(definition, marks));
  }

  private ClassCode classCode(SyntaxNode node, List<Expr> marks) {
    List<Stmt> fields = new ArrayList<>();
    List<Function> methods = new ArrayList<>();
    List<ClassCode> inner = new ArrayList<>();
    SyntaxNode body = node.child("body");
    for (SyntaxNode each : body == null ? List.<SyntaxNode>of() : body.children()) {
      switch (statement(each)) {
        case Stmt.Define(Function function) -> methods.add(function);
        case Stmt.DefineClass(ClassCode code) -> inner.add(code);
        case Stmt other -> fields.add(other);
      }
    }
    List<String> bases = new ArrayList<>();
    SyntaxNode superclasses = node.child("superclasses");
    if (superclasses != null) {
      superclasses.children().forEach(child -> bases.add(child.text()));
    }
    return new ClassCode(
        PythonLowering.text(node.child("name")), bases, fields, methods, inner, marks, node.line());
  }

  private Function function(SyntaxNode node, List<Expr> marks) {
    return new Function(
        PythonLowering.text(node.child("name")),
        all.params(node.child("parameters")),
        all.statementOr(node.child("body")),
        marks,
        node.line(),
        node.endLine());
  }
}
