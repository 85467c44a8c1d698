package dev.prguard.store;

import dev.prguard.trace.query.QueryTimeoutException;
import dev.prguard.trace.query.TraceQueryException;
import dev.prguard.trace.query.TraceQueryException.Reason;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Requests to one Tempo: bounded in time and size, no redirects, and every failure one line that
/// names the host and no secret.
final class TempoHttp implements AutoCloseable {
  static final int MAX_ANSWER_BYTES = 64 << 20;

  private static final int MAX_MESSAGE = 400;

  private final URI base;
  private final Map<String, String> headers;
  private final HttpClient client;

  TempoHttp(URI base, Map<String, String> headers) {
    this.base = base;
    this.headers = Map.copyOf(headers);
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            // A redirect would carry the credentials to a host that nobody named.
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
  }

  String host() {
    return base.getPort() < 0 ? base.getHost() : base.getHost() + ":" + base.getPort();
  }

  /// @param target path and query, encoded
  /// @param deadline of [System#nanoTime]
  /// @return the body of a 200, or null for a 404
  /// @throws TraceQueryException when Tempo refuses, fails or cannot be reached
  /// @throws QueryTimeoutException when the deadline passes, or the thread is interrupted
  byte @Nullable [] get(String target, String accept, long deadline) {
    HttpResponse<byte[]> answer = exchange(target, accept, deadline);
    int status = answer.statusCode();
    if (status == 200) {
      return answer.body();
    }
    if (status == 404) {
      return null;
    }
    String said = oneLine(new String(answer.body(), StandardCharsets.UTF_8));
    if (status == 400) {
      throw new TraceQueryException(Reason.REFUSED, said.isEmpty() ? host() + ": HTTP 400" : said);
    }
    String hint =
        switch (status / 100) {
          case 3 -> " (a redirect; name the address that answers)";
          default ->
              status == 401 || status == 403
                  ? " (wrong or missing credentials for queries)"
                  : said.isEmpty() ? "" : ": " + said;
        };
    throw unavailable("HTTP " + status + hint);
  }

  TraceQueryException unavailable(String what) {
    return new TraceQueryException(Reason.UNAVAILABLE, "Tempo " + host() + ": " + oneLine(what));
  }

  private HttpResponse<byte[]> exchange(String target, String accept, long deadline) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base.toString().replaceAll("/+$", "") + target));
    headers.forEach(request::setHeader);
    request.setHeader("accept", accept);
    // A timeout of the request would end with the head of the answer; this one bounds the body too.
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(
            request.build(),
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
    try {
      return exchange.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      throw new QueryTimeoutException("Tempo " + host() + ": no answer in time");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new QueryTimeoutException("the query was cancelled");
    } catch (ExecutionException e) {
      throw unavailable(reason(e.getCause()));
    } finally {
      exchange.cancel(true);
    }
  }

  private static String reason(@Nullable Throwable cause) {
    return switch (cause) {
      case HttpConnectTimeoutException _ -> "connect timed out";
      case ConnectException refused when causedByName(refused) -> "host not found";
      case ConnectException _ -> "connection refused";
      case SSLException tls -> "TLS: " + clip(tls.getMessage());
      case null -> "failed";
      default -> clip(cause.getMessage());
    };
  }

  private static boolean causedByName(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof UnresolvedAddressException || at instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }

  /// What a server says may be long, of many lines, or repeat what it was sent.
  private String oneLine(String text) {
    String line = clip(text);
    for (String value : headers.values()) {
      for (String secret : value.split(" ", -1)) {
        line = secret.length() < 6 ? line : line.replace(secret, "***");
      }
    }
    return line;
  }

  private static String clip(@Nullable String text) {
    String line = String.valueOf(text).strip();
    line = line.length() > MAX_MESSAGE ? line.substring(0, MAX_MESSAGE) + "…" : line;
    return line.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]+", " ");
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
