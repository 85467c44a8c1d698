package dev.prguard.cli;

import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.store.TempoClient;
import dev.prguard.telemetry.FlushResult;
import dev.prguard.telemetry.Telemetry;
import dev.prguard.telemetry.TelemetryConfig;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.ArrayValue;
import dev.prguard.trace.AttributeValue.BooleanValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.AttributeValue.OpaqueValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.QueryTimeoutException;
import dev.prguard.trace.query.TraceQueryException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `pr-guard telemetry verify`: sends a test trace, reads it back from where it went, and compares
/// attribute by attribute.
@Command(
    name = "verify",
    description = {
      "Sends a marked test trace, reads it back from where it went (the local store, or Tempo when",
      "one is named) and compares it attribute by attribute. Exit code 0 only if all came back."
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(500);

  @CommandLine.Mixin private TempoOption tempo = new TempoOption();

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "Wait at most this long for the trace to come back (default: 60s).")
  @Nullable String timeout;

  @SuppressWarnings("NullAway.Init") // picocli injects it
  @CommandLine.Spec
  CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> env = System.getenv();
    Duration patience = Durations.parse("--timeout", timeout, Duration.ofSeconds(60));
    TempoOption.Address address = tempo.address(env).orElse(null);
    TelemetryConfig config = TelemetryCommand.config(env);
    if (!config.enabled()) {
      throw CommandException.wrongInput("telemetry verify: OTEL_SDK_DISABLED is true");
    }
    if (address != null && config.endpoint() == null) {
      throw CommandException.wrongInput(
          "telemetry verify: a Tempo to read from, but no receiver to send to"
              + "\n  set OTEL_EXPORTER_OTLP_ENDPOINT or OTLP_ENDPOINT");
    }
    PrintWriter out = spec.commandLine().getOut();
    Path folder = DataFolder.of(env);
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      Telemetry telemetry = Telemetry.start(config, store, folder);
      String traceId = VerifyTrace.send(telemetry.tracer());
      FlushResult flushed = telemetry.close(patience);
      out.println("trace " + traceId);
      out.println(flushed.line());
      boolean local = show(out, "local store " + folder, store.trace(traceId));
      boolean remote =
          address == null || show(out, "Tempo " + address.host(), ask(address, traceId, patience));
      if (address == null && config.endpoint() != null) {
        out.println(
            "not read back from "
                + config.endpoint().host()
                + ": set TEMPO_URL, or --tempo, to its query address");
      }
      out.flush();
      return (local && remote && flushed.complete() ? ExitCode.FINE : ExitCode.OUTSIDE_FAILED)
          .code();
    }
  }

  /// Asks until all spans are there: a Tempo shows a trace some seconds after it has taken it.
  private static List<SpanRecord> ask(
      TempoOption.Address address, String traceId, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    try (TempoClient client = address.client(patience)) {
      while (true) {
        Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
        List<SpanRecord> spans = client.trace(traceId, left);
        if (spans.size() >= VerifyTrace.spanCount()
            || System.nanoTime() + POLL.toNanos() > deadline) {
          return spans;
        }
        Thread.sleep(POLL);
      }
    } catch (TraceQueryException | QueryTimeoutException e) {
      throw CommandException.outsideFailed("telemetry verify: " + e.getMessage(), e);
    }
  }

  private static boolean show(PrintWriter out, String where, List<SpanRecord> spans) {
    List<VerifyTrace.Row> rows = VerifyTrace.compare(spans);
    long same = rows.stream().filter(VerifyTrace.Row::same).count();
    out.println();
    out.println(where + ": " + same + " of " + rows.size() + " attributes came back as sent");
    for (VerifyTrace.Row row : rows) {
      out.println(
          String.format(
              Locale.ROOT,
              "  %-7s %-19s %-24s %s%s",
              row.same() ? "ok" : "DIFFERS",
              row.span(),
              row.attribute(),
              shown(row.sent()),
              row.same() ? "" : " came back as " + shown(row.received())));
    }
    return same == rows.size();
  }

  /// With its type, because Tempo's queries tell 1 from 1.0.
  private static String shown(@Nullable AttributeValue value) {
    return switch (value) {
      case null -> "nothing";
      case StringValue(String text) -> "\"" + text.replaceAll("\\p{C}", "\uFFFD") + "\"";
      case LongValue(long number) -> number + " (int)";
      case DoubleValue(double number) ->
          (Double.isFinite(number)
                  ? new BigDecimal(Double.toString(number)).toPlainString()
                  : number)
              + " (double)";
      case BooleanValue(boolean flag) -> String.valueOf(flag);
      case ArrayValue _ -> "an array";
      case OpaqueValue _ -> "bytes or a list of keys and values";
    };
  }
}
