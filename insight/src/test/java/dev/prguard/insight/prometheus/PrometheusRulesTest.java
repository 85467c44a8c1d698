package dev.prguard.insight.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.insight.alert.AlertCheck;
import dev.prguard.insight.alert.AlertRule;
import dev.prguard.insight.alert.Budgets;
import dev.prguard.insight.alert.ReviewAlerts;
import dev.prguard.insight.alert.Verdict;
import dev.prguard.insight.grafana.YamlText;
import dev.prguard.testkit.ReviewTrace;
import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.SpanRecord;
import dev.prguard.traceql.engine.TraceQlEngine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PrometheusRulesTest {
  private static final Path RULES =
      Path.of("..", "grafana", "prometheus", "secure-pr-guard.rules.yaml")
          .toAbsolutePath()
          .normalize();
  private static final Instant START = Instant.parse("2026-11-26T09:00:00Z");
  private static final long CENT = 10_000_000;

  @TempDir Path folder;

  /// @param rule the rule's id
  /// @param spans what reviews did, told in one push
  record Case(String name, String rule, boolean fires, List<SpanRecord> spans) {
    @Override
    public String toString() {
      return rule + (fires ? " fires at " : " is silent at ") + name;
    }
  }

  static Stream<Case> thresholds() {
    return Stream.of(
        new Case("3,001 ms", "operation-latency", true, one(review(1).operation("fetch", 3_001))),
        new Case("3,000 ms", "operation-latency", false, one(review(1).operation("fetch", 3_000))),
        new Case("0.0101 USD", "operation-cost", true, one(cost(1, 10_100_000))),
        new Case("0.01 USD", "operation-cost", false, one(cost(1, CENT))),
        new Case("5.1%", "error-rate", true, operations(1_000, 51)),
        new Case("5%", "error-rate", false, operations(1_000, 50)),
        new Case("94.9%", "success-rate", true, reviews(1_000, 51)),
        new Case("95%", "success-rate", false, reviews(1_000, 50)),
        new Case("10.01 USD", "budget-daily", true, one(cost(1, 1_001 * CENT))),
        new Case("10 USD", "budget-daily", false, one(cost(1, 1_000 * CENT))),
        new Case("100.01 USD", "budget-monthly", true, one(cost(1, 10_001 * CENT))),
        new Case("100 USD", "budget-monthly", false, one(cost(1, 10_000 * CENT))),
        new Case(
            "a model without a price",
            "unpriced-model",
            true,
            one(review(1).modelOperation("nitpicker", 900, "new-model", 10, 5, 0, null))),
        new Case("known prices", "unpriced-model", false, one(cost(1, CENT))),
        new Case("nothing", "no-telemetry", true, List.of()),
        new Case("one review", "no-telemetry", false, one(review(1))),
        new Case("94% kept", "slo-latency", true, slow(100, 6)),
        new Case("95% kept", "slo-latency", false, slow(100, 5)),
        new Case("94% kept", "slo-cost", true, dear(100, 6)),
        new Case("95% kept", "slo-cost", false, dear(100, 5)),
        // An objective of 95% burns 14.4 times too fast at 72% broken.
        new Case("73% slow", "slo-latency-burn-1h", true, slow(100, 73)),
        new Case("72% slow", "slo-latency-burn-1h", false, slow(100, 72)),
        new Case("73% dear", "slo-cost-burn-1h", true, dear(100, 73)),
        new Case("72% dear", "slo-cost-burn-1h", false, dear(100, 72)),
        new Case("31% slow", "slo-latency-burn-6h", true, slow(100, 31)),
        new Case("30% slow", "slo-latency-burn-6h", false, slow(100, 30)),
        new Case("16% slow", "slo-latency-burn-1d", true, slow(100, 16)),
        new Case("15% slow", "slo-latency-burn-1d", false, slow(100, 15)),
        new Case("6% slow", "slo-latency-burn-3d", true, slow(100, 6)),
        new Case("5% slow", "slo-latency-burn-3d", false, slow(100, 5)));
  }

  @Test
  void committedRules_arePromtoolsToTheLetter() {
    PrometheusTools.Result result =
        PrometheusTools.promtool("check", "rules", "--lint=all", "--lint-fatal", RULES.toString());
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output())
        .contains(ReviewAlerts.rules(Budgets.DEFAULT).size() + " rules found");
  }

  @ParameterizedTest
  @MethodSource("thresholds")
  void rule_firesBeyondItsThresholdOnly(Case of) throws IOException {
    // One sample, pushed at the end of a run: the first that there ever was of these series.
    List<String> series =
        samples(of.spans()).stream().map(sample -> series(sample, "_x5 %s _x60")).toList();
    requireFiring(of.fires(), of.rule(), "1m", "9m", series);
  }

  /// The local check says the same of spans as Prometheus says of metrics.
  @ParameterizedTest
  @MethodSource("thresholds")
  void rule_isBreachedOnSpansWhereItFiresOnMetrics(Case of) {
    InMemorySpanStore store = new InMemorySpanStore();
    store.append(of.spans());
    AlertRule rule = rule(of.rule());
    AlertCheck check =
        new AlertCheck(
            new TraceQlEngine(store, TraceQlEngine.Options.DEFAULT, InstantSource.system()),
            AlertCheck.TEMPO_SLICE);
    Verdict verdict =
        check
            .check(List.of(rule), Duration.ofHours(1), START.plus(Duration.ofMinutes(4)))
            .getFirst();
    assertThat(verdict.state() == Verdict.State.BREACHED).as(verdict + "").isEqualTo(of.fires());
    assertThat(verdict.worst().isEmpty()).isEqualTo(!of.fires() || rule.evidence() == null);
  }

  private static AlertRule rule(String id) {
    return ReviewAlerts.rules(Budgets.DEFAULT).stream()
        .filter(candidate -> candidate.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  /// Of a counter that was there before counts what came on top; told rarely, as runs push it, or
  /// always, as a page is scraped.
  @Test
  void rule_ofACounterThatGoesOn_countsWhatCameOnTop() throws IOException {
    for (String gap : List.of("_x50 ", "9x50 ")) {
      requireFiring(
          false, "budget-daily", "1h", "53h", List.of(series(COST, "9 " + gap + "18 18x5")));
      requireFiring(
          true, "budget-daily", "1h", "53h", List.of(series(COST, "9 " + gap + "19.5 19.5x5")));
    }
  }

  @Test
  void spike_isAgainstTheSameWeekday() throws IOException {
    String rest = " _x165 ";
    requireFiring(
        true, "spend-spike", "1h", "169h", List.of(series(COST, "0 5" + rest + "15.1 _x9")));
    requireFiring(
        false, "spend-spike", "1h", "169h", List.of(series(COST, "0 5" + rest + "15 _x9")));
    requireFiring(
        false, "spend-spike", "1h", "169h", List.of(series(COST, "0 0.1" + rest + "1 _x9")));
  }

  private static final String COST = "prguard_cost_usd_total{cost_model=\"m\"} 0";

  /// Has promtool evaluate one rule over the series, a step each.
  private void requireFiring(
      boolean firing, String rule, String step, String at, List<String> series) throws IOException {
    AlertRule of = rule(rule);
    ObjectNode rules = PrometheusRules.of(List.of(of));
    ((ObjectNode) rules.path("groups").get(0)).remove("interval");
    Files.writeString(folder.resolve("rules.yaml"), YamlText.of(rules));
    String name = PrometheusRules.name(of);
    String test =
        """
        rule_files: [rules.yaml]
        evaluation_interval: %s
        tests:
          - interval: %s
            input_series:%s
            promql_expr_test:
              - expr: count by (alertname) (ALERTS{alertname="%s", alertstate="firing"})
                eval_time: %s
                exp_samples:%s
        """
            .formatted(
                step,
                step,
                series.isEmpty() ? " []" : "\n" + String.join("\n", series),
                name,
                at,
                firing
                    ? "\n          - {labels: '{alertname=\"" + name + "\"}', value: 1}"
                    : " []");
    Path file = Files.writeString(folder.resolve("test.yaml"), test);
    PrometheusTools.Result result = PrometheusTools.promtool("test", "rules", file.toString());
    assertThat(result.exitCode()).as(result.output() + test).isZero();
  }

  /// A line of the text format to a series of promtool.
  private static String series(String sample, String values) {
    int value = sample.lastIndexOf(' ');
    return "      - {series: '%s', values: '%s'}"
        .formatted(sample.substring(0, value), values.replace("%s", sample.substring(value + 1)));
  }

  private static List<String> samples(List<SpanRecord> spans) {
    SpanMetrics metrics = new SpanMetrics();
    spans.forEach(metrics::count);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      metrics.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  private static ReviewTrace review(int number) {
    return new ReviewTrace(number, "acme/shop", START);
  }

  private static List<SpanRecord> one(ReviewTrace review) {
    return review.spans();
  }

  private static ReviewTrace cost(int number, long nanoUsd) {
    return review(number).modelOperation("nitpicker", 900, "m", 1_000, 100, 0, nanoUsd);
  }

  private static List<SpanRecord> all(int count, IntFunction<ReviewTrace> review) {
    List<SpanRecord> spans = new ArrayList<>();
    IntStream.range(0, count).forEach(i -> spans.addAll(review.apply(i).spans()));
    return spans;
  }

  private static List<SpanRecord> operations(int count, int failed) {
    return all(
        count,
        i ->
            i < failed
                ? review(i).failedOperation("fetch", 100)
                : review(i).operation("fetch", 100));
  }

  private static List<SpanRecord> reviews(int count, int partial) {
    return all(count, i -> review(i).status(i < partial ? "partial" : "reviewed"));
  }

  private static List<SpanRecord> slow(int count, int slow) {
    return all(count, i -> review(i).operation("fetch", i < slow ? 2_001 : 1_999));
  }

  private static List<SpanRecord> dear(int count, int dear) {
    return all(count, i -> cost(i, i < dear ? 3_000_001 : 2_999_999));
  }
}
