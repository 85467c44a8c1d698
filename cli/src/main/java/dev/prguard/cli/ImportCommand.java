package dev.prguard.cli;

import dev.prguard.insight.costlog.BadRow;
import dev.prguard.insight.costlog.CostLog;
import dev.prguard.insight.costlog.CostLogFormatException;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.store.StoreFormatException;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanFetch;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanWindow;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `pr-guard import FILE.csv`: the cost log of the Python prototype, once.
@Command(
    name = "import",
    description = "Brings in the CSV cost log of the Python prototype; a second time adds nothing.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
  private static final int BATCH = 1000;
  private static final int LISTED = 20;

  @Parameters(
      paramLabel = "FILE.csv",
      description =
          "timestamp,pr_url,operation,model,prompt_tokens,completion_tokens,total_tokens,"
              + "cost_usd,latency_ms")
  @SuppressWarnings("NullAway.Init") // picocli requires it
  Path file;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "The time zone of timestamps that name none (default: UTC).")
  @Nullable String zone;

  @SuppressWarnings("NullAway.Init") // picocli injects it
  @CommandLine.Spec
  CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    CostLog log = new CostLog(zone());
    List<BadRow> bad = new ArrayList<>();
    Path folder = DataFolder.of(System.getenv());
    Rows rows;
    try (Reader reader = Files.newBufferedReader(file);
        EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      rows = new Rows(store, known(store));
      log.read(reader, rows::add, bad::add);
      rows.flush();
      store.force();
    } catch (CostLogFormatException e) {
      throw CommandException.wrongInput(file + ": " + e.getMessage(), e);
    } catch (StoreFormatException | UncheckedIOException e) {
      throw CommandException.wrongInput(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw CommandException.wrongInput(
          file + ": cannot be read" + (Files.exists(file) ? " as UTF-8 text" : ": no such file"),
          e);
    }
    PrintWriter err = spec.commandLine().getErr();
    bad.stream()
        .limit(LISTED)
        .forEach(row ->
            err.println(
                "pr-guard: " + file + ":" + row.line() + ": " + TextTable.printable(row.reason())));
    if (bad.size() > LISTED) {
      err.println("pr-guard: and " + (bad.size() - LISTED) + " bad rows more");
    }
    err.flush();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%s: imported %,d; there already %,d; bad rows left out %,d%n",
        file.getFileName(),
        rows.added,
        rows.there,
        bad.size());
    out.flush();
    return (bad.isEmpty() ? ExitCode.FINE : ExitCode.WRONG_INPUT).code();
  }

  /// The ids of spans that earlier imports brought.
  private static Set<String> known(EmbeddedSpanStore store) {
    SpanField mark = new SpanField.Attribute(SpanField.Scope.RESOURCE, CostLog.MARK);
    SpanFetch fetch =
        new SpanFetch(
            new SpanWindow.Starts(0, Long.MAX_VALUE),
            new SpanPredicate.Present(mark),
            List.of(),
            SpanFetch.Grouping.SPANS,
            Set.of(mark),
            Instant.now().plus(Duration.ofMinutes(10)));
    Set<String> ids = new HashSet<>();
    store.fetch(
        fetch,
        trace -> {
          // A source may hand out more than was asked for.
          trace.spans().stream()
              .filter(span -> span.resource().containsKey(CostLog.MARK))
              .forEach(span -> ids.add(span.spanId()));
          return true;
        });
    return ids;
  }

  /// Appends in batches what is not there yet.
  private static final class Rows {
    private final EmbeddedSpanStore store;
    private final Set<String> known;
    private final List<SpanRecord> batch = new ArrayList<>();
    private long added;
    private long there;

    Rows(EmbeddedSpanStore store, Set<String> known) {
      this.store = store;
      this.known = known;
    }

    void add(SpanRecord span) {
      if (!known.add(span.spanId())) {
        there++;
        return;
      }
      added++;
      batch.add(span);
      if (batch.size() >= BATCH) {
        flush();
      }
    }

    void flush() {
      store.append(batch);
      batch.clear();
    }
  }

  private ZoneId zone() {
    try {
      return ZoneId.of(zone == null ? "UTC" : zone);
    } catch (DateTimeException e) {
      throw CommandException.wrongInput(
          "--zone "
              + TextTable.printable(String.valueOf(zone))
              + ": not a time zone (expected: UTC, Europe/Berlin or +02:00)",
          e);
    }
  }
}
