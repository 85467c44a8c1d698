package dev.prguard.service;

import com.google.protobuf.CodedOutputStream;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.AbstractHttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.prguard.service.SpanIntake.Outcome;
import dev.prguard.service.SpanIntake.OverloadedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletionException;

/// OTLP over gRPC: the one unary method of the trace service. A message is a byte that says whether
/// it is packed, four of length, and the bytes; the status comes in trailers. Armeria's own unary
/// service refuses packed messages, which is how collectors send.
final class OtlpGrpcReceiver extends AbstractHttpService {
  static final String PATH = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

  private static final int INVALID_ARGUMENT = 3;
  private static final int RESOURCE_EXHAUSTED = 8;
  private static final int UNIMPLEMENTED = 12;
  private static final int INTERNAL = 13;
  private static final int UNAVAILABLE = 14;
  private static final int PREFIX_BYTES = 5;
  private static final long UNKNOWN_BYTES = 1 << 20;

  private final SpanIntake intake;

  OtlpGrpcReceiver(SpanIntake intake) {
    this.intake = intake;
  }

  private static final class GrpcException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    GrpcException(int status, String message) {
      super(message, null, false, false);
      this.status = status;
    }
  }

  @Override
  protected HttpResponse doPost(ServiceRequestContext ctx, HttpRequest req) {
    MediaType type = req.contentType();
    if (type == null || !type.type().equals("application") || !type.subtype().startsWith("grpc")) {
      return HttpResponse.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
    }
    String encoding = req.headers().get("grpc-encoding", "identity");
    if (!encoding.equals("identity") && !encoding.equals("gzip")) {
      return drained(req, status(UNIMPLEMENTED, "unsupported encoding (expected: gzip)"));
    }
    long room = Math.max(req.headers().contentLength(), UNKNOWN_BYTES);
    if (!intake.reserve(room)) {
      return drained(req, overloaded());
    }
    return HttpResponse.of(
        req.aggregate()
            .thenCompose(body ->
                intake.take(
                    room,
                    () ->
                        IngestRules.arrive(
                            OtlpReceiver.protobuf(unframed(body.content().array())))))
            .handle((outcome, failure) -> {
              intake.release(room);
              return failure == null ? accepted(outcome) : failed(failure);
            }));
  }

  /// An answer before the end of the request would reset the stream, and be lost.
  private static HttpResponse drained(HttpRequest req, HttpResponse answer) {
    return HttpResponse.of(req.subscribe().handle((_, _) -> answer));
  }

  private static byte[] unframed(byte[] body) {
    if (body.length < PREFIX_BYTES) {
      throw new GrpcException(INTERNAL, "the message is not whole");
    }
    ByteBuffer prefix = ByteBuffer.wrap(body);
    boolean packed = prefix.get() == 1;
    int length = prefix.getInt();
    if (length < 0 || length != body.length - PREFIX_BYTES) {
      throw new GrpcException(INTERNAL, "the message is not whole");
    }
    byte[] message = Arrays.copyOfRange(body, PREFIX_BYTES, body.length);
    return packed ? Inflated.gzip(message, OtlpReceiver.MAX_BODY_BYTES) : message;
  }

  private static HttpResponse accepted(Outcome outcome) {
    byte[] message = OtlpReceiver.response(outcome).toByteArray();
    ByteBuffer framed = ByteBuffer.allocate(PREFIX_BYTES + message.length);
    framed.put((byte) 0).putInt(message.length).put(message);
    return withTrailers(HttpData.wrap(framed.array()), HttpHeaders.of("grpc-status", "0"));
  }

  private static HttpResponse failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case GrpcException e -> status(e.status, String.valueOf(e.getMessage()));
      case OtlpJson.MalformedException e ->
          status(INVALID_ARGUMENT, String.valueOf(e.getMessage()));
      case Inflated.TooLargeException e -> status(INVALID_ARGUMENT, String.valueOf(e.getMessage()));
      case com.linecorp.armeria.common.ContentTooLargeException _ ->
          status(INVALID_ARGUMENT, "the message is larger than the limit");
      case OverloadedException _ -> overloaded();
      case UncheckedIOException _ -> status(UNAVAILABLE, "the store cannot be written");
      default -> status(INTERNAL, "internal error");
    };
  }

  /// OTLP: a client may send RESOURCE_EXHAUSTED again only where the details say when.
  private static HttpResponse overloaded() {
    return withTrailers(
        HttpData.empty(),
        trailers(RESOURCE_EXHAUSTED, "too many spans at once, come again").toBuilder()
            .add(
                "grpc-status-details-bin",
                Base64.getEncoder().withoutPadding().encodeToString(retryInSeconds(1)))
            .build());
  }

  private static HttpResponse status(int status, String message) {
    return withTrailers(HttpData.empty(), trailers(status, message));
  }

  private static HttpHeaders trailers(int status, String message) {
    return HttpHeaders.of(
        "grpc-status",
        Integer.toString(status),
        "grpc-message",
        URLEncoder.encode(message, StandardCharsets.UTF_8).replace("+", "%20"));
  }

  private static HttpResponse withTrailers(HttpData data, HttpHeaders trailers) {
    return HttpResponse.of(
        ResponseHeaders.of(HttpStatus.OK, HttpHeaderNames.CONTENT_TYPE, "application/grpc+proto"),
        data,
        trailers);
  }

  /// `google.rpc.Status` with a `google.rpc.RetryInfo`, three fields in all.
  private static byte[] retryInSeconds(long seconds) {
    byte[] duration = message(out -> out.writeInt64(1, seconds));
    byte[] retryInfo = message(out -> out.writeByteArray(1, duration));
    byte[] any =
        message(out -> {
          out.writeString(1, "type.googleapis.com/google.rpc.RetryInfo");
          out.writeByteArray(2, retryInfo);
        });
    return message(out -> {
      out.writeInt32(1, RESOURCE_EXHAUSTED);
      out.writeByteArray(3, any);
    });
  }

  @FunctionalInterface
  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      fields.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
