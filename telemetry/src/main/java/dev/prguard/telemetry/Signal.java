package dev.prguard.telemetry;

/// What OTLP carries. The answers of both have the same form on the wire: `partial_success`, field
/// 1, with a count, field 1, and a message, field 2.
enum Signal {
  TRACES("TRACES", "/v1/traces", "opentelemetry.proto.collector.trace.v1.TraceService/Export"),
  METRICS(
      "METRICS", "/v1/metrics", "opentelemetry.proto.collector.metrics.v1.MetricsService/Export");

  private final String word;
  private final String path;
  private final String method;

  Signal(String word, String path, String method) {
    this.word = word;
    this.path = path;
    this.method = method;
  }

  /// As it stands in `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`.
  String word() {
    return word;
  }

  /// Of OTLP/HTTP.
  String path() {
    return path;
  }

  /// Of OTLP/gRPC: `service/method`.
  String method() {
    return method;
  }
}
