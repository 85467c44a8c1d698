package dev.prguard.insight.demo;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.CostAttributes;
import dev.prguard.trace.GenAiAttributes;
import dev.prguard.trace.ReviewAttributes;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.SpanRecord.Kind;
import dev.prguard.trace.SpanRecord.Status;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The spans of one review, with books that balance: the root's total is the sum of its operations,
/// and each operation's cost that of its calls.
final class DemoReview {
  private static final SpanRecord.Scope SCOPE =
      new SpanRecord.Scope("dev.prguard.review", "", Map.of());
  private static final long MILLI = 1_000_000;

  private final SplittableRandom random;
  private final Map<String, AttributeValue> resource;
  private final Map<String, AttributeValue> pullRequest;
  private final DemoCase kind;
  private final String traceId;
  private final String rootId;
  private final long start;
  private final List<SpanRecord> spans = new ArrayList<>(12);

  /// ns since the epoch: where the next operation begins.
  private long clock;

  private long totalNanoUsd;
  private boolean allPriced = true;
  private long totalTokens;

  private DemoReview(
      SplittableRandom random,
      Map<String, AttributeValue> resource,
      Map<String, AttributeValue> pullRequest,
      DemoCase kind,
      long start) {
    this.random = random;
    this.resource = resource;
    this.pullRequest = pullRequest;
    this.kind = kind;
    this.start = start;
    this.clock = start + 2 * MILLI;
    this.traceId = hex(random.nextLong() | 1) + hex(random.nextLong());
    this.rootId = hex(random.nextLong() | 1);
  }

  /// @param start ns since the epoch
  /// @param pullRequest the `pr.*` attributes
  static List<SpanRecord> spans(
      SplittableRandom random,
      Map<String, AttributeValue> resource,
      Map<String, AttributeValue> pullRequest,
      DemoCase kind,
      long start) {
    return new DemoReview(random, resource, pullRequest, kind, start).run();
  }

  /// What an operation's calls used.
  private static final class Usage {
    private final @Nullable DemoModel model;
    private long prompt;
    private long completion;
    private long cached;
    private long nanoUsd;
    private long apiMillis;

    Usage(@Nullable DemoModel model) {
      this.model = model;
    }

    boolean priced() {
      return model == null || model.priced() || prompt == 0;
    }
  }

  private List<SpanRecord> run() {
    Findings findings = Findings.NONE;
    if (kind.outcome() == DemoCase.Outcome.NOT_FETCHED) {
      Map<String, AttributeValue> none = new TreeMap<>();
      operation("fetch", "fetch.diff", millis(300, 9000), new Usage(null), none, "http.503");
    } else {
      long lines = fetch();
      findings = nitpicker(lines);
      Map<String, AttributeValue> ranked = findings.attributes();
      ranked.putAll(findings.risk());
      operation("architect", "architect.analyze", millis(2, 14), new Usage(null), ranked, null);
      patch(findings);
      comment();
    }
    root(findings);
    return spans;
  }

  private long fetch() {
    long files = 1L + random.nextInt(14);
    long lines = 10 + (long) (files * kind.size() * (10 + random.nextInt(30)));
    Map<String, AttributeValue> diff = new TreeMap<>();
    diff.put(ReviewAttributes.DIFF_FILES, AttributeValue.of(files));
    diff.put(ReviewAttributes.DIFF_ADDED_LINES, AttributeValue.of(lines));
    diff.put(ReviewAttributes.DIFF_SIZE_CHARS, AttributeValue.of(lines * 38));
    operation("fetch", "fetch.diff", millis(140, 900), new Usage(null), diff, null);
    return lines;
  }

