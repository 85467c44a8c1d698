package dev.prguard.review.workflow;

import dev.prguard.review.change.Change;
import dev.prguard.review.change.ChangeSource;
import dev.prguard.review.change.ChangeSourceException;
import dev.prguard.review.change.PullRequest;
import dev.prguard.review.cost.Cost;
import dev.prguard.review.github.PatchPublication;
import dev.prguard.review.model.CallScope;
import dev.prguard.review.model.HunkKey;
import dev.prguard.review.model.ModelClient;
import dev.prguard.review.model.ModelReviewer;
import dev.prguard.review.patch.Drafts;
import dev.prguard.review.patch.FixWriter;
import dev.prguard.review.patch.PatchAgent;
import dev.prguard.review.report.MarkdownReport;
import dev.prguard.review.result.Coverage;
import dev.prguard.review.result.PatchOutcome;
import dev.prguard.review.result.PublishReceipt;
import dev.prguard.review.result.ReviewResult;
import dev.prguard.review.result.Risk;
import dev.prguard.trace.ReviewAttributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;

/// One review, start to end: fetch → nitpicker → architect → patch → comment. Each agent is an
/// operation span; the root span sums them. Whatever fails, the spans end with their attributes,
/// the rules' findings stay, and the status claims no more than the coverage shows.
public final class ReviewWorkflow {
  private static final String NITPICKER = "nitpicker.analyze";

  private final Tracer tracer;
  private final InstantSource clock;
  private final Consumer<ReviewProgress> progress;

  public ReviewWorkflow(Tracer tracer, InstantSource clock, Consumer<ReviewProgress> progress) {
    this.tracer = tracer;
    this.clock = clock;
    this.progress = progress;
  }

  /// Reviews a change.
  ///
  /// @param known what is known of the pull request before it is fetched (its URL), for the spans
  ///   of a failed fetch
  /// @param planner decides models, budget and publishing once the base branch's configuration can
  ///   be read
  /// @throws CancellationException when the thread was interrupted
  /// @throws RuntimeException what `planner` throws; the trace has ended by then, as an error
  public ReviewOutcome run(
      ChangeSource source, PullRequest known, Function<Change, ReviewPlan> planner) {
    ReviewRun run = new ReviewRun(tracer, progress, known);
    try {
      Change change;
      ReviewPlan plan;
      try {
        change = fetch(run, source);
        // Reads the base branch's settings: without them nobody knows how to review.
        plan = planner.apply(change);
      } catch (ChangeSourceException e) {
        return run.notFetched(e);
      }
      nitpick(run, change, plan);
      goOn();
      patch(run, change, plan);
      // Who stops a review does not want half of it published.
      goOn();
      comment(run, change, plan);
      return run.finish();
    } catch (RuntimeException | Error e) {
      run.abort(e);
      throw e;
    }
  }

