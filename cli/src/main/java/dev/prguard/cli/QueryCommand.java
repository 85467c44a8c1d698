package dev.prguard.cli;

import dev.prguard.trace.query.QueryTimeoutException;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueries.InstantQuery;
import dev.prguard.trace.query.TraceQueries.MetricsAnswer;
import dev.prguard.trace.query.TraceQueries.RangeQuery;
import dev.prguard.trace.query.TraceQueries.Search;
import dev.prguard.trace.query.TraceQueries.SearchAnswer;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import dev.prguard.trace.query.TraceQueryException;
import dev.prguard.traceql.PrototypeDialect;
import dev.prguard.traceql.TraceQlCompletion;
import dev.prguard.traceql.TraceQlLinter;
import dev.prguard.traceql.TraceQlParser;
import dev.prguard.traceql.TraceQlSyntaxException;
import dev.prguard.traceql.TraceQlValidator;
import dev.prguard.traceql.answer.TempoJson;
import dev.prguard.traceql.engine.QuantileMode;
import dev.prguard.traceql.tree.RootExpr;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `pr-guard query TRACEQL`: asks the embedded store or a Tempo, and prints a table, JSON or CSV.
@Command(
    name = "query",
    description = "Asks the stored traces in TraceQL, the language of Grafana Tempo.",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  pr-guard query '{ span.operation.type != nil } | select(span.latency.ms, span.cost.usd)'",
      "  pr-guard query '{ span.cost.usd != nil } | sum_over_time(span.cost.usd) by (span.cost.model)'"
    })
