package dev.prguard.insight.report;

import java.time.Duration;

/// Where the numbers come from, and what can be asked there.
public sealed interface ReportSource {

  /// The store of this machine: whole periods in one query, exact quantiles.
  record Embedded(String folder) implements ReportSource {
    @Override
    public String title() {
      return "embedded store";
    }

    @Override
    public Duration longestQuery() {
      return Duration.ofDays(36_600);
    }

    @Override
    public int parallelQueries() {
      return 2;
    }
  }

  /// A Tempo: at most 24 hours a metrics query (its default `max_duration`), quantiles from buckets
  /// of powers of two, none of doubles.
  record Tempo(String host) implements ReportSource {
    @Override
    public String title() {
      return "Tempo at " + host;
    }

    @Override
    public Duration longestQuery() {
      return Duration.ofHours(24);
    }

    @Override
    public int parallelQueries() {
      return 6;
    }
  }

  /// For the head of the report.
  String title();

  Duration longestQuery();

  int parallelQueries();
}
