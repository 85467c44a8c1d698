package dev.prguard.review.rules.code;

import dev.prguard.review.syntax.ParsedLanguage;
import dev.prguard.review.syntax.SyntaxTree;
import java.util.List;

/// A file of code.
public record Program(ParsedLanguage language, List<Stmt> statements) {
  public Program {
    statements = List.copyOf(statements);
  }

  /// @throws IllegalArgumentException for data
  public static Program of(ParsedLanguage language, SyntaxTree tree) {
    Lowering lowering =
        switch (language) {
          case PYTHON -> new PythonLowering();
          case JAVASCRIPT, TYPESCRIPT, TSX -> new ScriptLowering();
          case JAVA -> new JavaLowering();
          case GO -> new GoLowering();
          case JSON, YAML, NONE -> throw new IllegalArgumentException("language: " + language);
        };
    return new Program(language, lowering.statements(tree.root().children()));
  }
}
