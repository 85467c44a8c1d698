package dev.prguard.insight.query;

import static dev.prguard.insight.SpanSums.flag;
import static dev.prguard.insight.SpanSums.number;
import static dev.prguard.insight.SpanSums.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.prguard.insight.SpanSums;
import dev.prguard.insight.SpanSums.Fold;
import dev.prguard.testkit.GoldenCorpus;
import dev.prguard.testkit.ReviewTrace;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueries.InstantQuery;
import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.trace.query.TraceQueries.Search;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import dev.prguard.traceql.engine.TraceQlEngine;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every query that is shipped, asked of the engine and of plain Java: over the golden spans, of
/// which many lack an attribute or belong to another service, together with reviews that carry all
/// attributes of the present contract.
class ReviewQueryAnswersTest {
  private static final TimeRange RANGE =
      new TimeRange(Instant.parse("2026-11-22T11:00:00Z"), Instant.parse("2026-11-22T14:00:00Z"));
  private static final List<SpanRecord> SPANS = spans();
  private static final SpanSums OURS = new SpanSums(SPANS).where(SpanSums::ours);
  private static final TraceQueries ENGINE = engine(SPANS);

  private static List<SpanRecord> spans() {
    Instant at = Instant.parse("2026-11-22T12:30:00Z");
    List<SpanRecord> spans = new ArrayList<>(GoldenCorpus.spans());
    spans.addAll(
        new ReviewTrace(1, "acme/payments", at)
            .operation("fetch", 120)
            .modelOperation("nitpicker", 2_400, "gpt-4o-mini", 4_000, 600, 1_500, 960_000L)
            .operation("architect", 8)
            .patch(40, true, true)
            .findings(2, 5, 11, "critical")
            .spans());
    spans.addAll(
        new ReviewTrace(2, "acme/shop", at.plusSeconds(60))
            .failedOperation("fetch", 3_001)
            .modelOperation("nitpicker", 900, "brand-new", 100, 20, 0, null)
            .findings(0, 1, 3, "low")
            .status("partial")
            .spans());
    spans.addAll(
        new ReviewTrace(42, "acme/payments", at.plusSeconds(120))
            .modelOperation("nitpicker", 5_000, "gpt-4o", 50_000, 2_000, 0, 145_000_000L)
            .patch(30, true, false)
            .patch(10, false, false)
            .findings(0, 0, 0, "low")
            .spans());
    return spans;
  }

  private static TraceQueries engine(List<SpanRecord> spans) {
    InMemorySpanStore store = new InMemorySpanStore();
    store.append(spans);
    return new TraceQlEngine(store, TraceQlEngine.Options.DEFAULT, InstantSource.system());
  }

