package dev.prguard.review.model;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// LangChain4j's door to the network, over the JDK's client: one deadline for the whole answer,
/// body included, a bound on its size, no redirects (a key must not travel on), no logging, and
/// everything noted in the [Exchange] of the attempt.
final class ModelHttpClient implements HttpClient, AutoCloseable {
  private static final long MAX_BODY_BYTES = 8L << 20;
  private static final int MAX_ERROR_BYTES = 64 << 10;

  private final java.net.http.HttpClient http =
      java.net.http.HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(10))
          .followRedirects(java.net.http.HttpClient.Redirect.NEVER)
          .build();

  /// A builder that always answers this client: its limits are not LangChain4j's to set.
  HttpClientBuilder builder() {
    return new HttpClientBuilder() {
      @Override
      public @Nullable Duration connectTimeout() {
        return null;
      }

      @Override
      public HttpClientBuilder connectTimeout(Duration timeout) {
        return this;
      }

      @Override
      public @Nullable Duration readTimeout() {
        return null;
      }

      @Override
      public HttpClientBuilder readTimeout(Duration timeout) {
        return this;
      }

      @Override
      public HttpClient build() {
        return ModelHttpClient.this;
      }
    };
  }

  @Override
  public SuccessfulHttpResponse execute(HttpRequest request) {
    Exchange exchange = Exchange.CURRENT.get();
    HttpResponse<byte[]> response = send(request(request), exchange);
    exchange.bodyArrived(response.body());
    if (!exchange.successful()) {
      throw new HttpException(response.statusCode(), "");
    }
    return SuccessfulHttpResponse.builder()
        .statusCode(response.statusCode())
        .headers(response.headers().map())
        .body(response.body())
        .build();
  }

  @Override
  public void execute(
      HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
    throw new UnsupportedOperationException("answers are read whole");
  }

  private static java.net.http.HttpRequest request(HttpRequest request) {
    URI uri = URI.create(request.url());
    java.net.http.HttpRequest.Builder builder =
        java.net.http.HttpRequest.newBuilder(uri)
            .method(request.method().name(), BodyPublishers.ofString(request.body()));
    if ("http".equalsIgnoreCase(uri.getScheme())) {
      // Over plain HTTP the JDK would ask for an upgrade to HTTP/2, which some local servers choke
      // on.
      builder.version(java.net.http.HttpClient.Version.HTTP_1_1);
    }
    request.headers().forEach((name, values) -> values.forEach(v -> builder.header(name, v)));
    return builder.build();
  }

  private HttpResponse<byte[]> send(java.net.http.HttpRequest request, Exchange exchange) {
    HttpResponse.BodyHandler<byte[]> handler =
        head -> {
          exchange.headArrived(head.statusCode(), head.headers());
          long limit = head.statusCode() / 100 == 2 ? MAX_BODY_BYTES : MAX_ERROR_BYTES;
          return BodyHandlers.limiting(BodyHandlers.ofByteArray(), limit).apply(head);
        };
    CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request, handler);
    try {
      // The request's own timeout would end with the head of the answer.
      return answer.get(exchange.timeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw broken(exchange, Exchange.Broken.TIMEOUT, new IOException("timeout"));
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw broken(exchange, Exchange.Broken.CANCELLED, new IOException("interrupted"));
    } catch (ExecutionException e) {
      IOException cause =
          e.getCause() instanceof IOException io ? io : new IOException("request failed");
      throw broken(exchange, kind(exchange, cause), cause);
    }
  }

  private static Exchange.Broken kind(Exchange exchange, IOException cause) {
    if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
      return Exchange.Broken.UNREACHABLE;
    }
    if (exchange.status() == 0) {
      return Exchange.Broken.RESET;
    }
    // How BodySubscribers.limiting says it; anything else broke on the way.
    return String.valueOf(cause.getMessage()).contains("exceeds capacity")
        ? Exchange.Broken.TOO_BIG
        : Exchange.Broken.CUT_OFF;
  }

  private static UncheckedIOException broken(
      Exchange exchange, Exchange.Broken how, IOException cause) {
    exchange.broke(how);
    return new UncheckedIOException(cause);
  }

  /// Ends calls under way.
  @Override
  public void close() {
    http.shutdownNow();
  }
}
