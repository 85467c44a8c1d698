package dev.prguard.cli;

import dev.prguard.insight.report.ReportSource;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.store.SegmentProblem;
import dev.prguard.store.StoreFormatException;
import dev.prguard.store.StoreUnavailableException;
import dev.prguard.store.TempoClient;
import dev.prguard.telemetry.Telemetry;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.traceql.engine.QuantileMode;
import dev.prguard.traceql.engine.TraceQlEngine;
import dev.prguard.traceql.engine.TraceQlEngine.Options;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where commands ask their questions: the embedded store of the data folder, or a Tempo.
sealed interface QuerySource extends AutoCloseable {

  /// A Tempo where one was named, else the embedded store.
  ///
  /// @param timeout of one query
  /// @param quantiles of the embedded store; a Tempo has its own
  /// @param err told when only the environment sends questions away from this machine
  /// @throws CommandException when the address is none, or the data folder cannot be opened
  static QuerySource open(
      TempoOption tempo,
      Map<String, String> env,
      Duration timeout,
      QuantileMode quantiles,
      PrintWriter err) {
    Optional<TempoOption.Address> address = tempo.address(env);
    if (address.isEmpty()) {
      return embedded(env, timeout, quantiles, err);
    }
    if (address.get().origin().equals("TEMPO_URL")) {
      err.println(
          "pr-guard: asking Tempo at "
              + address.get().host()
              + " (TEMPO_URL; --tempo none asks this machine)");
      err.flush();
    }
    return new Tempo(address.get().client(timeout), address.get().host());
  }

  private static QuerySource embedded(
      Map<String, String> env, Duration timeout, QuantileMode quantiles, PrintWriter err) {
    Path folder = DataFolder.of(env);
    try {
      EmbeddedSpanStore store = EmbeddedSpanStore.open(folder);
      Options options = new Options(timeout, quantiles, Options.DEFAULT.pushDown());
      compact(store, folder, err);
      return new Embedded(store, new TraceQlEngine(store, options, InstantSource.system()), folder);
    } catch (StoreUnavailableException | StoreFormatException e) {
      throw CommandException.wrongInput(String.valueOf(e.getMessage()), e);
    }
  }

  /// So that this query and those after it read columns; what fails here only costs time.
  private static void compact(EmbeddedSpanStore store, Path folder, PrintWriter err) {
    try {
      var _ = store.compactIfDue(Telemetry.owes(folder));
    } catch (IOException e) {
      err.println("pr-guard: " + folder + " could not be compacted: " + e.getMessage());
      err.flush();
    }
  }

  record Embedded(EmbeddedSpanStore store, TraceQueries queries, Path folder)
      implements QuerySource {
    /// A torn tail is no problem: a run may be writing it.
    @Override
    public List<String> problems() {
      List<String> lines = new ArrayList<>(store.damagedBlocks());
      store.problems().stream()
          .filter(problem -> problem.kind() != SegmentProblem.Kind.TORN_TAIL)
          .map(problem ->
              problem.file()
                  + ": damaged at byte "
                  + problem.offset()
                  + " ("
                  + problem.detail()
                  + "); what stands before was read")
          .forEach(lines::add);
      return lines;
    }

    @Override
    public ReportSource reportSource() {
      return new ReportSource.Embedded(folder.toString());
    }

    @Override
    public void close() {
      store.close();
    }
  }

  record Tempo(TempoClient queries, String host) implements QuerySource {
    @Override
    public List<String> problems() {
      return List.of();
    }

    @Override
    public ReportSource reportSource() {
      return new ReportSource.Tempo(host);
    }

    @Override
    public void close() {
      queries.close();
    }
  }

  TraceQueries queries();

  /// What could not be read, a line each.
  List<String> problems();

  ReportSource reportSource();

  @Override
  void close();
}