  private Findings nitpicker(long lines) {
    Findings findings = Findings.draw(random, lines);
    Usage usage = new Usage(kind.model());
    boolean failed = kind.outcome() != DemoCase.Outcome.REVIEWED;
    long begin = clock;
    String id = spanId();
    long rules = millis(15, 90);
    child("rules.scan", id, begin + MILLI, rules, findings.found());
    long at = begin + (rules + 2) * MILLI;
    int calls = Math.clamp(lines / 400, 1, 4);
    for (int i = 0; i < calls; i++) {
      boolean last = i == calls - 1;
      at = chat(id, at, usage, 900 + 14 * lines / calls, 120 + random.nextInt(420), failed && last);
    }
    Map<String, AttributeValue> attributes = findings.attributes();
    String error = failed ? "timeout" : null;
    long millis = (at - begin) / MILLI + 3;
    operation(id, "nitpicker", "nitpicker.analyze", millis, usage, attributes, error);
    if (kind.outcome() == DemoCase.Outcome.FELL_BACK) {
      Usage second = new Usage(DemoModel.SMALL);
      long again = clock;
      String secondId = spanId();
      long end = chat(secondId, again + MILLI, second, 900 + 14 * lines, 150, false);
      long spent = (end - again) / MILLI + 2;
      operation(secondId, "nitpicker", "nitpicker.analyze", spent, second, attributes, null);
    }
    return findings;
  }

  private void patch(Findings findings) {
    boolean asked = findings.security() > 0 && kind.outcome() != DemoCase.Outcome.PARTIAL;
    Usage usage = new Usage(asked ? kind.model() : null);
    long begin = clock;
    String id = spanId();
    long at = begin + MILLI;
    if (asked) {
      at = chat(id, at, usage, 700 + random.nextInt(1500), 80 + random.nextInt(300), false);
    }
    long verify = millis(20, 180);
    boolean verified = asked && random.nextDouble() < 0.42;
    Map<String, AttributeValue> patch = new TreeMap<>();
    patch.put(ReviewAttributes.PATCH_GENERATED, AttributeValue.of(asked));
    patch.put(ReviewAttributes.PATCH_VERIFIED, AttributeValue.of(verified));
    patch.put(ReviewAttributes.PATCH_ISSUES_TOTAL, AttributeValue.of(findings.found()));
    patch.put(ReviewAttributes.PATCH_ISSUES_SAFE, AttributeValue.of(findings.security()));
    patch.put(ReviewAttributes.PATCH_ISSUES_PATCHED, AttributeValue.of(verified ? 1L : 0L));
    patch.put(ReviewAttributes.PATCH_PR_CREATED, AttributeValue.of(false));
    child("patch.verify", id, at, verify, -1);
    long millis = (at - begin) / MILLI + verify + 2;
    operation(id, "patch", "patch.generate", millis, usage, patch, null);
  }

  private void comment() {
    Map<String, AttributeValue> comment = new TreeMap<>();
    comment.put(ReviewAttributes.COMMENT_POSTED, AttributeValue.of(true));
    comment.put(ReviewAttributes.COMMENT_LENGTH, AttributeValue.of(600L + random.nextInt(3000)));
    operation("comment", "comment.post", millis(180, 750), new Usage(null), comment, null);
  }

