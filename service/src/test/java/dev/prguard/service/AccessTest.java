package dev.prguard.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who is let in.
class AccessTest {
  private static final String TOKEN = "correct horse battery staple";

  @TempDir Path folder;

  /// The JDK's client does not let anybody set Host.
  private static String status(RunningServer server, String... headers) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.server.port())) {
      StringBuilder request = new StringBuilder("GET /api/echo HTTP/1.1\r\n");
      for (String header : headers) {
        request.append(header).append("\r\n");
      }
      request.append("Connection: close\r\n\r\n");
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      return in.readLine().substring(9, 12);
    }
  }

  @Test
  void withoutToken_onlyNamesOfThisMachineAreAnswered() throws Exception {
    try (RunningServer server = RunningServer.start(folder)) {
      assertThat(status(server, "Host: localhost:8080")).isEqualTo("200");
      assertThat(status(server, "Host: [::1]:8080")).isEqualTo("200");
      assertThat(status(server, "Host: rebound.example")).isEqualTo("403");
      assertThat(status(server, "Host: localhost.rebound.example")).isEqualTo("403");
      assertThat(status(server, "Host: localhost:8080", "Origin: https://evil.example"))
          .isEqualTo("403");
      assertThat(status(server, "Host: localhost:8080", "Origin: null")).isEqualTo("403");
      assertThat(status(server, "Host: localhost:8080", "Origin: http://localhost:8080"))
          .isEqualTo("200");
      assertThat(
              status(
                  server,
                  "Host: localhost:8080",
                  "Sec-Fetch-Site: cross-site",
                  "Sec-Fetch-Mode: no-cors"))
          .isEqualTo("403");
    }
  }

  @Test
  void withToken_everyRequestMustBringIt() throws Exception {
    try (RunningServer server = RunningServer.start(folder, TOKEN)) {
      String basic =
          Base64.getEncoder().encodeToString(("grafana:" + TOKEN).getBytes(StandardCharsets.UTF_8));
      assertThat(server.get("/api/echo").statusCode()).isEqualTo(401);
      assertThat(server.postJson("{}").statusCode()).isEqualTo(401);
      assertThat(server.get("/metrics").statusCode()).isEqualTo(401);
      assertThat(server.get("/ready").statusCode()).isEqualTo(200);
      assertThat(server.get("/api/echo", "authorization", "Bearer wrong").statusCode())
          .isEqualTo(401);
      assertThat(server.get("/api/echo", "authorization", "Bearer " + TOKEN).statusCode())
          .isEqualTo(200);
      assertThat(server.get("/api/echo", "authorization", "Basic " + basic).statusCode())
          .isEqualTo(200);
      assertThat(status(server, "Host: guard.example", "Authorization: Bearer " + TOKEN))
          .isEqualTo("200");
    }
  }

  @Test
  void login_givesACookieThatHoldsNoToken() throws Exception {
    try (RunningServer server = RunningServer.start(folder, TOKEN)) {
      byte[] form = "token=correct+horse+battery+staple".getBytes(StandardCharsets.UTF_8);
      HttpResponse<byte[]> answer =
          server.post("/login", form, "content-type", "application/x-www-form-urlencoded");
      String cookie = answer.headers().firstValue("set-cookie").orElseThrow();
      assertThat(answer.statusCode()).isEqualTo(303);
      assertThat(cookie)
          .containsIgnoringCase("HttpOnly")
          .contains("SameSite=Strict")
          .doesNotContain("horse");
      assertThat(
              server
                  .get("/api/echo", "cookie", cookie.substring(0, cookie.indexOf(';')))
                  .statusCode())
          .isEqualTo(200);
      assertThat(server.get("/api/echo", "cookie", "pr_guard_session=0").statusCode())
          .isEqualTo(401);
      assertThat(
              server
                  .post("/login", "token=x".getBytes(StandardCharsets.UTF_8), "content-type", "x/y")
                  .statusCode())
          .isEqualTo(401);
    }
  }

  @Test
  void anyOtherAddress_needsAToken() {
    assertThatThrownBy(
            () -> GuardServer.start(RunningServer.settings(folder, "0.0.0.0", null), line -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PR_GUARD_TOKEN");
  }
}
