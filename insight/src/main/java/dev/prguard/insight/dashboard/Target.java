package dev.prguard.insight.dashboard;

import dev.prguard.insight.query.ReviewQuery;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One thing that a panel asks. Each has a letter by which others in the panel name it.
public sealed interface Target {
  String ref();

  /// Whether it only feeds another target.
  boolean hidden();

  /// A metrics query.
  ///
  /// @param label what its one series is called; null where the query's own labels say enough
  record Metrics(
      String ref, ReviewQuery query, Timing timing, boolean hidden, @Nullable String label)
      implements Target {
    public Metrics {
      Objects.requireNonNull(ref, "ref");
      if (!query.isMetrics()) {
        throw new IllegalArgumentException("query: " + query + " (expected: a metrics query)");
      }
    }
  }

  /// A search, its spans as rows.
  ///
  /// @param limit traces at most
  record Search(String ref, ReviewQuery query, int limit) implements Target {
    public Search {
      Objects.requireNonNull(ref, "ref");
      if (query.isMetrics()) {
        throw new IllegalArgumentException("query: " + query + " (expected: a search)");
      }
    }

    @Override
    public boolean hidden() {
      return false;
    }
  }

  /// One target's numbers divided by another's, series by series with the same labels. Tempo 3.0
  /// refuses to divide two metrics queries, so whoever draws does it.
  record Ratio(String ref, String numerator, String denominator, @Nullable String label)
      implements Target {
    @Override
    public boolean hidden() {
      return false;
    }
  }

  /// What is left of a number that the reader sets, after a target's number was taken off.
  ///
  /// @param variable the name of the dashboard's variable
  record Remainder(String ref, String variable, String taken, @Nullable String label)
      implements Target {
    @Override
    public boolean hidden() {
      return false;
    }
  }

  /// Over which times a metrics query gives numbers.
  enum Timing {
    /// A line: many samples over the range.
    RANGE,
    /// A sample a day.
    DAILY,
    /// One number for the whole range.
    INSTANT
  }
}