  /// What plain Java says to a metrics query, by the label's value; `` without a label.
  private static Map<String, Double> numbers(ReviewQuery query) {
    SpanSums operations = OURS.operations();
    SpanSums typed = OURS.where(span -> text(span, "operation.type") != null);
    SpanSums patches = OURS.where(span -> "patch".equals(text(span, "operation.type")));
    String kind = "operation.type";
    return switch (query) {
      case LATENCY_AVERAGE -> typed.by(kind, "latency.ms", Fold.AVERAGE);
      case LATENCY_MAX -> operations.by(kind, "latency.ms", Fold.GREATEST);
      case LATENCY_OF_MODELS -> typed.by(kind, "latency.api_ms", Fold.AVERAGE);
      case SLOW_COUNT -> operations.where(over("latency.ms", 3_000)).countBy(kind);
      case LATENCY_PROMISE_BROKEN ->
          count(operations.where(span -> or(number(span, "latency.ms"), 0) >= 2_000));
      case LATENCY_MEASURED -> count(operations.where(has("latency.ms")));
      case COST_BY_MODEL -> OURS.by("cost.model", "cost.usd", Fold.SUM);
      case COST_TOTAL -> Map.of("", OURS.sum("cost.usd"));
      case COST_BY_REPOSITORY -> OURS.by("pr.repository", "cost.usd", Fold.SUM);
      case COST_BY_OPERATION -> OURS.by(kind, "cost.usd", Fold.SUM);
      case COST_OF_REVIEW_AVERAGE ->
          Map.of("", OURS.sum("cost.total_usd") / OURS.where(has("cost.total_usd")).spans().size());
      case COST_MAX -> operations.by(kind, "cost.usd", Fold.GREATEST);
      case COSTLY_COUNT -> OURS.where(over("cost.usd", 0.01)).countBy(kind);
      case COST_PROMISE_BROKEN ->
          count(operations.where(span -> or(number(span, "cost.usd"), 0) >= 0.003));
      case COST_MEASURED -> count(operations.where(has("cost.usd")));
      case COST_UNKNOWN ->
          operations
              .where(span -> AttributeValue.of(false).equals(span.attributes().get("cost.priced")))
              .countBy("cost.model");
      case DEAREST_PULL_REQUESTS ->
          OURS.by("pr.url", "cost.total_usd", Fold.SUM).entrySet().stream()
              .filter(entry -> entry.getValue() > 0)
              .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
              .limit(10)
              .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
      case TOKENS_PROMPT -> Map.of("", OURS.sum("cost.tokens.prompt"));
      case TOKENS_COMPLETION -> Map.of("", OURS.sum("cost.tokens.completion"));
      case TOKENS_CACHE_READ -> Map.of("", OURS.sum("cost.tokens.cache_read"));
      case TOKENS_PER_MS -> OURS.by("cost.model", "tokens.per_ms", Fold.AVERAGE);
      case OPERATIONS -> operations.countBy(kind);
      case FAILED_OPERATIONS -> operations.where(ReviewQueryAnswersTest::failed).countBy(kind);
      case OPERATIONS_IN_ALL -> count(operations);
      case FAILED_IN_ALL -> count(operations.where(ReviewQueryAnswersTest::failed));
      case FAILURE_RATE -> {
        Map<String, Double> counts = OURS.where(ReviewQueryAnswersTest::failed).countBy(kind);
        counts.replaceAll((label, value) -> value / (3 * 3_600));
        yield counts;
      }
      case REVIEWS_BY_STATUS -> OURS.roots().countBy("workflow.status");
      case REVIEWS_IN_ALL -> count(OURS.roots());
      case REVIEWS_NOT_WHOLE -> count(OURS.roots().where(ReviewQueryAnswersTest::notWhole));
      case FINDINGS_CRITICAL -> Map.of("", OURS.roots().sum("issues.critical"));
      case FINDINGS_HIGH -> Map.of("", OURS.roots().sum("issues.high"));
      case FINDINGS_IN_ALL -> Map.of("", OURS.roots().sum("issues.found"));
      case REVIEWS_BY_RISK ->
          OURS.roots().where(span -> text(span, "risk.level") != null).countBy("risk.level");
      case PATCHES -> count(patches.where(span -> flag(span, "patch.generated")));
      case PATCHES_VERIFIED -> count(patches.where(span -> flag(span, "patch.verified")));
      case SECURITY_BY_REPOSITORY -> OURS.roots().by("pr.repository", "issues.security", Fold.SUM);
      case ONE_REPOSITORY_COST ->
          Map.of("", OURS.where(ReviewQueryAnswersTest::inPayments).sum("cost.usd"));
      case LATENCY_P95, COST_OF_REVIEWS, COST_P95 ->
          throw new AssertionError("quantiles are held to a range below");
      case LATENCY_TABLE,
          SLOW_OPERATIONS,
          SLOW_FOR_PROMISE,
          DEAR_FOR_PROMISE,
          COST_TABLE,
          COSTLY_OPERATIONS,
          COST_UNKNOWN_TABLE,
          DEAREST_REVIEWS,
          TOKENS_TABLE,
          TOKEN_RATIO_TABLE,
          FAILURE_TABLE,
          REVIEWS_NOT_WHOLE_TABLE,
          REVIEW_TABLE,
          PATCH_TABLE,
          RISKY_REVIEWS,
          LATEST,
          ONE_REPOSITORY,
          ONE_PULL_REQUEST,
          MODEL_CALLS,
          FAILURES_BELOW_PATCH,
          ONE_TRACE ->
          throw new AssertionError("a search");
    };
  }

