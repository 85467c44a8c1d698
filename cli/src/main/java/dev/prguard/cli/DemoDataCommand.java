package dev.prguard.cli;

import dev.prguard.insight.demo.DemoHistory;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.store.StoreFormatException;
import dev.prguard.trace.SpanRecord;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `pr-guard demo-data`: a synthetic history in a data folder of its own.
@Command(
    name = "demo-data",
    description = "Writes a made-up history of reviews, marked as demo, to look at reports with.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class DemoDataCommand implements Callable<Integer> {
  private static final int BATCH = 1000;

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "90",
      description = "How many days, 1 to 3660 (default: ${DEFAULT-VALUE}).")
  int days;

  @Option(
      names = "--until",
      paramLabel = "DATE",
      description = "The last day, UTC (default: yesterday).")
  @Nullable String until;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The same seed makes the same history (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--reviews",
      paramLabel = "N",
      defaultValue = "40",
      description = "Reviews on a usual weekday, 1 to 100000 (default: ${DEFAULT-VALUE}).")
  int reviews;

  @Option(
      names = "--into",
      paramLabel = "FOLDER",
      description = "The data folder to write to (default: demo/ in the data folder).")
  @Nullable Path into;

  @SuppressWarnings("NullAway.Init") // picocli injects it
  @CommandLine.Spec
  CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    requireBetween("--days", days, 1, 3660);
    requireBetween("--reviews", reviews, 1, 100_000);
    LocalDate last = last();
    Path folder = into == null ? DataFolder.of(System.getenv()).resolve("demo") : into;
    DemoHistory history = new DemoHistory(last.minusDays(days - 1L), last, seed, reviews);
    long written;
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      if (into == null && !store.latestTraceIds(1).isEmpty()) {
        throw CommandException.wrongInput(
            folder + " holds demo data already; delete it, or name another folder with --into");
      }
      written = write(history, store);
    } catch (StoreFormatException | UncheckedIOException e) {
      throw CommandException.wrongInput(String.valueOf(e.getMessage()), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%,d spans of made-up reviews, %s to %s (UTC), seed %d, in %s%n",
        written, history.first(), history.last(), seed, folder);
    out.println("look at them:  pr-guard report --home " + folder);
    out.flush();
    return ExitCode.FINE.code();
  }

  private static long write(DemoHistory history, EmbeddedSpanStore store) {
    long written = 0;
    List<SpanRecord> batch = new ArrayList<>(BATCH + 20);
    Iterator<List<SpanRecord>> reviews = history.reviews().iterator();
    while (reviews.hasNext()) {
      batch.addAll(reviews.next());
      if (batch.size() >= BATCH || !reviews.hasNext()) {
        store.append(batch);
        written += batch.size();
        batch.clear();
      }
    }
    store.force();
    return written;
  }

  private LocalDate last() {
    LocalDate yesterday = LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC).minusDays(1);
    if (until == null) {
      return yesterday;
    }
    try {
      LocalDate last = LocalDate.parse(until);
      if (last.getYear() >= 2000 && last.getYear() <= 2200) {
        return last;
      }
    } catch (DateTimeParseException e) {
      // Said below.
    }
    throw CommandException.wrongInput(
        "--until " + until + ": not a day (expected: a date such as " + yesterday + ")");
  }

  private static void requireBetween(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw CommandException.wrongInput(
          "%s %d: out of range (expected: %d to %d)".formatted(option, value, least, most));
    }
  }
}
