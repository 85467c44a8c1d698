package dev.prguard.service;

import dev.prguard.insight.alert.Budgets;
import dev.prguard.store.TempoClient;
import dev.prguard.traceql.engine.QuantileMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// A server on free ports, and a client of it.
final class RunningServer implements AutoCloseable {
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  final GuardServer server;

  private RunningServer(GuardServer server) {
    this.server = server;
  }

  static RunningServer start(Path folder) throws IOException {
    return new RunningServer(GuardServer.start(settings(folder, "127.0.0.1", null), line -> {}));
  }

  static RunningServer start(Path folder, String token) throws IOException {
    return new RunningServer(GuardServer.start(settings(folder, "127.0.0.1", token), line -> {}));
  }

  static RunningServer start(Path folder, ServiceSettings.Grafana grafana) throws IOException {
    return new RunningServer(
        GuardServer.start(settings(folder, "127.0.0.1", null, grafana), line -> {}));
  }

  static ServiceSettings settings(Path folder, String bind, @Nullable String token) {
    return settings(folder, bind, token, null);
  }

  private static ServiceSettings settings(
      Path folder, String bind, @Nullable String token, ServiceSettings.@Nullable Grafana grafana) {
    return new ServiceSettings(
        folder,
        "test",
        bind,
        0,
        0,
        0,
        token,
        null,
        QuantileMode.TEMPO_BUCKETS,
        Duration.ofSeconds(60),
        Budgets.DEFAULT,
        grafana,
        log -> false);
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  /// Asks as a Tempo is asked; the caller closes it.
  TempoClient queries() {
    return new TempoClient(uri(""), Map.of());
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<byte[]> post(String path, byte[] body, String... headers) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path))
            .headers(headers)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> postJson(String json) throws Exception {
    return post(
        "/v1/traces", json.getBytes(StandardCharsets.UTF_8), "content-type", "application/json");
  }

  static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }

  @Override
  public void close() {
    client.shutdownNow();
    server.close();
  }
}
