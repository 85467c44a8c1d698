package dev.prguard.cli;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.CostAttributes;
import dev.prguard.trace.GenAiAttributes;
import dev.prguard.trace.SpanRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The spans of one trace as a tree: name, duration, tokens, dollars. A span whose parent is
/// missing is a root.
final class TraceTree {
  private TraceTree() {}

  private record Row(String label, SpanRecord span) {}

  /// @param spans of one trace, any order
  static String render(List<SpanRecord> spans) {
    Set<String> ids = new HashSet<>();
    spans.forEach(span -> ids.add(span.spanId()));
    Map<String, List<SpanRecord>> children = new HashMap<>();
    List<SpanRecord> roots = new ArrayList<>();
    Comparator<SpanRecord> byStart =
        Comparator.comparingLong(SpanRecord::startNanos).thenComparing(SpanRecord::spanId);
    for (SpanRecord span : spans.stream().sorted(byStart).toList()) {
      String parent = span.parentSpanId();
      if (parent == null || !ids.contains(parent)) {
        roots.add(span);
      } else {
        children.computeIfAbsent(parent, _ -> new ArrayList<>()).add(span);
      }
    }
    List<Row> rows = new ArrayList<>();
    for (SpanRecord root : roots) {
      add(rows, root, "", "", children, new HashSet<>());
    }
    int width = rows.stream().mapToInt(row -> row.label().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%-" + Math.max(width, 4) + "s  %10s  %9s  %14s%n",
            "span",
            "ms",
            "tokens",
            "USD"));
    for (Row row : rows) {
      text.append(line(row, Math.max(width, 4)));
    }
    return text.toString();
  }

  private static void add(
      List<Row> rows,
      SpanRecord span,
      String prefix,
      String childPrefix,
      Map<String, List<SpanRecord>> children,
      Set<String> seen) {
    // Spans can come from anywhere: a parent loop must not hang the tree.
    if (!seen.add(span.spanId())) {
      return;
    }
    rows.add(new Row(prefix + printable(span.name()), span));
    List<SpanRecord> below = children.getOrDefault(span.spanId(), List.of());
    for (int i = 0; i < below.size(); i++) {
      boolean last = i == below.size() - 1;
      add(
          rows,
          below.get(i),
          childPrefix + (last ? "└─ " : "├─ "),
          childPrefix + (last ? "   " : "│  "),
          children,
          seen);
    }
  }

  private static String line(Row row, int width) {
    SpanRecord span = row.span();
    String tokens = first(span, CostAttributes.TOKENS_TOTAL, CostAttributes.WORKFLOW_TOKENS_TOTAL);
    String usd =
        first(span, CostAttributes.USD, CostAttributes.TOTAL_USD, GenAiAttributes.USAGE_COST);
    String failed =
        span.status() == SpanRecord.Status.ERROR
            ? "  failed: " + printable(span.statusMessage())
            : "";
    return String.format(
                Locale.ROOT,
                "%-" + width + "s  %10s  %9s  %14s%s",
                row.label(),
                BigDecimal.valueOf(span.durationNanos() / 10_000, 2).toPlainString(),
                tokens,
                usd,
                failed)
            .stripTrailing()
        + System.lineSeparator();
  }

  private static String first(SpanRecord span, String... keys) {
    Map<String, AttributeValue> attributes = new LinkedHashMap<>(span.attributes());
    for (String key : keys) {
      AttributeValue value = attributes.get(key);
      if (value instanceof AttributeValue.LongValue(long number)) {
        return Long.toString(number);
      }
      if (value instanceof AttributeValue.DoubleValue(double number)) {
        return number == 0 ? "0" : new BigDecimal(Double.toString(number)).toPlainString();
      }
    }
    return "";
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{C}", "�");
  }
}
