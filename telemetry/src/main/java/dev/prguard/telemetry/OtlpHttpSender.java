package dev.prguard.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One OTLP/HTTP request with protobuf, and what its answer means. The SDK's own exporter is not
/// used: it takes any 2xx for success and never reads the partial success in it.
final class OtlpHttpSender implements OtlpSender {
  private static final int MAX_ANSWER_BYTES = 1 << 16;

  /// OTLP asks exporters to name themselves.
  static final String USER_AGENT = "OTel-OTLP-Exporter-pr-guard";

  private static final Duration MAX_RETRY_AFTER = Duration.ofHours(1);
  private static final Pattern JSON_REJECTED =
      Pattern.compile("\"rejected_?[sS]pans\"\\s{0,9}:\\s{0,9}\"?([0-9]{1,18})");

  private final OtlpEndpoint endpoint;
  private final InstantSource clock;
  private final HttpClient client;

  OtlpHttpSender(OtlpEndpoint endpoint, InstantSource clock) {
    this.endpoint = endpoint;
    this.clock = clock;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            // A redirect would carry the credentials to a host that nobody named.
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(endpoint.timeout());
    InetSocketAddress proxy = endpoint.proxy();
    if (proxy != null) {
      builder.proxy(ProxySelector.of(proxy));
    }
    SSLContext context =
        endpoint.uri().getScheme().equalsIgnoreCase("http")
            ? new NoTls()
            : endpoint.tls().context();
    if (context != null) {
      builder.sslContext(context);
    }
    this.client = builder.build();
  }

  @Override
  public Outcome send(byte[] body, int spans, Duration patience) throws InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.uri());
    request.setHeader("user-agent", USER_AGENT);
    endpoint.headers().forEach(request::setHeader);
    request.setHeader("content-type", "application/x-protobuf");
    if (endpoint.gzip()) {
      request.setHeader("content-encoding", "gzip");
    }
    request.POST(HttpRequest.BodyPublishers.ofByteArray(endpoint.gzip() ? gzip(body) : body));
    // A timeout of the request would end with the head of the answer; this one bounds the body too.
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(
            request.build(),
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
    try {
      return outcome(exchange.get(patience.toMillis(), TimeUnit.MILLISECONDS), spans);
    } catch (TimeoutException e) {
      return new Outcome.Unavailable("no answer within " + patience.toMillis() + " ms", null, true);
    } catch (ExecutionException e) {
      return failure(e.getCause());
    } finally {
      exchange.cancel(true);
    }
  }

  private Outcome outcome(HttpResponse<byte[]> answer, int sent) {
    int status = answer.statusCode();
    return switch (status) {
      case 429, 502, 503, 504 ->
          new Outcome.Unavailable("HTTP " + status, retryAfter(answer), true);
      case 400, 422 -> new Outcome.Refused("HTTP " + status + said(answer));
      case 413 -> new Outcome.TooLarge();
      case 408, 409, 423, 424, 425 -> new Outcome.Failed("HTTP " + status + said(answer));
      default -> {
        if (status >= 200 && status < 300) {
          yield acknowledged(answer, sent);
        }
        // What is left below 500 is about the key, the address or the form, not about the spans.
        yield status >= 500
            ? new Outcome.Failed("HTTP " + status + said(answer))
            : new Outcome.Unwelcome("HTTP " + status);
      }
    };
  }

  /// An answer that is no OTLP is no acknowledgement: a wrong address may well say 200 to anything.
  private static Outcome acknowledged(HttpResponse<byte[]> answer, int sent) {
    String type = contentType(answer);
    if (answer.body().length == 0) {
      return new Outcome.Acknowledged(0, "");
    }
    if (type.startsWith("application/json") || isEmptyJson(answer.body())) {
      Matcher rejected = JSON_REJECTED.matcher(new String(answer.body(), StandardCharsets.UTF_8));
      long count = rejected.find() ? Long.parseLong(rejected.group(1)) : 0;
      return new Outcome.Acknowledged(Math.min(count, sent), "rejected by the receiver");
    }
    if (type.startsWith("application/x-protobuf") || type.isEmpty()) {
      try {
        ExportTracePartialSuccess partial =
            ExportTraceServiceResponse.parseFrom(answer.body()).getPartialSuccess();
        String message = Variables.shown(partial.getErrorMessage());
        return new Outcome.Acknowledged(
            Math.clamp(partial.getRejectedSpans(), 0, sent),
            message.isBlank() ? "rejected by the receiver" : message);
      } catch (InvalidProtocolBufferException e) {
        type = "unreadable";
      }
    }
    return new Outcome.Unwelcome(
        "HTTP " + answer.statusCode() + " but not from an OTLP receiver: " + Variables.shown(type));
  }

  /// `{}`, the JSON answer to all of a batch taken, which simple receivers send without its type.
  private static boolean isEmptyJson(byte[] body) {
    return body.length <= 16 && new String(body, StandardCharsets.UTF_8).strip().equals("{}");
  }

  /// The `message` of the google.rpc.Status that OTLP sends with an error, field 2.
  private static String said(HttpResponse<byte[]> answer) {
    if (!contentType(answer).startsWith("application/x-protobuf")) {
      return "";
    }
    try {
      String message = StatusMessage.of(answer.body());
      return message.isBlank() ? "" : ": " + Variables.shown(message);
    } catch (IOException e) {
      return "";
    }
  }

  private static String contentType(HttpResponse<?> answer) {
    return answer.headers().firstValue("content-type").orElse("").toLowerCase(Locale.ROOT);
  }

  /// Seconds or an HTTP date; at most an hour, which is longer than a review.
  private @Nullable Duration retryAfter(HttpResponse<?> answer) {
    String value = answer.headers().firstValue("retry-after").orElse("").strip();
    try {
      if (!value.isEmpty() && value.length() <= 9 && value.chars().allMatch(Character::isDigit)) {
        return Duration.ofSeconds(Math.min(Integer.parseInt(value), MAX_RETRY_AFTER.toSeconds()));
      }
      Instant at = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value));
      Duration wait = Duration.between(clock.instant(), at);
      if (wait.isNegative()) {
        return Duration.ZERO;
      }
      return wait.compareTo(MAX_RETRY_AFTER) < 0 ? wait : MAX_RETRY_AFTER;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static Outcome failure(@Nullable Throwable e) {
    return switch (e) {
      case HttpConnectTimeoutException timeout ->
          new Outcome.Unavailable("connect timed out", null, false);
      case ConnectException connect ->
          new Outcome.Unavailable(
              hasCause(connect, UnresolvedAddressException.class)
                  ? "host not found"
                  : "connection refused",
              null,
              false);
      case SSLException tls ->
          new Outcome.Unavailable(
              "TLS: " + Variables.shown(String.valueOf(tls.getMessage())), null, false);
      case IOException io ->
          new Outcome.Unavailable(
              "connection broken: " + Variables.shown(String.valueOf(io.getMessage())), null, true);
      case null, default ->
          new Outcome.Unwelcome(e == null ? "unknown" : e.getClass().getSimpleName());
    };
  }

  private static boolean hasCause(Throwable e, Class<? extends Throwable> type) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not from an array in memory
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