  /// Which spans a search finds, by plain Java.
  private static SpanSums found(ReviewQuery query) {
    return switch (query) {
      case LATENCY_TABLE -> OURS.where(span -> text(span, "operation.type") != null);
      case SLOW_OPERATIONS -> OURS.operations().where(over("latency.ms", 3_000));
      case SLOW_FOR_PROMISE ->
          OURS.operations().where(span -> or(number(span, "latency.ms"), 0) >= 2_000);
      case DEAR_FOR_PROMISE ->
          OURS.operations().where(span -> or(number(span, "cost.usd"), 0) >= 0.003);
      case COST_TABLE, LATEST -> OURS.where(over("cost.usd", 0));
      case COSTLY_OPERATIONS -> OURS.where(over("cost.usd", 0.01));
      case COST_UNKNOWN_TABLE ->
          OURS.operations()
              .where(span -> AttributeValue.of(false).equals(span.attributes().get("cost.priced")));
      case DEAREST_REVIEWS -> OURS.where(over("cost.total_usd", 0));
      case TOKENS_TABLE -> OURS.where(over("cost.tokens.total", 0));
      case TOKEN_RATIO_TABLE -> OURS.where(over("tokens.per_ms", 0));
      case FAILURE_TABLE -> OURS.where(ReviewQueryAnswersTest::failed);
      case REVIEWS_NOT_WHOLE_TABLE -> OURS.roots().where(ReviewQueryAnswersTest::notWhole);
      case REVIEW_TABLE -> OURS.roots();
      case PATCH_TABLE -> OURS.where(span -> "patch".equals(text(span, "operation.type")));
      case RISKY_REVIEWS ->
          OURS.where(span ->
              Set.of("high", "critical").contains(String.valueOf(text(span, "risk.level"))));
      case ONE_REPOSITORY -> OURS.where(ReviewQueryAnswersTest::inPayments);
      case ONE_PULL_REQUEST ->
          OURS.where(ReviewQueryAnswersTest::inPayments)
              .where(span -> AttributeValue.of(42L).equals(span.attributes().get("pr.number")));
      case MODEL_CALLS -> OURS.where(span -> "chat".equals(text(span, "gen_ai.operation.name")));
      case FAILURES_BELOW_PATCH -> OURS.where(span -> false);
      case ONE_TRACE ->
          new SpanSums(SPANS)
              .where(span -> span.traceId().equals("0123456789abcdef0123456789abcdef"));
      default -> throw new AssertionError("not a search: " + query);
    };
  }

  private static Map<String, Double> quantiles(ReviewQuery query) {
    return switch (query) {
      case LATENCY_P95 ->
          quantiles(
              OURS.where(span -> text(span, "operation.type") != null), "latency.ms", true, 0.95);
      case COST_OF_REVIEWS ->
          quantiles(
              OURS.where(over("cost.total_nano_usd", 0)), "cost.total_nano_usd", false, 0.5, 0.95);
      case COST_P95 ->
          quantiles(OURS.where(over("cost.nano_usd", 0)), "cost.nano_usd", true, 0.5, 0.95);
      default -> throw new AssertionError("no quantiles: " + query);
    };
  }

  private static Map<String, Double> quantiles(
      SpanSums spans, String number, boolean byOperation, double... quantiles) {
    Map<String, List<Double>> groups = new TreeMap<>();
    for (SpanRecord span : spans.spans()) {
      Double value = number(span, number);
      if (value != null) {
        groups
            .computeIfAbsent(
                byOperation ? text(span, "operation.type") + "," : "", label -> new ArrayList<>())
            .add(value);
      }
    }
    Map<String, Double> answers = new TreeMap<>();
    groups.forEach((label, values) -> {
      values.sort(Double::compare);
      for (double quantile : quantiles) {
        int rank = (int) Math.ceil(quantile * values.size());
        answers.put(label + quantile, values.get(Math.max(rank, 1) - 1));
      }
    });
    return answers;
  }

  private static boolean failed(SpanRecord span) {
    return span.status() == SpanRecord.Status.ERROR;
  }

  private static boolean notWhole(SpanRecord span) {
    String status = text(span, "workflow.status");
    return status != null && !status.equals("reviewed");
  }

  private static boolean inPayments(SpanRecord span) {
    return "acme/payments".equals(text(span, "pr.repository"));
  }

