package dev.prguard.testkit;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.CostAttributes;
import dev.prguard.trace.GenAiAttributes;
import dev.prguard.trace.ReviewAttributes;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.SpanRecord.Kind;
import dev.prguard.trace.SpanRecord.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The spans of one review, as the product makes them: a root, operations below it, and a call of a
/// model below each operation that used one. Attributes that an operation does not have are absent.
public final class ReviewTrace {
  private static final long MILLION = 1_000_000;

  private final String traceId;
  private final int number;
  private final String repository;
  private final List<SpanRecord> spans = new ArrayList<>();
  private final Map<String, AttributeValue> root = new LinkedHashMap<>();
  private final long startNanos;
  private long nowNanos;
  private long spentNanoUsd;
  private boolean priced = true;
  private boolean failed;
  private String status = "reviewed";

  /// @param number tells it from the other reviews of a test; also the number of its pull request
  public ReviewTrace(int number, String repository, Instant start) {
    this.number = number;
    this.traceId = String.format("%032x", number + 0xabc0_0000_0000L);
    this.repository = repository;
    this.startNanos = start.getEpochSecond() * 1_000_000_000L + start.getNano();
    this.nowNanos = startNanos;
  }

  public String traceId() {
    return traceId;
  }

  /// An operation that used no model.
  public ReviewTrace operation(String type, long latencyMs) {
    return operation(type, latencyMs, false);
  }

  public ReviewTrace failedOperation(String type, long latencyMs) {
    return operation(type, latencyMs, true);
  }

  private ReviewTrace operation(String type, long latencyMs, boolean error) {
    Map<String, AttributeValue> attributes = operationAttributes(type, latencyMs);
    attributes.put(CostAttributes.MODEL, AttributeValue.of("none"));
    attributes.put(CostAttributes.PRICED, AttributeValue.of(true));
    attributes.put(CostAttributes.USD, AttributeValue.of(0.0));
    attributes.put(CostAttributes.NANO_USD, AttributeValue.of(0L));
    add(type + ".analyze", Kind.INTERNAL, latencyMs, error, attributes, rootId());
    failed |= error;
    return this;
  }

  /// An operation with one call of a model.
  ///
  /// @param nanoUsd null where the model has no price
  public ReviewTrace modelOperation(
      String type,
      long latencyMs,
      String model,
      long prompt,
      long completion,
      long cacheRead,
      @Nullable Long nanoUsd) {
    Map<String, AttributeValue> attributes = operationAttributes(type, latencyMs);
    attributes.put(CostAttributes.MODEL, AttributeValue.of(model));
    attributes.put(CostAttributes.LATENCY_API_MS, AttributeValue.of(latencyMs * 9 / 10));
    attributes.put(CostAttributes.TOKENS_PROMPT, AttributeValue.of(prompt));
    attributes.put(CostAttributes.TOKENS_COMPLETION, AttributeValue.of(completion));
    attributes.put(CostAttributes.TOKENS_TOTAL, AttributeValue.of(prompt + completion));
    attributes.put(CostAttributes.TOKENS_CACHE_READ, AttributeValue.of(cacheRead));
    attributes.put(
        CostAttributes.TOKENS_PROMPT_RATIO,
        AttributeValue.of((double) prompt / (prompt + completion)));
    attributes.put(
        CostAttributes.TOKENS_PER_MS,
        AttributeValue.of((double) (prompt + completion) / latencyMs));
    attributes.put(CostAttributes.PRICED, AttributeValue.of(nanoUsd != null));
    if (nanoUsd != null) {
      // Half of gpt-4o-mini's price of a prompt token.
      attributes.put(CostAttributes.CACHE_SAVED_NANO_USD, AttributeValue.of(cacheRead * 75));
    }
    Map<String, AttributeValue> call = new LinkedHashMap<>();
    call.put(GenAiAttributes.OPERATION_NAME, AttributeValue.of("chat"));
    call.put(GenAiAttributes.PROVIDER_NAME, AttributeValue.of("openai"));
    call.put(GenAiAttributes.REQUEST_MODEL, AttributeValue.of(model));
    call.put(GenAiAttributes.RESPONSE_MODEL, AttributeValue.of(model));
    call.put(GenAiAttributes.USAGE_INPUT_TOKENS, AttributeValue.of(prompt));
    call.put(GenAiAttributes.USAGE_OUTPUT_TOKENS, AttributeValue.of(completion));
    if (nanoUsd == null) {
      priced = false;
    } else {
      spentNanoUsd += nanoUsd;
      attributes.put(CostAttributes.USD, AttributeValue.of(nanoUsd / 1e9));
      attributes.put(CostAttributes.NANO_USD, AttributeValue.of((long) nanoUsd));
      call.put(GenAiAttributes.USAGE_COST, AttributeValue.of(nanoUsd / 1e9));
    }
    String operation =
        add(type + ".analyze", Kind.INTERNAL, latencyMs, false, attributes, rootId());
    nowNanos -= latencyMs * MILLION;
    add("chat " + model, Kind.CLIENT, latencyMs * 9 / 10, false, call, operation);
    nowNanos += latencyMs * MILLION - latencyMs * 9 / 10 * MILLION;
    return this;
  }

