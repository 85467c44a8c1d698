package dev.prguard.traceql.engine;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a trace says of its spans: their numbers in the nested set, the root, the whole duration.
final class TraceContext {
  static final String SERVICE_NAME = "service.name";

  private final List<SpanRecord> spans;
  private final int[] left;
  private final int[] right;
  private final int[] parent;
  private final int[] children;
  private final @Nullable SpanRecord root;
  private final long startNanos;
  private final long endNanos;

  /// @param spans of one trace, in the order received
  TraceContext(List<SpanRecord> spans) {
    this.spans = spans;
    int count = spans.size();
    left = new int[count];
    right = new int[count];
    parent = new int[count];
    children = new int[count];
    Map<String, List<Integer>> below = new HashMap<>();
    List<Integer> roots = new ArrayList<>();
    SpanRecord lastRoot = null;
    long start = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (int i : stored(spans)) {
      SpanRecord span = spans.get(i);
      start = Math.min(start, span.startNanos());
      end = Math.max(end, span.endNanos());
      String parentId = span.parentSpanId();
      if (parentId == null) {
        roots.add(i);
        // Of two roots Tempo names the trace after the one that it received last.
        lastRoot = span;
      } else {
        below.computeIfAbsent(parentId, _ -> new ArrayList<>()).add(i);
      }
    }
    root = lastRoot;
    startNanos = start;
    endNanos = end;
    number(roots, below);
  }

  /// The places of the spans in the order in which Tempo stores them, and numbers them and finds
  /// the last root: those of one resource together where its first span was received, within it
  /// those of one scope.
  private static List<Integer> stored(List<SpanRecord> spans) {
    Map<Map<String, AttributeValue>, Map<List<String>, List<Integer>>> groups =
        new LinkedHashMap<>();
    List<Integer> last = List.of();
    SpanRecord before = null;
    for (int i = 0; i < spans.size(); i++) {
      SpanRecord span = spans.get(i);
      boolean same =
          before != null
              && before.resource().equals(span.resource())
              && before.scope().equals(span.scope());
      if (!same) {
        last =
            groups
                .computeIfAbsent(span.resource(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(
                    List.of(span.scope().name(), span.scope().version()), _ -> new ArrayList<>());
      }
      last.add(i);
      before = span;
    }
    List<Integer> order = new ArrayList<>(spans.size());
    groups.values().forEach(scopes -> scopes.values().forEach(order::addAll));
    return order;
  }

  /// Depth first from 1, roots in the order stored. Spans that no root leads to keep 0.
  private void number(List<Integer> roots, Map<String, List<Integer>> below) {
    int next = 1;
    Deque<Integer> path = new ArrayDeque<>();
    int[] done = new int[spans.size()];
    for (int first : roots) {
      path.push(first);
      left[first] = next++;
      parent[first] = -1;
      while (!path.isEmpty()) {
        int at = path.element();
        List<Integer> of = below.getOrDefault(spans.get(at).spanId(), List.of());
        children[at] = of.size();
        if (done[at] < of.size()) {
          int child = of.get(done[at]++);
          // A span id that comes twice must not be numbered twice.
          if (left[child] == 0) {
            left[child] = next++;
            parent[child] = left[at];
            path.push(child);
          }
        } else {
          right[at] = next++;
          path.pop();
        }
      }
    }
  }

  List<SpanRecord> spans() {
    return spans;
  }

  int left(int index) {
    return left[index];
  }

  int right(int index) {
    return right[index];
  }

  /// The parent's left; -1 for a root, 0 outside of the tree.
  int parent(int index) {
    return parent[index];
  }

  int childCount(int index) {
    return children[index];
  }

  long startNanos() {
    return startNanos;
  }

  long endNanos() {
    return endNanos;
  }

  long durationNanos() {
    return endNanos - startNanos;
  }

  /// Empty when there is no root.
  String rootName() {
    return root == null ? "" : root.name();
  }

  /// Empty when there is no root.
  String rootService() {
    return root == null ? "" : service(root);
  }

  /// As answers have it.
  String rootServiceListed() {
    return root == null ? "<root span not yet received>" : service(root);
  }

  /// The resource's `service.name`; empty when it is missing or no text.
  static String service(SpanRecord span) {
    return span.resource().get(SERVICE_NAME) instanceof AttributeValue.StringValue(String name)
        ? name
        : "";
  }

  /// Spans and errors by service.
  Map<String, dev.prguard.trace.query.TraceQueries.ServiceStats> serviceStats() {
    Map<String, int[]> counts = new TreeMap<>();
    for (SpanRecord span : spans) {
      int[] count = counts.computeIfAbsent(service(span), _ -> new int[2]);
      count[0]++;
      count[1] += span.status() == SpanRecord.Status.ERROR ? 1 : 0;
    }
    Map<String, dev.prguard.trace.query.TraceQueries.ServiceStats> stats = new TreeMap<>();
    counts.forEach((service, count) ->
        stats.put(
            service, new dev.prguard.trace.query.TraceQueries.ServiceStats(count[0], count[1])));
    return stats;
  }
}
