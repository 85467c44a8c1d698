package dev.prguard.cli;

import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.trace.SpanRecord;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `pr-guard trace [ID]`: the tree of one trace of the embedded store.
@Command(
    name = "trace",
    description = "Prints the tree of one trace: durations, tokens, dollars.",
    mixinStandardHelpOptions = true)
final class TraceCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      description = "Trace id, 32 hexadecimal digits (default: the newest trace).")
  @Nullable String id;

  @SuppressWarnings("NullAway.Init") // picocli injects it
  @CommandLine.Spec
  CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
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
      PrintWriter out = spec.commandLine().getOut();
      out.println("trace " + traceId);
      out.print(TraceTree.render(spans));
      out.flush();
      return ExitCode.FINE.code();
    }
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
