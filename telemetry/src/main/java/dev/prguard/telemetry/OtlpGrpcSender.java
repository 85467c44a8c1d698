package dev.prguard.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// OTLP over gRPC. Which codes may be tried again is the OTLP specification's table.
final class OtlpGrpcSender implements OtlpSender {
  private static final Metadata.Key<byte[]> STATUS_DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final OtlpEndpoint endpoint;
  private final MethodDescriptor<byte[], byte[]> method;
  private final ManagedChannel channel;

  OtlpGrpcSender(OtlpEndpoint endpoint, Signal signal) {
    this.endpoint = endpoint;
    this.method =
        MethodDescriptor.newBuilder(AsItIs.BYTES, AsItIs.BYTES)
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(signal.method())
            .build();
    String host = endpoint.uri().getHost();
    boolean tls = endpoint.uri().getScheme().equals("https");
    int port = endpoint.uri().getPort() < 0 ? (tls ? 443 : 4317) : endpoint.uri().getPort();
    OkHttpChannelBuilder builder = OkHttpChannelBuilder.forAddress(host, port, credentials(tls));
    InetSocketAddress proxy = endpoint.proxy();
    if (proxy != null) {
      builder.proxyDetector(target ->
          HttpConnectProxiedSocketAddress.newBuilder()
              .setProxyAddress(new InetSocketAddress(proxy.getHostString(), proxy.getPort()))
              .setTargetAddress((InetSocketAddress) target)
              .build());
    }
    // Retries are the delivery's: it bounds them by the process's end.
    this.channel = builder.userAgent(OtlpHttpSender.USER_AGENT).disableRetry().build();
  }

  private ChannelCredentials credentials(boolean tls) {
    if (!tls) {
      return InsecureChannelCredentials.create();
    }
    TlsFiles files = endpoint.tls();
    TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder();
    Path authorities = files.authorities();
    Path certificate = files.certificate();
    Path key = files.key();
    try {
      if (authorities != null) {
        credentials.trustManager(authorities.toFile());
      }
      if (certificate != null && key != null) {
        credentials.keyManager(certificate.toFile(), key.toFile());
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("TLS files: " + Variables.shown(String.valueOf(e)), e);
    }
    return credentials.build();
  }

  @Override
  public Outcome send(byte[] body, int spans, Duration patience) throws InterruptedException {
    Metadata headers = new Metadata();
    endpoint
        .headers()
        .forEach((name, value) ->
            headers.put(
                Metadata.Key.of(name.toLowerCase(Locale.ROOT), Metadata.ASCII_STRING_MARSHALLER),
                value));
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (endpoint.gzip()) {
      options = options.withCompression("gzip");
    }
    try {
      byte[] response =
          ClientCalls.blockingUnaryCall(
              io.grpc.ClientInterceptors.intercept(
                  channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
              method,
              options,
              body);
      ExportTracePartialSuccess partial =
          ExportTraceServiceResponse.parseFrom(response).getPartialSuccess();
      String message = Variables.shown(partial.getErrorMessage());
      return new Outcome.Acknowledged(
          Math.clamp(partial.getRejectedSpans(), 0, spans),
          message.isBlank() ? "rejected by the receiver" : message);
    } catch (StatusRuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return outcome(e, patience);
    } catch (InvalidProtocolBufferException e) {
      return new Outcome.Unwelcome("an answer that is no OTLP");
    }
  }

  private static Outcome outcome(StatusRuntimeException e, Duration patience) {
    Status status = e.getStatus();
    String description = status.getDescription();
    String reason =
        "gRPC "
            + status.getCode()
            + (description == null ? "" : ": " + Variables.shown(description));
    Metadata trailers = e.getTrailers();
    byte[] details = trailers == null ? null : trailers.get(STATUS_DETAILS);
    Duration retryAfter = details == null ? null : StatusMessage.retryDelay(details);
    return switch (status.getCode()) {
      case INVALID_ARGUMENT -> new Outcome.Refused(reason);
      case RESOURCE_EXHAUSTED ->
          retryAfter != null
              ? new Outcome.Unavailable(reason, retryAfter, true)
              : isOfSize(description) ? new Outcome.TooLarge() : new Outcome.Unwelcome(reason);
      case UNAVAILABLE -> new Outcome.Unavailable(unavailable(e, reason), retryAfter, reached(e));
      case DEADLINE_EXCEEDED ->
          new Outcome.Unavailable(
              "no answer within " + patience.toMillis() + " ms", retryAfter, true);
      case CANCELLED, ABORTED, OUT_OF_RANGE, DATA_LOSS ->
          new Outcome.Unavailable(reason, retryAfter, true);
      case UNKNOWN, INTERNAL, ALREADY_EXISTS, FAILED_PRECONDITION -> new Outcome.Failed(reason);
      case OK, NOT_FOUND, PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED ->
          new Outcome.Unwelcome(reason);
    };
  }

  /// gRPC has one code for a message over the limit and for a quota; the libraries of Go, Java and
  /// C all say "larger than max" or "exceeds maximum size" of the first.
  private static boolean isOfSize(@Nullable String description) {
    return description != null
        && (description.contains("larger than max")
            || description.contains("exceeds maximum size"));
  }

  /// Whether there was a receiver at all: one that closes the connection has no cause of its own.
  private static boolean reached(StatusRuntimeException e) {
    return e.getStatus().getCause() == null;
  }

  private static String unavailable(StatusRuntimeException e, String reason) {
    for (Throwable cause = e.getStatus().getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof java.net.ConnectException) {
        return "connection refused";
      }
      if (cause instanceof UnknownHostException) {
        return "host not found";
      }
    }
    return reason;
  }

  /// Messages are encoded already.
  private enum AsItIs implements MethodDescriptor.Marshaller<byte[]> {
    BYTES;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
