package dev.prguard.review.model;

import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.prguard.review.cost.Budget;
import dev.prguard.review.cost.Budget.Refusal;
import dev.prguard.review.cost.Budget.Reservation;
import dev.prguard.review.cost.Cost;
import dev.prguard.review.cost.ModelCall;
import dev.prguard.review.cost.PriceBook;
import dev.prguard.review.cost.PricedCall;
import dev.prguard.review.cost.TokenUsage;
import dev.prguard.review.model.Answer.FailureReason;
import dev.prguard.review.model.RawAnswer.End;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One model that can be asked. Every attempt is a `chat` span and an entry of the books; retries
/// are ours. Thread-safe.
public final class ModelClient implements AutoCloseable {
  private static final int MAX_BAD_ANSWERS = 2;
  private static final int MIN_OUTPUT_TOKENS = 1000;

  private final ModelId id;
  private final Endpoint endpoint;
  private final ModelSettings settings;
  private final UnaryOperator<String> redactor;
  private final Pause pause;
  private final RetryPolicy retries;
  private final ModelHttpClient http = new ModelHttpClient();
  private final ChatModel model;
  // Set once an OpenAI-compatible server has refused response_format; its answers are salvaged.
  private volatile boolean schemaRefused;

  /// Waits between attempts; tests do not.
  @FunctionalInterface
  interface Pause {
    void sleep(Duration time) throws InterruptedException;
  }

  ModelClient(
      ModelId id,
      ModelSettings settings,
      Map<String, String> env,
      UnaryOperator<String> redactor,
      Pause pause,
      RandomGenerator jitter) {
    this.id = id;
    this.endpoint = Endpoint.of(id, env);
    this.settings = settings;
    this.redactor = redactor;
    this.pause = pause;
    this.retries = new RetryPolicy(jitter);
    this.model = ChatModels.open(id, endpoint, http.builder());
  }

  /// Opens a model; nothing is sent.
  ///
  /// @param env environment variables: keys and base URLs
  /// @param redactor takes secrets out of what a provider says in an error
  /// @throws ModelConfigException when a key or an address is missing
  public static ModelClient open(
      ModelId id, ModelSettings settings, Map<String, String> env, UnaryOperator<String> redactor) {
    return new ModelClient(id, settings, env, redactor, Thread::sleep, new SecureRandom());
  }

  public ModelId id() {
    return id;
  }

  public ModelSettings settings() {
    return settings;
  }

  /// Asks, again when that can help, until an answer is there, attempts or time are used up, or the
  /// budget would be passed. Never throws for what a provider does.
  public Answer chat(Prompt prompt, CallScope scope) {
    int badAnswers = 0;
    for (int attempt = 1; ; attempt++) {
      Instant now = scope.clock().instant();
      Duration left = Duration.between(now, scope.deadline());
      if (left.isNegative() || left.isZero()) {
        return new Answer.Failed(FailureReason.DEADLINE, "no time left to ask " + id);
      }
      Prompt affordable = affordable(prompt, scope, now);
      Budget.Grant grant;
      try {
        grant = scope.budget().reserveWhenFree(worstCase(affordable, scope, now), left);
      } catch (InterruptedException e) {
        return stopped();
      }
      Attempt outcome;
      switch (grant) {
        case Refusal refusal -> {
          return new Answer.Failed(FailureReason.OVER_BUDGET, overBudget(refusal, now));
        }
        case Reservation reservation -> outcome = attempt(affordable, scope, left, reservation);
      }
      if (!(outcome.answer instanceof Answer.Failed failed)) {
        return outcome.answer;
      }
      boolean again = outcome.retriable && attempt < settings.maxAttempts();
      if (failed.reason() == FailureReason.BAD_ANSWER && ++badAnswers >= MAX_BAD_ANSWERS) {
        again = false;
      }
      if (!again) {
        return failed;
      }
      Duration delay =
          outcome.changedRequest
              ? Duration.ZERO
              : retries.delay(attempt, outcome.exchange.headers(), scope.clock().instant());
      Duration patience = Duration.between(scope.clock().instant(), scope.deadline());
      if (delay.compareTo(patience) >= 0) {
        return new Answer.Failed(
            failed.reason(), failed.message() + "; the next try would be past the deadline");
      }
      try {
        pause.sleep(delay);
      } catch (InterruptedException e) {
        return stopped();
      }
    }
  }

  private static Answer.Failed stopped() {
    Thread.currentThread().interrupt();
    return new Answer.Failed(FailureReason.CANCELLED, "stopped");
  }

