package dev.prguard.store;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A Grafana Tempo over HTTP, by its own API. Thread-safe.
public final class TempoClient implements AutoCloseable {
  /// A trace of a review is far smaller.
  private static final int MAX_ANSWER_BYTES = 64 << 20;

  /// Field 1, length-delimited.
  private static final int TRACE_TAG = 1 << 3 | 2;

  private final URI base;
  private final Map<String, String> headers;
  private final HttpClient client;

  /// @param base address of the query API, under which `/api/...` is
  /// @param headers such as `Authorization`; their values are in no message
  public TempoClient(URI base, Map<String, String> headers) {
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

  /// The spans of a trace that Tempo has by now, in any order; empty when it has none of it.
  ///
  /// @param traceId 32 hexadecimal digits
  /// @param patience at most this long
  /// @throws IOException naming the host and what was wrong, in one line
  public List<SpanRecord> trace(String traceId, Duration patience)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = get("/api/v2/traces/" + traceId, patience);
    if (answer.statusCode() == 404) {
      return List.of();
    }
    if (answer.statusCode() != 200) {
      throw new IOException(host() + ": HTTP " + answer.statusCode());
    }
    try {
      return OtlpSpans.decode(traceOf(answer.body())).spans();
    } catch (InvalidProtocolBufferException e) {
      throw new IOException(host() + ": the answer is not Tempo's", e);
    }
  }

  private HttpResponse<byte[]> get(String path, Duration patience)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base.toString().replaceAll("/+$", "") + path));
    headers.forEach(request::setHeader);
    request.setHeader("accept", "application/protobuf");
    // A timeout of the request would end with the head of the answer; this one bounds the body too.
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(
            request.build(),
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
    try {
      return exchange.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(host() + ": no answer within " + patience.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new IOException(host() + ": " + reason(e.getCause()), e);
    } finally {
      exchange.cancel(true);
    }
  }

  private static String reason(@Nullable Throwable cause) {
    return switch (cause) {
      case ConnectException _ -> "connection refused, or host not found";
      case HttpTimeoutException _ -> "connect timed out";
      case null -> "failed";
      default -> Reasons.of(new IOException(cause.getMessage()));
    };
  }

  /// The `trace` of a `TraceByIDResponse`, field 1; it is a `TracesData` on the wire. Empty
  /// without.
  private static byte[] traceOf(byte[] answer) throws InvalidProtocolBufferException {
    ByteArrayOutputStream trace = new ByteArrayOutputStream();
    try {
      CodedInputStream in = CodedInputStream.newInstance(answer);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag == TRACE_TAG) {
          // A message that comes in parts is their concatenation.
          trace.writeBytes(in.readByteArray());
        } else {
          in.skipField(tag);
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw e;
    } catch (IOException e) {
      throw new InvalidProtocolBufferException(e);
    }
    return trace.toByteArray();
  }

  private String host() {
    return base.getPort() < 0 ? base.getHost() : base.getHost() + ":" + base.getPort();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