  public ReviewTrace patch(long latencyMs, boolean generated, boolean verified) {
    Map<String, AttributeValue> attributes = operationAttributes("patch", latencyMs);
    attributes.put(CostAttributes.MODEL, AttributeValue.of("none"));
    attributes.put(CostAttributes.PRICED, AttributeValue.of(true));
    attributes.put(CostAttributes.USD, AttributeValue.of(0.0));
    attributes.put(CostAttributes.NANO_USD, AttributeValue.of(0L));
    attributes.put(ReviewAttributes.PATCH_GENERATED, AttributeValue.of(generated));
    attributes.put(ReviewAttributes.PATCH_VERIFIED, AttributeValue.of(verified));
    add("patch.generate", Kind.INTERNAL, latencyMs, false, attributes, rootId());
    return this;
  }

  public ReviewTrace findings(long critical, long high, long all, String risk) {
    root.put(ReviewAttributes.ISSUES_CRITICAL, AttributeValue.of(critical));
    root.put(ReviewAttributes.ISSUES_HIGH, AttributeValue.of(high));
    root.put(ReviewAttributes.ISSUES_FOUND, AttributeValue.of(all));
    root.put(ReviewAttributes.ISSUES_SECURITY, AttributeValue.of(all));
    root.put(ReviewAttributes.RISK_LEVEL, AttributeValue.of(risk));
    return this;
  }

  /// partial or not_reviewed; reviewed unless said.
  public ReviewTrace status(String word) {
    status = word;
    return this;
  }

  /// All its spans, the root last, as they end.
  public List<SpanRecord> spans() {
    long latencyMs = (nowNanos - startNanos) / MILLION;
    Map<String, AttributeValue> attributes = operationAttributes("workflow", latencyMs);
    attributes.putAll(root);
    attributes.put(CostAttributes.PRICED, AttributeValue.of(priced));
    if (priced || spentNanoUsd > 0) {
      attributes.put(CostAttributes.TOTAL_USD, AttributeValue.of(spentNanoUsd / 1e9));
      attributes.put(CostAttributes.TOTAL_NANO_USD, AttributeValue.of(spentNanoUsd));
    }
    attributes.put(ReviewAttributes.WORKFLOW_STATUS, AttributeValue.of(status));
    List<SpanRecord> all = new ArrayList<>(spans);
    all.add(
        span(
            rootId(),
            null,
            "pr_review.workflow",
            Kind.INTERNAL,
            startNanos,
            nowNanos,
            failed ? Status.ERROR : Status.UNSET,
            attributes));
    return List.copyOf(all);
  }

  private Map<String, AttributeValue> operationAttributes(String type, long latencyMs) {
    Map<String, AttributeValue> attributes = new LinkedHashMap<>();
    attributes.put(CostAttributes.OPERATION_TYPE, AttributeValue.of(type));
    attributes.put(CostAttributes.LATENCY_MS, AttributeValue.of(latencyMs));
    return attributes;
  }

  private String rootId() {
    return String.format("%016x", number + 1);
  }

  private String add(
      String name,
      Kind kind,
      long latencyMs,
      boolean error,
      Map<String, AttributeValue> attributes,
      String parent) {
    String id = String.format("%08x%08x", number + 1, spans.size() + 1);
    long end = nowNanos + latencyMs * MILLION;
    spans.add(
        span(
            id,
            parent,
            name,
            kind,
            nowNanos,
            end,
            error ? Status.ERROR : Status.UNSET,
            attributes));
    nowNanos = end;
    return id;
  }

  private SpanRecord span(
      String id,
      @Nullable String parent,
      String name,
      Kind kind,
      long start,
      long end,
      Status spanStatus,
      Map<String, AttributeValue> attributes) {
    Map<String, AttributeValue> all = new LinkedHashMap<>(attributes);
    all.put(ReviewAttributes.PR_REPOSITORY, AttributeValue.of(repository));
    all.put(ReviewAttributes.PR_NUMBER, AttributeValue.of((long) number));
    all.put(
        ReviewAttributes.PR_URL,
        AttributeValue.of("https://github.example/" + repository + "/pull/" + number));
    return new SpanRecord(
        traceId,
        id,
        parent,
        name,
        kind,
        start,
        end,
        spanStatus,
        spanStatus == Status.ERROR ? "failed" : "",
        all,
        List.of(),
        List.of(),
        Map.of(
            "service.name",
            AttributeValue.of("secure-pr-guard"),
            "deployment.environment",
            AttributeValue.of("ci")),
        new SpanRecord.Scope("dev.prguard", "", Map.of()));
  }
}
