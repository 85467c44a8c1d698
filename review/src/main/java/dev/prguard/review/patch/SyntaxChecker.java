package dev.prguard.review.patch;

import dev.prguard.review.syntax.DeadlineException;
import dev.prguard.review.syntax.GrammarPool;
import dev.prguard.review.syntax.GrammarProcess;
import dev.prguard.review.syntax.GrammarProcess.NoAnswerException;
import dev.prguard.review.syntax.ParsedLanguage;
import dev.prguard.review.syntax.SyntaxError;
import dev.prguard.review.syntax.Token;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Says whether a file parses: Python, JavaScript, TypeScript, Java and Go by tree-sitter, JSON and
/// YAML by their readers. Every check ends within the deadline and without harm to this process,
/// whatever the text: tree-sitter runs in processes of its own, started at the first use and ended
/// by [#close], or with the program where it shares them. Thread-safe.
public final class SyntaxChecker implements AutoCloseable {

  /// Longer than any sane source file takes (1.5 MB a second), short enough for a person.
  private static final Duration DEADLINE = Duration.ofSeconds(2);

  /// More errors of a file are not told.
  static final int MAX_ERRORS = GrammarProcess.MAX_ERRORS;

  private final Duration deadline;
  private final GrammarPool grammars;

  /// Null where others use the processes, too.
  private final @Nullable GrammarPool own;

  /// With the processes that read the code for the rules.
  public SyntaxChecker() {
    this.deadline = DEADLINE;
    this.grammars = GrammarPool.shared();
    this.own = null;
  }

  /// @param deadline for one file; a start of the parser's process comes on top, once
  public SyntaxChecker(Duration deadline) {
    this.deadline = deadline;
    this.own = new GrammarPool();
    this.grammars = own;
  }

  /// The answer about one file.
  public sealed interface Verdict {}

  /// Without an error.
  public record Parses() implements Verdict {}

  /// With errors, in the order of the file; at most 200 are told.
  public record Broken(List<SyntaxError> errors) implements Verdict {
    public Broken {
      errors = List.copyOf(errors);
    }

    public int count() {
      return errors.size();
    }
  }

  /// Nothing is known: the deadline came first, or the parser crashed.
  public record TimedOut(String reason) implements Verdict {}

  /// Nothing is known: nobody here reads this language, or data that did not parse.
  public record NoGrammar(String reason) implements Verdict {}

  /// Parses the file.
  ///
  /// @param path decides the language by its ending
  public Verdict check(String path, byte[] content) {
    ParsedLanguage language = ParsedLanguage.of(path);
    return switch (language) {
      case NONE -> new NoGrammar("no grammar for ." + ParsedLanguage.ending(path));
      case JSON, YAML -> checkData(language, content);
      case PYTHON, JAVASCRIPT, TYPESCRIPT, TSX, JAVA, GO -> checkCode(language, content);
    };
  }

  private Verdict checkData(ParsedLanguage language, byte[] content) {
    try {
      boolean parses = DataText.events(language, content, giveUp()).isPresent();
      // The readers stop at the first error and do not say where in bytes.
      return parses
          ? new Parses()
          : new Broken(List.of(new SyntaxError(0, content.length, "does not parse")));
    } catch (DeadlineException e) {
      return new TimedOut("could not be parsed within " + deadline.toMillis() + " ms");
    }
  }

  private Verdict checkCode(ParsedLanguage language, byte[] content) {
    try {
      List<SyntaxError> errors = grammars.errors(language, content, deadline);
      return errors.isEmpty() ? new Parses() : new Broken(errors);
    } catch (NoAnswerException e) {
      return e.noGrammar() ? new NoGrammar(e.reason()) : new TimedOut(e.reason());
    }
  }

  /// The tokens of a file in one of the five programming languages; empty for another language, or
  /// when they could not be had.
  ///
  /// @param from start of the stretch that a fix replaces, as an offset
  /// @param to its end
  Optional<List<Token>> tokens(String path, byte[] content, int from, int to) {
    ParsedLanguage language = ParsedLanguage.of(path);
    return switch (language) {
      case NONE, JSON, YAML -> Optional.empty();
      case PYTHON, JAVASCRIPT, TYPESCRIPT, TSX, JAVA, GO -> {
        try {
          yield Optional.of(grammars.tokens(language, content, from, to, deadline));
        } catch (NoAnswerException e) {
          yield Optional.empty();
        }
      }
    };
  }

  /// The data in a JSON or YAML file, free of layout; empty for another language, or when it does
  /// not parse.
  Optional<List<String>> data(String path, byte[] content) {
    ParsedLanguage language = ParsedLanguage.of(path);
    if (language != ParsedLanguage.JSON && language != ParsedLanguage.YAML) {
      return Optional.empty();
    }
    try {
      return DataText.events(language, content, giveUp());
    } catch (DeadlineException e) {
      return Optional.empty();
    }
  }

  private long giveUp() {
    return System.nanoTime() + deadline.toNanos();
  }

  @Override
  public void close() {
    if (own != null) {
      own.close();
    }
  }
}
