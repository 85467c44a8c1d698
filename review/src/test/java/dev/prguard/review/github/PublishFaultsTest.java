package dev.prguard.review.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.change.Change;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.PublishReceipt;
import dev.prguard.testkit.FakeGitHub;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.testkit.TestHttpServer.Request;
import dev.prguard.testkit.TestRepository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever goes wrong at GitHub: the receipt adds up, nothing is said twice, nothing is lost
/// without a word, the token stays secret, and a later run makes it whole.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishFaultsTest {
  private static final Answer.Reply EMPTY = Answer.json(200, "");
  private static final Answer.Reply HTML =
      Answer.bytes(200, "text/html", "<html>sign in</html>".getBytes(UTF_8));

  private static final Predicate<Request> REVIEW = post("/pulls/7/reviews");
  private static final Predicate<Request> SUMMARY = post("/issues/7/comments");

  private final TestRepository repository;
  private PublishedShop shop;

  PublishFaultsTest(@TempDir Path folder) {
    repository = PublishedShop.repository(folder);
  }

  @BeforeEach
  void start() {
    shop = new PublishedShop(repository);
  }

  @AfterEach
  void stop() {
    shop.close();
  }

  private static Predicate<Request> post(String end) {
    return r -> r.method().equals("POST") && r.path().endsWith(end);
  }

  private static Map<String, Answer> answers() {
    Map<String, Answer> answers = new LinkedHashMap<>();
    answers.put("401", FakeGitHub.refusal(401, "Bad credentials"));
    answers.put("403", FakeGitHub.refusal(403, "Resource not accessible by integration"));
    answers.put("404", FakeGitHub.refusal(404, "Not Found"));
    answers.put("422", FakeGitHub.refusal(422, "Validation failed"));
    answers.put("429 for ever", FakeGitHub.refusal(429, "slow").header("Retry-After", "3600"));
    answers.put("500", FakeGitHub.refusal(500, "oops"));
    answers.put("502", FakeGitHub.refusal(502, "oops"));
    answers.put("reset", new Answer.Reset());
    answers.put("truncated", new Answer.Truncated(Answer.json(200, "{\"id\":1}"), 3));
    answers.put("empty", EMPTY);
    answers.put("html", HTML);
    answers.put(
        "redirect", new Answer.Reply(307, Map.of("Location", "http://127.0.0.1:1/"), new byte[0]));
    return answers;
  }

  static Stream<Arguments> faults() {
    Map<String, Predicate<Request>> places = new LinkedHashMap<>();
    places.put("pull", r -> r.path().endsWith("/pulls/7"));
    places.put("comments", r -> r.method().equals("GET") && r.path().endsWith("/pulls/7/comments"));
    places.put("review", REVIEW);
    places.put("review read again", r -> r.path().contains("/reviews/"));
    places.put("summary", SUMMARY);
    places.put("all writes", r -> !r.method().equals("GET"));
    List<Arguments> faults = new ArrayList<>();
    places.forEach((place, where) ->
        answers().forEach((name, answer) -> faults.add(Arguments.of(place, name, where, answer))));
    return faults.stream();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("faults")
  void publish_fault_isToldAndMadeGoodByTheNextRun(
      String place, String name, Predicate<Request> where, Answer answer) {
    Change change = shop.fetch();
    shop.github.instead(r -> where.test(r) ? answer : null);

    PublishReceipt receipt = shop.publish(change, PublishedShop.all());

    assertThat(receipt.findings()).isEqualTo(4);
    if (receipt.posted() < 3 || receipt.summaryUrl() == null) {
      assertThat(receipt.errors()).isNotEmpty();
    }
    assertThat(receipt.errors())
        .allSatisfy(e -> assertThat(e).doesNotContain(FakeGitHub.TOKEN).doesNotContain("\n"));
    assertThat(receipt.posted()).isEqualTo(shop.github.lineComments().size());
    if (receipt.failed() > 0) {
      assertThat(receipt.summaryUrl()).isNull();
      assertThat(shop.github.issueComments()).isEmpty();
    } else {
      assertThat(shop.github.issueComments()).hasSize(1);
    }

    shop.github.instead(_ -> null);
    PublishReceipt next = shop.publish(change, PublishedShop.all());

    assertThat(next.errors()).isEmpty();
    assertThat(next.posted() + next.updated()).isEqualTo(3);
    assertThat(shop.github.lineComments()).hasSize(3);
    assertThat(shop.github.issueComments()).hasSize(1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lostAnswers")
  void publish_writeDoneButItsAnswerLost_isNotDoneTwice(String name, Answer answer) {
    Change change = shop.fetch();
    shop.github.afterwards(r -> REVIEW.test(r) || SUMMARY.test(r) ? answer : null);

    PublishReceipt receipt = shop.publish(change, PublishedShop.all());

    assertThat(receipt.posted()).isEqualTo(3);
    assertThat(shop.github.lineComments()).hasSize(3);
    assertThat(shop.github.reviews()).hasSize(1);
    assertThat(shop.github.issueComments()).hasSize(1);
    assertThat(receipt.folded()).isEqualTo(1);
  }

  static Stream<Arguments> lostAnswers() {
    return answers().entrySet().stream()
        .filter(
            e -> List.of("500", "502", "reset", "truncated", "empty", "html").contains(e.getKey()))
        .map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @Test
  void publish_oneCommentThatGitHubDoesNotTake_isFoldedAndTheOthersArePosted() {
    String bad = PublishedShop.eval().fingerprint();
    shop.github.instead(r ->
        !r.method().equals("GET") && r.path().contains("/pulls/") && r.text().contains(bad)
            ? FakeGitHub.refusal(422, "line must be part of the diff")
            : null);

    PublishReceipt receipt = shop.publish(PublishedShop.all());

    assertThat(receipt.posted()).isEqualTo(2);
    assertThat(receipt.folded()).isEqualTo(2);
    assertThat(shop.github.issueComments().getFirst().path("body").asText())
        .contains("does not take a comment on this line");
  }

  @Test
  void publish_failureInTheMiddleOfSingleComments_losesNone() {
    AtomicInteger singles = new AtomicInteger();
    shop.github.instead(r ->
        REVIEW.test(r)
            ? FakeGitHub.refusal(422, "one of them")
            : post("/pulls/7/comments").test(r) && singles.incrementAndGet() == 2
                ? new Answer.Reset()
                : null);

    PublishReceipt receipt = shop.publish(PublishedShop.all());

    assertThat(receipt.posted()).isEqualTo(1).isEqualTo(shop.github.lineComments().size());
    assertThat(receipt.folded()).isEqualTo(3);
  }

  @Test
  void publish_commentThatGitHubLeavesOut_isFolded() {
    AtomicInteger reads = new AtomicInteger();
    shop.github.instead(r -> {
      if (r.path().contains("/reviews/") && reads.getAndIncrement() == 0) {
        return Answer.json(200, "[]");
      }
      return null;
    });

    PublishReceipt receipt = shop.publish(PublishedShop.all());

    assertThat(receipt.posted()).isZero();
    assertThat(receipt.folded()).isEqualTo(4);
  }

  @Test
  void publish_tokenThatMayOnlyRead_failsWhollyAndSaysWhy() {
    shop.github.instead(r ->
        r.method().equals("GET")
            ? null
            : FakeGitHub.refusal(403, "Resource not accessible by personal access token")
                .header("X-Accepted-GitHub-Permissions", "pull_requests=write"));

    PublishReceipt receipt = shop.publish(PublishedShop.all());

    assertThat(receipt.failed()).isEqualTo(4);
    assertThat(receipt.errors()).anySatisfy(e -> assertThat(e).contains("pull_requests=write"));
  }

  @Test
  void publish_noToken_failsWhollyAndSaysWhy() {
    PublishReceipt receipt = shop.publish(shop.fetch(), PublishedShop.all(), "");
    assertThat(receipt.failed()).isEqualTo(4);
    assertThat(receipt.errors()).singleElement().asString().contains("GITHUB_TOKEN");
    assertThat(shop.github.writes()).isEmpty();
  }

  @Test
  void publish_accountUnknown_postsNothing() {
    shop.github
        .asApp()
        .instead(r -> r.path().endsWith("/graphql") ? FakeGitHub.refusal(403, "no viewer") : null);

    PublishReceipt receipt = shop.publish(PublishedShop.all());

    assertThat(receipt.failed()).isEqualTo(4);
    assertThat(shop.github.lineComments()).isEmpty();

    shop.account = new OwnAccount("guard[bot]");
    assertThat(shop.publish(PublishedShop.all()).posted()).isEqualTo(3);
    assertThat(shop.publish(PublishedShop.all()).updated()).isEqualTo(3);
  }

  @Test
  void publish_updateRefused_isFoldedAndTold() {
    List<Finding> findings = PublishedShop.all();
    shop.publish(findings);
    shop.comment = _ -> "other words";
    shop.github.instead(
        r -> r.path().contains("/pulls/comments/") ? FakeGitHub.refusal(403, "no") : null);

    PublishReceipt receipt = shop.publish(findings);

    assertThat(receipt.updated()).isZero();
    assertThat(receipt.folded()).isEqualTo(4);
    assertThat(shop.github.lineComments()).hasSize(3);
  }

  @Test
  void publish_rateLimitInBetween_isWaitedFor() {
    AtomicInteger left = new AtomicInteger(2);
    shop.github.instead(r -> {
      @Nullable Answer answer = null;
      if (!r.method().equals("GET") && left.getAndDecrement() > 0) {
        answer = FakeGitHub.refusal(403, "secondary rate limit").header("Retry-After", "5");
      }
      return answer;
    });

    PublishReceipt receipt = shop.publish(PublishedShop.all());

    assertThat(receipt.posted()).isEqualTo(3);
    assertThat(receipt.errors()).isEmpty();
    assertThat(shop.time.paused()).hasSeconds(10);
  }
}
