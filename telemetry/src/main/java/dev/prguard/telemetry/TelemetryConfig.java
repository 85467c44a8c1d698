package dev.prguard.telemetry;

import dev.prguard.telemetry.OtlpEndpoint.Protocol;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the environment says about telemetry.
///
/// @param enabled false: no span is made at all (`OTEL_SDK_DISABLED`)
/// @param endpoint null: spans stay in the local store
/// @param resource attributes of every span's resource
/// @param debug whether the OpenTelemetry SDK may log
public record TelemetryConfig(
    boolean enabled, @Nullable OtlpEndpoint endpoint, Map<String, String> resource, boolean debug) {
  private static final String PATH = "/v1/traces";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  public TelemetryConfig {
    resource = Collections.unmodifiableMap(new LinkedHashMap<>(resource));
  }

  /// Reads OpenTelemetry's variables (those for traces before the general ones), and where they
  /// name no endpoint `OTLP_ENDPOINT`, `OTLP_USERNAME` and `OTLP_API_KEY`. An empty variable counts
  /// as unset. `/v1/traces` is appended unless the endpoint ends in it.
  ///
  /// @param version this program's, for `service.version`
  /// @throws IllegalArgumentException naming the variable at fault, in one line, without a secret
  public static TelemetryConfig from(Map<String, String> env, String version) {
    Variables variables = new Variables(env);
    boolean enabled = !variables.isTrue("OTEL_SDK_DISABLED");
    return new TelemetryConfig(
        enabled,
        enabled ? endpoint(variables) : null,
        resource(variables, version),
        variables.get("OTEL_LOG_LEVEL", "").equalsIgnoreCase("debug"));
  }

  private static @Nullable OtlpEndpoint endpoint(Variables variables) {
    String exporter = variables.get("OTEL_TRACES_EXPORTER", "otlp");
    switch (exporter) {
      case "none" -> {
        return null;
      }
      case "otlp" -> {}
      default -> throw variables.bad("OTEL_TRACES_EXPORTER", exporter, "otlp or none");
    }
    for (String name :
        new String[] {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"}) {
      String value = variables.get(name);
      if (value != null) {
        Protocol protocol = protocol(variables);
        // OpenTelemetry: the variable for traces is the whole URL, the general one a base.
        boolean base = protocol == Protocol.HTTP_PROTOBUF && name.endsWith("_OTLP_ENDPOINT");
        return endpoint(
            variables, uri(variables, name, value, base), protocol, standardHeaders(variables));
      }
    }
    String value = variables.get("OTLP_ENDPOINT");
    if (value == null) {
      return null;
    }
    return endpoint(
        variables,
        uri(variables, "OTLP_ENDPOINT", value, true),
        Protocol.HTTP_PROTOBUF,
        basicAuthorization(variables));
  }

  private static OtlpEndpoint endpoint(
      Variables variables, URI uri, Protocol protocol, Map<String, String> headers) {
    return new OtlpEndpoint(
        uri,
        protocol,
        headers,
        timeout(variables),
        gzip(variables),
        tls(variables),
        Proxies.of(variables, uri));
  }

  private static Protocol protocol(Variables variables) {
    String name = ofTraces(variables, "PROTOCOL");
    String value = variables.get(name, "http/protobuf");
    return switch (value) {
      case "http/protobuf" -> Protocol.HTTP_PROTOBUF;
      case "grpc" -> Protocol.GRPC;
      default -> throw variables.bad(name, value, "http/protobuf or grpc");
    };
  }

  /// The files are read now, so that a wrong one is said before a review begins.
  private static TlsFiles tls(Variables variables) {
    String key = ofTraces(variables, "CLIENT_KEY");
    String certificate = ofTraces(variables, "CLIENT_CERTIFICATE");
    TlsFiles files =
        new TlsFiles(
            path(variables, ofTraces(variables, "CERTIFICATE")),
            path(variables, certificate),
            path(variables, key));
    if ((files.certificate() == null) != (files.key() == null)) {
      throw new IllegalArgumentException(
          (files.key() == null ? key : certificate)
              + ": not set (expected: both the client's certificate and its key, or neither)");
    }
    var _ = files.context();
    return files;
  }

  private static @Nullable Path path(Variables variables, String name) {
    String value = variables.get(name);
    try {
      return value == null ? null : Path.of(value);
    } catch (InvalidPathException e) {
      throw variables.bad(name, value, "the path of a PEM file");
    }
  }

  /// The variable for traces where it is set, else the general one.
  private static String ofTraces(Variables variables, String what) {
    String name = "OTEL_EXPORTER_OTLP_TRACES_" + what;
    return variables.get(name) == null ? "OTEL_EXPORTER_OTLP_" + what : name;
  }

  private static URI uri(Variables variables, String name, String value, boolean base) {
    String expected = "http://HOST or https://HOST, without user or query";
    URI uri;
    try {
      uri = new URI(value);
    } catch (URISyntaxException e) {
      throw variables.bad(name, value, expected);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https"))
        || uri.getHost() == null
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || uri.getPort() > 65_535) {
      throw variables.bad(name, value, expected);
    }
    String path = uri.getRawPath();
    if (base) {
      while (path.endsWith("/")) {
        path = path.substring(0, path.length() - 1);
      }
      path = path.endsWith(PATH) ? path : path + PATH;
    }
    return URI.create(scheme + "://" + uri.getRawAuthority() + path);
  }

  private static Map<String, String> standardHeaders(Variables variables) {
    String headers = ofTraces(variables, "HEADERS");
    Map<String, String> pairs = variables.pairs(headers);
    for (Map.Entry<String, String> header : pairs.entrySet()) {
      if (!Variables.isHeader(header.getKey(), header.getValue())) {
        throw new IllegalArgumentException(
            headers + ": the header \"" + Variables.shown(header.getKey()) + "\" cannot be sent");
      }
    }
    return pairs;
  }

  private static Map<String, String> basicAuthorization(Variables variables) {
    String user = variables.get("OTLP_USERNAME");
    String key = variables.get("OTLP_API_KEY");
    if (user == null && key == null) {
      return Map.of();
    }
    if (user == null || key == null) {
      throw new IllegalArgumentException(
          (user == null ? "OTLP_USERNAME" : "OTLP_API_KEY")
              + ": not set (expected: both OTLP_USERNAME and OTLP_API_KEY, or neither)");
    }
    if (user.indexOf(':') >= 0) {
      throw new IllegalArgumentException("OTLP_USERNAME: holds a colon (expected: instance id)");
    }
    byte[] pair = (user + ":" + key).getBytes(StandardCharsets.UTF_8);
    return Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
  }

  private static Duration timeout(Variables variables) {
    String name = ofTraces(variables, "TIMEOUT");
    String value = variables.get(name);
    if (value == null) {
      return TIMEOUT;
    }
    try {
      int millis = Integer.parseInt(value);
      if (millis > 0) {
        return Duration.ofMillis(millis);
      }
    } catch (NumberFormatException e) {
      // Reported below, like a number out of range.
    }
    throw variables.bad(name, value, "milliseconds, 1 or more");
  }

  private static boolean gzip(Variables variables) {
    String name = ofTraces(variables, "COMPRESSION");
    String value = variables.get(name, "none");
    return switch (value) {
      case "gzip" -> true;
      case "none" -> false;
      default -> throw variables.bad(name, value, "gzip or none");
    };
  }

  private static Map<String, String> resource(Variables variables, String version) {
    String environment =
        variables.get("PR_GUARD_ENVIRONMENT", variables.isTrue("CI") ? "ci" : "local");
    Map<String, String> resource = new LinkedHashMap<>();
    resource.put("service.name", "secure-pr-guard");
    resource.put("service.version", version);
    resource.put("service.namespace", "pr-automation");
    resource.put("deployment.environment", environment);
    resource.putAll(variables.pairs("OTEL_RESOURCE_ATTRIBUTES"));
    String name = variables.get("OTEL_SERVICE_NAME");
    if (name != null) {
      resource.put("service.name", name);
    }
    return resource;
  }
}
