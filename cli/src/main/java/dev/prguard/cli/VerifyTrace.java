package dev.prguard.cli;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.BooleanValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.CostAttributes;
import dev.prguard.trace.ReviewAttributes;
import dev.prguard.trace.SpanRecord;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The test trace of `pr-guard telemetry verify`: a workflow, a nitpicker and a patch with every
/// cost attribute, marked with [#MARK] so that no report counts it.
final class VerifyTrace {
  /// boolean, on every span of a test trace.
  static final String MARK = "prguard.test";

  private static final Map<String, Map<String, AttributeValue>> SPANS = spans();

  private VerifyTrace() {}

  /// An attribute, as it was sent and as it came back.
  ///
  /// @param received null when it did not come back
  record Row(
      String span, String attribute, AttributeValue sent, @Nullable AttributeValue received) {
    boolean same() {
      return sent.equals(received);
    }
  }

  /// Makes the trace.
  ///
  /// @return its id
  static String send(Tracer tracer) {
    Span root = tracer.spanBuilder("pr_review.workflow").setNoParent().startSpan();
    SPANS.forEach((name, attributes) -> {
      boolean isRoot = name.equals("pr_review.workflow");
      Span span =
          isRoot ? root : tracer.spanBuilder(name).setParent(Context.root().with(root)).startSpan();
      attributes.forEach((key, value) -> set(span, key, value));
      if (!isRoot) {
        span.end();
      }
    });
    root.end();
    return root.getSpanContext().getTraceId();
  }

  private static void set(Span span, String key, AttributeValue value) {
    switch (value) {
      case StringValue(String text) -> span.setAttribute(key, text);
      case LongValue(long number) -> span.setAttribute(key, number);
      case DoubleValue(double number) -> span.setAttribute(key, number);
      case BooleanValue(boolean flag) -> span.setAttribute(key, flag);
      case AttributeValue.ArrayValue _, AttributeValue.OpaqueValue _ ->
          throw new IllegalArgumentException(key);
    }
  }

  static int spanCount() {
    return SPANS.size();
  }

  /// Every attribute of the trace beside what came back for it.
  static List<Row> compare(List<SpanRecord> received) {
    List<Row> rows = new ArrayList<>();
    SPANS.forEach((name, attributes) -> {
      Map<String, AttributeValue> came =
          received.stream()
              .filter(span -> span.name().equals(name))
              .findFirst()
              .map(SpanRecord::attributes)
              .orElse(Map.of());
      attributes.forEach((key, sent) -> rows.add(new Row(name, key, sent, came.get(key))));
    });
    return rows;
  }

  private static Map<String, Map<String, AttributeValue>> spans() {
    Map<String, Map<String, AttributeValue>> spans = new LinkedHashMap<>();
    Map<String, AttributeValue> root = operation("workflow", "pr_review.workflow");
    root.put(CostAttributes.TOTAL_USD, AttributeValue.of(0.0006663 + 0.000075));
    root.put(CostAttributes.PRICED, AttributeValue.of(true));
    root.put(CostAttributes.WORKFLOW_TOKENS_TOTAL, AttributeValue.of(2_600L));
    root.put(CostAttributes.LATENCY_TOTAL_MS, AttributeValue.of(3_250L));
    root.put(CostAttributes.LATENCY_MS, AttributeValue.of(3_250L));
    root.put(ReviewAttributes.WORKFLOW_STATUS, AttributeValue.of("reviewed"));
    spans.put("pr_review.workflow", root);

    Map<String, AttributeValue> nitpicker = operation("nitpicker", "nitpicker.analyze");
    // The case that an earlier version priced wrong by a factor of 1,000.
    cost(nitpicker, 666_300, 0.0006663, 1_586, 714, 2_100);
    nitpicker.put(ReviewAttributes.ISSUES_FOUND, AttributeValue.of(3L));
    spans.put("nitpicker.analyze", nitpicker);

    Map<String, AttributeValue> patch = operation("patch", "patch.generate");
    cost(patch, 75_000, 0.000075, 100, 100, 900);
    patch.put(ReviewAttributes.PATCH_GENERATED, AttributeValue.of(true));
    patch.put(ReviewAttributes.PATCH_VERIFIED, AttributeValue.of(true));
    spans.put("patch.generate", patch);
    return spans;
  }

  private static Map<String, AttributeValue> operation(String type, String name) {
    Map<String, AttributeValue> attributes = new LinkedHashMap<>();
    attributes.put(MARK, AttributeValue.of(true));
    attributes.put(CostAttributes.OPERATION_TYPE, AttributeValue.of(type));
    attributes.put(CostAttributes.OPERATION_NAME, AttributeValue.of(name));
    return attributes;
  }

  private static void cost(
      Map<String, AttributeValue> into,
      long nanoUsd,
      double usd,
      long prompt,
      long completion,
      long latencyMs) {
    into.put(CostAttributes.PRICED, AttributeValue.of(true));
    into.put(CostAttributes.USD, AttributeValue.of(usd));
    into.put(CostAttributes.NANO_USD, AttributeValue.of(nanoUsd));
    into.put(CostAttributes.MODEL, AttributeValue.of("gpt-4o-mini"));
    into.put(CostAttributes.SOURCE, AttributeValue.of("price_book"));
    into.put(CostAttributes.TOKENS_PROMPT, AttributeValue.of(prompt));
    into.put(CostAttributes.TOKENS_COMPLETION, AttributeValue.of(completion));
    into.put(CostAttributes.TOKENS_TOTAL, AttributeValue.of(prompt + completion));
    into.put(CostAttributes.TOKENS_CACHE_READ, AttributeValue.of(0L));
    into.put(CostAttributes.TOKENS_CACHE_WRITE, AttributeValue.of(0L));
    into.put(CostAttributes.TOKENS_REASONING, AttributeValue.of(0L));
    into.put(CostAttributes.LATENCY_MS, AttributeValue.of(latencyMs));
    into.put(CostAttributes.LATENCY_API_MS, AttributeValue.of(latencyMs - 100));
    into.put(
        CostAttributes.TOKENS_PROMPT_RATIO,
        AttributeValue.of((double) prompt / (prompt + completion)));
    into.put(
        CostAttributes.TOKENS_PER_MS,
        AttributeValue.of((double) (prompt + completion) / latencyMs));
  }
}
