package dev.prguard.service;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.AbstractHttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.prguard.service.SpanIntake.OverloadedException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionException;

/// OTLP over gRPC: the one method of the trace service.
final class OtlpGrpcReceiver extends AbstractHttpService {
  static final String PATH = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

  private static final long UNKNOWN_BYTES = 1 << 20;

  private final SpanIntake intake;

  OtlpGrpcReceiver(SpanIntake intake) {
    this.intake = intake;
  }

  @Override
  protected HttpResponse doPost(ServiceRequestContext ctx, HttpRequest req) {
    if (!Grpc.isCall(req)) {
      return HttpResponse.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
    }
    if (!Grpc.hasKnownEncoding(req)) {
      return Grpc.unknownEncoding(req);
    }
    // gRPC tells no length before the end.
    long room = Math.max(req.headers().contentLength(), UNKNOWN_BYTES);
    if (!intake.reserve(room)) {
      return Grpc.drained(req, overloaded());
    }
    return HttpResponse.of(
        req.aggregate()
            .thenCompose(body -> {
              byte[] message = Grpc.message(body.content().array(), OtlpReceiver.MAX_BODY_BYTES);
              return intake.take(message.length, () -> OtlpReceiver.protobuf(message));
            })
            .handle((outcome, failure) -> {
              intake.release(room);
              return failure == null
                  ? Grpc.messages(List.of(OtlpReceiver.response(outcome).toByteArray()))
                  : failed(failure);
            }));
  }

  private static HttpResponse failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case Grpc.StatusException e -> Grpc.status(e.status, String.valueOf(e.getMessage()));
      case OtlpJson.MalformedException e ->
          Grpc.status(Grpc.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
      case Inflated.TooLargeException e ->
          Grpc.status(Grpc.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
      case com.linecorp.armeria.common.ContentTooLargeException _ ->
          Grpc.status(Grpc.INVALID_ARGUMENT, "the message is larger than the limit");
      case OverloadedException _ -> overloaded();
      case UncheckedIOException _ -> Grpc.status(Grpc.UNAVAILABLE, "the store cannot be written");
      default -> Grpc.status(Grpc.INTERNAL, "internal error");
    };
  }

  /// OTLP: a client may send RESOURCE_EXHAUSTED again only where the details say when.
  private static HttpResponse overloaded() {
    return Grpc.trailers(
        Grpc.statusTrailers(Grpc.RESOURCE_EXHAUSTED, "too many spans at once, come again")
            .toBuilder()
            .add(
                "grpc-status-details-bin",
                Base64.getEncoder().withoutPadding().encodeToString(retryInSeconds(1)))
            .build());
  }

  /// `google.rpc.Status` with a `google.rpc.RetryInfo`, three fields in all.
  private static byte[] retryInSeconds(long seconds) {
    ProtoMessage duration = new ProtoMessage().number(1, seconds);
    ProtoMessage retryInfo = new ProtoMessage().message(1, duration);
    ProtoMessage any =
        new ProtoMessage()
            .text(1, "type.googleapis.com/google.rpc.RetryInfo")
            .message(2, retryInfo);
    return new ProtoMessage().number(1, Grpc.RESOURCE_EXHAUSTED).message(3, any).toBytes();
  }
}
