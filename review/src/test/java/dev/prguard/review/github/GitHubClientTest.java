package dev.prguard.review.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prguard.review.change.ChangeSourceException;
import dev.prguard.review.github.GitHubException.Kind;
import dev.prguard.testkit.FakeGitHub;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubClientTest {
  private static final String TOKEN = "ghs_secretOfTheTest";
  private static final Answer.Reply OK = Answer.json(200, "{\"ok\":true}");

  private final Deque<Answer> script = new ArrayDeque<>();
  private final SteppedTime time = new SteppedTime();
  private final TestHttpServer server = TestHttpServer.start(_ -> next());

  private synchronized Answer next() {
    return script.size() > 1 ? script.removeFirst() : script.getFirst();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private GitHubClient client(Answer... answers) {
    return client(
        new GitHubClient.Limits(Duration.ofSeconds(60), Duration.ofSeconds(5), 100_000), answers);
  }

  private GitHubClient client(GitHubClient.Limits limits, Answer... answers) {
    script.addAll(List.of(answers));
    return new GitHubClient(URI.create(server.uri() + "/api/v3"), TOKEN, time, time::pause, limits);
  }

  private static GitHubException failure(Runnable request) {
    return assertThatExceptionOfType(GitHubException.class).isThrownBy(request::run).actual();
  }

  private static Answer.Reply limited(int status, String header, Object value) {
    return FakeGitHub.refusal(status, "API rate limit exceeded").header(header, value.toString());
  }

  @Test
  void get_answer_isReadWithTheTokenInItsHeader() {
    assertThat(client(OK).get("/x?y=1").path("ok").asBoolean()).isTrue();
    assertThat(server.requests().getFirst().target()).isEqualTo("/api/v3/x?y=1");
    assertThat(server.requests().getFirst().headers())
        .containsEntry("authorization", "Bearer " + TOKEN);
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 429})
  void get_retryAfter_isWaitedFor(int status) {
    client(limited(status, "Retry-After", 7), OK).get("/x");
    assertThat(time.paused()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void get_primaryLimit_isWaitedForUntilItsReset() {
    long reset = SteppedTime.START.plusSeconds(20).getEpochSecond();
    client(limited(403, "x-ratelimit-remaining", 0).header("x-ratelimit-reset", reset + ""), OK)
        .get("/x");
    assertThat(time.paused()).isEqualTo(Duration.ofSeconds(21));
  }

  @Test
  void get_secondaryLimitWithoutATime_isWaitedForAMinute() {
    client(FakeGitHub.refusal(403, "You have exceeded a secondary rate limit."), OK).get("/x");
    assertThat(time.paused()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void get_limitBeyondTheWait_failsSayingWhenItResets() {
    long reset = SteppedTime.START.plus(Duration.ofMinutes(42)).getEpochSecond();
    GitHubClient client =
        client(limited(403, "x-ratelimit-remaining", 0).header("x-ratelimit-reset", reset + ""));
    assertThat(failure(() -> client.get("/x")))
        .hasMessageContaining("2026-11-22T10:42:01Z")
        .returns(Kind.RATE_LIMITED, GitHubException::kind);
    assertThat(time.pauses()).isEmpty();
  }

  @Test
  void get_limitAgainAndAgain_endsWithTheBudget() {
    GitHubClient client = client(limited(429, "Retry-After", 25));
    assertThat(failure(() -> client.get("/x")).kind()).isEqualTo(Kind.RATE_LIMITED);
    assertThat(time.paused()).isEqualTo(Duration.ofSeconds(50));
  }

  @Test
  void write_limit_isWaitedForBecauseNothingWasDone() {
    client(limited(403, "Retry-After", 3), OK)
        .write("POST", "/x", GitHubClient.MAPPER.createObjectNode());
    assertThat(server.requests()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 503, 504})
  void get_serverFailure_isRetriedThreeTimes(int status) {
    assertThat(
            client(FakeGitHub.refusal(status, "x"), FakeGitHub.refusal(status, "x"), OK).get("/x"))
        .isNotEmpty();
    script.clear();
    GitHubClient failing = client(FakeGitHub.refusal(status, "down"));
    assertThat(failure(() -> failing.get("/x")).kind()).isEqualTo(Kind.SERVER);
    assertThat(server.requests()).hasSize(6);
  }

  @Test
  void get_resetAndTruncatedAnswers_areRetried() {
    assertThat(client(new Answer.Reset(), new Answer.Truncated(OK, 4), OK).get("/x")).isNotEmpty();
  }

  @Test
  void write_anyFailure_isNeverRepeated() {
    for (Answer answer :
        List.of(
            new Answer.Reset(),
            new Answer.Truncated(OK, 4),
            FakeGitHub.refusal(502, "x"),
            FakeGitHub.refusal(500, "x"))) {
      int before = server.requests().size();
      script.clear();
      GitHubClient client = client(answer);
      GitHubException failure =
          failure(() -> client.write("POST", "/x", GitHubClient.MAPPER.createObjectNode()));
      assertThat(failure.mayHaveHappened()).isTrue();
      assertThat(server.requests()).hasSize(before + 1);
    }
  }

  @Test
  void get_hang_endsWithTheTimeLimit() {
    GitHubClient client =
        client(
            new GitHubClient.Limits(Duration.ZERO, Duration.ofMillis(200), 1_000),
            new Answer.Delayed(Duration.ofSeconds(20), OK));
    assertThat(failure(() -> client.get("/x"))).hasMessageContaining("did not answer");
  }

  @ParameterizedTest
  @CsvSource({
    "401, UNAUTHORIZED, OUTSIDE, GITHUB_TOKEN was refused",
    "403, FORBIDDEN, OUTSIDE, GITHUB_TOKEN may not",
    "404, NOT_FOUND, INPUT, GITHUB_TOKEN may not read it",
    "410, NOT_FOUND, INPUT, 410",
    "409, UNPROCESSABLE, OUTSIDE, did not take",
    "422, UNPROCESSABLE, OUTSIDE, did not take",
    "500, SERVER, OUTSIDE, failed"
  })
  void get_refusal_isToldInOneLine(
      int status, Kind kind, ChangeSourceException.Category category, String words) {
    GitHubClient client = client(FakeGitHub.refusal(status, "said\n\u202e" + TOKEN));
    GitHubException failure = failure(() -> client.get("/x"));
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.asSourceFailure().category()).isEqualTo(category);
    assertThat(failure.getMessage())
        .contains(words)
        .doesNotContain(TOKEN)
        .doesNotContain("\n")
        .doesNotContain("\u202e");
  }

  @Test
  void get_noTokenAndMissing_asksForTheToken() {
    script.add(FakeGitHub.refusal(404, "Not Found"));
    GitHubClient client =
        new GitHubClient(
            URI.create(server.uri() + "/api/v3"),
            " ",
            time,
            time::pause,
            GitHubClient.Limits.DEFAULT);
    assertThat(failure(() -> client.get("/x"))).hasMessageContaining("set GITHUB_TOKEN");
    assertThat(server.requests().getFirst().headers()).doesNotContainKey("authorization");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>proxy login</html>", "{\"a\":", "{} {}", "null", "7", "[[[["})
  void get_answerThatIsNotJson_isMalformed(String body) {
    GitHubClient client = client(Answer.bytes(200, "text/html", body.getBytes(UTF_8)));
    assertThat(failure(() -> client.get("/x")).kind()).isEqualTo(Kind.MALFORMED);
  }

  @Test
  void get_deepNesting_isMalformed() {
    GitHubClient client = client(Answer.json(200, "[".repeat(50_000)));
    assertThat(failure(() -> client.get("/x")).kind()).isEqualTo(Kind.MALFORMED);
  }

  @Test
  void get_answerOverTheLimit_isNotRead() {
    GitHubClient client = client(Answer.json(200, "{\"a\":\"" + "x".repeat(200_000) + "\"}"));
    assertThat(failure(() -> client.get("/x")).kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void get_redirectOnTheSameServer_isFollowed() {
    client(new Answer.Reply(301, Map.of("Location", "/api/v3/repositories/1"), new byte[0]), OK)
        .get("/x");
    assertThat(server.requests().getLast().target()).isEqualTo("/api/v3/repositories/1");
  }

  @Test
  void get_redirectToAnotherServer_isRefusedAndTheTokenStays() {
    try (TestHttpServer other = TestHttpServer.start(_ -> OK)) {
      GitHubClient client =
          client(new Answer.Reply(302, Map.of("Location", other.uri() + "/steal"), new byte[0]));
      assertThat(failure(() -> client.get("/x")).kind()).isEqualTo(Kind.REDIRECTED);
      assertThat(other.requests()).isEmpty();
    }
  }

  @Test
  void get_redirectInACircle_ends() {
    GitHubClient client =
        client(new Answer.Reply(302, Map.of("Location", "/api/v3/x"), new byte[0]));
    assertThat(failure(() -> client.get("/x")).kind()).isEqualTo(Kind.REDIRECTED);
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void write_redirect_isRefused() {
    GitHubClient client =
        client(
            new Answer.Reply(307, Map.of("Location", "/api/v3/repositories/1"), new byte[0]), OK);
    JsonNode body = GitHubClient.MAPPER.createObjectNode();
    assertThat(failure(() -> client.write("POST", "/x", body)).kind()).isEqualTo(Kind.REDIRECTED);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void list_nextPageOnAnotherServer_isRefused() {
    try (TestHttpServer other = TestHttpServer.start(_ -> Answer.json(200, "[]"))) {
      GitHubClient client =
          client(Answer.json(200, "[1]").header("Link", "<" + other.uri() + "/p>; rel=\"next\""));
      assertThat(failure(() -> client.list("/x", 10)).kind()).isEqualTo(Kind.MALFORMED);
      assertThat(other.requests()).isEmpty();
    }
  }

  @Test
  void list_pagesWithoutEnd_ends() {
    GitHubClient client =
        client(Answer.json(200, "[]").header("Link", "<" + server.uri() + "/p>; rel=\"next\""));
    assertThat(client.list("/x", 10).more()).isTrue();
    assertThat(server.requests()).hasSizeLessThanOrEqualTo(200);
  }

  @Test
  void list_objectInsteadOfAList_isMalformed() {
    GitHubClient client = client(OK);
    assertThat(failure(() -> client.list("/x", 10)).kind()).isEqualTo(Kind.MALFORMED);
  }

  @Test
  void graphQl_errorsInAnAnswerOf200_areAFailure() {
    GitHubClient client =
        client(Answer.json(200, "{\"data\":null,\"errors\":[{\"message\":\"no\"}]}"));
    assertThat(failure(() -> client.graphQl("q", GitHubClient.MAPPER.createObjectNode())))
        .hasMessageContaining("no")
        .returns(Kind.FORBIDDEN, GitHubException::kind);
    assertThat(server.requests().getFirst().path()).isEqualTo("/api/graphql");
  }

  @ParameterizedTest
  @ValueSource(strings = {"line\nbreak", "with space", "ünicode"})
  void token_thatCannotBeOne_isRefusedAndNotShown(String token) {
    assertThatThrownBy(() ->
            GitHubClient.of(
                PullRequestUrl.parse("https://github.com/o/r/pull/7"),
                token,
                Duration.ofSeconds(9)))
        .isInstanceOf(ChangeSourceException.class)
        .hasMessageNotContaining(token);
  }
}
