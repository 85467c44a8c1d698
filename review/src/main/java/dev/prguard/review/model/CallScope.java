package dev.prguard.review.model;

import dev.prguard.review.cost.Budget;
import dev.prguard.review.cost.Cost;
import dev.prguard.review.cost.ModelCall;
import dev.prguard.review.cost.PriceBook;
import dev.prguard.review.cost.TokenUsage;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// What the model calls of one operation share, and the record of the calls made. Thread-safe.
public final class CallScope {
  private final Context parent;
  private final Tracer tracer;
  private final Attributes common;
  private final Budget budget;
  private final PriceBook prices;
  private final InstantSource clock;
  private final Instant deadline;
  private final List<ModelCall> calls = new CopyOnWriteArrayList<>();

  /// @param parent context whose span (the operation's) becomes the parent of the `chat` spans
  /// @param common attributes that every span of the review carries (`pr.*`)
  /// @param budget what the whole review may cost; shared between operations
  /// @param deadline when the whole review must be over; no attempt starts after it
  public CallScope(
      Context parent,
      Tracer tracer,
      Attributes common,
      Budget budget,
      PriceBook prices,
      InstantSource clock,
      Instant deadline) {
    this.parent = parent;
    this.tracer = tracer;
    this.common = common;
    this.budget = budget;
    this.prices = prices;
    this.clock = clock;
    this.deadline = deadline;
  }

  /// The calls so far, one for each attempt, in the order in which they ended.
  public List<ModelCall> calls() {
    return List.copyOf(calls);
  }

  /// What the calls so far cost together.
  public Cost cost() {
    return calls.stream().map(ModelCall::cost).reduce(Cost.zero(), Cost::plus);
  }

  /// The tokens of the calls so far together.
  public TokenUsage tokens() {
    return calls.stream().map(ModelCall::usage).reduce(TokenUsage.ZERO, TokenUsage::plus);
  }

  /// A warning for each model that was billed at an unknown price, with the line that its price
  /// file needs.
  public List<String> unpriced() {
    return calls.stream()
        .filter(call -> call.cost() instanceof Cost.Unknown && call.usage().total() > 0)
        .map(this::unpriced)
        .distinct()
        .toList();
  }

  private String unpriced(ModelCall call) {
    Instant now = clock.instant();
    return prices.price(call.provider(), call.model(), call.usage(), now).priceId() == null
        ? PriceBook.unknownPrice(call.provider(), call.model(), now)
        : call.model() + " answered at a service tier whose price is unknown, so the cost is";
  }

  void record(ModelCall call) {
    calls.add(call);
  }

  Context parent() {
    return parent;
  }

  Tracer tracer() {
    return tracer;
  }

  Attributes common() {
    return common;
  }

  Budget budget() {
    return budget;
  }

  PriceBook prices() {
    return prices;
  }

  InstantSource clock() {
    return clock;
  }

  Instant deadline() {
    return deadline;
  }
}
