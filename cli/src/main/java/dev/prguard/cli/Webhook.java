package dev.prguard.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Where breaches are told. Who knows the address may write there, so no message holds more of it
/// than its host, and no exception with the address in it is passed on as a cause.
final class Webhook {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MAX_ANSWER_BYTES = 64 << 10;

  private final URI uri;

  private Webhook(URI uri) {
    this.uri = uri;
  }

  /// @param name the option or variable that holds the address
  /// @throws CommandException without the address when it is none
  static Webhook of(String name, String address) {
    try {
      URI uri = new URI(address.strip());
      String scheme = String.valueOf(uri.getScheme());
      if (uri.getHost() != null
          && uri.getRawUserInfo() == null
          && (scheme.equals("http") || scheme.equals("https"))) {
        return new Webhook(uri);
      }
    } catch (URISyntaxException e) {
      // Said below, without the address.
    }
    throw CommandException.wrongInput(
        name + ": not an address (expected: https://HOST/..., without user)");
  }

  /// A name for it that does not tell the address.
  String key() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(uri.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /// @throws CommandException when the receiver does not take it within ten seconds
  void post(String json) {
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PATIENCE)
            .build()) {
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .header("content-type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(json))
              .build();
      // A timeout of the request would end with the head of the answer; this bounds the body too.
      CompletableFuture<HttpResponse<byte[]>> exchange =
          client.sendAsync(
              request,
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
      try {
        int status = exchange.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).statusCode();
        if (status < 200 || status > 299) {
          throw failed("HTTP " + status);
        }
      } catch (TimeoutException e) {
        throw failed("no answer within " + PATIENCE.toSeconds() + " s");
      } catch (ExecutionException e) {
        throw failed(
            switch (e.getCause()) {
              case ConnectException _ -> "connection refused, or host not found";
              case IOException _ -> "the connection broke";
              case null, default -> "failed";
            });
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw failed("stopped");
      } finally {
        client.shutdownNow();
      }
    }
  }

  private CommandException failed(String reason) {
    return CommandException.outsideFailed(
        "check: the webhook at "
            + this
            + " was not told: "
            + reason
            + "; the next check tries anew",
        new IOException(reason));
  }

  /// Its host alone.
  @Override
  public String toString() {
    return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }
}
