package dev.prguard.insight.grafana;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prguard.insight.grafana.GrafanaException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Grafana's HTTP API, with a service account's token.
public final class GrafanaClient implements AutoCloseable {
  private static final int MAX_ANSWER_BYTES = 32 << 20;
  private static final int MAX_WORDS = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI base;
  private final String token;
  private final Duration patience;
  private final HttpClient client;

  /// @param base with the path below which Grafana answers, if it has one
  /// @param patience for one request
  public GrafanaClient(URI base, String token, Duration patience) {
    this.base = base;
    this.token = token;
    this.patience = patience;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            // A redirect would carry the token to a host that nobody named.
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(patience)
            .build();
  }

  /// @return empty where there is no such thing
  /// @throws GrafanaException when it does not answer, or refuses
  Optional<JsonNode> get(String path) {
    HttpResponse<byte[]> answer = exchange("GET", path, null);
    return answer.statusCode() == 404 && isJson(answer)
        ? Optional.empty()
        : Optional.of(taken("GET", path, answer));
  }

  /// Whether it says that there is no such thing; who may not look does not know.
  boolean lacks(String path) {
    HttpResponse<byte[]> answer = exchange("GET", path, null);
    if (answer.statusCode() != 403 && answer.statusCode() != 404) {
      JsonNode _ = taken("GET", path, answer);
    }
    return answer.statusCode() == 404 && isJson(answer);
  }

  /// @throws GrafanaException when it does not answer, or refuses
  JsonNode send(String method, String path, @Nullable JsonNode body) {
    return taken(method, path, exchange(method, path, body));
  }

  private HttpResponse<byte[]> exchange(String method, String path, @Nullable JsonNode body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base.toString().replaceAll("/+$", "") + path))
            .header("authorization", "Bearer " + token)
            .header("accept", "application/json")
            // Else what came over the API could not be changed in Grafana's own pages.
            .header("x-disable-provenance", "true");
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("content-type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(body.toString()));
    }
    // A timeout of the request would end with the head of the answer; this one bounds the body too.
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(
            request.build(),
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
    try {
      return exchange.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw unavailable("no answer within " + patience.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw unavailable(
          switch (e.getCause()) {
            case ConnectException _ -> "connection refused, or host not found";
            case IOException failed -> oneLine(String.valueOf(failed.getMessage()));
            case null, default -> "failed";
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("stopped");
    } finally {
      exchange.cancel(true);
    }
  }

  private JsonNode taken(String method, String path, HttpResponse<byte[]> answer) {
    int status = answer.statusCode();
    String asked = method + " " + path;
    return switch (status) {
      case 200, 201, 202, 204 -> json(asked, answer);
      case 401 -> throw refused("GRAFANA_TOKEN was refused (401): it is wrong, expired or revoked");
      case 403 ->
          throw refused(
              "GRAFANA_TOKEN may not "
                  + asked
                  + " (403): its service account needs the role Editor");
      case 404 ->
          throw refused(
              asked + " is not there (404): GRAFANA_URL is not that of a Grafana 11 or later");
      case 409, 412 ->
          throw refused(
              asked + ": changed or taken by somebody else (" + status + words(answer) + ")");
      default ->
          throw status >= 300 && status < 400
              ? refused(
                  asked + " is sent elsewhere (" + status + "): set GRAFANA_URL to where it is")
              : status < 500 && status != 429
                  ? refused(asked + " (" + status + words(answer) + ")")
                  : unavailable(asked + ": HTTP " + status);
    };
  }

  private JsonNode json(String asked, HttpResponse<byte[]> answer) {
    try {
      return answer.statusCode() == 204 || answer.body().length == 0
          ? JSON.createObjectNode()
          : JSON.readTree(answer.body());
    } catch (IOException e) {
      throw refused(asked + ": the answer is not Grafana's; is a log-in page in between?");
    }
  }

  private static boolean isJson(HttpResponse<byte[]> answer) {
    return answer.headers().firstValue("content-type").orElse("").contains("json");
  }

  /// What Grafana said, shortened; never a log-in page's HTML.
  private static String words(HttpResponse<byte[]> answer) {
    try {
      String message = JSON.readTree(answer.body()).path("message").asText();
      return message.isEmpty() ? "" : ", " + oneLine(message);
    } catch (JsonProcessingException e) {
      return "";
    } catch (IOException e) {
      return "";
    }
  }

  private static String oneLine(String text) {
    String line = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", " ");
    return line.length() > MAX_WORDS ? line.substring(0, MAX_WORDS) + "…" : line;
  }

  private GrafanaException refused(String what) {
    return new GrafanaException(Kind.REFUSED, host() + ": " + withoutToken(what));
  }

  private GrafanaException unavailable(String what) {
    return new GrafanaException(Kind.UNAVAILABLE, host() + ": " + withoutToken(what));
  }

  /// A server may say what it was sent.
  private String withoutToken(String text) {
    return token.isEmpty() ? text : text.replace(token, "…");
  }

  private String host() {
    return base.getPort() < 0 ? base.getHost() : base.getHost() + ":" + base.getPort();
  }

  static String pathSegment(String text) {
    return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
