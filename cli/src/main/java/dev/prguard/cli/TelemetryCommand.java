package dev.prguard.cli;

import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.telemetry.DestinationStatus;
import dev.prguard.telemetry.FlushResult;
import dev.prguard.telemetry.Telemetry;
import dev.prguard.telemetry.TelemetryConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `pr-guard telemetry`: whether spans arrive, what became of them, and sending those that had to
/// be kept.
@Command(
    name = "telemetry",
    description = "Says which spans were delivered, and sends those that had to be kept.",
    subcommands = {
      VerifyCommand.class,
      TelemetryCommand.Status.class,
      TelemetryCommand.Flush.class
    },
    mixinStandardHelpOptions = true)
final class TelemetryCommand implements Runnable {
  @SuppressWarnings("NullAway.Init") // picocli injects it
  @CommandLine.Spec
  CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /// `pr-guard telemetry status`.
  @Command(
      name = "status",
      description = "Shows for each receiver what it is owed, what it refused, and the last error.",
      mixinStandardHelpOptions = true)
  static final class Status implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli injects it
    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
      Path folder = DataFolder.of(System.getenv());
      PrintWriter out = spec.commandLine().getOut();
      out.println("data folder  " + folder);
      TelemetryConfig config = config(System.getenv());
      out.println(
          "sends to     "
              + (config.endpoint() == null
                  ? "nowhere: OTEL_EXPORTER_OTLP_ENDPOINT and OTLP_ENDPOINT are not set"
                  : config.endpoint().uri()));
      try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
        for (DestinationStatus status : DestinationStatus.of(folder, store)) {
          out.println();
          out.println(status.address());
          out.println(
              "  owed       "
                  + status.owed()
                  + " spans of "
                  + status.logs()
                  + " runs"
                  + (status.owed() == 0 ? "" : ", " + kilobytes(status.owedBytes(), config)));
          status.damaged().forEach(line -> out.println("  damaged    " + line));
          status.refused().forEach(line -> out.println("  refused    " + line.replace('\t', ' ')));
          out.println(
              "  last error " + (status.lastError().isEmpty() ? "none" : status.lastError()));
        }
      } catch (IOException e) {
        throw CommandException.wrongInput(folder + ": cannot be read: " + e.getMessage(), e);
      }
      out.flush();
      return ExitCode.FINE.code();
    }
  }

  private static String kilobytes(long bytes, TelemetryConfig config) {
    return (bytes + 1023) / 1024 + " KB of " + (config.maxSpoolBytes() >> 20) + " MB at most";
  }

  /// `pr-guard telemetry flush`.
  @Command(
      name = "flush",
      description = "Sends what earlier runs had to keep, to the receiver that is set now.",
      mixinStandardHelpOptions = true)
  static final class Flush implements Callable<Integer> {
    @Option(
        names = "--timeout",
        paramLabel = "DURATION",
        description = "Stop after this long (default: 1m).")
    @Nullable String timeout;

    @SuppressWarnings("NullAway.Init") // picocli injects it
    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
      Duration limit = Durations.parse("--timeout", timeout, Duration.ofMinutes(1));
      TelemetryConfig config = config(System.getenv());
      if (config.endpoint() == null) {
        throw noReceiver("telemetry flush");
      }
      Path folder = DataFolder.of(System.getenv());
      try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
        FlushResult result = Telemetry.sendEarlier(config, store, folder, limit);
        PrintWriter out = spec.commandLine().getOut();
        out.println(result.line());
        out.flush();
        return (result.earlier().kept() == 0 && result.error() == null
                ? ExitCode.FINE
                : ExitCode.OUTSIDE_FAILED)
            .code();
      }
    }
  }

  /// @param what needs one
  static CommandException noReceiver(String what) {
    return CommandException.wrongInput(
        what
            + ": no receiver is set"
            + "\n  set OTEL_EXPORTER_OTLP_ENDPOINT, or OTLP_ENDPOINT with OTLP_USERNAME and"
            + " OTLP_API_KEY");
  }

  static TelemetryConfig config(Map<String, String> env) {
    try {
      return TelemetryConfig.from(env, Version.read());
    } catch (IllegalArgumentException e) {
      throw CommandException.wrongInput(String.valueOf(e.getMessage()), e);
    }
  }
}