  private static void goOn() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("the review was stopped");
    }
  }

  private static Change fetch(ReviewRun run, ChangeSource source) {
    Operation operation = run.start("fetch", "fetch.diff", "reading the change");
    try {
      Change change = source.fetch();
      run.fetched(change.pullRequest());
      Span span = operation.span();
      span.setAttribute(ReviewAttributes.DIFF_SIZE_CHARS, change.diff().sizeChars());
      span.setAttribute(
          ReviewAttributes.DIFF_FILES, (long) change.diff().files().size() + change.gaps().size());
      span.setAttribute(ReviewAttributes.DIFF_ADDED_LINES, change.diff().addedLines());
      return change;
    } catch (ChangeSourceException e) {
      operation.fail("fetch_" + e.category().name().toLowerCase(Locale.ROOT), "not fetched");
      throw e;
    } finally {
      run.end(operation);
    }
  }

  private void nitpick(ReviewRun run, Change change, ReviewPlan plan) {
    Nitpicker nitpicker = new Nitpicker(tracer, plan.scanner());
    Set<HunkKey> open = ModelReviewer.hunks(change);
    boolean modelFailed = false;
    if (plan.models().isEmpty()) {
      Operation operation = run.start("nitpicker", NITPICKER, scanStep(change));
      try {
        nitpicker.scan(change, operation.context(), run.pullRequestAttributes());
      } finally {
        ReviewRun.issues(operation.span(), nitpicker.findings());
        run.end(operation);
      }
    }
    // A fall-back to another model is an operation of its own: an operation has at most one model.
    for (int i = 0; i < plan.models().size() && (i == 0 || !open.isEmpty()); i++) {
      ModelClient model = plan.models().get(i);
      String step = (i == 0 ? "asking " : "falling back to ") + model.id();
      Operation operation = run.start("nitpicker", NITPICKER, step);
      CallScope scope = scope(run, operation, plan);
      // The rules need no model and the model no rules: neither waits for the other.
      CompletableFuture<Void> rules =
          i > 0
              ? CompletableFuture.completedFuture(null)
              : CompletableFuture.runAsync(
                  () -> nitpicker.scan(change, operation.context(), run.pullRequestAttributes()),
                  Thread::startVirtualThread);
      try {
        open =
            nitpicker.ask(
                change,
                model,
                scope,
                open,
                (done, files) -> run.progress("nitpicker", step, done, files, scope.cost()));
        if (!open.isEmpty()) {
          operation.fail("model", open.size() + " hunks not reviewed by the model");
        }
      } finally {
        await(rules);
        operation.used(model.id().model(), scope.calls());
        scope.unpriced().forEach(run::problem);
        ReviewRun.issues(operation.span(), nitpicker.findings());
        run.end(operation);
      }
      modelFailed = !open.isEmpty();
    }
    nitpicker.problems().forEach(run::problem);
    if (modelFailed) {
      run.outsideFailed();
    }
    Coverage coverage =
        CoverageLedger.of(
            change, nitpicker.ruleLooks(), nitpicker.modelLooks(), !plan.models().isEmpty());
    if (coverage.files().isEmpty()) {
      run.problem(ReviewResult.EMPTY);
    }
    run.covered(coverage, CoverageLedger.status(coverage));
    run.assessed(nitpicker.findings(), new Risk(Risk.Level.LOW, "not assessed"));
    assess(run, nitpicker);
  }

  private static void await(CompletableFuture<Void> work) {
    try {
      work.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failed) {
        throw failed;
      }
      throw e;
    }
  }

  private static void assess(ReviewRun run, Nitpicker nitpicker) {
    Operation operation = run.start("architect", "architect.analyze", "ranking findings");
    try {
      Assessment assessment = Architect.assess(nitpicker.ruleFindings(), nitpicker.modelFindings());
      run.assessed(assessment.findings(), assessment.risk());
    } finally {
      run.issues(operation.span());
      run.risk(operation.span());
      run.end(operation);
    }
  }

  private CallScope scope(ReviewRun run, Operation operation, ReviewPlan plan) {
    return new CallScope(
        operation.context(),
        tracer,
        run.pullRequestAttributes(),
        plan.budget(),
        plan.prices(),
        clock,
        plan.deadline());
  }

  private void patch(ReviewRun run, Change change, ReviewPlan plan) {
    Operation operation = run.start("patch", "patch.generate", "proving fixes");
    CallScope scope = scope(run, operation, plan);
    Span span = operation.span();
    try {
      PatchAgent agent = new PatchAgent(plan.scanner()::scanFile, clock);
      Optional<FixWriter> model =
          plan.models().stream()
              .findFirst()
              .map(first -> new ModelFixWriter(first, scope, run::problem));
      Drafts drafts = agent.draft(change, run.findings(), plan.patchPolicy(), model);
      run.patched(prove(run, change, agent, drafts, operation));
      span.setAttribute(ReviewAttributes.PATCH_PR_CREATED, offer(run, change, plan, operation));
    } catch (ChangeSourceException e) {
      // The forge failed while the head was read: there is no patch, and the findings stand.
      run.problem("no patch: " + e.getMessage());
      run.outsideFailed();
      operation.fail("patch", "the head could not be read");
      span.setAttribute(ReviewAttributes.PATCH_PR_CREATED, false);
    } finally {
      PatchOutcome patch = run.patch();
      span.setAttribute(ReviewAttributes.PATCH_GENERATED, patch.generated());
      span.setAttribute(ReviewAttributes.PATCH_VERIFIED, patch.verified());
      span.setAttribute(ReviewAttributes.PATCH_ISSUES_TOTAL, (long) patch.issuesTotal());
      span.setAttribute(ReviewAttributes.PATCH_ISSUES_SAFE, (long) patch.issuesSafe());
      span.setAttribute(ReviewAttributes.PATCH_ISSUES_PATCHED, (long) patch.issuesPatched());
      if (!scope.calls().isEmpty()) {
        operation.used(plan.models().getFirst().id().model(), scope.calls());
        scope.unpriced().forEach(run::problem);
      }
      run.end(operation);
    }
  }

  private PatchOutcome prove(
      ReviewRun run, Change change, PatchAgent agent, Drafts drafts, Operation operation) {
    Span span = tracer.spanBuilder("patch.verify").setParent(operation.context()).startSpan();
    span.setAllAttributes(run.pullRequestAttributes());
    try {
      int all = drafts.drafts().size();
      return agent.prove(
          change,
          drafts,
          done ->
              run.progress("patch", "proving fixes, " + done + " of " + all, 0, 0, Cost.zero()));
    } finally {
      span.end();
    }
  }

  /// Opens the draft pull request, if one was asked for and something was proven.
  private static boolean offer(ReviewRun run, Change change, ReviewPlan plan, Operation operation) {
    if (plan.patchPublisher().isEmpty() || !run.patch().verified()) {
      return false;
    }
    PatchPublication publication =
        plan.patchPublisher().get().publish(PatchOffer.of(change, run.patch()));
    return switch (publication) {
      case PatchPublication.Offered offered -> {
        run.patched(run.patch().offeredBy(offered.url()));
        yield offered.created();
      }
      case PatchPublication.Refused refused -> {
        run.problem(refused.reason());
        run.outsideFailed();
        run.incomplete();
        operation.fail("patch_pr", "the draft pull request was not opened");
        yield false;
      }
    };
  }

  private static void comment(ReviewRun run, Change change, ReviewPlan plan) {
    Operation operation =
        run.start(
            "comment",
            "comment.post",
            plan.publisher().isPresent() ? "publishing" : "writing the summary");
    long length = 0;
    boolean posted = false;
    try {
      if (plan.publisher().isEmpty()) {
        length = MarkdownReport.summary(run.result()).length();
      } else {
        PublishReceipt receipt =
            plan.publisher().get().publish(ReviewPublication.of(run.result(), change));
        run.published(receipt);
        length = receipt.summaryLength();
        posted = receipt.summaryUrl() != null;
        if (receipt.failed() > 0 || !receipt.errors().isEmpty() || !posted) {
          receipt.errors().forEach(run::problem);
          run.outsideFailed();
          run.incomplete();
          operation.fail("publish", receipt.failed() + " findings not published");
        }
      }
    } catch (ChangeSourceException e) {
      run.problem("not published: " + e.getMessage());
      run.outsideFailed();
      run.incomplete();
      operation.fail("publish", "not published");
    } finally {
      operation.span().setAttribute(ReviewAttributes.COMMENT_POSTED, posted);
      operation.span().setAttribute(ReviewAttributes.COMMENT_LENGTH, length);
      run.end(operation);
    }
  }

  private static String scanStep(Change change) {
    return "rules over " + change.diff().files().size() + " files";
  }
}
