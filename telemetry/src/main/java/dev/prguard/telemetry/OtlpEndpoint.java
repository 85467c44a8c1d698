package dev.prguard.telemetry;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where and how spans are sent by OTLP over HTTP with protobuf.
///
/// @param uri the full path, `/v1/traces` included
/// @param headers names and values; values may be secret and are in no message
/// @param timeout of one request
/// @param gzip whether request bodies are compressed
public record OtlpEndpoint(URI uri, Map<String, String> headers, Duration timeout, boolean gzip) {
  public OtlpEndpoint {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /// `host` or `host:port`.
  public String host() {
    return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  @Override
  public String toString() {
    return "OtlpEndpoint[host=" + host() + ", headers=" + headers.keySet() + "]";
  }
}
