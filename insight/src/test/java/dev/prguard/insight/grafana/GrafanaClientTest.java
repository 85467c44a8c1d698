package dev.prguard.insight.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.prguard.insight.grafana.GrafanaException.Kind;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GrafanaClientTest {

  static Stream<Answer> wires() {
    Answer.Reply reply = Answer.json(200, "{\"uid\":\"x\"}");
    return Stream.of(
        new Answer.Delayed(Duration.ofSeconds(5), reply),
        new Answer.Truncated(reply, 4),
        new Answer.Reset());
  }

  @ParameterizedTest
  @MethodSource("wires")
  void answerThatNeverComesWhole_isUnavailable_inOneLine(Answer answer) {
    try (TestHttpServer server = TestHttpServer.start(_ -> answer);
        GrafanaClient client = new GrafanaClient(server.uri(), "glsa", Duration.ofMillis(500))) {
      GrafanaException failure =
          catchThrowableOfType(GrafanaException.class, () -> client.get("/api/folders/x"));
      assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure).message().startsWith("127.0.0.1:").hasLineCount(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | REFUSED | GRAFANA_TOKEN was refused (401): it is wrong, expired or revoked",
        "403 | REFUSED | GRAFANA_TOKEN may not PUT /api/x (403): its service account needs",
        "404 | REFUSED | PUT /api/x is not there (404)",
        "302 | REFUSED | PUT /api/x is sent elsewhere (302)",
        "400 | REFUSED | PUT /api/x (400, said … twice)",
        "409 | REFUSED | PUT /api/x: changed or taken by somebody else (409, said … twice)",
        "412 | REFUSED | PUT /api/x: changed or taken by somebody else (412, said … twice)",
        "429 | UNAVAILABLE | PUT /api/x: HTTP 429",
        "500 | UNAVAILABLE | PUT /api/x: HTTP 500",
        "503 | UNAVAILABLE | PUT /api/x: HTTP 503",
      })
  void refusal_isOneLineWithoutTheToken(int status, Kind kind, String line) {
    try (TestHttpServer server =
            TestHttpServer.start(
                _ -> Answer.json(status, "{\"message\":\"said glsa-canary\\ntwice\"}"));
        GrafanaClient client =
            new GrafanaClient(server.uri(), "glsa-canary", Duration.ofSeconds(5))) {
      GrafanaException failure =
          catchThrowableOfType(
              GrafanaException.class,
              () -> client.send("PUT", "/api/x", JsonNodeFactory.instance.objectNode()));
      assertThat(failure.kind()).isEqualTo(kind);
      assertThat(failure).message().contains(line).doesNotContain("canary").hasLineCount(1);
    }
  }
}
