package dev.prguard.review.rules;

import dev.prguard.review.syntax.GrammarPool;
import dev.prguard.review.syntax.GrammarProcess.NoAnswerException;
import dev.prguard.review.syntax.ParsedLanguage;
import dev.prguard.review.syntax.SyntaxTree;
import java.time.Duration;

/// Reads code as code for the rules, as long as it makes sense. Thread-safe.
final class Parsers {

  private static final Parsers SHARED = new Parsers();

  /// A file that takes longer is left to the line rules. The largest sane file takes a third of it.
  private static final Duration DEADLINE = Duration.ofMillis(500);

  /// When that many files took too long, and more than one in ten, someone is playing: nothing more
  /// is parsed.
  private static final int MAX_FAILURES = 20;

  private int failures;
  private int parsed;

  /// The one of this program: what a change costs is counted over all that scan it.
  static Parsers shared() {
    return SHARED;
  }

  /// @throws NoAnswerException when the text cannot be parsed here, or in time
  SyntaxTree tree(ParsedLanguage language, byte[] content) throws NoAnswerException {
    synchronized (this) {
      parsed++;
    }
    try {
      return GrammarPool.shared().tree(language, content, DEADLINE);
    } catch (NoAnswerException e) {
      synchronized (this) {
        failures++;
      }
      throw e;
    }
  }

  /// Whether it still makes sense to ask.
  synchronized boolean isWilling() {
    return failures < MAX_FAILURES || failures < parsed / 10;
  }

  /// What was wrong with one change is not held against the next.
  synchronized void forgive() {
    failures = 0;
    parsed = 0;
  }
}
