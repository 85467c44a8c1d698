package dev.prguard.telemetry;

import java.time.Duration;

/// Sends one batch by OTLP and says what the answer means.
sealed interface OtlpSender extends AutoCloseable permits OtlpHttpSender, OtlpGrpcSender {

  static OtlpSender to(OtlpEndpoint endpoint) {
    return switch (endpoint.protocol()) {
      case HTTP_PROTOBUF -> new OtlpHttpSender(endpoint, java.time.InstantSource.system());
      case GRPC -> new OtlpGrpcSender(endpoint);
    };
  }

  /// @param body OTLP `ExportTraceServiceRequest`
  /// @param spans how many it has
  /// @param patience at most this long for the whole exchange
  Outcome send(byte[] body, int spans, Duration patience) throws InterruptedException;

  @Override
  void close();
}
