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
/// @param metrics where metrics go; null: nowhere
/// @param temporality of the metrics
/// @param resource attributes of every span's resource
/// @param maxSpoolBytes how much of earlier runs a receiver is owed at most
/// @param debug whether the OpenTelemetry SDK may log
public record TelemetryConfig(
    boolean enabled,
    @Nullable OtlpEndpoint endpoint,
    @Nullable OtlpEndpoint metrics,
    Temporality temporality,
    Map<String, String> resource,
    long maxSpoolBytes,
    boolean debug) {
  private static final int SPOOL_MEGABYTES = 256;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  public TelemetryConfig {
    resource = Collections.unmodifiableMap(new LinkedHashMap<>(resource));
  }

  /// How counters are told: all that ever was, or what came on top in this run.
  public enum Temporality {
    CUMULATIVE,
    DELTA
  }

  /// Reads OpenTelemetry's variables (those for traces before the general ones), and where they
  /// name no endpoint `OTLP_ENDPOINT`, `OTLP_USERNAME` and `OTLP_API_KEY`. An empty variable counts
  /// as unset. `/v1/traces` is appended unless the endpoint ends in it.
  ///
  /// Metrics are sent only where they were asked for: with `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT`,
  /// or to the general endpoint with `OTEL_METRICS_EXPORTER=otlp`. Many receivers of traces take no
  /// metrics, and each run would complain.
  ///
  /// @param version this program's, for `service.version`
  /// @throws IllegalArgumentException naming the variable at fault, in one line, without a secret
  public static TelemetryConfig from(Map<String, String> env, String version) {
    Variables variables = new Variables(env);
    boolean enabled = !variables.isTrue("OTEL_SDK_DISABLED");
    return new TelemetryConfig(
        enabled,
        enabled ? endpoint(variables, Signal.TRACES, "otlp") : null,
        enabled ? endpoint(variables, Signal.METRICS, metricsExporter(variables)) : null,
        temporality(variables),
        resource(variables, version),
        maxSpoolBytes(variables),
        variables.get("OTEL_LOG_LEVEL", "").equalsIgnoreCase("debug"));
  }

  private static long maxSpoolBytes(Variables variables) {
    String name = "PR_GUARD_SPOOL_MB";
    String value = variables.get(name, Integer.toString(SPOOL_MEGABYTES));
    try {
      int megabytes = Integer.parseInt(value);
      if (megabytes > 0) {
        return (long) megabytes << 20;
      }
    } catch (NumberFormatException e) {
      // Reported below, like a number out of range.
    }
    throw variables.bad(name, value, "megabytes, 1 or more");
  }

  private static String metricsExporter(Variables variables) {
    return variables.get("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT") == null ? "none" : "otlp";
  }

  private static Temporality temporality(Variables variables) {
    String name = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
    String value = variables.get(name, "cumulative");
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "cumulative" -> Temporality.CUMULATIVE;
      // For counters and histograms, which is all there is here, both mean the same.
      case "delta", "lowmemory" -> Temporality.DELTA;
      default -> throw variables.bad(name, value, "cumulative, delta or lowmemory");
    };
  }

  /// @param otherwise the exporter where none is named
  private static @Nullable OtlpEndpoint endpoint(
      Variables variables, Signal signal, String otherwise) {
    String exporterName = "OTEL_" + signal.word() + "_EXPORTER";
    String exporter = variables.get(exporterName, otherwise);
    switch (exporter) {
      case "none" -> {
        return null;
      }
      case "otlp" -> {}
      default -> throw variables.bad(exporterName, exporter, "otlp or none");
    }
    String own = "OTEL_EXPORTER_OTLP_" + signal.word() + "_ENDPOINT";
    for (String name : new String[] {own, "OTEL_EXPORTER_OTLP_ENDPOINT"}) {
      String value = variables.get(name);
      if (value != null) {
        Protocol protocol = protocol(variables, signal);
        // OpenTelemetry: the variable of a signal is the whole URL, the general one a base.
        Signal appended = protocol == Protocol.HTTP_PROTOBUF && !name.equals(own) ? signal : null;
        return endpoint(
            variables,
            signal,
            uri(variables, name, value, appended),
            protocol,
            standardHeaders(variables, signal));
      }
    }
    String value = variables.get("OTLP_ENDPOINT");
    if (value == null) {
      return null;
    }
    return endpoint(
        variables,
        signal,
        uri(variables, "OTLP_ENDPOINT", value, signal),
        Protocol.HTTP_PROTOBUF,
        basicAuthorization(variables));
  }

  private static OtlpEndpoint endpoint(
      Variables variables, Signal signal, URI uri, Protocol protocol, Map<String, String> headers) {
    return new OtlpEndpoint(
        uri,
        protocol,
        headers,
        timeout(variables, signal),
        gzip(variables, signal),
        tls(variables, signal),
        Proxies.of(variables, uri));
  }

  private static Protocol protocol(Variables variables, Signal signal) {
    String name = of(signal, variables, "PROTOCOL");
    String value = variables.get(name, "http/protobuf");
    return switch (value) {
      case "http/protobuf" -> Protocol.HTTP_PROTOBUF;
      case "grpc" -> Protocol.GRPC;
      default -> throw variables.bad(name, value, "http/protobuf or grpc");
    };
  }

  /// The files are read now, so that a wrong one is said before a review begins.
  private static TlsFiles tls(Variables variables, Signal signal) {
    String key = of(signal, variables, "CLIENT_KEY");
    String certificate = of(signal, variables, "CLIENT_CERTIFICATE");
    TlsFiles files =
        new TlsFiles(
            path(variables, of(signal, variables, "CERTIFICATE")),
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

  /// The variable of the signal where it is set, else the general one.
  private static String of(Signal signal, Variables variables, String what) {
    String name = "OTEL_EXPORTER_OTLP_" + signal.word() + "_" + what;
    return variables.get(name) == null ? "OTEL_EXPORTER_OTLP_" + what : name;
  }

  /// @param appended whose path is appended; null where the value is whole
  private static URI uri(
      Variables variables, String name, String value, @Nullable Signal appended) {
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
    if (appended != null) {
      path = path.replaceAll("/+$", "");
      // Whoever gave the path of traces meant the receiver.
      String traces = Signal.TRACES.path();
      path = path.endsWith(traces) ? path.substring(0, path.length() - traces.length()) : path;
      path = path.endsWith(appended.path()) ? path : path + appended.path();
    }
    return URI.create(scheme + "://" + uri.getRawAuthority() + path);
  }

  private static Map<String, String> standardHeaders(Variables variables, Signal signal) {
    String headers = of(signal, variables, "HEADERS");
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

  private static Duration timeout(Variables variables, Signal signal) {
    String name = of(signal, variables, "TIMEOUT");
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

  private static boolean gzip(Variables variables, Signal signal) {
    String name = of(signal, variables, "COMPRESSION");
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
