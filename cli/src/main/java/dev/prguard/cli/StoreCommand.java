package dev.prguard.cli;

import dev.prguard.store.CompactionResult;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.store.Retention;
import dev.prguard.store.StoreCheck;
import dev.prguard.store.StoreFormatException;
import dev.prguard.store.StoreStatus;
import dev.prguard.telemetry.Telemetry;
import dev.prguard.trace.otlp.OtlpJsonWriter;
import dev.prguard.trace.query.SpanFetch;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanWindow;
import dev.prguard.trace.query.TraceQueryException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `pr-guard store`: the traces that this machine keeps.
@Command(
    name = "store",
    description = "Looks after the traces kept on this machine.",
    subcommands = {
      StoreCommand.Status.class,
      StoreCommand.Compact.class,
      StoreCommand.Verify.class,
      StoreCommand.Export.class
    },
    mixinStandardHelpOptions = true)
final class StoreCommand implements Runnable {
  private static final Instant NO_DEADLINE = Instant.parse("9999-01-01T00:00:00Z");

  @SuppressWarnings("NullAway.Init") // picocli injects it
  @CommandLine.Spec
  CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @FunctionalInterface
  private interface Work {
    int with(EmbeddedSpanStore store, Path folder) throws IOException;
  }

  private static int onStore(Work work) {
    Path folder = DataFolder.of(System.getenv());
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      return work.with(store, folder);
    } catch (StoreFormatException | UncheckedIOException | TraceQueryException e) {
      throw CommandException.wrongInput(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw CommandException.wrongInput("store " + folder + ": " + e.getMessage(), e);
    }
  }