  /// The prompt, with room for a shorter answer where the budget cannot hold a long one: an answer
  /// that does not fit is reported as cut off, none at all would be worse.
  private Prompt affordable(Prompt prompt, CallScope scope, Instant now) {
    if (!scope.budget().limited()) {
      return prompt;
    }
    long remaining = scope.budget().remainingNanoUsd();
    Prompt shorter = prompt;
    while (shorter.maxOutputTokens() / 2 >= MIN_OUTPUT_TOKENS) {
      OptionalLong worst = worstCase(shorter, scope, now);
      if (worst.isEmpty() || worst.getAsLong() <= remaining) {
        return shorter;
      }
      shorter =
          new Prompt(
              prompt.system(), prompt.user(), prompt.schema(), shorter.maxOutputTokens() / 2);
    }
    return shorter;
  }

  private OptionalLong worstCase(Prompt prompt, CallScope scope, Instant now) {
    return scope.budget().limited()
        ? scope
            .prices()
            .worstCaseNanoUsd(
                id.provider().word(),
                id.model(),
                TokenCounter.reserve(id, prompt),
                prompt.maxOutputTokens(),
                now)
        : OptionalLong.empty();
  }

  private String overBudget(Refusal refusal, Instant now) {
    return refusal.unpriced()
        ? "over budget: "
            + PriceBook.unknownPrice(id.provider().word(), id.model(), now)
            + " (or let it through with --allow-unpriced)"
        : "over budget: " + refusal.reason();
  }

  private record Attempt(
      Answer answer, boolean retriable, boolean changedRequest, Exchange exchange) {}

  private Attempt attempt(Prompt prompt, CallScope scope, Duration left, Reservation reservation) {
    boolean deadlineFirst = left.compareTo(settings.callTimeout()) < 0;
    Exchange exchange = new Exchange(deadlineFirst ? left : settings.callTimeout());
    boolean withSchema = prompt.schema() != null && ChatModels.takesSchema(id) && !schemaRefused;
    ChatRequest question =
        ChatModels.request(id, endpoint, prompt, settings.temperature(), withSchema);
    ChatSpan span = ChatSpan.start(id, endpoint, settings, prompt, scope);
    long started = System.nanoTime();
    Cost cost = Cost.unknown();
    try {
      String text = null;
      RuntimeException failure = null;
      try {
        text =
            ScopedValue.where(Exchange.CURRENT, exchange)
                .call(() -> model.chat(question).aiMessage().text());
      } catch (RuntimeException e) {
        // Told apart below, by what the exchange saw and not by the exception's text, which may
        // quote anything.
        failure = e;
      }
      long latencyMs = (System.nanoTime() - started) / 1_000_000;
      RawAnswer raw =
          exchange.successful() ? RawAnswer.of(id.provider(), exchange.body()) : RawAnswer.NONE;
      Answer answer = answer(text, failure, raw, exchange, deadlineFirst);
      ModelCall call = book(raw, exchange, latencyMs, scope);
      cost = call.cost();
      scope.record(call);
      span.end(raw, call, answer, errorType(answer, exchange), redactor);
      boolean changed = withSchema && refusesSchema(exchange);
      if (changed) {
        schemaRefused = true;
      }
      return new Attempt(answer, changed || retriable(answer, exchange), changed, exchange);
    } finally {
      reservation.settle(cost);
      span.close();
    }
  }

  private static boolean refusesSchema(Exchange exchange) {
    if (exchange.status() != 400 && exchange.status() != 422) {
      return false;
    }
    String body = new String(exchange.body(), StandardCharsets.UTF_8);
    return body.contains("response_format") || body.contains("json_schema");
  }

  private Answer answer(
      @Nullable String text,
      @Nullable RuntimeException failure,
      RawAnswer raw,
      Exchange exchange,
      boolean deadlineFirst) {
    if (exchange.broken() != null) {
      return broken(exchange.broken(), exchange, deadlineFirst);
    }
    if (exchange.status() == 0) {
      return new Answer.Failed(FailureReason.REQUEST, id + ": the request could not be made");
    }
    if (!exchange.successful()) {
      return refusedByStatus(exchange);
    }
    if (raw.end() == End.REFUSED || failure instanceof ContentFilteredException) {
      return new Answer.Refused(
          raw.finish().isEmpty() || raw.finish().equals("stop")
              ? id + " refused to answer"
              : id + " refused to answer (" + raw.finish() + ")");
    }
    if (failure == null && text != null && !text.isBlank()) {
      return raw.end() == End.WHOLE
          ? new Answer.Complete(text, raw.finish())
          : new Answer.Truncated(text, raw.finish().isEmpty() ? "unknown" : raw.finish());
    }
    if (raw.end() == End.CUT) {
      // All tokens went into reasoning, or a filter ate the text.
      return new Answer.Truncated("", raw.finish());
    }
    return new Answer.Failed(
        FailureReason.BAD_ANSWER,
        id
            + (exchange.body().length == 0
                ? " sent an empty answer"
                : " sent an unreadable answer"));
  }

