package dev.prguard.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The way to a receiver: TLS files and proxies.
class OtlpRouteTest {
  private final DurableTestStore store = new DurableTestStore();

  private FlushResult send(String url, Map<String, String> more) {
    store.newRun();
    Map<String, String> env = new HashMap<>(more);
    env.put("OTEL_EXPORTER_OTLP_ENDPOINT", url);
    Telemetry telemetry = Telemetry.start(TelemetryConfig.from(env, "1.2.3"), store, null);
    telemetry.tracer().spanBuilder("a").startSpan().end();
    return telemetry.close(Duration.ofSeconds(5));
  }

  @Test
  void ownAuthority_isTrusted_andWithoutItNothingIsSent(@TempDir Path folder) throws Exception {
    TestCertificates certificates = TestCertificates.in(folder);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(
        KeyStore.getInstance(certificates.store().toFile(), TestCertificates.PASSWORD),
        TestCertificates.PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    AtomicInteger posts = new AtomicInteger();
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/v1/traces",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          posts.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      String url = "https://localhost:" + server.getAddress().getPort();
      Map<String, String> trust =
          Map.of("OTEL_EXPORTER_OTLP_CERTIFICATE", certificates.certificate().toString());
      assertThat(send(url, trust).delivered()).isEqualTo(1);

      FlushResult untrusted = send(url, Map.of());
      assertThat(untrusted.kept()).isEqualTo(1);
      assertThat(untrusted.error()).startsWith("TLS: ");
      assertThat(posts).hasValue(1);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void brokenTlsFiles_areNamed_beforeAnythingIsSent(@TempDir Path folder) throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    assertThatThrownBy(() ->
            send("https://localhost:1", Map.of("OTEL_EXPORTER_OTLP_CERTIFICATE", empty.toString())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TLS files:");
    assertThatThrownBy(() ->
            send("https://localhost:1", Map.of("OTEL_EXPORTER_OTLP_CLIENT_KEY", empty.toString())))
        .hasMessageStartingWith("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: not set");
  }

  @Test
  void proxy_carriesTheRequest() {
    try (OtlpTestReceiver proxy = OtlpTestReceiver.start(n -> OtlpTestReceiver.accept())) {
      FlushResult result =
          send("http://otlp.invalid:4318", Map.of("http_proxy", "http://" + proxy.host()));

      assertThat(result.delivered()).isEqualTo(1);
      assertThat(proxy.requests().getFirst().target())
          .isEqualTo("http://otlp.invalid:4318/v1/traces");
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "https_proxy, http://proxy.example:3128, -, https://otlp.example, proxy.example:3128",
        "HTTPS_PROXY, proxy.example:3128, -, https://otlp.example, proxy.example:3128",
        "ALL_PROXY, http://proxy.example, -, http://otlp.example, proxy.example:80",
        "https_proxy, http://proxy.example:1, -, http://otlp.example, -",
        "HTTP_PROXY, http://proxy.example:1, -, http://otlp.example, -",
        "https_proxy, http://proxy.example:1, otlp.example, https://otlp.example, -",
        "https_proxy, http://proxy.example:1, .example, https://otlp.example, -",
        "https_proxy, http://proxy.example:1, 'other.example, *', https://otlp.example, -",
        "https_proxy, http://proxy.example:1, lp.example, https://otlp.example, proxy.example:1",
      })
  void proxyOfTheEnvironment_isThatOfCurl(
      String name, String value, String direct, String target, String expected) {
    Map<String, String> env = new HashMap<>(Map.of(name, value));
    if (direct != null) {
      env.put("NO_PROXY", direct);
    }
    InetSocketAddress proxy = Proxies.of(new Variables(env), URI.create(target));
    assertThat(proxy == null ? null : proxy.getHostString() + ":" + proxy.getPort())
        .isEqualTo(expected);
  }

  @Test
  void proxyWithAPassword_isRefused_withoutSayingIt() {
    assertThatThrownBy(
            () -> send("https://otlp.example", Map.of("https_proxy", "http://u:canary@proxy:3128")))
        .hasMessageStartingWith("https_proxy:")
        .hasMessageNotContaining("canary");
  }
}
