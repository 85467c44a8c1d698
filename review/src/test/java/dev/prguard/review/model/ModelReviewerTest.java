package dev.prguard.review.model;

import static dev.prguard.review.model.ModelTestBed.openAi;
import static dev.prguard.review.model.TestChanges.LOGIN;
import static dev.prguard.review.model.TestChanges.answer;
import static dev.prguard.review.model.TestChanges.change;
import static dev.prguard.review.model.TestChanges.file;
import static dev.prguard.review.model.TestChanges.finding;
import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.change.Change;
import dev.prguard.review.cost.Budget;
import dev.prguard.review.cost.Cost;
import dev.prguard.review.cost.PriceBook;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.result.Coverage.Look;
import dev.prguard.review.result.Coverage.Seen;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Severity;
import dev.prguard.review.rules.SecretRedactor;
import dev.prguard.testkit.TestHttpServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelReviewerTest {
  private static final ModelId MINI = ModelId.parse("openai/gpt-4o-mini");

  private static Look look(ModelReview review, String path) {
    return Objects.requireNonNull(review.looks().get(new HunkKey(path, 0)));
  }

  private static ModelReview review(Change change, TestHttpServer.Answer... answers) {
    try (ModelTestBed bed = ModelTestBed.of(answers)) {
      return reviewer(ModelTestBed.settings())
          .review(
              change,
              bed.client("openai/gpt-4o-mini", ModelTestBed.settings().withMaxAttempts(1)),
              bed.scope());
    }
  }

  private static ModelReviewer reviewer(ModelSettings settings) {
    return new ModelReviewer(settings, TestChanges::redact);
  }

  @Test
  void review_keepsFindingsThatQuoteALine() {
    ModelReview review =
        review(
            change("t", LOGIN),
            openAi(
                answer(
                    finding("login.py", 12, "eval(name)"),
                    finding("login.py", 99, "  eval(name)  "),
                    finding("login.py", 11, "if not check(password):"),
                    finding("login.py", 11, "   11 + | if password == \"[REDACTED]\":"),
                    finding("login.py", 1, "import os"),
                    finding("login.py", 12, "exec(name)"),
                    finding("login.py", 12, ""),
                    finding("login.py", 50, "}"),
                    finding("other.py", 12, "eval(name)")),
                "stop"));
    assertThat(review.findings())
        .extracting(f -> f.side() + ":" + f.line() + ":" + f.quote())
        .containsExactly(
            "NEW:1:import os",
            "NEW:11:if password == \"[REDACTED]\":",
            "OLD:11:if not check(password):",
            "NEW:12:    eval(name)",
            "NEW:14:    eval(name)");
    assertThat(review.phantoms()).isEqualTo(4);
    assertThat(review.problems())
        .contains("4 finding(s) of the model quoted code that is not there and do not count");
    assertThat(review.looks()).containsExactly(Map.entry(new HunkKey("login.py", 0), Look.YES));
    assertThat(review.failed()).isEmpty();
    assertThat(review.findings().stream().map(Finding::fingerprint).distinct()).hasSize(5);
  }

  @Test
  void review_givesAFindingTheSameIdentityHoweverAModelTellsIt() {
    String twelve = finding("login.py", 12, "eval(name)");
    String fourteen = finding("login.py", 14, "eval(name)");
    List<Finding> once =
        review(change("t", LOGIN), openAi(answer(twelve, fourteen), "stop")).findings();
    List<Finding> again =
        review(change("t", LOGIN), openAi(answer(fourteen, twelve, twelve), "stop")).findings();
    assertThat(once).hasSize(2).isEqualTo(again);
  }

  @Test
  void review_stopsWhenItsThreadIsStopped() throws InterruptedException {
    TestHttpServer.Answer hang =
        new TestHttpServer.Answer.Delayed(Duration.ofSeconds(60), openAi(answer(), "stop"));
    try (ModelTestBed bed = ModelTestBed.of(hang)) {
      ModelClient client = bed.client("openai/gpt-4o-mini");
      List<ModelReview> reviews = new ArrayList<>();
      Thread thread =
          Thread.ofVirtual()
              .start(() ->
                  reviews.add(
                      reviewer(ModelTestBed.settings())
                          .review(change("t", LOGIN), client, bed.scope())));
      while (bed.server.requests().isEmpty()) {
        Thread.sleep(5);
      }
      thread.interrupt();
      assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
      assertThat(look(reviews.getFirst(), "login.py")).isEqualTo(Look.no("model failed: stopped"));
    }
  }

  @Test
  void review_makesTheWordsOfAModelHarmless() {
    String wild =
        "{\"path\":\"login.py\",\"line\":12,\"end_line\":2000000000,\"quote\":\"eval(name)\",\"rule\":\"../../x\",\"severity\":\"HUGE\","
            + "\"cwe\":\"see CWE-0079, ok\",\"title\":\"a\\u202eb\\n\\u0007c hunter2 "
            + "x".repeat(500)
            + "\",\"message\":\"one\\n\\u200btwo\"}";
    Finding finding =
        review(change("t", LOGIN), openAi(answer(wild), "stop")).findings().getFirst();
    assertThat(finding.title()).startsWith("ab c [REDACTED] xxx").hasSize(120);
    assertThat(finding.message()).isEqualTo("one\ntwo");
    assertThat(finding.rule()).isEqualTo("model.other");
    assertThat(finding.cwe()).isEqualTo("CWE-79");
    assertThat(finding.severity()).isEqualTo(Severity.MEDIUM);
    assertThat(finding.source()).isEqualTo(Finding.Source.MODEL);
    assertThat(finding.endLine()).isEqualTo(14);
    assertThat(finding.suggestion()).isNull();
  }

  @Test
  void review_isPartlyWhenTheAnswerWasCutOff() {
    String whole =
        answer(finding("login.py", 12, "eval(name)"), finding("login.py", 14, "eval(name)"));
    ModelReview review =
        review(change("t", LOGIN), openAi(whole.substring(0, whole.length() - 40), "length"));
    assertThat(review.findings()).hasSize(1);
    assertThat(review.looks().get(new HunkKey("login.py", 0)))
        .isEqualTo(Look.partly("the model's answer was cut off (length)"));
  }

  @Test
  void review_believesTheFinishReasonMoreThanTheText() {
    ModelReview review = review(change("t", LOGIN), openAi(answer(), "length"));
    assertThat(look(review, "login.py").seen()).isEqualTo(Seen.PARTLY);
  }

  @Test
  void review_neverClaimsAReviewThatDidNotHappen() {
    List<TestHttpServer.Answer> faults =
        List.of(
            TestHttpServer.Answer.json(401, "{}"),
            TestHttpServer.Answer.json(500, "{}"),
            TestHttpServer.Answer.json(200, ""),
            new TestHttpServer.Answer.Reset(),
            openAi("I cannot help with that.", "stop"),
            openAi("", "length"),
            openAi("{\"findings\": \"none\"}", "stop"));
    for (TestHttpServer.Answer fault : faults) {
      ModelReview review = review(change("t", LOGIN), fault);
      HunkKey hunk = new HunkKey("login.py", 0);
      assertThat(look(review, "login.py").seen()).as("%s", fault).isEqualTo(Seen.NO);
      assertThat(look(review, "login.py").reason()).startsWith("model failed: ");
      assertThat(review.failed()).containsExactly(hunk);
      assertThat(review.problems()).isNotEmpty();
    }
  }

  @Test
  void review_saysWhatWentOverTheBudget() {
    try (ModelTestBed bed = ModelTestBed.of(openAi(answer(), "stop"))) {
      ModelReview review =
          reviewer(ModelTestBed.settings())
              .review(
                  change("t", LOGIN),
                  bed.client("openai/gpt-4o-mini"),
                  bed.scope(Budget.ofNanoUsd(1)));
      assertThat(review.looks().get(new HunkKey("login.py", 0)))
          .isEqualTo(
              Look.no(
                  "over budget: the limit of $0.000000001 a review (review_usd) has no room for this call"));
      assertThat(review.failed()).isEmpty();
      assertThat(bed.server.requests()).isEmpty();
    }
  }

  @Test
  void review_asksOnlyForTheHunksWanted() {
    Change change = change("t", LOGIN, file("b.py", "+eval(b)"));
    try (ModelTestBed bed = ModelTestBed.of(openAi(answer(), "stop"))) {
      ModelReview review =
          reviewer(ModelTestBed.settings())
              .review(
                  change,
                  bed.client("openai/gpt-4o-mini"),
                  bed.scope(),
                  Set.of(new HunkKey("b.py", 0)));
      assertThat(review.looks()).containsOnlyKeys(new HunkKey("b.py", 0));
      assertThat(bed.server.requests()).hasSize(1);
      assertThat(bed.server.requests().getFirst().text())
          .contains("eval(b)")
          .doesNotContain("login");
    }
  }

  @Test
  void review_ofFortyFilesTakesTheTimeOfOneCall() {
    FileDiff[] files = new FileDiff[40];
    for (int i = 0; i < files.length; i++) {
      String[] lines = new String[100];
      for (int l = 0; l < lines.length; l++) {
        lines[l] = "+value_" + l + " = compute(" + i + ", " + l + ")";
      }
      files[i] = file("src/f" + i + ".py", lines);
    }
    TestHttpServer.Answer slow =
        new TestHttpServer.Answer.Delayed(Duration.ofSeconds(1), openAi(answer(), "stop"));
    try (ModelTestBed bed = ModelTestBed.of(slow)) {
      ModelClient client = bed.client("openai/gpt-4o-mini");
      ModelReviewer reviewer = reviewer(ModelTestBed.settings());
      long start = System.nanoTime();
      ModelReview review = reviewer.review(change("t", files), client, bed.scope());
      Duration time = Duration.ofNanos(System.nanoTime() - start);
      assertThat(bed.server.requests()).hasSizeBetween(5, 8);
      assertThat(review.looks())
          .hasSize(40)
          .allSatisfy((k, look) -> assertThat(look).isEqualTo(Look.YES));
      // One after the other would be five seconds at least.
      assertThat(time).isLessThan(Duration.ofMillis(3500));
    }
  }

  @Test
  void review_knowsAFileByThePathThatItShowed() {
    String path = "a\u202e/" + "ghp_" + "a1B2c3D4e5F6".repeat(3) + ".py";
    Change change = change("t", file(path, "+eval(name)"));
    String shown = new PromptBuilder(SecretRedactor::redact, 100).shownPath(path);
    try (ModelTestBed bed =
        ModelTestBed.of(openAi(answer(finding(shown, 10, "eval(name)")), "stop"))) {
      ModelReview review =
          new ModelReviewer(ModelTestBed.settings(), SecretRedactor::redact)
              .review(change, bed.client("openai/gpt-4o-mini"), bed.scope());
      assertThat(review.findings()).extracting(Finding::path).containsExactly(path);
      assertThat(review.problems()).isEmpty();
    }
  }

  @Test
  void review_quotesNoLineOfAKey() {
    String body = "MHcCAQEEIBkg4LVWM9nuwNSk3yByxZpYRTBnVJk5oRkPk";
    Change change =
        change(
            "t",
            file(
                "a.py",
                "+-----BEGIN EC PRIVATE KEY-----",
                "+" + body,
                "+-----END EC PRIVATE KEY-----"));
    String quote = "[REDACTED:private-key]";
    try (ModelTestBed bed = ModelTestBed.of(openAi(answer(finding("a.py", 11, quote)), "stop"))) {
      ModelReview review =
          new ModelReviewer(ModelTestBed.settings(), SecretRedactor::redact)
              .review(change, bed.client("openai/gpt-4o-mini"), bed.scope());
      assertThat(review.findings()).extracting(Finding::quote).containsExactly(quote);
    }
  }

  @Test
  void review_saysThatALongLineWasClipped() {
    Change change = change("t", file("min.js", "+" + "y".repeat(5_000)));
    Look look = look(review(change, openAi(answer(), "stop")), "min.js");
    assertThat(look.seen()).isEqualTo(Seen.PARTLY);
    assertThat(look.reason()).contains("2000 characters");
  }

  @Test
  void dryRun_countsTokensAndMoneyAndSendsNothing() {
    List<DryRunEstimate> estimates =
        new DryRun(
                ModelTestBed.settings(), TestChanges::redact, InstantSource.fixed(ModelTestBed.NOW))
            .estimate(
                change("t", LOGIN),
                List.of(MINI, ModelId.parse("ollama/llama3")),
                PriceBook.bundled());
    DryRunEstimate mini = estimates.getFirst();
    assertThat(mini.files()).containsExactly("login.py");
    assertThat(mini.groups()).isEqualTo(1);
    assertThat(mini.exactTokens()).isTrue();
    assertThat(mini.promptTokens()).isBetween(500L, 2_000L);
    assertThat(mini.promptCost()).isEqualTo(Cost.ofNanoUsd(mini.promptTokens() * 150));
    assertThat(mini.maxCost())
        .isEqualTo(Cost.ofNanoUsd(mini.promptTokens() * 150 + mini.maxOutputTokens() * 600));
    assertThat(estimates.get(1).exactTokens()).isFalse();
    assertThat(estimates.get(1).maxCost()).isEqualTo(Cost.unknown());
  }

  @Test
  void tokens_ofSpecialWordsAreOrdinary() {
    assertThat(TokenCounter.o200k("<|endoftext|>")).isGreaterThan(3);
    assertThat(TokenCounter.o200k("hello world")).isEqualTo(2);
  }
}