  /// One call of a model.
  ///
  /// @param id of the span above
  /// @param begin ns since the epoch
  /// @return where it ended
  private long chat(
      String id, long begin, Usage usage, long prompt, long completion, boolean dead) {
    DemoModel model = kind.model();
    if (usage.model != null) {
      model = usage.model;
    }
    long millis =
        dead ? 8000 : millis(180, 420) + Math.round(model.millisPerAnswerToken() * completion);
    Map<String, AttributeValue> chat = new TreeMap<>(pullRequest);
    chat.put(GenAiAttributes.OPERATION_NAME, AttributeValue.of("chat"));
    chat.put(GenAiAttributes.PROVIDER_NAME, AttributeValue.of(model.provider()));
    chat.put(GenAiAttributes.REQUEST_MODEL, AttributeValue.of(model.name()));
    chat.put(GenAiAttributes.REQUEST_MAX_TOKENS, AttributeValue.of(4096L));
    chat.put(GenAiAttributes.SERVER_ADDRESS, AttributeValue.of("models.example"));
    chat.put(GenAiAttributes.SERVER_PORT, AttributeValue.of(443L));
    usage.apiMillis += millis;
    if (dead) {
      chat.put(GenAiAttributes.ERROR_TYPE, AttributeValue.of("timeout"));
    } else {
      // A second review of a pull request finds its instructions in the provider's cache.
      long cached = random.nextDouble() < 0.35 ? prompt * (30 + random.nextInt(50)) / 100 : 0;
      long nanoUsd = model.cost(prompt, cached, completion);
      usage.prompt += prompt;
      usage.cached += cached;
      usage.completion += completion;
      usage.nanoUsd += nanoUsd;
      chat.put(GenAiAttributes.RESPONSE_MODEL, AttributeValue.of(model.name()));
      chat.put(GenAiAttributes.RESPONSE_ID, AttributeValue.of("demo-" + hex(random.nextLong())));
      chat.put(
          GenAiAttributes.RESPONSE_FINISH_REASONS,
          AttributeValue.of(List.of(AttributeValue.of("stop"))));
      chat.put(GenAiAttributes.USAGE_INPUT_TOKENS, AttributeValue.of(prompt));
      chat.put(GenAiAttributes.USAGE_OUTPUT_TOKENS, AttributeValue.of(completion));
      chat.put(GenAiAttributes.USAGE_CACHE_READ_INPUT_TOKENS, AttributeValue.of(cached));
      chat.put(GenAiAttributes.USAGE_CACHE_WRITE_INPUT_TOKENS, AttributeValue.of(0L));
      chat.put(GenAiAttributes.USAGE_REASONING_OUTPUT_TOKENS, AttributeValue.of(0L));
      if (model.priced()) {
        chat.put(GenAiAttributes.USAGE_COST, AttributeValue.of(usd(nanoUsd)));
      }
    }
    long end = begin + millis * MILLI;
    add(spanId(), id, "chat " + model.name(), Kind.CLIENT, begin, end, chat, dead);
    return end + MILLI / 2;
  }

  private void operation(
      String type,
      String name,
      long millis,
      Usage usage,
      Map<String, AttributeValue> more,
      @Nullable String error) {
    operation(spanId(), type, name, millis, usage, more, error);
  }

  private void operation(
      String id,
      String type,
      String name,
      long millis,
      Usage usage,
      Map<String, AttributeValue> more,
      @Nullable String error) {
    Map<String, AttributeValue> all = new TreeMap<>(pullRequest);
    all.putAll(more);
    all.put(CostAttributes.OPERATION_TYPE, AttributeValue.of(type));
    all.put(CostAttributes.OPERATION_NAME, AttributeValue.of(name));
    all.put(CostAttributes.LATENCY_MS, AttributeValue.of(millis));
    all.put(CostAttributes.LATENCY_API_MS, AttributeValue.of(usage.apiMillis));
    all.put(CostAttributes.PRICED, AttributeValue.of(usage.priced()));
    if (usage.priced()) {
      all.put(CostAttributes.USD, AttributeValue.of(usd(usage.nanoUsd)));
      all.put(CostAttributes.NANO_USD, AttributeValue.of(usage.nanoUsd));
    }
    long tokens = usage.prompt + usage.completion;
    all.put(CostAttributes.TOKENS_PROMPT, AttributeValue.of(usage.prompt));
    all.put(CostAttributes.TOKENS_COMPLETION, AttributeValue.of(usage.completion));
    all.put(CostAttributes.TOKENS_TOTAL, AttributeValue.of(tokens));
    all.put(CostAttributes.TOKENS_CACHE_READ, AttributeValue.of(usage.cached));
    all.put(CostAttributes.TOKENS_CACHE_WRITE, AttributeValue.of(0L));
    all.put(CostAttributes.TOKENS_REASONING, AttributeValue.of(0L));
    DemoModel model = usage.model;
    all.put(CostAttributes.MODEL, AttributeValue.of(model == null ? "none" : model.name()));
    if (model != null) {
      if (model.priced() && tokens > 0) {
        all.put(CostAttributes.PRICE_ID, AttributeValue.of(model.priceId()));
        all.put(
            CostAttributes.CACHE_SAVED_NANO_USD, AttributeValue.of(model.cacheSaved(usage.cached)));
        all.put(CostAttributes.SOURCE, AttributeValue.of("price_book"));
      }
      double ratio = tokens == 0 ? 0.0 : (double) usage.prompt / tokens;
      all.put(CostAttributes.TOKENS_PROMPT_RATIO, AttributeValue.of(ratio));
      double speed = (double) tokens / Math.max(1, millis);
      all.put(CostAttributes.TOKENS_PER_MS, AttributeValue.of(speed));
    }
    if (error != null) {
      all.put(GenAiAttributes.ERROR_TYPE, AttributeValue.of(error));
    }
    totalNanoUsd += usage.nanoUsd;
    allPriced &= usage.priced();
    totalTokens += tokens;
    long end = clock + millis * MILLI;
    add(id, rootId, name, Kind.INTERNAL, clock, end, all, error != null);
    clock = end + MILLI;
  }

