package dev.prguard.trace.metric;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.BooleanValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.CostAttributes;
import dev.prguard.trace.GenAiAttributes;
import dev.prguard.trace.ReviewAttributes;
import dev.prguard.trace.SpanRecord;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Counts metrics from spans as they end. Labels are few and of closed sets: no pull request
/// number, no user, no trace id. Not thread-safe.
public final class ReviewMetrics {
  private static final String ROOT = "workflow";

  /// The port that the conventions leave unsaid.
  private static final long HTTPS_PORT = 443;

  private final MetricTotals totals = new MetricTotals();

  public void count(SpanRecord span) {
    String operation = text(span, CostAttributes.OPERATION_TYPE);
    if (operation != null && operation.equals(ROOT)) {
      review(span);
    } else if (operation != null) {
      operation(span, operation);
    } else if (text(span, GenAiAttributes.OPERATION_NAME) != null) {
      call(span);
    }
  }

  /// What was counted so far; it goes on.
  public MetricTotals totals() {
    return totals;
  }

  private void review(SpanRecord span) {
    SortedMap<String, String> repository = labels(span, ReviewAttributes.PR_REPOSITORY);
    totals.add(
        Metric.REVIEWS,
        1,
        labels(span, ReviewAttributes.PR_REPOSITORY, ReviewAttributes.WORKFLOW_STATUS));
    long critical = number(span, ReviewAttributes.ISSUES_CRITICAL);
    long high = number(span, ReviewAttributes.ISSUES_HIGH);
    long others = number(span, ReviewAttributes.ISSUES_FOUND) - critical - high;
    findings("critical", critical, repository);
    findings("high", high, repository);
    findings("medium_or_low", others, repository);
  }

  private void findings(String severity, long count, SortedMap<String, String> repository) {
    if (count > 0) {
      SortedMap<String, String> labels = new TreeMap<>(repository);
      labels.put("finding.severity", severity);
      totals.add(Metric.FINDINGS, count, labels);
    }
  }

  private void operation(SpanRecord span, String operation) {
    SortedMap<String, String> labels = labels(span, CostAttributes.OPERATION_TYPE);
    if (span.status() == SpanRecord.Status.ERROR) {
      labels.put(GenAiAttributes.ERROR_TYPE, "failed");
    }
    totals.record(Metric.DURATION, span.durationNanos() / 1e9, labels);
    SortedMap<String, String> money =
        labels(
            span,
            CostAttributes.OPERATION_TYPE,
            CostAttributes.MODEL,
            ReviewAttributes.PR_REPOSITORY);
    if (span.attributes().get(CostAttributes.NANO_USD) instanceof LongValue(long nanoUsd)) {
      totals.add(Metric.COST, nanoUsd, money);
      totals.record(
          Metric.OPERATION_COST,
          nanoUsd / 1e9,
          labels(span, CostAttributes.OPERATION_TYPE, CostAttributes.MODEL));
    }
    if (isFalse(span, CostAttributes.PRICED)) {
      totals.add(
          Metric.UNPRICED, 1, labels(span, CostAttributes.OPERATION_TYPE, CostAttributes.MODEL));
    }
    if (operation.equals("patch") && isTrue(span, ReviewAttributes.PATCH_GENERATED)) {
      SortedMap<String, String> outcome = labels(span, ReviewAttributes.PR_REPOSITORY);
      outcome.put(
          "patch.outcome",
          isTrue(span, ReviewAttributes.PATCH_VERIFIED) ? "verified" : "not_verified");
      totals.add(Metric.PATCHES, 1, outcome);
    }
  }

  private void call(SpanRecord span) {
    SortedMap<String, String> labels =
        labels(
            span,
            GenAiAttributes.OPERATION_NAME,
            GenAiAttributes.PROVIDER_NAME,
            GenAiAttributes.REQUEST_MODEL,
            GenAiAttributes.RESPONSE_MODEL,
            GenAiAttributes.SERVER_ADDRESS);
    long port = number(span, GenAiAttributes.SERVER_PORT);
    if (port > 0 && port != HTTPS_PORT && labels.containsKey(GenAiAttributes.SERVER_ADDRESS)) {
      labels.put(GenAiAttributes.SERVER_PORT, Long.toString(port));
    }
    tokens(span, GenAiAttributes.USAGE_INPUT_TOKENS, "input", labels);
    tokens(span, GenAiAttributes.USAGE_OUTPUT_TOKENS, "output", labels);
    SortedMap<String, String> duration = new TreeMap<>(labels);
    String error = text(span, GenAiAttributes.ERROR_TYPE);
    if (error != null) {
      duration.put(GenAiAttributes.ERROR_TYPE, error);
    }
    totals.record(Metric.MODEL_DURATION, span.durationNanos() / 1e9, duration);
  }

  private void tokens(
      SpanRecord span, String attribute, String type, SortedMap<String, String> labels) {
    if (span.attributes().get(attribute) instanceof LongValue(long tokens)) {
      SortedMap<String, String> typed = new TreeMap<>(labels);
      typed.put("gen_ai.token.type", type);
      totals.record(Metric.TOKEN_USAGE, (double) tokens, typed);
    }
  }

  private static SortedMap<String, String> labels(SpanRecord span, String... keys) {
    SortedMap<String, String> labels = new TreeMap<>();
    for (String key : keys) {
      String value = text(span, key);
      if (value != null && !value.isEmpty()) {
        labels.put(key, value);
      }
    }
    return labels;
  }

  private static @Nullable String text(SpanRecord span, String key) {
    return span.attributes().get(key) instanceof StringValue(String text) ? text : null;
  }

  private static long number(SpanRecord span, String key) {
    AttributeValue value = span.attributes().get(key);
    return switch (value) {
      case LongValue(long number) -> number;
      case DoubleValue(double number) -> (long) number;
      case null, default -> 0;
    };
  }

  private static boolean isTrue(SpanRecord span, String key) {
    return span.attributes().get(key) instanceof BooleanValue(boolean flag) && flag;
  }

  private static boolean isFalse(SpanRecord span, String key) {
    return span.attributes().get(key) instanceof BooleanValue(boolean flag) && !flag;
  }
}
