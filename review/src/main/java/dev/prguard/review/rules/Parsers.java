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

  /// A file that takes longer is left to the line rules. The largest sane file takes a third of it.
  private static final Duration DEADLINE = Duration.ofSeconds(1);

  /// After that many files that took too long, someone is playing: nothing more is parsed.
  private static final int MAX_FAILURES = 20;

  private final Deque<GrammarProcess> idle = new ArrayDeque<>();
  private final List<GrammarProcess> started = new ArrayList<>();
  private int failures;
  private boolean ending;

  /// @throws NoAnswerException when the text cannot be parsed here, or in time
  SyntaxTree tree(ParsedLanguage language, byte[] content) throws NoAnswerException {
    GrammarProcess process = take();
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
    return failures < MAX_FAILURES;
  }

  private synchronized GrammarProcess take() {
    if (!idle.isEmpty()) {
      return idle.pop();
    }
    GrammarProcess process = new GrammarProcess();
    started.add(process);
    if (!ending) {
      // Whoever scans single files does not say when it is done.
      ending = true;
      Runtime.getRuntime().addShutdownHook(new Thread(this::close, "parsers-end"));
    }
    return process;
  }

  /// Ends the processes; the next question starts one anew.
  @Override
  public synchronized void close() {
    started.forEach(GrammarProcess::close);
    started.clear();
    idle.clear();
    failures = 0;
  }
}
