package dev.prguard.service;

import com.google.protobuf.InvalidProtocolBufferException;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.AbstractHttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.prguard.service.SpanIntake.Outcome;
import dev.prguard.service.SpanIntake.OverloadedException;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/// OTLP over HTTP, protobuf or JSON, plain or gzip: `POST /v1/traces`.
final class OtlpReceiver extends AbstractHttpService {
  /// Of one body, unpacked.
  static final int MAX_BODY_BYTES = 16 << 20;

  /// A request without a length is taken for this large.
  private static final long UNKNOWN_BYTES = 1 << 20;

  private static final String RETRY_AFTER_SECONDS = "1";
  private static final String JSON = "application/json";
  private static final String PROTOBUF = "application/x-protobuf";

  private final SpanIntake intake;

  OtlpReceiver(SpanIntake intake) {
    this.intake = intake;
  }

  @Override
  protected HttpResponse doPost(ServiceRequestContext ctx, HttpRequest req) {
    MediaType type = req.contentType();
    boolean json = type != null && type.is(MediaType.JSON);
    if (!json && (type == null || !type.subtype().equals("x-protobuf"))) {
      return text(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "unsupported content type (expected: " + PROTOBUF + " or " + JSON + ")");
    }
    String encoding = req.headers().get(HttpHeaderNames.CONTENT_ENCODING, "identity");
    boolean gzip = encoding.equals("gzip");
    if (!gzip && !encoding.equals("identity")) {
      return text(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported content encoding (expected: gzip)");
    }
    long declared = declared(req.headers());
    if (declared > MAX_BODY_BYTES) {
      return text(HttpStatus.REQUEST_ENTITY_TOO_LARGE, "the body is larger than the limit");
    }
    long room = unpacked(declared, gzip);
    if (!intake.reserve(room)) {
      return overloaded();
    }
    return HttpResponse.of(
        req.aggregate()
            .thenCompose(body ->
                intake.take(
                    unpacked(body.content().length(), gzip), () -> arrival(body, json, gzip)))
            .handle((outcome, failure) -> {
              intake.release(room);
              return failure == null ? accepted(outcome, json) : failed(failure);
            }));
  }

  /// What is packed grows; four times is usual for spans.
  private static long unpacked(long bytes, boolean gzip) {
    return gzip ? bytes * 4 : bytes;
  }

  private static long declared(RequestHeaders headers) {
    long length = headers.contentLength();
    return length < 0 ? UNKNOWN_BYTES : length;
  }

  private static IngestRules.Arrival arrival(
      AggregatedHttpRequest request, boolean json, boolean gzip) {
    byte[] body = request.content().array();
    byte[] plain = gzip && body.length > 0 ? Inflated.gzip(body, MAX_BODY_BYTES) : body;
    return json ? IngestRules.arrive(OtlpJson.read(plain), Optional.empty()) : protobuf(plain);
  }

  /// `ExportTraceServiceRequest` has the same bytes.
  static IngestRules.Arrival protobuf(byte[] body) {
    try {
      return IngestRules.arrive(TracesData.parseFrom(body), Optional.of(body));
    } catch (InvalidProtocolBufferException e) {
      throw new OtlpJson.MalformedException("not OTLP protobuf: " + e.getMessage());
    }
  }

  static ExportTraceServiceResponse response(Outcome outcome) {
    ExportTraceServiceResponse.Builder response = ExportTraceServiceResponse.newBuilder();
    if (outcome.rejected() > 0) {
      response.setPartialSuccess(
          ExportTracePartialSuccess.newBuilder()
              .setRejectedSpans(outcome.rejected())
              .setErrorMessage(outcome.reason()));
    }
    return response.build();
  }

  private static HttpResponse accepted(Outcome outcome, boolean json) {
    if (!json) {
      return HttpResponse.of(
          ResponseHeaders.of(HttpStatus.OK, HttpHeaderNames.CONTENT_TYPE, PROTOBUF),
          HttpData.wrap(response(outcome).toByteArray()));
    }
    String text =
        outcome.rejected() == 0
            ? "{}"
            : "{\"partialSuccess\":{\"rejectedSpans\":\"%d\",\"errorMessage\":\"%s\"}}"
                .formatted(outcome.rejected(), outcome.reason());
    return HttpResponse.of(HttpStatus.OK, MediaType.JSON, text);
  }

  private static HttpResponse failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case OtlpJson.MalformedException e ->
          text(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
      case Inflated.TooLargeException e ->
          text(HttpStatus.REQUEST_ENTITY_TOO_LARGE, String.valueOf(e.getMessage()));
      case com.linecorp.armeria.common.ContentTooLargeException _ ->
          text(HttpStatus.REQUEST_ENTITY_TOO_LARGE, "the body is larger than the limit");
      case OverloadedException _ -> overloaded();
      case UncheckedIOException _ ->
          retryable(HttpStatus.SERVICE_UNAVAILABLE, "the store cannot be written");
      default -> text(HttpStatus.INTERNAL_SERVER_ERROR, "internal error");
    };
  }

  private static HttpResponse overloaded() {
    return retryable(HttpStatus.TOO_MANY_REQUESTS, "too many spans at once, come again");
  }

  private static HttpResponse retryable(HttpStatus status, String message) {
    return HttpResponse.of(
        ResponseHeaders.of(
            status,
            HttpHeaderNames.CONTENT_TYPE,
            MediaType.PLAIN_TEXT_UTF_8,
            HttpHeaderNames.RETRY_AFTER,
            RETRY_AFTER_SECONDS),
        HttpData.of(StandardCharsets.UTF_8, message));
  }

  private static HttpResponse text(HttpStatus status, String message) {
    return HttpResponse.of(status, MediaType.PLAIN_TEXT_UTF_8, HttpData.ofUtf8(message));
  }
}
