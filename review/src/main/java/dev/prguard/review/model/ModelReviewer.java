package dev.prguard.review.model;

import dev.prguard.review.change.Change;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.Hunk;
import dev.prguard.review.result.Coverage.Look;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Has a model review a change: groups of files in parallel, every answer checked against the code.
public final class ModelReviewer {
  private final ModelSettings settings;
  private final UnaryOperator<String> redactor;
  private final Map<ModelId.Provider, Semaphore> permits = new ConcurrentHashMap<>();

  /// @param redactor takes secrets out of text and keeps its lines (`SecretRedactor::redact`)
  public ModelReviewer(ModelSettings settings, UnaryOperator<String> redactor) {
    this.settings = settings;
    this.redactor = redactor;
  }

  /// Every hunk of a change, in order.
  public static Set<HunkKey> hunks(Change change) {
    Set<HunkKey> keys = new LinkedHashSet<>();
    for (FileDiff file : change.diff().files()) {
      for (int i = 0; i < file.hunks().size(); i++) {
        keys.add(new HunkKey(file.path(), i));
      }
    }
    return keys;
  }

  /// Reviews the whole change.
  public ModelReview review(Change change, ModelClient client, CallScope scope) {
    return review(change, client, scope, hunks(change));
  }

  /// Reviews these hunks of the change.
  public ModelReview review(Change change, ModelClient client, CallScope scope, Set<HunkKey> only) {
    return review(change, client, scope, only, (done, files) -> {});
  }

  /// Told how many of the files have their answer, in the order of the answers, by any thread.
  @FunctionalInterface
  public interface Progress {
    void answered(int done, int files);
  }

  /// Reviews these hunks of the change. Never throws for what the model or its provider does; what
  /// was not seen is in `looks` with the reason.
  public ModelReview review(
      Change change, ModelClient client, CallScope scope, Set<HunkKey> only, Progress progress) {
    FileGroups groups = FileGroups.of(change, settings, only::contains);
    PromptBuilder prompts = new PromptBuilder(redactor, settings.maxOutputTokens());
    List<Outcome> outcomes = ask(change, client, scope, groups, prompts, progress);
    QuoteIndex quotes = new QuoteIndex(change, prompts);
    Merge merge = new Merge(quotes, new FindingCheck(quotes, redactor));
    groups.unsent().forEach((key, reason) -> merge.notSeen(key, reason));
    outcomes.forEach(merge::add);
    merge.clippedLines(change, only);
    return merge.review();
  }

  private record Outcome(FileGroup group, Answer answer) {}

