package dev.prguard.telemetry;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
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
