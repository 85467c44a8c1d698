package dev.prguard.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.store.TempoStage.Metric;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TempoStageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      quoteCharacter = '\0',
      value = {
        "{ } | rate() ¦ RATE ¦ false",
        "{ name = \"x | topk(1)\" } | count_over_time() by (span.\"a) | topk(2\", name) ¦ COUNT_OVER_TIME ¦ false",
        "{ } | by(name) | count() > 2 | sum_over_time(span.x)by(name)with(exemplars=false) ¦ SUM_OVER_TIME ¦ false",
        "{ .a = `}` } | quantile_over_time(span.x, .5, .9) by (name) // > 3 ¦ QUANTILE_OVER_TIME ¦ false",
        "{ } | rate() by (name) | topk(3) ¦ RATE ¦ true",
        "{ } | rate() > 1 ¦ RATE ¦ true",
        "{ } | rate() /* x */ >= 1s ¦ RATE ¦ true",
        "({ } | rate()) / ({ } | rate()) ¦ OTHER ¦ false",
        "2 * ({ } | rate()) ¦ RATE ¦ true",
        "{ } | compare({ status = error }, 5) ¦ OTHER ¦ false",
        "{ span.rate(1) = \"rate()\" } ¦ OTHER ¦ false",
        "{ } | rate( ¦ OTHER ¦ false",
        "\" ¦ OTHER ¦ false",
      })
  void metricAndWhatFollows_areSeen(String query, Metric metric, boolean second) {
    assertThat(TempoStage.of(query)).isEqualTo(new TempoStage(metric, second));
  }

  @ParameterizedTest
  @CsvSource({
    "'range specified by start and end (25h0m0s) exceeds 24h0m0s. received start=1 end=2', PT24H",
    "'range specified by start and end exceeds 168h0m0s. received start=1 end=2', PT168H",
    "'metrics query time range exceeds the maximum allowed duration of 3h30m0s', PT3H30M",
    "'limit 262145 exceeds max limit 262144', ",
    "'spans per span set exceeds 100. received 200', ",
    "'parse error at line 1, col 3', ",
  })
  void maximum_isReadFromARefusal(String refusal, Duration longest) {
    assertThat(TempoPieces.maximum(refusal).orElse(null)).isEqualTo(longest);
  }
}
