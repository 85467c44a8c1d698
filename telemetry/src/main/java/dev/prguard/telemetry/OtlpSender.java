package dev.prguard.telemetry;

import java.time.Duration;

/// Sends one batch by OTLP and says what the answer means.
sealed interface OtlpSender extends AutoCloseable permits OtlpHttpSender, OtlpGrpcSender {

  static OtlpSender to(OtlpEndpoint endpoint, Signal signal) {
    return switch (endpoint.protocol()) {
      case HTTP_PROTOBUF -> new OtlpHttpSender(endpoint, java.time.InstantSource.system());
      case GRPC -> new OtlpGrpcSender(endpoint, signal);
    };
  }

  /// @param body OTLP `ExportTraceServiceRequest`, or that of metrics
  /// @param spans how many spans or points it has
  /// @param patience at most this long for the whole exchange
  Outcome send(byte[] body, int spans, Duration patience) throws InterruptedException;

  @Override
  void close();
}
