package dev.prguard.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prguard.testkit.SelfSigned;
import dev.prguard.trace.otlp.OtlpSpans;
import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `--tls-cert` and `--tls-key`.
class TlsTest {
  @TempDir Path folder;

  private ServiceSettings settings(Path certificate, Path key) {
    ServiceSettings plain = RunningServer.settings(folder.resolve("data"), "127.0.0.1", null);
    return new ServiceSettings(
        plain.dataFolder(),
        plain.version(),
        plain.bind(),
        0,
        0,
        0,
        null,
        new ServiceSettings.Tls(certificate, key),
        plain.quantiles(),
        plain.queryTimeout(),
        plain.budgets(),
        null,
        plain.owed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void everyPort_speaksTls_toClientsThatTrustIt(String algorithm) throws Exception {
    SelfSigned files = SelfSigned.in(folder, "server", algorithm);
    try (GuardServer server =
        GuardServer.start(settings(files.certificate(), files.key()), line -> {})) {
      for (HttpClient.Version version : HttpClient.Version.values()) {
        try (HttpClient client =
            HttpClient.newBuilder().version(version).sslContext(files.trusting()).build()) {
          HttpResponse<String> answer =
              client.send(
                  HttpRequest.newBuilder(
                          URI.create("https://localhost:" + server.port() + "/api/echo"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
          assertThat(answer.body()).isEqualTo("echo");
          assertThat(answer.version()).isEqualTo(version);
        }
      }
      try (HttpClient stranger = HttpClient.newHttpClient()) {
        assertThatThrownBy(() ->
                stranger.send(
                    HttpRequest.newBuilder(
                            URI.create("https://localhost:" + server.port() + "/api/echo"))
                        .build(),
                    HttpResponse.BodyHandlers.ofString()))
            .isInstanceOf(SSLException.class);
      }
      ManagedChannel channel =
          OkHttpChannelBuilder.forAddress("localhost", server.otlpGrpcPort())
              .sslSocketFactory(files.trusting().getSocketFactory())
              .build();
      try {
        assertThat(
                TraceServiceGrpc.newBlockingStub(channel)
                    .export(ExportTraceServiceRequest.parseFrom(OtlpSpans.encode(Reviews.one(1))))
                    .hasPartialSuccess())
            .isFalse();
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void filesThatDoNotFit_areNamedInALine_beforeAnythingListens() throws Exception {
    SelfSigned one = SelfSigned.in(folder, "one", "EC");
    SelfSigned other = SelfSigned.in(folder, "other", "EC");
    SelfSigned rsa = SelfSigned.in(folder, "rsa", "RSA");
    Path noise = Files.writeString(folder.resolve("noise.pem"), "no certificate\n");
    for (Path key : List.of(other.key(), rsa.key())) {
      assertThatThrownBy(() -> GuardServer.start(settings(one.certificate(), key), line -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(key + " is not the key of the certificate in " + one.certificate());
    }
    for (List<Path> pair :
        List.of(
            List.of(one.certificate(), noise),
            List.of(noise, one.key()),
            List.of(one.key(), one.certificate()))) {
      assertThatThrownBy(
              () -> GuardServer.start(settings(pair.getFirst(), pair.getLast()), line -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not a certificate and its key in PEM");
    }
    assertThat(folder.resolve("data")).doesNotExist();
  }
}
