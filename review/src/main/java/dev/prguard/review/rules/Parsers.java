package dev.prguard.review.rules;

import dev.prguard.review.syntax.GrammarProcess;
import dev.prguard.review.syntax.GrammarProcess.NoAnswerException;
import dev.prguard.review.syntax.ParsedLanguage;
import dev.prguard.review.syntax.SyntaxTree;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Parser processes, one for each thread that parses at a time; started when needed. Thread-safe.
final class Parsers implements AutoCloseable {

  private static final Parsers SHARED = new Parsers();

  /// A file that takes longer is left to the line rules. The largest sane file takes a third of it.
  private static final Duration DEADLINE = Duration.ofMillis(800);

  /// When that many files took too long, and more than one in ten, someone is playing: nothing more
  /// is parsed.
  private static final int MAX_FAILURES = 20;

  private final Deque<GrammarProcess> idle = new ArrayDeque<>();
  private final List<GrammarProcess> started = new ArrayList<>();
  private int failures;
  private int parsed;
  private boolean ending;

  /// The ones of this program. They end with it: a review scans more than once, and each start of a
  /// process takes a third of a second.
  static Parsers shared() {
    return SHARED;
  }

  /// @throws NoAnswerException when the text cannot be parsed here, or in time
  SyntaxTree tree(ParsedLanguage language, byte[] content) throws NoAnswerException {
    GrammarProcess process = take();
    synchronized (this) {
      parsed++;
    }
    try {
      return process.tree(language, content, DEADLINE);
    } catch (NoAnswerException e) {
      synchronized (this) {
        failures++;
      }
      throw e;
    } finally {
      synchronized (this) {
        idle.push(process);
      }
    }
  }

  /// Whether it still makes sense to ask.
  synchronized boolean isWilling() {
    return failures < MAX_FAILURES || failures < parsed / 10;
  }

  private synchronized GrammarProcess take() {
    if (!idle.isEmpty()) {
      return idle.pop();
    }
    GrammarProcess process = new GrammarProcess();
    started.add(process);
    if (!ending) {
      ending = true;
      Runtime.getRuntime().addShutdownHook(new Thread(this::close, "parsers-end"));
    }
    return process;
  }

  /// What was wrong with one change is not held against the next.
  synchronized void forgive() {
    failures = 0;
    parsed = 0;
  }

  /// Ends the processes; the next question starts one anew.
  @Override
  public synchronized void close() {
    started.forEach(GrammarProcess::close);
    started.clear();
    idle.clear();
    failures = 0;
    parsed = 0;
  }
}