final class QueryCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @Parameters(arity = "0..1", paramLabel = "TRACEQL", description = "The query, in quotes.")
  String query = "";

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      description = "From so long ago, such as 15m, 24h or 7d (default: 24h).")
  @Nullable String since;

  @Option(
      names = "--start",
      paramLabel = "TIME",
      description = "From this time: 2026-11-26, 2026-11-26T09:30:00Z, now-1h or Unix seconds.")
  @Nullable String start;

  @Option(names = "--end", paramLabel = "TIME", description = "Until this time (default: now).")
  @Nullable String end;

  @Option(
      names = "--step",
      paramLabel = "DURATION",
      description = "Metrics: the length of an interval (default: by the range, as Tempo does).")
  @Nullable String step;

  @Option(names = "--instant", description = "Metrics: one value for the whole range.")
  boolean instant;

  @Option(
      names = "--tempo-quantiles",
      description = "Quantiles as Tempo estimates them, not exact ones (--tempo does so anyway).")
  boolean tempoQuantiles;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Searches: at most so many traces, the newest ones (default: 20).")
  int limit = 20;

  @Option(
      names = "--spss",
      paramLabel = "N",
      description = "Searches: at most so many spans of each span set, 0 for all (default: 3).")
  int spansPerSet = 3;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "Give up after this long (default: 60s).")
  @Nullable String timeout;

  @Option(
      names = "--strict",
      description = "Refuse what Tempo refuses, queries of the earlier prototype too.")
  boolean strict;

  @Option(names = "--json", description = "Print Tempo's own JSON.")
  boolean json;

  @Option(names = "--csv", description = "Print CSV, a line for each span or sample.")
  boolean csv;

  @Option(
      names = "--complete",
      paramLabel = "BEGINNING",
      description =
          "Instead of a query: what may come next in one that begins so, a line each, with its"
              + " kind; with --json also the characters that it replaces.")
  @Nullable String beginning;

  @Option(
      names = "--cursor",
      paramLabel = "N",
      description = "With --complete: behind the first N characters (default: at the end).")
  @Nullable Integer cursor;

  @CommandLine.Mixin private TempoOption tempo = new TempoOption();

  @SuppressWarnings("NullAway.Init") // picocli injects it
  @CommandLine.Spec
  CommandLine.Model.CommandSpec spec;

  /// What a query was answered with.
  private sealed interface Answer {
    record Found(SearchAnswer answer) implements Answer {}

    record Range(MetricsAnswer answer) implements Answer {}

    record Instantly(MetricsAnswer answer) implements Answer {}
  }

  @Override
  public Integer call() {
    if (json && csv) {
      throw CommandException.wrongInput("--json and --csv: only one of them");
    }
    if (limit < 1) {
      throw CommandException.wrongInput("--limit " + limit + ": expected 1 or more");
    }
    if (spansPerSet < 0) {
      throw CommandException.wrongInput("--spss " + spansPerSet + ": expected 0 or more");
    }
    if (beginning != null) {
      return complete(beginning);
    }
    if (query.isEmpty() || cursor != null) {
      throw CommandException.wrongInput(
          query.isEmpty()
              ? "query: TRACEQL is missing (see pr-guard query --help)"
              : "--cursor: only with --complete");
    }
    understand();
    RootExpr root = parsed(query);
    TimeRange range = QueryTime.range(since, start, end, Instant.now());
    warn();
    return asking(queries -> print(ask(queries, root, range)));
  }

  /// Nothing to offer is no failure: whoever types wants to go on typing.
  private int complete(String text) {
    int at = cursor == null ? text.length() : cursor;
    if (!query.isEmpty()) {
      throw CommandException.wrongInput("--complete and TRACEQL: only one of them");
    }
    if (at < 0 || at > text.length()) {
      throw CommandException.wrongInput("--cursor " + at + ": expected 0 to " + text.length());
    }
    TimeRange range = QueryTime.range(since, start, end, Instant.now());
    return asking(queries -> {
      byte[] lines =
          QueryCompletion.print(TraceQlCompletion.complete(text, at, queries, range), json);
      OutputTarget.write("query", "-", System.out, stream -> stream.write(lines));
    });
  }

  private QuerySource source(Duration patience, PrintWriter err) {
    QuantileMode quantiles = tempoQuantiles ? QuantileMode.TEMPO_BUCKETS : QuantileMode.EXACT;
    return QuerySource.open(tempo, System.getenv(), patience, quantiles, err);
  }

  private int asking(Consumer<TraceQueries> question) {
    Duration patience = timeout == null ? TIMEOUT : QueryTime.duration("--timeout", timeout);
    PrintWriter err = spec.commandLine().getErr();
    try (QuerySource source = source(patience, err)) {
      question.accept(source.queries());
      source.problems().forEach(problem -> err.println("pr-guard: warning: " + problem));
      return ExitCode.FINE.code();
    } catch (TraceQueryException e) {
      throw switch (e.reason()) {
        case REFUSED, FAILED -> CommandException.wrongInput(String.valueOf(e.getMessage()), e);
        case UNAVAILABLE -> CommandException.outsideFailed(String.valueOf(e.getMessage()), e);
      };
    } catch (QueryTimeoutException e) {
      throw CommandException.outsideFailed(String.valueOf(e.getMessage()), e);
    }
  }

  /// A query of the earlier Python prototype is turned into TraceQL, and said, unless that is not
  /// wanted.
  private void understand() {
    if (strict) {
      return;
    }
    PrototypeDialect.translate(query)
        .ifPresent(translation -> {
          PrintWriter err = spec.commandLine().getErr();
          err.println("pr-guard: not TraceQL as Tempo takes it; asked instead:");
          err.println("  " + TextTable.printable(translation.query()));
          translation.notes().forEach(note -> err.println("  " + TextTable.printable(note)));
          err.flush();
          query = translation.query();
          Duration asked = translation.since();
          if (asked != null && since == null && start == null) {
            since = Math.max(1, asked.toSeconds()) + "s";
          }
        });
  }

  /// What a query says may not be what it looks like.
  private void warn() {
    PrintWriter err = spec.commandLine().getErr();
    for (TraceQlLinter.Warning warning : TraceQlLinter.lint(query)) {
      err.println(
          "pr-guard: warning: line "
              + warning.line()
              + ", col "
              + warning.column()
              + ": "
              + TextTable.printable(warning.message())
              + " ["
              + warning.rule()
              + "]");
      if (!warning.fix().isEmpty()) {
        err.println("  better: " + TextTable.printable(warning.fix()));
      }
    }
    err.flush();
  }

  private static RootExpr parsed(String query) {
    try {
      RootExpr root = TraceQlParser.parse(query);
      TraceQlValidator.validate(root);
      return root;
    } catch (TraceQlSyntaxException e) {
      String pointed = e.pointed().stripTrailing();
      throw CommandException.wrongInput(
          "invalid TraceQL query: " + e.getMessage() + (pointed.isEmpty() ? "" : "\n" + pointed),
          e);
    }
  }

  private Answer ask(TraceQueries queries, RootExpr root, TimeRange range) {
    return switch (root) {
      case RootExpr.SpansQuery _ -> {
        if (instant || step != null) {
          throw CommandException.wrongInput(
              (instant ? "--instant" : "--step")
                  + ": only for metrics; this query searches spans (append | rate(), for example)");
        }
        yield new Answer.Found(
            queries.search(new Search(query, wholeSeconds(range), limit, spansPerSet)));
      }
      case RootExpr.MetricsQuery _, RootExpr.MetricsArithmetic _ ->
          instant
              ? new Answer.Instantly(queries.instant(new InstantQuery(query, range)))
              : new Answer.Range(
                  queries.range(
                      new RangeQuery(
                          query,
                          range,
                          step == null ? null : QueryTime.duration("--step", step),
                          0)));
    };
  }

  /// A search window is of whole seconds, and what has just ended belongs to it.
  private static TimeRange wholeSeconds(TimeRange range) {
    return new TimeRange(
        Instant.ofEpochSecond(range.start().getEpochSecond()),
        Instant.ofEpochSecond(range.end().getEpochSecond() + 1));
  }

  private void print(Answer answer) {
    if (json) {
      PrintStream out = System.out;
      OutputTarget.write("--json", "-", out, stream -> json(answer, stream));
      return;
    }
    int width = TerminalSettings.of(System.getenv()).width();
    String text =
        switch (answer) {
          case Answer.Found(SearchAnswer found) ->
              csv ? QueryCsv.search(found) : QueryTables.search(found);
          case Answer.Range(MetricsAnswer series) ->
              csv ? QueryCsv.metrics(series) : QueryTables.range(series, width);
          case Answer.Instantly(MetricsAnswer series) ->
              csv ? QueryCsv.metrics(series) : QueryTables.instant(series);
        };
    OutputTarget.write(
        "query", "-", System.out, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void json(Answer answer, OutputStream out) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    switch (answer) {
      case Answer.Found(SearchAnswer found) -> TempoJson.search(found, bytes);
      case Answer.Range(MetricsAnswer series) -> TempoJson.range(series, bytes);
      case Answer.Instantly(MetricsAnswer series) -> TempoJson.instant(series, bytes);
    }
    bytes.write('\n');
    bytes.writeTo(out);
  }
}
