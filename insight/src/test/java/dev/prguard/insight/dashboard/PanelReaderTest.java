package dev.prguard.insight.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.prguard.insight.dashboard.PanelReader.Answer;
import dev.prguard.testkit.ReviewTrace;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import dev.prguard.traceql.engine.TraceQlEngine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each panel draws something, over reviews that did all there is to do.
class PanelReaderTest {
  private static final Instant AT = Instant.parse("2026-11-26T09:00:00Z");
  private static final TimeRange DAY =
      new TimeRange(AT.minus(Duration.ofHours(12)), AT.plusSeconds(60));
  private static final Map<String, Double> SETTINGS = Map.of("monthly_budget_usd", 100.0);

  private PanelReader reader;

  @BeforeEach
  void reviews() {
    InMemorySpanStore store = new InMemorySpanStore();
    store.append(
        new ReviewTrace(1, "acme/payments", AT)
            .operation("fetch", 120)
            .modelOperation("nitpicker", 3_400, "gpt-4o-mini", 4_000, 600, 1_000, 960_000L)
            .modelOperation("architect", 900, "brand-new", 100, 20, 0, null)
            .patch(40, true, true)
            .findings(2, 5, 11, "critical")
            .spans());
    store.append(
        new ReviewTrace(2, "acme/shop", AT.plusSeconds(9))
            .failedOperation("fetch", 10)
            .patch(40, true, false)
            .status("partial")
            .spans());
    reader =
        new PanelReader(
            new TraceQlEngine(store, TraceQlEngine.Options.DEFAULT, InstantSource.system()));
  }

  static List<Panel> panels() {
    return ReviewDashboard.definition().panels();
  }

  @ParameterizedTest
  @MethodSource("panels")
  void panel_drawsSomething(Panel panel) {
    List<Answer> answers = reader.read(panel, DAY, SETTINGS);

    assertThat(answers).isNotEmpty();
    for (Answer answer : answers) {
      assertThat(
              switch (answer) {
                case Answer.Numbers(Target _, List<Series> series) -> series.size();
                case Answer.Spans spans -> spans.traces().size();
              })
          .as(panel.title() + " " + answer.target().ref())
          .isPositive();
    }
  }

  @Test
  void ratiosAndRemainders_areWorkedOut() {
    assertThat(numbers("Error rate by operation")).isEqualTo(Map.of("fetch", 0.5));
    assertThat(numbers("Patches that were proven")).isEqualTo(Map.of("", 0.5));
    assertThat(numbers("Prompt tokens from the cache").get(""))
        .isCloseTo(1_000 / 4_100.0, within(1e-12));
    assertThat(numbers("Left of the monthly budget").get(""))
        .isCloseTo(100 - 0.00096, within(1e-12));
  }

  private Map<String, Double> numbers(String title) {
    Panel panel =
        panels().stream().filter(one -> one.title().equals(title)).findFirst().orElseThrow();
    Map<String, Double> numbers = new TreeMap<>();
    for (Answer answer : reader.read(panel, DAY, SETTINGS)) {
      if (answer instanceof Answer.Numbers(Target _, List<Series> series)) {
        for (Series one : series) {
          String name =
              one.labels().isEmpty()
                      || !(one.labels().getFirst().value() instanceof StringValue(String text))
                  ? ""
                  : text;
          numbers.put(name, one.samples().getFirst().value());
        }
      }
    }
    return numbers;
  }
}
