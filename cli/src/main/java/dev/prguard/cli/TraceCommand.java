package dev.prguard.cli;

import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.store.TempoClient;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.QueryTimeoutException;
import dev.prguard.trace.query.TraceQueries.FoundTrace;
import dev.prguard.trace.query.TraceQueries.Search;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import dev.prguard.trace.query.TraceQueryException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `pr-guard trace [ID]`: the tree of one trace, of the embedded store or a Tempo.
@Command(
    name = "trace",
    description = "Prints the tree of one trace: durations, tokens, dollars.",
    mixinStandardHelpOptions = true)
final class TraceCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String NEWEST =
      "{ resource.service.name = \"secure-pr-guard\" } with (most_recent=true)";

  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      description = "Trace id, 32 hexadecimal digits (default: the newest trace).")
  @Nullable String id;

  @CommandLine.Mixin private TempoOption tempo = new TempoOption();

  @SuppressWarnings("NullAway.Init") // picocli injects it
  @CommandLine.Spec
  CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    TempoOption.Address address = tempo.address(System.getenv()).orElse(null);
    return address == null ? ofThisMachine() : ofTempo(address);
  }

  private int ofTempo(TempoOption.Address address) {
    try (TempoClient client = address.client(TIMEOUT)) {
      String traceId = id == null ? newest(client, address) : valid(id);
      List<SpanRecord> spans = client.trace(traceId);
      if (spans.isEmpty()) {
        throw CommandException.wrongInput("no trace " + traceId + " in Tempo at " + address);
      }
      return print(traceId, spans);
    } catch (TraceQueryException | QueryTimeoutException e) {
      throw CommandException.outsideFailed(String.valueOf(e.getMessage()), e);
    }
  }

  private static String newest(TempoClient client, TempoOption.Address address) {
    Instant now = Instant.now();
    TimeRange day = new TimeRange(now.minus(Duration.ofHours(24)), now.plusSeconds(1));
    return client.search(new Search(NEWEST, day, 1, 1)).traces().stream()
        .map(FoundTrace::traceId)
        .findFirst()
        .orElseThrow(() ->
            CommandException.wrongInput(
                "no review of the last 24 h in Tempo at " + address + "; name a trace id"));
  }

  private int ofThisMachine() {
    Path folder = DataFolder.of(System.getenv());
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      String traceId = id == null ? newest(store, folder) : valid(id);
      List<SpanRecord> spans = store.trace(traceId);
      store
          .problems()
          .forEach(problem ->
              spec.commandLine()
                  .getErr()
                  .println(
                      "pr-guard: warning: "
                          + problem.file().getFileName()
                          + " from byte "
                          + problem.offset()
                          + " on: "
                          + problem.detail()));
      if (spans.isEmpty()) {
        throw CommandException.wrongInput("no trace " + traceId + " in " + folder);
      }
      return print(traceId, spans);
    }
  }

  private int print(String traceId, List<SpanRecord> spans) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("trace " + traceId);
    out.print(TraceTree.render(spans));
    out.flush();
    return ExitCode.FINE.code();
  }

  private static String newest(EmbeddedSpanStore store, Path folder) {
    return store.latestTraceIds(1).stream()
        .findFirst()
        .orElseThrow(() -> CommandException.wrongInput("no trace in " + folder + " yet"));
  }

  private static String valid(String text) {
    String traceId = text.toLowerCase(Locale.ROOT);
    if (!traceId.matches("[0-9a-f]{32}")) {
      throw CommandException.wrongInput(
          text + ": not a trace id (expected: 32 hexadecimal digits)");
    }
    return traceId;
  }
}
