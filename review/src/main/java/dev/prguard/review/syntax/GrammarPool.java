package dev.prguard.review.syntax;

import dev.prguard.review.syntax.GrammarProcess.NoAnswerException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The parser processes of this program, started when needed. The start of one takes a third of a
/// second of a core, so there is another only for a change that keeps it busy for longer.
/// Thread-safe.
public final class GrammarPool implements AutoCloseable {

  private static final GrammarPool SHARED = new GrammarPool();

  static {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(SHARED::end, "parsers-end"));
    } catch (IllegalStateException e) {
      // The first text comes after the signal that ends the program.
      SHARED.end();
    }
  }

  /// So many questions are worth a process.
  private static final int QUESTIONS = 30;

  private static final int MAX_PROCESSES = Runtime.getRuntime().availableProcessors();

  private final Deque<GrammarProcess> idle = new ArrayDeque<>();
  private final List<GrammarProcess> started = new ArrayList<>();
  private int asked;
  private boolean ended;

  /// Of the whole program: a review parses more than once. They end with it.
  public static GrammarPool shared() {
    return SHARED;
  }

  @FunctionalInterface
  private interface Question<T> {
    T to(GrammarProcess process) throws NoAnswerException;
  }

  /// As [GrammarProcess#errors].
  public List<SyntaxError> errors(ParsedLanguage language, byte[] content, Duration deadline)
      throws NoAnswerException {
    return ask(process -> process.errors(language, content, deadline));
  }

  /// As [GrammarProcess#tokens].
  public List<Token> tokens(
      ParsedLanguage language, byte[] content, int from, int to, Duration deadline)
      throws NoAnswerException {
    return ask(process -> process.tokens(language, content, from, to, deadline));
  }

  /// As [GrammarProcess#tree].
  public SyntaxTree tree(ParsedLanguage language, byte[] content, Duration deadline)
      throws NoAnswerException {
    return ask(process -> process.tree(language, content, deadline));
  }

  private <T> T ask(Question<T> question) throws NoAnswerException {
    GrammarProcess process = take();
    try {
      return question.to(process);
    } finally {
      giveBack(process);
    }
  }

  /// Waits for one that is free, unless there is reason for another.
  private synchronized GrammarProcess take() throws NoAnswerException {
    asked++;
    while (idle.isEmpty()) {
      if (ended) {
        throw new NoAnswerException("the program is ending", true);
      }
      if (started.isEmpty()
          || (started.size() < MAX_PROCESSES && asked > QUESTIONS * started.size())) {
        GrammarProcess process = new GrammarProcess();
        started.add(process);
        return process;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new NoAnswerException("interrupted", false);
      }
    }
    return idle.pop();
  }

  private synchronized void giveBack(GrammarProcess process) {
    // One that was taken before a close would outlive it.
    if (started.contains(process)) {
      idle.push(process);
    } else {
      process.close();
    }
    notifyAll();
  }

  /// Ends the processes for good: one started now would outlive the program.
  private void end() {
    synchronized (this) {
      ended = true;
    }
    close();
  }

  /// Ends the processes; the next question starts one anew.
  @Override
  public void close() {
    List<GrammarProcess> ending;
    synchronized (this) {
      ending = List.copyOf(started);
      started.clear();
      idle.clear();
      asked = 0;
      notifyAll();
    }
    ending.forEach(GrammarProcess::close);
  }
}