  private static Predicate<SpanRecord> over(String key, double limit) {
    return span -> or(number(span, key), limit) > limit;
  }

  private static Predicate<SpanRecord> has(String key) {
    return span -> number(span, key) != null;
  }

  private static double or(@Nullable Double value, double otherwise) {
    return value == null ? otherwise : value;
  }

  private static Map<String, Double> count(SpanSums spans) {
    return Map.of("", (double) spans.spans().size());
  }

  @ParameterizedTest
  @EnumSource(ReviewQuery.class)
  void query_answersWhatPlainJavaCounts(ReviewQuery query) {
    if (!query.isMetrics()) {
      Set<String> expected =
          found(query).spans().stream()
              .map(span -> span.traceId() + " " + span.spanId())
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(search(ENGINE, query.text())).isEqualTo(expected);
      return;
    }
    Map<String, Double> actual = instant(ENGINE, query.text());
    if (query.text().contains("quantile_over_time")) {
      Map<String, Double> exact = quantiles(query);
      assertThat(actual.keySet()).isEqualTo(exact.keySet());
      // Tempo counts in buckets of powers of two.
      exact.forEach((label, value) ->
          assertThat(actual.get(label)).as(label).isBetween(value / 2, value * 2));
      return;
    }
    Map<String, Double> expected = new TreeMap<>(numbers(query));
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach((label, value) ->
        assertThat(actual.get(label)).as(label).isCloseTo(value, within(Math.abs(value) * 1e-9)));
  }

  /// `All` in each variable leaves nothing out: of spans that carry what this version stamps, the
  /// dashboard shows what the bare query finds.
  @ParameterizedTest
  @EnumSource(ReviewQuery.class)
  void dashboardText_withAllChosen_answersTheSame(ReviewQuery query) {
    List<SpanRecord> complete = SPANS.stream().map(ReviewQueryAnswersTest::complete).toList();
    TraceQueries engine = engine(complete);
    String narrowed = query.dashboardText();
    for (Filter filter : Filter.values()) {
      narrowed = narrowed.replace("$" + filter.variable(), ".*");
    }
    if (query.isMetrics()) {
      assertThat(instant(engine, narrowed)).isEqualTo(instant(engine, query.text()));
    } else {
      assertThat(search(engine, narrowed)).isEqualTo(search(engine, query.text()));
    }
  }

  /// The golden spans are of a version that stamped less.
  private static SpanRecord complete(SpanRecord span) {
    Map<String, AttributeValue> attributes = new LinkedHashMap<>(span.attributes());
    Map<String, AttributeValue> resource = new LinkedHashMap<>(span.resource());
    if (SpanSums.ours(span)) {
      resource.putIfAbsent("deployment.environment", AttributeValue.of("ci"));
      attributes.putIfAbsent("pr.repository", AttributeValue.of("local"));
      attributes.putIfAbsent("cost.model", AttributeValue.of("none"));
      attributes.putIfAbsent("operation.type", AttributeValue.of("chat"));
    }
    return span.withContent(attributes, span.events(), span.links(), resource, span.scope());
  }

  private static Map<String, Double> instant(TraceQueries queries, String text) {
    Map<String, Double> values = new TreeMap<>();
    for (Series series : queries.instant(new InstantQuery(text, RANGE)).series()) {
      String label =
          series.labels().stream()
              .filter(one -> !one.key().equals("__name__"))
              .map(ReviewQueryAnswersTest::value)
              .collect(Collectors.joining(","));
      values.put(label, series.samples().getFirst().value());
    }
    return values;
  }

  private static String value(Label label) {
    return switch (label.value()) {
      case StringValue(String text) -> text;
      case DoubleValue(double number) -> Double.toString(number);
      default -> label.value().toString();
    };
  }

  private static Set<String> search(TraceQueries queries, String text) {
    return queries.search(new Search(text, RANGE, 10_000, 0)).traces().stream()
        .flatMap(trace ->
            trace.spanSets().stream()
                .flatMap(set -> set.spans().stream())
                .map(span ->
                    "0".repeat(32 - trace.traceId().length())
                        + trace.traceId()
                        + " "
                        + span.spanId()))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
