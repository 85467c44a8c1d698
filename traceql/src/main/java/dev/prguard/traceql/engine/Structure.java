package dev.prguard.traceql.engine;

import dev.prguard.traceql.tree.SpansetOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Structural operators, by nested-set numbers, in n log n. Spans outside of the tree have zeros
/// and take part in no relation; two roots of a trace are siblings.
final class Structure {
  private Structure() {}

  /// @return spans of the right side, and of both for the union forms; each once
  static List<FetchedSpan> find(
      SpansetOperator operator, List<FetchedSpan> left, List<FetchedSpan> right) {
    return switch (operator) {
      case CHILD, PARENT, DESCENDANT, ANCESTOR, SIBLING ->
          kept(right, related(operator, left), true);
      case NOT_CHILD -> kept(right, related(SpansetOperator.CHILD, left), false);
      case NOT_PARENT -> kept(right, related(SpansetOperator.PARENT, left), false);
      case NOT_DESCENDANT -> kept(right, related(SpansetOperator.DESCENDANT, left), false);
      case NOT_ANCESTOR -> kept(right, related(SpansetOperator.ANCESTOR, left), false);
      case NOT_SIBLING -> kept(right, related(SpansetOperator.SIBLING, left), false);
      case UNION_CHILD -> both(SpansetOperator.CHILD, SpansetOperator.PARENT, left, right);
      case UNION_PARENT -> both(SpansetOperator.PARENT, SpansetOperator.CHILD, left, right);
      case UNION_DESCENDANT ->
          both(SpansetOperator.DESCENDANT, SpansetOperator.ANCESTOR, left, right);
      case UNION_ANCESTOR ->
          both(SpansetOperator.ANCESTOR, SpansetOperator.DESCENDANT, left, right);
      case UNION_SIBLING -> both(SpansetOperator.SIBLING, SpansetOperator.SIBLING, left, right);
      case AND, OR -> throw new IllegalArgumentException("operator: " + operator);
    };
  }

  private static List<FetchedSpan> both(
      SpansetOperator operator,
      SpansetOperator mirrored,
      List<FetchedSpan> left,
      List<FetchedSpan> right) {
    Map<Integer, FetchedSpan> unique = new LinkedHashMap<>();
    kept(right, related(operator, left), true).forEach(span -> unique.put(span.index(), span));
    kept(left, related(mirrored, right), true)
        .forEach(span -> unique.putIfAbsent(span.index(), span));
    return List.copyOf(unique.values());
  }

  private static List<FetchedSpan> kept(
      List<FetchedSpan> spans, Predicate<FetchedSpan> related, boolean wanted) {
    List<FetchedSpan> kept = new ArrayList<>();
    for (FetchedSpan span : spans) {
      if (related.test(span) == wanted) {
        kept.add(span);
      }
    }
    return kept;
  }

  /// Whether a span is the child (parent, ...) of one of these.
  private static Predicate<FetchedSpan> related(
      SpansetOperator operator, List<FetchedSpan> others) {
    Predicate<FetchedSpan> relation =
        switch (operator) {
          case CHILD -> {
            Set<Integer> lefts = new HashSet<>();
            others.forEach(other -> lefts.add(left(other)));
            yield span -> lefts.contains(parent(span)) && parent(span) != 0;
          }
          case PARENT -> {
            Set<Integer> parents = new HashSet<>();
            others.forEach(other -> parents.add(parent(other)));
            yield span -> parents.contains(left(span));
          }
          case SIBLING -> siblings(others);
          case DESCENDANT -> descendants(others);
          default -> ancestors(others);
        };
    return span -> left(span) != 0 && relation.test(span);
  }

  /// Another span with the same parent: a span is not its own sibling.
  private static Predicate<FetchedSpan> siblings(List<FetchedSpan> others) {
    Map<Integer, Integer> byParent = new HashMap<>();
    Set<Integer> members = new HashSet<>();
    for (FetchedSpan other : others) {
      if (left(other) != 0 && members.add(other.index())) {
        byParent.merge(parent(other), 1, Integer::sum);
      }
    }
    return span ->
        byParent.getOrDefault(parent(span), 0) - (members.contains(span.index()) ? 1 : 0) > 0;
  }

  /// Intervals of a nested set are disjoint or nested, so the widest that begins before a span
  /// contains it if any does.
  private static Predicate<FetchedSpan> descendants(List<FetchedSpan> others) {
    List<FetchedSpan> sorted = inTree(others);
    int[] lefts = sorted.stream().mapToInt(Structure::left).toArray();
    int[] widest = new int[lefts.length];
    for (int i = 0; i < lefts.length; i++) {
      widest[i] = Math.max(i == 0 ? 0 : widest[i - 1], right(sorted.get(i)));
    }
    return span -> {
      int before = insertion(lefts, left(span)) - 1;
      return before >= 0 && widest[before] > right(span);
    };
  }

  private static Predicate<FetchedSpan> ancestors(List<FetchedSpan> others) {
    int[] lefts = inTree(others).stream().mapToInt(Structure::left).toArray();
    return span -> {
      int after = insertion(lefts, left(span) + 1);
      return after < lefts.length && lefts[after] < right(span);
    };
  }

  private static List<FetchedSpan> inTree(List<FetchedSpan> spans) {
    return spans.stream()
        .filter(span -> left(span) != 0)
        .sorted(java.util.Comparator.comparingInt(Structure::left))
        .toList();
  }

  /// How many of the sorted numbers are less.
  private static int insertion(int[] sorted, int number) {
    int found = Arrays.binarySearch(sorted, number);
    return found < 0 ? -found - 1 : found;
  }

  private static int left(FetchedSpan span) {
    return span.trace().left(span.index());
  }

  private static int right(FetchedSpan span) {
    return span.trace().right(span.index());
  }

  private static int parent(FetchedSpan span) {
    return span.trace().parent(span.index());
  }
}