  private void root(Findings findings) {
    Map<String, AttributeValue> root = new TreeMap<>(pullRequest);
    root.putAll(findings.attributes());
    root.putAll(findings.risk());
    long millis = (clock - start) / MILLI;
    root.put(CostAttributes.OPERATION_TYPE, AttributeValue.of("workflow"));
    root.put(CostAttributes.OPERATION_NAME, AttributeValue.of("pr_review.workflow"));
    root.put(CostAttributes.LATENCY_MS, AttributeValue.of(millis));
    root.put(CostAttributes.LATENCY_TOTAL_MS, AttributeValue.of(millis));
    root.put(CostAttributes.PRICED, AttributeValue.of(allPriced));
    if (allPriced || totalNanoUsd > 0) {
      root.put(CostAttributes.TOTAL_USD, AttributeValue.of(usd(totalNanoUsd)));
      root.put(CostAttributes.TOTAL_NANO_USD, AttributeValue.of(totalNanoUsd));
    }
    root.put(CostAttributes.WORKFLOW_TOKENS_TOTAL, AttributeValue.of(totalTokens));
    root.put(ReviewAttributes.WORKFLOW_STATUS, AttributeValue.of(kind.outcome().status()));
    boolean failed = kind.outcome() == DemoCase.Outcome.NOT_FETCHED;
    if (failed) {
      root.put(GenAiAttributes.ERROR_TYPE, AttributeValue.of("fetch"));
    }
    add(rootId, null, "pr_review.workflow", Kind.INTERNAL, start, clock, root, failed);
  }

  /// @param found -1 for none
  private void child(String name, String parent, long begin, long millis, long found) {
    Map<String, AttributeValue> attributes = new TreeMap<>(pullRequest);
    if (found >= 0) {
      attributes.put(ReviewAttributes.ISSUES_FOUND, AttributeValue.of(found));
    }
    long end = begin + millis * MILLI;
    add(spanId(), parent, name, Kind.INTERNAL, begin, end, attributes, false);
  }

  private void add(
      String id,
      @Nullable String parent,
      String name,
      Kind spanKind,
      long begin,
      long end,
      Map<String, AttributeValue> attributes,
      boolean failed) {
    spans.add(
        new SpanRecord(
            traceId,
            id,
            parent,
            name,
            spanKind,
            begin,
            end,
            failed ? Status.ERROR : Status.UNSET,
            failed ? "demo failure" : "",
            attributes,
            List.of(),
            List.of(),
            resource,
            SCOPE));
  }

  private String spanId() {
    return hex(random.nextLong() | 1);
  }

  private long millis(int from, int to) {
    return (long) from + random.nextInt(to - from);
  }

  private static String hex(long value) {
    return HexFormat.of().toHexDigits(value);
  }

  private static double usd(long nanoUsd) {
    return BigDecimal.valueOf(nanoUsd, 9).doubleValue();
  }
}
