package dev.prguard.trace.query;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the engine asks a [SpanSource] for. All of it is a hint that lets a source read less: it
/// may hand out more traces, more spans and more of each span, never less.
///
/// @param candidates the spans that may matter
/// @param companions for WHOLE_TRACES: a trace needs a span that matches each of these, too
/// @param grouping whether the engine needs the other spans of a candidate's trace
/// @param fields what the engine will read of each span besides ids, start, end and parent, which
///   are always there; null for everything
/// @param deadline when to give up with a [QueryTimeoutException]
public record SpanFetch(
    SpanWindow window,
    SpanPredicate candidates,
    List<SpanPredicate> companions,
    Grouping grouping,
    @Nullable Set<SpanField> fields,
    Instant deadline) {

  public SpanFetch {
    Objects.requireNonNull(window, "window");
    Objects.requireNonNull(candidates, "candidates");
    companions = List.copyOf(companions);
    Objects.requireNonNull(grouping, "grouping");
    fields = fields == null ? null : Set.copyOf(fields);
    Objects.requireNonNull(deadline, "deadline");
  }

  public enum Grouping {
    /// Candidates alone are enough, and a trace may come in several pieces and any order.
    SPANS,
    /// All spans of each trace that has a candidate in the window, each trace in one piece, the
    /// trace that started last first.
    WHOLE_TRACES
  }
}
