package dev.prguard.traceql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.testkit.GoldenCorpus;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrototypeDialectTest {

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '\u0001',
      value = {
        "{service.name=\"secure-pr-guard\"} | select(latency.ms) | group_by(operation.type) => {resource.service.name=\"secure-pr-guard\"} | select(span.latency.ms) | by(span.operation.type)",
        "{service.name=\"x\" && latency.ms > 3000} => {resource.service.name=\"x\" && span.latency.ms > 3000}",
        "{service.name=\"x\" && span.name = \"pr_review.workflow\"} => {resource.service.name=\"x\" && name = \"pr_review.workflow\"}",
        "{span.name = \"a\" && service.name=\"x\"} => {name = \"a\" && resource.service.name=\"x\"}",
        "{service.name=\"x\"} | sum_over_time(cost.usd) by (cost.model) => {resource.service.name=\"x\"} | sum_over_time(span.cost.usd) by (span.cost.model)",
        "{service.name=\"x\" && status=error} | select(pr.url) => {resource.service.name=\"x\" && status=error} | select(span.pr.url)",
        "{service.name==\"x\" and cost.tokens.total > 0} => {resource.service.name=\"x\" && span.cost.tokens.total > 0}",
        "{ risk.level =~ \"high|critical\" } => { span.risk.level =~ \"high|critical\" }",
      })
  void query_isTurnedIntoWhatWasMeant(String query, String meant) {
    PrototypeDialect.Translation translation = PrototypeDialect.translate(query).orElseThrow();
    assertThat(translation.query()).isEqualTo(meant);
    assertThat(translation.since()).isNull();
    assertThat(translation.notes()).isNotEmpty().doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{service.name=\"x\" && span.start_time > 1h}",
        "{span.start_time > 1h && service.name=\"x\"}",
        "# the last hour\n{ service.name=\"x\" && start_time >= 60m }"
      })
  void startTime_becomesTheRangeOfTheRequest(String query) {
    PrototypeDialect.Translation translation = PrototypeDialect.translate(query).orElseThrow();
    assertThat(translation.query().replace(" ", "")).isEqualTo("{resource.service.name=\"x\"}");
    assertThat(translation.since()).isEqualTo(Duration.ofHours(1));
    assertThat(translation.notes()).anyMatch(note -> note.contains("--since"));
  }

  @Test
  void translation_tellsEachChange() {
    Optional<PrototypeDialect.Translation> translation =
        PrototypeDialect.translate(
            "{service.name=\"x\"} | select(latency.ms, latency.ms) | group_by(span.name)");
    assertThat(translation.orElseThrow().notes())
        .containsExactly(
            "service.name needs a scope: resource.service.name",
            "latency.ms needs a scope: span.latency.ms",
            "grouping is by()",
            "span.name is an attribute that nobody sets; the span's own is name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{ foo }",
        "{ service.name = }",
        "{ } | p95(latency.ms)",
        "{ \0 }",
        "nonsense.here",
        "{ span.name = `x` }"
      })
  void whatIsNoDialect_isLeftAlone(String query) {
    assertThat(PrototypeDialect.translate(query)).isEmpty();
  }

  /// An attribute may be called span.name: only what Tempo refuses is the prototype's.
  @Test
  void traceQl_isLeftAlone() {
    for (GoldenCorpus.Query query : GoldenCorpus.queries()) {
      String text = query.text();
      if (text != null && query.expect().isEmpty()) {
        assertThat(PrototypeDialect.translate(text)).as(text).isEmpty();
      }
    }
  }
}