  private List<Outcome> ask(
      Change change,
      ModelClient client,
      CallScope scope,
      FileGroups groups,
      PromptBuilder prompts,
      Progress progress) {
    OpenFiles open = new OpenFiles(groups.groups(), progress);
    Semaphore permit =
        permits.computeIfAbsent(
            client.id().provider(), p -> new Semaphore(settings.parallelCalls()));
    List<Outcome> outcomes = new ArrayList<>();
    try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> answers = new ArrayList<>();
      for (FileGroup group : groups.groups()) {
        answers.add(
            calls.submit(() -> {
              Prompt prompt = prompts.review(change.pullRequest(), group);
              permit.acquire();
              try {
                return client.chat(prompt, scope);
              } finally {
                permit.release();
                open.answered(group);
              }
            }));
      }
      for (int i = 0; i < answers.size(); i++) {
        try {
          outcomes.add(new Outcome(groups.groups().get(i), answers.get(i).get()));
        } catch (InterruptedException e) {
          // Stopped from outside: the calls under way are given up, what is there is kept.
          calls.shutdownNow();
          Thread.currentThread().interrupt();
          for (int j = i; j < answers.size(); j++) {
            outcomes.add(new Outcome(groups.groups().get(j), STOPPED));
          }
          break;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof InterruptedException) {
            outcomes.add(new Outcome(groups.groups().get(i), STOPPED));
          } else {
            throw new IllegalStateException("a model call broke its promise not to throw", e);
          }
        }
      }
    }
    return outcomes;
  }

  private static final Answer STOPPED =
      new Answer.Failed(Answer.FailureReason.CANCELLED, "stopped");

  /// Puts the answers of the groups together.
  private static final class Merge {
    private final QuoteIndex quotes;
    private final FindingCheck check;
    private final Map<HunkKey, Look> looks = new TreeMap<>();
    private final Set<String> problems = new LinkedHashSet<>();
    private final Set<HunkKey> failed = new TreeSet<>();
    private int phantoms;

    Merge(QuoteIndex quotes, FindingCheck check) {
      this.quotes = quotes;
      this.check = check;
    }

    void add(Outcome outcome) {
      switch (outcome.answer()) {
        case Answer.Complete complete -> read(outcome.group(), complete.text(), null);
        case Answer.Truncated truncated ->
            read(
                outcome.group(),
                truncated.text(),
                "the model's answer was cut off (" + truncated.finish() + ")");
        case Answer.Refused refused -> fail(outcome.group(), refused.reason());
        case Answer.Failed answer -> {
          if (answer.reason() == Answer.FailureReason.OVER_BUDGET) {
            problems.add(answer.message());
            keys(outcome.group()).forEach(key -> notSeen(key, answer.message()));
          } else {
            fail(outcome.group(), answer.message());
          }
        }
      }
    }

    /// @param cut why the answer is not whole, null when it is
    private void read(FileGroup group, String text, @Nullable String cut) {
      ParsedAnswer parsed = AnswerParser.parse(text);
      Set<HunkKey> keys = keys(group);
      if (!parsed.readable()) {
        if (cut != null) {
          problems.add(cut);
        }
        fail(group, cut != null ? cut : "the model's answer could not be read");
        return;
      }
      boolean elsewhere = !parsed.findings().isEmpty();
      for (ModelFinding claim : parsed.findings()) {
        if (!check.accept(claim)) {
          phantoms++;
        }
        elsewhere &= !names(group, claim);
      }
      String limit = cut;
      if (limit == null && parsed.truncated()) {
        limit = "the model's answer was cut off";
      }
      if (limit == null && parsed.dropped() > 0) {
        limit = "a part of the model's answer could not be read";
      }
      if (limit == null && elsewhere) {
        limit = "the model's answer is about other files than it was asked about";
      }
      for (HunkKey key : keys) {
        see(key, limit == null ? Look.YES : Look.partly(limit));
      }
      if (limit != null) {
        problems.add(limit);
      }
      parsed.problems().forEach(problems::add);
    }

    private boolean names(FileGroup group, ModelFinding claim) {
      String path = quotes.path(FindingCheck.unquoted(claim.path()));
      return group.pieces().stream()
          .anyMatch(
              piece -> path.equals(piece.file().path()) || path.equals(piece.file().oldPath()));
    }

    private void fail(FileGroup group, String reason) {
      problems.add(reason);
      for (HunkKey key : keys(group)) {
        notSeen(key, "model failed: " + reason);
        failed.add(key);
      }
    }

    void notSeen(HunkKey key, String reason) {
      see(key, Look.no(reason));
    }

    /// A hunk that was cut into pieces is seen as well as all of them together.
    private void see(HunkKey key, Look look) {
      looks.merge(key, look, Merge::together);
    }

    private static Look together(Look a, Look b) {
      if (a.seen() == b.seen()) {
        return a;
      }
      String reason = a.reason() != null ? a.reason() : b.reason();
      return Look.partly(reason == null ? "not all of it was seen" : reason);
    }

    void clippedLines(Change change, Set<HunkKey> only) {
      for (FileDiff file : change.diff().files()) {
        for (int i = 0; i < file.hunks().size(); i++) {
          HunkKey key = new HunkKey(file.path(), i);
          if (only.contains(key)
              && Look.YES.equals(looks.get(key))
              && clipped(file.hunks().get(i))) {
            looks.put(
                key,
                Look.partly(
                    "lines over "
                        + PromptBuilder.MAX_LINE_CHARS
                        + " characters were shown to the model in part"));
          }
        }
      }
    }

    private static boolean clipped(Hunk hunk) {
      for (DiffLine line : hunk.lines()) {
        if (PromptBuilder.clipped(line)) {
          return true;
        }
      }
      return false;
    }

    private static Set<HunkKey> keys(FileGroup group) {
      Set<HunkKey> keys = new LinkedHashSet<>();
      group.pieces().forEach(piece -> keys.add(piece.key()));
      return keys;
    }

    ModelReview review() {
      if (phantoms > 0) {
        problems.add(
            phantoms + " finding(s) of the model quoted code that is not there and do not count");
      }
      return new ModelReview(check.findings(), looks, List.copyOf(problems), failed, phantoms);
    }
  }
}
