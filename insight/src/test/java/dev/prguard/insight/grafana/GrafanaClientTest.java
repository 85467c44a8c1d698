package dev.prguard.insight.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.prguard.insight.grafana.GrafanaException.Kind;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
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
}