  /// `pr-guard store status`.
  @Command(
      name = "status",
      description = "Shows how many spans are kept, since when, and in how many bytes.",
      mixinStandardHelpOptions = true)
  static final class Status implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli injects it
    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      return onStore((store, folder) -> {
        StoreStatus status = store.status();
        out.println("data folder  " + folder);
        out.printf(
            Locale.ROOT,
            "blocks       %,d with %,d spans, %s%s%n",
            status.blocks(),
            status.blockSpans(),
            megabytes(status.blockBytes()),
            status.blockSpans() == 0
                ? ""
                : String.format(
                    Locale.ROOT,
                    ", %.0f bytes a span",
                    (double) status.blockBytes() / status.blockSpans()));
        if (status.earliest() != null) {
          out.println("             " + status.earliest() + " to " + status.latest());
        }
        out.printf(
            Locale.ROOT,
            "segments     %,d, %s, of which %s in no block yet%n",
            status.segments(),
            megabytes(status.segmentBytes()),
            megabytes(status.uncompactedBytes()));
        if (status.splitTraces() > 0) {
          out.printf(
              Locale.ROOT, "spread       %,d traces over several blocks%n", status.splitTraces());
        }
        out.flush();
        return ExitCode.FINE.code();
      });
    }
  }

  private static String megabytes(long bytes) {
    return bytes < 1 << 20
        ? (bytes + 1023) / 1024 + " KB"
        : String.format(Locale.ROOT, "%.1f MB", bytes / (double) (1 << 20));
  }

  /// `pr-guard store compact`.
  @Command(
      name = "compact",
      description =
          "Puts what runs have appended into Parquet blocks, and drops what is too old."
              + " Queries do so by themselves when it is due.",
      mixinStandardHelpOptions = true)
  static final class Compact implements Callable<Integer> {
    @Option(
        names = "--keep",
        paramLabel = "DAYS",
        description = "Drop blocks whose latest span is older, such as 400d.")
    @Nullable String keep;

    @Option(
        names = "--max-size",
        paramLabel = "SIZE",
        description = "Drop the oldest blocks until all together are no larger, such as 2GB.")
    @Nullable String maxSize;

    @SuppressWarnings("NullAway.Init") // picocli injects it
    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
      Duration age = keep == null ? null : days(keep);
      Long bytes = maxSize == null ? null : bytes(maxSize);
      PrintWriter out = spec.commandLine().getOut();
      return onStore((store, folder) -> {
        Optional<CompactionResult> result =
            store.compact(
                new Retention(age, bytes, Telemetry.owes(folder), Duration.ofSeconds(10)));
        out.println(result.map(Compact::line).orElse("another process is compacting this store"));
        out.flush();
        return ExitCode.FINE.code();
      });
    }

    private static String line(CompactionResult result) {
      return String.format(
          Locale.ROOT,
          "%,d spans put into %d blocks; %d blocks merged, %d dropped as too old or too much;"
              + " %d segments removed",
          result.spans(),
          result.blocks(),
          result.merged(),
          result.expired(),
          result.segments());
    }

    private static Duration days(String text) {
      Matcher matcher = Pattern.compile("([1-9]\\d{0,4})d").matcher(text);
      if (!matcher.matches()) {
        throw CommandException.wrongInput(
            "--keep " + text + ": not a number of days (expected: such as 400d)");
      }
      return Duration.ofDays(Integer.parseInt(matcher.group(1)));
    }

    private static long bytes(String text) {
      Matcher matcher = Pattern.compile("([1-9]\\d{0,5})(MB|GB)").matcher(text);
      if (!matcher.matches()) {
        throw CommandException.wrongInput(
            "--max-size " + text + ": not a size (expected: such as 500MB or 2GB)");
      }
      return Long.parseLong(matcher.group(1)) << (matcher.group(2).equals("MB") ? 20 : 30);
    }
  }

  /// `pr-guard store verify`.
  @Command(
      name = "verify",
      description = "Reads every byte of the store and compares every checksum.",
      mixinStandardHelpOptions = true)
  static final class Verify implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli injects it
    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      return onStore((store, folder) -> {
        StoreCheck check = store.check();
        out.printf(
            Locale.ROOT,
            "%s: %,d spans readable in %d blocks and %d segments%n",
            folder,
            check.spans(),
            check.blocks(),
            check.segments());
        check.tornTails().forEach(line -> out.println("unfinished  " + line));
        check.problems().forEach(line -> out.println("damaged     " + line));
        out.flush();
        return (check.problems().isEmpty() ? ExitCode.FINE : ExitCode.WRONG_INPUT).code();
      });
    }
  }

  /// `pr-guard store export`.
  @Command(
      name = "export",
      description =
          "Writes the traces as OTLP/JSON, one a line, as the OpenTelemetry Collector reads them.",
      mixinStandardHelpOptions = true)
  static final class Export implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "Where to; - is standard output.")
    @SuppressWarnings("NullAway.Init") // picocli injects it
    String file;

    @Option(
        names = "--since",
        paramLabel = "DURATION",
        description = "Only traces of so long ago until now, such as 24h or 30d.")
    @Nullable String since;

    @SuppressWarnings("NullAway.Init") // picocli injects it
    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
      Instant from = since == null ? Instant.EPOCH : Instant.now().minus(ago(since));
      return onStore((store, _) -> {
        long traces = file.equals("-") ? write(store, from, System.out) : toFile(store, from);
        System.out.flush();
        PrintWriter words =
            file.equals("-") ? spec.commandLine().getErr() : spec.commandLine().getOut();
        words.printf(Locale.ROOT, "%,d traces exported%n", traces);
        words.flush();
        return ExitCode.FINE.code();
      });
    }

    /// By a rename, so that nobody takes half of it for the whole.
    private long toFile(EmbeddedSpanStore store, Instant from) throws IOException {
      Path target = Path.of(file).toAbsolutePath();
      Path folder = target.getParent();
      if (Files.isDirectory(target) || folder == null || !Files.isDirectory(folder)) {
        throw CommandException.wrongInput(
            file
                + ": cannot be written: "
                + (Files.isDirectory(target) ? "a folder" : "no such folder"));
      }
      Path draft = Files.createTempFile(folder, target.getFileName().toString(), ".tmp");
      try {
        long traces;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(draft))) {
          traces = write(store, from, out);
        }
        Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
        return traces;
      } finally {
        Files.deleteIfExists(draft);
      }
    }

    private static long write(EmbeddedSpanStore store, Instant from, OutputStream out)
        throws IOException {
      long[] traces = new long[1];
      SpanFetch all =
          new SpanFetch(
              new SpanWindow.Overlaps(from.getEpochSecond() * 1_000_000_000L, Long.MAX_VALUE),
              new SpanPredicate.Any(),
              List.of(),
              SpanFetch.Grouping.WHOLE_TRACES,
              null,
              NO_DEADLINE);
      try (OtlpJsonWriter json = new OtlpJsonWriter(out)) {
        store.fetch(
            all,
            trace -> {
              traces[0]++;
              try {
                json.write(trace.spans());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return true;
            });
      }
      return traces[0];
    }

    private static Duration ago(String text) {
      return text.endsWith("d")
          ? Compact.days(text)
          : Durations.parse("--since", text, Duration.ZERO);
    }
  }
}
