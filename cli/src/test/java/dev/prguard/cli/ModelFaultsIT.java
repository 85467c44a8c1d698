package dev.prguard.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.testkit.TestHttpServer.Answer.Reply;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A model that fails in every way seen: the rules' findings stay, and nothing that the model did
/// not look at counts as reviewed.
@Execution(ExecutionMode.CONCURRENT)
final class ModelFaultsIT {
  private static final String NONE_FOUND = "{\"findings\":[],\"count\":0}";
  private static final int OUTSIDE_FAILED = 3;
  private static final int FINE = 0;

  @TempDir Path folder;

  /// @param word what the report or standard error must say
  record Fault(String name, int exitCode, String word, Answer answer) {
    /// Only what hangs has to wait for the deadline; on a busy machine the rest may need long.
    String timeout() {
      return name.equals("hangs") ? "12s" : "50s";
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Fault fault(String name, String word, Answer answer) {
    return new Fault(name, OUTSIDE_FAILED, word, answer);
  }

  /// The answer was read in part: not a failure of the service, and no whole review either.
  private static Fault inPart(String name, String word, Answer answer) {
    return new Fault(name, FINE, word, answer);
  }

  static Stream<Fault> faults() {
    Reply whole = saying(NONE_FOUND);
    return Stream.of(
        fault("401", "answered 401", error(401, "bad key " + FaultRun.API_KEY)),
        fault("403", "answered 403", error(403, "no access")),
        fault("404", "answered 404", error(404, "no such model")),
        fault("422", "answered 422", error(422, "bad parameter")),
        fault("429 for ever", "answered 429", error(429, "slow").header("retry-after", "0")),
        fault("429 past the deadline", "deadline", error(429, "").header("retry-after", "3600")),
        fault("no money", "answered 429", error(429, "insufficient_quota")),
        fault("500", "answered 500", error(500, "oops").header("retry-after", "0")),
        fault("503", "answered 503", error(503, "busy").header("retry-after", "0")),
        fault("hangs", "deadline", new Answer.Delayed(Duration.ofSeconds(80), whole)),
        fault("reset", "connection was broken", new Answer.Reset()),
        fault("body cut", "broke off", new Answer.Truncated(whole, 40)),
        fault("empty body", "empty answer", Answer.json(200, "")),
        fault("empty content", "unreadable answer", saying("")),
        fault("no choices", "unreadable answer", Answer.json(200, "{\"choices\":[]}")),
        fault("JSON of something else", "unreadable answer", Answer.json(200, "[1,2]")),
        fault(
            "web page",
            "unreadable answer",
            Answer.bytes(200, "text/html", "<p>Hi".getBytes(ISO_8859_1))),
        fault(
            "broken UTF-8",
            "unreadable answer",
            Answer.bytes(200, "application/json", new byte[] {'"', -1, -2, 0, -64})),
        fault("gigantic answer", "too big", saying("x".repeat(9 << 20))),
        fault(
            "refusal",
            "refused",
            replaced(whole, "\"content\":", "\"refusal\":\"I cannot\",\"content\":")),
        inPart(
            "content filter",
            "cut off (content_filter)",
            replaced(whole, "\"stop\"", "\"content_filter\"")),
        fault("prose", "could not be read", saying("I looked at it all and it is fine.")),
        fault("wrong JSON", "could not be read", saying("{\"verdict\":\"approved\"}")),
        fault(
            "redirect to another host",
            "answered 302",
            Answer.json(302, "").header("location", "http://127.0.0.2:9/v1")),
        inPart("cut at the length", "cut off", replaced(whole, "\"stop\"", "\"length\"")),
        fault(
            "cut in the list",
            "could not be read",
            saying("{\"findings\":[{\"path\":\"app.py\",\"li")),
        fault("findings left out", "could not be read", saying(NONE_FOUND.replace('0', '3'))),
        inPart("fewer than announced", "announces 3", saying(finding("app.py", 3))),
        inPart("about another file", "about other files", saying(finding("other.py", 1))));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void model_broken_isNeverAReview(Fault fault) {
    try (TestHttpServer server = TestHttpServer.start(_ -> fault.answer)) {
      review(server.uri() + "/v1", fault.timeout())
          .isHonest(FaultRun.API_KEY)
          .ends("partial", fault.exitCode, fault.word)
          .keepsTheRulesFindings()
          .leavesATrace("partial");
      assertThat(server.requests()).isNotEmpty();
    }
  }

  @Test
  void model_nobodyListens_isNeverAReview() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    review("http://127.0.0.1:" + port + "/v1", "50s")
        .isHonest(FaultRun.API_KEY)
        .ends("partial", OUTSIDE_FAILED, "cannot reach 127.0.0.1")
        .keepsTheRulesFindings()
        .leavesATrace("partial");
  }

  @Test
  void model_redirect_takesTheKeyNowhere() {
    try (TestHttpServer other = TestHttpServer.start(_ -> saying(NONE_FOUND));
        TestHttpServer server =
            TestHttpServer.start(_ ->
                Answer.json(307, "").header("location", other.uri() + "/v1/chat/completions"))) {
      review(server.uri() + "/v1", "50s")
          .isHonest(FaultRun.API_KEY)
          .ends("partial", OUTSIDE_FAILED, "answered 307");
      assertThat(other.requests()).isEmpty();
    }
  }

  private FaultRun review(String baseUrl, String timeout) {
    Path home = folder.resolve("home");
    GuardProcess guard =
        new GuardProcess(home)
            .in(folder)
            .env("OPENAI_API_KEY", FaultRun.API_KEY)
            .env("OPENAI_BASE_URL", baseUrl);
    return FaultRun.of(
        home,
        () ->
            guard.run(
                "review",
                write("small.diff", ReviewIT.SMALL_DIFF).toString(),
                "--llm",
                "openai/gpt-4o-mini",
                "--timeout",
                timeout,
                "--fail-on",
                "none",
                "--json",
                "-"));
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String finding(String path, int count) {
    return """
    {"findings":[{"path":"%s","line":5,"quote":"    subprocess.call(\\"convert \\" + name, shell=True)",
      "rule":"resource-exhaustion","severity":"medium","title":"No timeout","message":"It hangs."}],
     "count":%d}
    """
        .formatted(path, count);
  }

  private static Reply error(int status, String message) {
    return Answer.json(status, "{\"error\":{\"message\":\"%s\"}}".formatted(message));
  }

  private static Reply saying(String content) {
    return saying(content, "gpt-4o-mini-2024-07-18");
  }

  /// An answer of a model that read 1,586 tokens and wrote 714.
  static Reply saying(String content, String model) {
    return Answer.json(
        200,
        """
        {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"%s",
         "choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":%s}}],
         "usage":{"prompt_tokens":1586,"completion_tokens":714,"total_tokens":2300}}
        """
            .formatted(model, new ObjectMapper().valueToTree(content)));
  }

  private static Reply replaced(Reply reply, String from, String to) {
    return Answer.json(reply.status(), new String(reply.body(), ISO_8859_1).replace(from, to));
  }
}
