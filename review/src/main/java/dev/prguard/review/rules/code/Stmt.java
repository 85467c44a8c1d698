package dev.prguard.review.rules.code;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement.
public sealed interface Stmt {

  record Evaluate(Expr value) implements Stmt {}

  record If(Expr test, Stmt then, @Nullable Stmt otherwise) implements Stmt {}

  /// @param update evaluated after each round
  record Loop(@Nullable Expr test, Stmt body, @Nullable Expr update, int line) implements Stmt {}

  record ForEach(Expr target, String type, Expr iterable, Stmt body) implements Stmt {}

  /// @param falls whether a case goes on into the next one
  record Switch(Expr subject, List<Case> cases, boolean falls) implements Stmt {
    public Switch {
      cases = List.copyOf(cases);
    }
  }

  /// @param labels empty for the default
  /// @param guard a further condition
  record Case(List<Expr> labels, @Nullable Expr guard, Stmt body) {
    public Case {
      labels = List.copyOf(labels);
    }
  }

  record Try(Stmt body, List<Stmt> handlers, @Nullable Stmt last) implements Stmt {
    public Try {
      handlers = List.copyOf(handlers);
    }
  }

  record Return(@Nullable Expr value, int line) implements Stmt {}

  /// Leaves a loop, or the function by an exception.
  record Leave(Kind kind, @Nullable Expr value) implements Stmt {}

  enum Kind {
    BREAK,
    CONTINUE,
    THROW
  }

  record Block(List<Stmt> statements) implements Stmt {
    public Block {
      statements = List.copyOf(statements);
    }
  }

  record Define(Function function) implements Stmt {}

  record DefineClass(ClassCode code) implements Stmt {}

  /// `alias` stands for what the dotted `path` names.
  record Import(String alias, String path) implements Stmt {}
}
