package dev.prguard.insight.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.insight.alert.Verdict.Reading;
import dev.prguard.insight.alert.Verdict.State;
import dev.prguard.insight.alert.Verdict.Worst;
import dev.prguard.testkit.ReviewTrace;
import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.traceql.engine.TraceQlEngine;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Windows and what they hold. Thresholds are held to those of Prometheus beside its rules.
class AlertCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00.500Z");
  private static final Duration DAY = Duration.ofDays(1);

  private final InMemorySpanStore store = new InMemorySpanStore();
  private int reviews;

  private ReviewTrace review(Duration ago) {
    return new ReviewTrace(++reviews, "acme/shop", NOW.minus(ago));
  }

  private void spent(Duration ago, long nanoUsd) {
    store.append(review(ago).modelOperation("nitpicker", 900, "m", 9, 1, 0, nanoUsd).spans());
  }

  private Verdict verdict(String id, Duration slice) {
    AlertRule rule =
        ReviewAlerts.rules(new Budgets(BigDecimal.TEN, new BigDecimal(20))).stream()
            .filter(candidate -> candidate.id().equals(id))
            .findFirst()
            .orElseThrow();
    return new AlertCheck(
            new TraceQlEngine(store, TraceQlEngine.Options.DEFAULT, InstantSource.system()), slice)
        .check(List.of(rule), DAY, NOW)
        .getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "2_000_000_000, 4_000_000_000, FINE",
    "2_000_000_000, 4_000_000_001, BREACHED",
    // Ten times as much, and still no money.
    "100_000_000, 1_000_000_000, NO_DATA",
    "0, 9_000_000_000, NO_DATA",
  })
  void spike_isAgainstTheSameWeekday_andOverAFloor(String before, String now, State state) {
    spent(Duration.ofDays(7).plusHours(1), Long.parseLong(before.replace("_", "")));
    spent(Duration.ofHours(1), Long.parseLong(now.replace("_", "")));
    // Yesterday has nothing to do with it.
    spent(Duration.ofDays(2), 9_000_000_000L);

    assertThat(verdict("spend-spike", DAY).state()).isEqualTo(state);
  }

  /// A Tempo is asked day by day, and no span may count twice or never.
  @Test
  void month_isTheSameInPartsAsWhole() {
    for (int day = 0; day < 32; day++) {
      spent(Duration.ofDays(day), 1_000_000_000L);
    }

    List<Reading> inParts = verdict("budget-monthly", AlertCheck.TEMPO_SLICE).readings();

    assertThat(inParts).isEqualTo(verdict("budget-monthly", Duration.ofDays(60)).readings());
    // That of 30 days ago lies on the open end of the window.
    assertThat(inParts).containsExactly(new Reading("", 30, true));
  }

  @Test
  void worstTraces_areThoseOfTheGreatestValues_first() {
    for (long latencyMs : new long[] {3_500, 9_000, 4_000, 3_100, 5_000}) {
      store.append(review(Duration.ofHours(1)).operation("fetch", latencyMs).spans());
    }

    Verdict verdict = verdict("operation-latency", DAY);

    assertThat(verdict.readings()).containsExactly(new Reading("fetch", 9_000, true));
    assertThat(verdict.worst()).extracting(Worst::what).hasSize(3);
    assertThat(verdict.worst().getFirst().what())
        .contains("latency.ms=9000")
        .doesNotContain("service.name");
    assertThat(verdict.worst().getLast().what()).contains("latency.ms=4000");
    assertThat(verdict.worst().getFirst().traceId())
        .isEqualTo(new ReviewTrace(2, "acme/shop", NOW).traceId());
  }

  @Test
  void worstTrace_mayHaveBegunInThisVerySecond() {
    store.append(review(Duration.ofMillis(400)).failedOperation("fetch", 10).spans());

    assertThat(verdict("error-rate", DAY).worst()).hasSize(1);
  }

  @Test
  void reach_isOfTheLongestLookBack() {
    List<AlertRule> rules = ReviewAlerts.rules(Budgets.DEFAULT);

    assertThat(AlertCheck.reach(rules, DAY)).isEqualTo(Duration.ofDays(30));
    assertThat(AlertCheck.reach(rules, Duration.ofDays(40))).isEqualTo(Duration.ofDays(40));
    assertThat(AlertCheck.reach(rules.subList(0, 4), Duration.ofHours(1))).isEqualTo(DAY);
  }
}
