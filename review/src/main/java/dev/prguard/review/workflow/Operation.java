package dev.prguard.review.workflow;

import static dev.prguard.trace.CostAttributes.CACHE_SAVED_NANO_USD;
import static dev.prguard.trace.CostAttributes.LATENCY_API_MS;
import static dev.prguard.trace.CostAttributes.LATENCY_MS;
import static dev.prguard.trace.CostAttributes.MODEL;
import static dev.prguard.trace.CostAttributes.NANO_USD;
import static dev.prguard.trace.CostAttributes.OPERATION_NAME;
import static dev.prguard.trace.CostAttributes.OPERATION_TYPE;
import static dev.prguard.trace.CostAttributes.PRICED;
import static dev.prguard.trace.CostAttributes.PRICE_ID;
import static dev.prguard.trace.CostAttributes.SOURCE;
import static dev.prguard.trace.CostAttributes.TOKENS_CACHE_READ;
import static dev.prguard.trace.CostAttributes.TOKENS_CACHE_WRITE;
import static dev.prguard.trace.CostAttributes.TOKENS_COMPLETION;
import static dev.prguard.trace.CostAttributes.TOKENS_PER_MS;
import static dev.prguard.trace.CostAttributes.TOKENS_PROMPT;
import static dev.prguard.trace.CostAttributes.TOKENS_PROMPT_RATIO;
import static dev.prguard.trace.CostAttributes.TOKENS_REASONING;
import static dev.prguard.trace.CostAttributes.TOKENS_TOTAL;
import static dev.prguard.trace.CostAttributes.USD;

import dev.prguard.review.cost.Cost;
import dev.prguard.review.cost.ModelCall;
import dev.prguard.review.cost.TokenUsage;
import dev.prguard.review.result.ReviewResult.OperationSummary;
import dev.prguard.trace.GenAiAttributes;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// One agent's work with at most one model: a span that carries what it cost, in tokens, dollars
/// and milliseconds, whether it succeeds or fails. Not shared between threads; the calls made
/// inside it may be parallel.
final class Operation {
  /// `cost.model` of an operation without a model.
  static final String NO_MODEL = "none";

  private final String type;
  private final Span span;
  private final Context context;
  private final SpanTime time;
  private final long startNanos;
  private String model = NO_MODEL;
  private List<ModelCall> calls = List.of();

  private Operation(String type, Span span, Context context, SpanTime time, long startNanos) {
    this.type = type;
    this.span = span;
    this.context = context;
    this.time = time;
    this.startNanos = startNanos;
  }

  static Operation start(Tracer tracer, Context parent, SpanTime time, String type, String name) {
    long now = System.nanoTime();
    Span span =
        tracer
            .spanBuilder(name)
            .setParent(parent)
            .setStartTimestamp(time.epochNanos(now), TimeUnit.NANOSECONDS)
            .startSpan();
    span.setAttribute(OPERATION_TYPE, type);
    span.setAttribute(OPERATION_NAME, name);
    return new Operation(type, span, parent.with(span), time, now);
  }

  Context context() {
    return context;
  }

  Span span() {
    return span;
  }

  /// Names the model of this operation and its calls so far, failed ones included.
  void used(String requestedModel, List<ModelCall> madeCalls) {
    model = requestedModel;
    calls = List.copyOf(madeCalls);
  }

  /// Marks the span as failed. The message is for operators: it must not hold secrets.
  void fail(String errorType, String message) {
    span.setStatus(StatusCode.ERROR, message);
    span.setAttribute(GenAiAttributes.ERROR_TYPE, errorType);
  }

  /// Ends the span with its whole set of attributes.
  ///
  /// @param pullRequest the `pr.*` attributes
  OperationSummary end(Attributes pullRequest) {
    TokenUsage tokens =
        calls.stream().map(ModelCall::usage).reduce(TokenUsage.ZERO, TokenUsage::plus);
    Cost cost = calls.stream().map(ModelCall::cost).reduce(Cost.zero(), Cost::plus);
    long apiMs = calls.stream().mapToLong(ModelCall::latencyMs).sum();
    long endNanos = System.nanoTime();
    long latencyMs = (endNanos - startNanos) / 1_000_000;

    span.setAllAttributes(pullRequest);
    span.setAttribute(MODEL, model);
    setTokens(tokens);
    setCost(cost);
    span.setAttribute(LATENCY_MS, latencyMs);
    span.setAttribute(LATENCY_API_MS, apiMs);
    if (!model.equals(NO_MODEL)) {
      String priceIds =
          calls.stream()
              .map(ModelCall::priceId)
              .filter(Objects::nonNull)
              .distinct()
              .sorted()
              .collect(Collectors.joining(","));
      if (!priceIds.isEmpty()) {
        span.setAttribute(PRICE_ID, priceIds);
        span.setAttribute(SOURCE, "price_book");
        span.setAttribute(
            CACHE_SAVED_NANO_USD, calls.stream().mapToLong(ModelCall::cacheSavedNanoUsd).sum());
      }
      span.setAttribute(
          TOKENS_PROMPT_RATIO,
          tokens.total() == 0 ? 0.0 : (double) tokens.prompt() / tokens.total());
      span.setAttribute(TOKENS_PER_MS, (double) tokens.total() / Math.max(1, latencyMs));
    }
    span.end(time.epochNanos(endNanos), TimeUnit.NANOSECONDS);
    return new OperationSummary(type, model, latencyMs, apiMs, tokens, cost);
  }

  private void setTokens(TokenUsage tokens) {
    span.setAttribute(TOKENS_PROMPT, tokens.prompt());
    span.setAttribute(TOKENS_COMPLETION, tokens.completion());
    span.setAttribute(TOKENS_TOTAL, tokens.total());
    span.setAttribute(TOKENS_CACHE_READ, tokens.cacheRead());
    span.setAttribute(TOKENS_CACHE_WRITE, tokens.cacheWrite() + tokens.cacheWriteLong());
    span.setAttribute(TOKENS_REASONING, tokens.reasoning());
  }

  /// A sum that is not known whole says what of it is known: what was spent must not vanish from
  /// the books with the one call that was given up.
  private void setCost(Cost cost) {
    span.setAttribute(PRICED, cost instanceof Cost.Known);
    if (cost instanceof Cost.Known || cost.knownPart() > 0) {
      span.setAttribute(USD, BigDecimal.valueOf(cost.knownPart(), 9).doubleValue());
      span.setAttribute(NANO_USD, cost.knownPart());
    }
  }
}
