package dev.prguard.cli;

import dev.prguard.insight.grafana.GrafanaFiles;
import dev.prguard.service.GuardServer;
import dev.prguard.service.ServiceSettings;
import dev.prguard.store.StoreFormatException;
import dev.prguard.store.StoreUnavailableException;
import dev.prguard.traceql.engine.QuantileMode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `pr-guard serve`: until it is told to stop.
@Command(
    name = "serve",
    description = {
      "Serves the stored traces: a web page, Tempo's API for Grafana, and OTLP in.",
      "Stops at Ctrl-C or SIGTERM; what was acknowledged is on the disk by then."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Environment:",
      "  PR_GUARD_TOKEN   asked of every request; needed for any --bind but the loopback",
      "  PR_GUARD_HOME    the data folder",
      "  GRAFANA_URL, GRAFANA_TEMPO_UID   as --grafana-url and --grafana-uid"
    })
final class ServeCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "The web page and Tempo's API (default: ${DEFAULT-VALUE}); 0 for any.")
  int port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Listen on this address (default: ${DEFAULT-VALUE}, this machine alone).")
  String bind = "127.0.0.1";

  @Option(
      names = "--otlp-grpc",
      paramLabel = "PORT",
      defaultValue = "4317",
      description = "OTLP over gRPC (default: ${DEFAULT-VALUE}).")
  int otlpGrpc;

  @Option(
      names = "--otlp-http",
      paramLabel = "PORT",
      defaultValue = "4318",
      description = "OTLP over HTTP (default: ${DEFAULT-VALUE}).")
  int otlpHttp;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Speak TLS on all ports, with this certificate (PEM).")
  @Nullable Path tlsCertificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key (PEM).")
  @Nullable Path tlsKey;

  @Option(
      names = "--quantiles",
      paramLabel = "MODE",
      defaultValue = "tempo",
      description =
          "tempo: from buckets of powers of two, as Tempo answers; or exact (default:"
              + " ${DEFAULT-VALUE}). A request can say quantiles=exact itself.")
  String quantiles = "tempo";

  @Option(
      names = "--query-timeout",
      paramLabel = "DURATION",
      defaultValue = "60s",
      description = "Give up on a query after this long (default: ${DEFAULT-VALUE}).")
  String queryTimeout = "60s";

  @Option(
      names = "--grafana-url",
      paramLabel = "URL",
      description = "Where the page's links to Grafana lead (default: GRAFANA_URL).")
  @Nullable String grafanaUrl;

  @Option(
      names = "--grafana-uid",
      paramLabel = "UID",
      description =
          "Of the data source there that asks this server (default: GRAFANA_TEMPO_UID, else"
              + " "
              + GrafanaFiles.TEMPO_UID
              + ", as \"pr-guard grafana export\" names it).")
  @Nullable String grafanaUid;

  @SuppressWarnings("NullAway.Init") // picocli injects it
  @CommandLine.Spec
  CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> env = System.getenv();
    ServiceSettings settings = settings(env);
    PrintWriter err = spec.commandLine().getErr();
    CountDownLatch stop = new CountDownLatch(1);
    GuardServer server;
    try {
      server = GuardServer.start(settings, line -> err.println("pr-guard: " + line));
    } catch (IllegalArgumentException e) {
      throw CommandException.wrongInput(String.valueOf(e.getMessage()), e);
    } catch (StoreUnavailableException | StoreFormatException e) {
      throw CommandException.wrongInput(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw CommandException.outsideFailed(String.valueOf(e.getMessage()), e);
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  server.close();
                  stop.countDown();
                  stopped.countDown();
                }));
    PrintWriter out = spec.commandLine().getOut();
    String scheme = settings.tls() == null ? "http" : "https";
    String host = bind.contains(":") ? "[" + bind + "]" : bind;
    out.printf(
        "web page and Tempo API  %s://%s:%d/%n"
            + "OTLP over HTTP          %s://%s:%d/v1/traces%n"
            + "OTLP over gRPC          %s:%d%n"
            + "data folder             %s%n",
        scheme,
        host,
        server.port(),
        scheme,
        host,
        server.otlpHttpPort(),
        host,
        server.otlpGrpcPort(),
        settings.dataFolder());
    out.flush();
    stop.await();
    stopped.await();
    return ExitCode.FINE.code();
  }

  private ServiceSettings settings(Map<String, String> env) {
    Path folder = DataFolder.of(env);
    String token = env.getOrDefault("PR_GUARD_TOKEN", "").strip();
    if (!token.isEmpty() && token.length() < 16) {
      throw CommandException.wrongInput(
          "PR_GUARD_TOKEN: too short to be a secret (expected: 16 characters or more)");
    }
    return new ServiceSettings(
        folder,
        Version.read(),
        bind,
        port("--port", port),
        port("--otlp-grpc", otlpGrpc),
        port("--otlp-http", otlpHttp),
        token.isEmpty() ? null : token,
        tls(),
        mode(),
        timeout(),
        CheckCommand.budgets(env),
        grafana(env),
        owed(folder));
  }

  private static int port(String option, int port) {
    if (port < 0 || port > 65535) {
      throw CommandException.wrongInput(option + " " + port + ": no port (expected: 0 to 65535)");
    }
    return port;
  }

  private ServiceSettings.@Nullable Tls tls() {
    if (tlsCertificate == null && tlsKey == null) {
      return null;
    }
    if (tlsCertificate == null || tlsKey == null) {
      throw CommandException.wrongInput("--tls-cert and --tls-key go together");
    }
    for (Path file : new Path[] {tlsCertificate, tlsKey}) {
      if (!Files.isReadable(file)) {
        throw CommandException.wrongInput(file + ": cannot be read");
      }
    }
    return new ServiceSettings.Tls(tlsCertificate, tlsKey);
  }

  private ServiceSettings.@Nullable Grafana grafana(Map<String, String> env) {
    String url = grafanaUrl == null ? env.getOrDefault("GRAFANA_URL", "") : grafanaUrl;
    if (url.isBlank()) {
      return null;
    }
    TraceLink.requireAddress(grafanaUrl == null ? "GRAFANA_URL" : "--grafana-url", url.strip());
    String uid = grafanaUid == null ? env.getOrDefault("GRAFANA_TEMPO_UID", "") : grafanaUid;
    return new ServiceSettings.Grafana(
        url.strip().replaceAll("/+$", ""), uid.isBlank() ? GrafanaFiles.TEMPO_UID : uid.strip());
  }

  private QuantileMode mode() {
    return switch (quantiles.toLowerCase(Locale.ROOT)) {
      case "tempo" -> QuantileMode.TEMPO_BUCKETS;
      case "exact" -> QuantileMode.EXACT;
      default ->
          throw CommandException.wrongInput(
              "--quantiles " + quantiles + ": unknown (expected: tempo or exact)");
    };
  }

  private Duration timeout() {
    Duration timeout = QueryTime.duration("--query-timeout", queryTimeout);
    if (timeout.isZero() || timeout.isNegative() || timeout.compareTo(Duration.ofHours(1)) > 0) {
      throw CommandException.wrongInput(
          "--query-timeout " + queryTimeout + ": out of range (expected: up to 1h)");
    }
    return timeout;
  }

  /// Whether a run of this machine still has to deliver what stands in a segment: its cursors stand
  /// in delivery/RECEIVER/LOG.cursor.
  private static Predicate<String> owed(Path folder) {
    return log -> {
      try (Stream<Path> receivers = Files.list(folder.resolve("delivery"))) {
        return receivers.anyMatch(receiver -> Files.exists(receiver.resolve(log + ".cursor")));
      } catch (IOException e) {
        return Files.exists(folder.resolve("delivery"));
      }
    };
  }
}
