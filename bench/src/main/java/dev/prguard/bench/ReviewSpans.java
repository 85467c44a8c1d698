package dev.prguard.bench;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Reviews as the product traces them, five spans each, seeded by their number.
final class ReviewSpans {
  static final Instant FROM = Instant.parse("2026-11-24T00:00:00Z");
  private static final List<String> OPERATIONS =
      List.of("workflow", "fetch", "nitpicker", "architect", "patch");
  private static final List<String> NAMES =
      List.of(
          "pr_review.workflow",
          "fetch.diff",
          "nitpicker.analyze",
          "architect.analyze",
          "patch.generate");
  private static final List<String> MODELS =
      List.of("gpt-4o-mini", "gpt-4o", "claude-haiku-4-5", "gemini-2.5-flash");
  private static final Map<String, AttributeValue> RESOURCE =
      Map.of(
          "service.name", AttributeValue.of("secure-pr-guard"),
          "service.version", AttributeValue.of("0.1.0"),
          "service.namespace", AttributeValue.of("pr-automation"),
          "deployment.environment", AttributeValue.of("bench"));
  private static final SpanRecord.Scope SCOPE =
      new SpanRecord.Scope("dev.prguard", "0.1.0", Map.of());

  private ReviewSpans() {}

  /// @param traces how many there are over the day
  static List<SpanRecord> trace(int number, int traces) {
    SplittableRandom random = new SplittableRandom(number);
    long day = Duration.ofDays(1).toNanos();
    long start =
        FROM.getEpochSecond() * 1_000_000_000L
            + (long) ((double) number / traces * day)
            + random.nextLong(1_000_000);
    String traceId = String.format("%016x%016x", random.nextLong(), random.nextLong());
    String root = String.format("%016x", random.nextLong());
    List<SpanRecord> spans = new ArrayList<>();
    long at = start;
    String model = MODELS.get(random.nextInt(MODELS.size()));
    for (int i = 1; i < OPERATIONS.size(); i++) {
      long duration = 5_000_000 + random.nextLong(i == 2 ? 4_000_000_000L : 300_000_000L);
      boolean usesModel = i == 2 || i == 4;
      spans.add(
          span(
              traceId,
              String.format("%016x", random.nextLong()),
              root,
              i,
              at,
              duration,
              usesModel ? model : "none",
              number,
              random));
      at += duration;
    }
    spans.add(span(traceId, root, null, 0, start, at - start, "none", number, random));
    return spans;
  }

  private static SpanRecord span(
      String traceId,
      String spanId,
      @org.jspecify.annotations.Nullable String parent,
      int operation,
      long start,
      long duration,
      String model,
      int number,
      SplittableRandom random) {
    int repository = number % 20;
    Map<String, AttributeValue> attributes = new LinkedHashMap<>();
    attributes.put("operation.type", AttributeValue.of(OPERATIONS.get(operation)));
    attributes.put("operation.name", AttributeValue.of(NAMES.get(operation)));
    boolean paid = !model.equals("none");
    long prompt = paid ? 500 + random.nextInt(8_000) : 0;
    long completion = paid ? 50 + random.nextInt(1_500) : 0;
    long nanoUsd = prompt * 150 + completion * 600;
    attributes.put("latency.ms", AttributeValue.of(duration / 1_000_000));
    if (operation > 0) {
      attributes.put("cost.usd", AttributeValue.of(nanoUsd / 1e9));
      attributes.put("cost.nano_usd", AttributeValue.of(nanoUsd));
      attributes.put("cost.model", AttributeValue.of(model));
      attributes.put("cost.tokens.prompt", AttributeValue.of(prompt));
      attributes.put("cost.tokens.completion", AttributeValue.of(completion));
      attributes.put("cost.tokens.total", AttributeValue.of(prompt + completion));
      attributes.put("latency.api_ms", AttributeValue.of(paid ? duration / 1_100_000 : 0));
    } else {
      attributes.put(
          "workflow.status", AttributeValue.of(random.nextInt(20) == 0 ? "partial" : "reviewed"));
    }
    String name = "acme/repo-" + repository;
    attributes.put("pr.url", AttributeValue.of("https://github.com/" + name + "/pull/" + number));
    attributes.put("pr.repository", AttributeValue.of(name));
    attributes.put("pr.owner", AttributeValue.of("acme"));
    attributes.put("pr.repo", AttributeValue.of("repo-" + repository));
    attributes.put("pr.number", AttributeValue.of((long) number));
    attributes.put("pr.author", AttributeValue.of("author-" + number % 57));
    attributes.put("pr.head_sha", AttributeValue.of(String.format("%040x", number * 7919L)));
    if (operation == 0 || operation == 2 || operation == 3) {
      attributes.put("issues.found", AttributeValue.of((long) random.nextInt(12)));
      attributes.put(
          "issues.critical",
          AttributeValue.of((long) (random.nextInt(60) == 0 ? 3 : random.nextInt(2))));
    }
    boolean failed = random.nextInt(50) == 0;
    return new SpanRecord(
        traceId,
        spanId,
        parent,
        NAMES.get(operation),
        SpanRecord.Kind.INTERNAL,
        start,
        start + duration,
        failed ? SpanRecord.Status.ERROR : SpanRecord.Status.OK,
        failed ? "model failed" : "",
        attributes,
        List.of(),
        List.of(),
        RESOURCE,
        SCOPE);
  }
}
