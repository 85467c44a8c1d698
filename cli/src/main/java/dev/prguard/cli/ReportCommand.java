package dev.prguard.cli;

import dev.prguard.insight.report.ChartsUnavailableException;
import dev.prguard.insight.report.CostReport;
import dev.prguard.insight.report.FactReader;
import dev.prguard.insight.report.ReportFormat;
import dev.prguard.insight.report.ReportPeriod;
import dev.prguard.insight.report.ReportRequest;
import dev.prguard.insight.report.TerminalSummary;
import dev.prguard.insight.report.TraceLinks;
import dev.prguard.review.cost.BudgetLimit;
import dev.prguard.trace.query.QueryTimeoutException;
import dev.prguard.trace.query.TraceQueryException;
import dev.prguard.traceql.engine.QuantileMode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `pr-guard report`: what reviews cost in a month, or between two days.
@Command(
    name = "report",
    description = "Reports what reviews cost: a summary here, charts and tables as files.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @Option(
      names = "--month",
      paramLabel = "MONTH",
      description = "Such as 2026-11 (default: this month).")
  @Nullable String month;

  @Option(
      names = "--since",
      paramLabel = "DAY",
      description = "Instead of a month: the first day, or how long ago, such as 60d.")
  @Nullable String since;

  @Option(names = "--until", paramLabel = "DAY", description = "The last day (default: today).")
  @Nullable String until;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "Days are those of this time zone, such as Europe/Berlin (default: UTC).")
  @Nullable String zone;

  @Option(
      names = "--repository",
      paramLabel = "OWNER/REPO",
      description = "Only reviews of this repository.")
  @Nullable String repository;

  @Option(
      names = "--format",
      paramLabel = "LIST",
      defaultValue = "html",
      description = "Of html, png, csv, json, md, with commas (default: ${DEFAULT-VALUE}).")
  String format = "html";

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Where the files go (default: reports/ in the data folder).")
  @Nullable String out;

  @Option(
      names = "--home",
      paramLabel = "FOLDER",
      description = "The data folder to read (default: yours).")
  @Nullable String home;

  @CommandLine.Mixin private TempoOption tempo = new TempoOption();

  @SuppressWarnings("NullAway.Init") // picocli injects it
  @CommandLine.Spec
  CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    // Charts need no screen, and must not look for one.
    System.setProperty("java.awt.headless", "true");
    Instant now = Instant.now();
    ReportPeriod period = new ReportDays(month, since, until, zone, now).period();
    Set<ReportFormat> formats = formats();
    Map<String, String> env = environment();
    Path data = DataFolder.of(env);
    Path folder = folder(data);
    if (formats.stream().anyMatch(ReportFormat::drawsCharts)) {
      Thread.ofPlatform().daemon().start(ReportFormat::warmUp);
    }
    CostReport report = read(period, env, now);
    List<Path> files = write(report, formats, folder, links(env));
    PrintWriter terminal = spec.commandLine().getOut();
    terminal.print(TerminalSummary.write(report));
    files.forEach(file -> terminal.println(file.toUri()));
    terminal.flush();
    return ExitCode.FINE.code();
  }

  private CostReport read(ReportPeriod period, Map<String, String> env, Instant now) {
    PrintWriter err = spec.commandLine().getErr();
    try (QuerySource source = QuerySource.open(tempo(), env, PATIENCE, QuantileMode.EXACT, err)) {
      ReportRequest request =
          new ReportRequest(period, source.reportSource(), repository, budget(env), now);
      CostReport report = FactReader.read(source.queries(), request);
      // A sum that is short must not look whole.
      source.problems().forEach(problem -> err.println("pr-guard: warning: " + problem));
      err.flush();
      return report;
    } catch (TraceQueryException | QueryTimeoutException e) {
      throw CommandException.outsideFailed("report: " + e.getMessage(), e);
    }
  }

  /// Who names a data folder means it, whatever the environment says.
  private TempoOption tempo() {
    if (home != null && tempo.url == null) {
      tempo.url = "none";
    } else if (home != null && !"none".equals(tempo.url)) {
      throw CommandException.wrongInput("--home and --tempo: only one of them");
    }
    return tempo;
  }

  private static List<Path> write(
      CostReport report, Set<ReportFormat> formats, Path folder, TraceLinks links) {
    Map<ReportFormat, byte[]> contents = new EnumMap<>(ReportFormat.class);
    try {
      // Two pictures are drawn at the same time.
      List<byte[]> drawn =
          formats.parallelStream().map(format -> format.write(report, links)).toList();
      int next = 0;
      for (ReportFormat each : formats) {
        contents.put(each, drawn.get(next++));
      }
    } catch (ChartsUnavailableException e) {
      throw CommandException.wrongInput(String.valueOf(e.getMessage()), e);
    }
    List<Path> files = new ArrayList<>();
    PrintStream none = new PrintStream(OutputStream.nullOutputStream());
    contents.forEach((each, bytes) -> {
      String name = "pr-guard-" + report.request().period().fileName() + "." + each.extension();
      Path file = folder.resolve(name).toAbsolutePath().normalize();
      OutputTarget.write("--out", file.toString(), none, stream -> stream.write(bytes));
      files.add(file);
    });
    return files;
  }

  private Set<ReportFormat> formats() {
    Set<ReportFormat> formats = new LinkedHashSet<>();
    for (String word : format.split(",", -1)) {
      formats.add(
          ReportFormat.parse(word)
              .orElseThrow(() ->
                  CommandException.wrongInput(
                      "--format "
                          + TextTable.printable(word)
                          + ": not a format (expected: html, png, csv, json or md)")));
    }
    return formats;
  }

  private Map<String, String> environment() {
    Map<String, String> env = new HashMap<>(System.getenv());
    if (home != null) {
      if (!Files.isDirectory(path("--home", home))) {
        throw CommandException.wrongInput("--home " + home + ": no such folder");
      }
      env.put("PR_GUARD_HOME", home);
    }
    return env;
  }

  private Path folder(Path data) {
    Path folder = out == null ? data.resolve("reports") : path("--out", out);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw CommandException.wrongInput(
          "--out " + folder + ": cannot be written: not a folder, or no right to make it", e);
    }
    if (!Files.isWritable(folder)) {
      throw CommandException.wrongInput("--out " + folder + ": cannot be written");
    }
    return folder;
  }

  private static Path path(String option, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw CommandException.wrongInput(option + ": not a path", e);
    }
  }

  private @Nullable Long budget(Map<String, String> env) {
    BudgetLimit limit = repository == null ? BudgetLimit.MONTH : BudgetLimit.REPOSITORY_MONTH;
    // As for a review: of a limit that both files set, the smaller holds.
    GuardConfig user = ReviewPlanner.userConfig(env);
    OptionalLong nanoUsd = repositoryConfig().within(user).budget().of(limit);
    return nanoUsd.isPresent() ? nanoUsd.getAsLong() : null;
  }

  /// `.pr-guard.yml` of the folder that the command runs in.
  private static GuardConfig repositoryConfig() {
    Path file = Path.of(ReviewPlanner.REPOSITORY_CONFIG);
    try {
      return Files.isRegularFile(file)
          ? GuardConfig.parse(file.toString(), Files.readAllBytes(file))
          : GuardConfig.EMPTY;
    } catch (IOException e) {
      throw CommandException.wrongInput(file + ": cannot be read", e);
    }
  }

  private static TraceLinks links(Map<String, String> env) {
    return (traceId, start) -> TraceLink.grafana(env, traceId, start).orElse(null);
  }
}
