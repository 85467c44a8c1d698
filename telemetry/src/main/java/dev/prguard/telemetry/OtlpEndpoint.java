package dev.prguard.telemetry;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where and how spans are sent by OTLP.
///
/// @param protocol decides on the path: `uri` has `/v1/traces` for HTTP, and none for gRPC
/// @param headers names and values; values may be secret and are in no message
/// @param timeout of one request
/// @param gzip whether request bodies are compressed
/// @param tls files of a TLS connection
/// @param proxy an HTTP proxy on the way, not resolved; null where there is none
public record OtlpEndpoint(
    URI uri,
    Protocol protocol,
    Map<String, String> headers,
    Duration timeout,
    boolean gzip,
    TlsFiles tls,
    @Nullable InetSocketAddress proxy) {

  public enum Protocol {
    HTTP_PROTOBUF,
    GRPC
  }

  public OtlpEndpoint {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /// `host` or `host:port`.
  public String host() {
    return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  /// Whose spans these are where one address serves many: the tenant header, or the user of basic
  /// authorization; empty when there is none. Never a password.
  String tenant() {
    String user = "";
    for (Map.Entry<String, String> header : headers.entrySet()) {
      String value = header.getValue();
      if (header.getKey().equalsIgnoreCase("x-scope-orgid")) {
        return value;
      }
      if (header.getKey().equalsIgnoreCase("authorization")
          && value.regionMatches(true, 0, "Basic ", 0, 6)) {
        try {
          byte[] pair = Base64.getDecoder().decode(value.substring(6).strip());
          String text = new String(pair, StandardCharsets.UTF_8);
          user = text.indexOf(':') < 0 ? "" : text.substring(0, text.indexOf(':'));
        } catch (IllegalArgumentException e) {
          user = "";
        }
      }
    }
    return user;
  }

  @Override
  public String toString() {
    return "OtlpEndpoint[host=" + host() + ", headers=" + headers.keySet() + "]";
  }
}
