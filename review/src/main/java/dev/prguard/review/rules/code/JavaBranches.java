package dev.prguard.review.rules.code;

import dev.prguard.review.syntax.SyntaxNode;
import java.util.ArrayList;
import java.util.List;

/// Java: loops, switches and try.
final class JavaBranches {

  private final JavaLowering all;

  JavaBranches(JavaLowering all) {
    this.all = all;
  }

  Stmt forStatement(SyntaxNode node) {
    List<Stmt> parts = new ArrayList<>();
    for (SyntaxNode each : node.children()) {
      if (each.field().equals("init")) {
        parts.add(all.statement(each));
      }
    }
    parts.add(
        new Stmt.Loop(
            all.optional(node.child("condition")),
            all.statementOr(node.child("body")),
            all.optional(node.child("update")),
            node.line()));
    return new Stmt.Block(parts);
  }

  Stmt switchStatement(SyntaxNode node, boolean value) {
    List<Stmt.Case> cases = new ArrayList<>();
    SyntaxNode body = node.child("body");
    boolean falls = false;
    for (SyntaxNode group : body == null ? List.<SyntaxNode>of() : body.children()) {
      List<Expr> labels = new ArrayList<>();
      List<Stmt> statements = new ArrayList<>();
      boolean isDefault = false;
      falls |= group.is("switch_block_statement_group");
      for (SyntaxNode child : group.children()) {
        if (child.is("switch_label")) {
          isDefault |= child.children().isEmpty();
          labels.addAll(all.expressions(child.children()));
        } else if (value && group.is("switch_rule") && child.is("expression_statement")) {
          statements.add(new Stmt.Return(all.single(child), child.line()));
        } else {
          statements.add(all.statement(child));
        }
      }
      cases.add(new Stmt.Case(isDefault ? List.of() : labels, null, new Stmt.Block(statements)));
    }
    return new Stmt.Switch(all.expressionOr(node.child("condition"), node.line()), cases, falls);
  }

  Stmt tryStatement(SyntaxNode node) {
    List<Stmt> body = new ArrayList<>();
    List<Stmt> handlers = new ArrayList<>();
    Stmt last = null;
    for (SyntaxNode each : node.children()) {
      switch (each.kind()) {
        case "resource_specification" -> {
          for (SyntaxNode resource : each.children()) {
            SyntaxNode name = resource.child("name");
            SyntaxNode value = resource.child("value");
            Expr made = value == null ? all.other(resource) : all.expression(value);
            body.add(
                new Stmt.Evaluate(
                    name == null
                        ? made
                        : Lowering.assign(
                            all.expression(name),
                            made,
                            Lowering.simpleType(resource.child("type")),
                            resource.line())));
          }
        }
        case "block" -> body.add(all.block(each));
        case "catch_clause" -> handlers.add(all.statementOr(each.child("body")));
        case "finally_clause" -> last = all.block(each);
        default -> {}
      }
    }
    return new Stmt.Try(new Stmt.Block(body), handlers, last);
  }
}