  private Answer.Failed broken(Exchange.Broken how, Exchange exchange, boolean deadlineFirst) {
    return switch (how) {
      case TIMEOUT ->
          deadlineFirst
              ? new Answer.Failed(
                  FailureReason.DEADLINE, id + ": no answer before the review's deadline")
              : new Answer.Failed(
                  FailureReason.TIMEOUT,
                  id + ": no answer within " + exchange.timeout().toMillis() + " ms");
      case UNREACHABLE ->
          new Answer.Failed(
              FailureReason.CONNECTION, id + ": cannot reach " + endpoint.base().getHost());
      case RESET -> new Answer.Failed(FailureReason.CONNECTION, id + ": the connection was broken");
      case CUT_OFF ->
          new Answer.Failed(FailureReason.CONNECTION, id + ": the answer broke off on the way");
      case TOO_BIG -> new Answer.Failed(FailureReason.BAD_ANSWER, id + ": the answer is too big");
      case CANCELLED -> new Answer.Failed(FailureReason.CANCELLED, "stopped");
    };
  }

  private Answer.Failed refusedByStatus(Exchange exchange) {
    int status = exchange.status();
    FailureReason reason =
        switch (status) {
          case 401, 403 -> FailureReason.AUTHENTICATION;
          case 408, 504 -> FailureReason.TIMEOUT;
          case 429 -> FailureReason.RATE_LIMIT;
          default -> status >= 500 ? FailureReason.SERVER : FailureReason.REQUEST;
        };
    String said = ErrorText.of(exchange.body(), endpoint.key(), redactor);
    return new Answer.Failed(
        reason, id + " answered " + status + (said.isEmpty() ? "" : ": " + said));
  }

  private static boolean retriable(Answer answer, Exchange exchange) {
    if (!(answer instanceof Answer.Failed failed)) {
      return false;
    }
    return switch (failed.reason()) {
      case SERVER, TIMEOUT, CONNECTION, BAD_ANSWER -> exchange.broken() != Exchange.Broken.TOO_BIG;
      // No patience helps an account without money.
      case RATE_LIMIT ->
          !new String(exchange.body(), StandardCharsets.UTF_8).contains("insufficient_quota");
      case AUTHENTICATION, REQUEST, OVER_BUDGET, DEADLINE, CANCELLED -> false;
    };
  }

  /// The entry of the books. Nobody bills an error status or a connection that never answered; an
  /// answer that broke off, came too late or does not say its tokens may well be billed, and then
  /// its cost is unknown.
  private ModelCall book(RawAnswer raw, Exchange exchange, long latencyMs, CallScope scope) {
    String answered = raw.model().isEmpty() ? id.model() : raw.model();
    TokenUsage usage = raw.usage();
    PricedCall priced;
    if (usage != null) {
      priced =
          scope
              .prices()
              .price(id.provider().word(), answered, usage, raw.tier(), scope.clock().instant());
    } else {
      boolean mayBeBilled =
          exchange.successful()
              || exchange.broken() == Exchange.Broken.TIMEOUT
              || exchange.broken() == Exchange.Broken.CANCELLED;
      priced = new PricedCall(mayBeBilled ? Cost.unknown() : Cost.zero(), null, 0);
    }
    return new ModelCall(
        id.otelName(),
        answered,
        usage == null ? TokenUsage.ZERO : usage,
        priced.cost(),
        priced.priceId(),
        priced.cacheSavedNanoUsd(),
        latencyMs);
  }

  /// The status as OpenTelemetry wants it, or a word of a closed list; null when there was no
  /// error.
  private static @Nullable String errorType(Answer answer, Exchange exchange) {
    return switch (answer) {
      case Answer.Complete _, Answer.Truncated _ -> null;
      case Answer.Refused _ -> "refused";
      case Answer.Failed failed ->
          exchange.broken() == null && exchange.status() != 0 && !exchange.successful()
              ? Integer.toString(exchange.status())
              : failed.reason().name().toLowerCase(Locale.ROOT);
    };
  }

  /// Ends calls under way.
  @Override
  public void close() {
    http.close();
  }
}
