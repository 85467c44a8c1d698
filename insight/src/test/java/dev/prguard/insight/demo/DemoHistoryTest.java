package dev.prguard.insight.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.SpanRecord;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DemoHistoryTest {
  private static final LocalDate FIRST = LocalDate.of(2026, 9, 1);
  private static final LocalDate LAST = LocalDate.of(2026, 11, 29);

  private static List<List<SpanRecord>> reviews(long seed) {
    return new DemoHistory(FIRST, LAST, seed, 12).reviews().toList();
  }

  @Test
  void history_ofOneSeed_isTheSameWhereItOverlapsAnother() {
    List<List<SpanRecord>> day = new DemoHistory(LAST, LAST, 7, 12).reviews().toList();

    List<List<SpanRecord>> whole = reviews(7);

    assertThat(day).isNotEmpty();
    assertThat(whole.subList(whole.size() - day.size(), whole.size())).isEqualTo(day);
    assertThat(reviews(8)).isNotEqualTo(whole);
  }

  @Test
  void books_ofEachReview_balance() {
    for (List<SpanRecord> review : reviews(1)) {
      Map<String, AttributeValue> root = review.getLast().attributes();
      long operations = 0;
      long calls = 0;
      for (SpanRecord span : review) {
        if (span.attributes().get("cost.nano_usd") instanceof LongValue(long nanoUsd)) {
          operations += nanoUsd;
        }
        if (span.attributes().get("gen_ai.usage.cost") instanceof DoubleValue(double usd)) {
          calls += Math.round(usd * 1e9);
        }
      }
      assertThat(calls).isEqualTo(operations);
      if (root.get("cost.total_usd") instanceof DoubleValue(double usd)) {
        assertThat(Math.round(usd * 1e9)).isEqualTo(operations);
      } else {
        assertThat(operations).isZero();
      }
    }
  }

  @Test
  void history_holdsWhatAReportHasToShow() {
    Set<String> values = new HashSet<>();
    Set<String> ids = new HashSet<>();
    List<List<SpanRecord>> reviews = reviews(1);
    for (List<SpanRecord> review : reviews) {
      for (SpanRecord span : review) {
        assertThat(span.resource()).containsEntry(DemoHistory.MARK, AttributeValue.of(true));
        assertThat(ids.add(span.traceId() + span.spanId())).isTrue();
        for (String key : List.of("cost.model", "pr.repository", "workflow.status")) {
          if (span.attributes().get(key) instanceof AttributeValue.StringValue(String value)) {
            values.add(value);
          }
        }
        values.add(span.status() + " " + span.attributes().get("cost.priced"));
      }
    }
    assertThat(values)
        .contains("reviewed", "partial", "not_reviewed", "acme/infra", "acme/web-shop")
        .contains("gpt-4o-mini", "claude-haiku-4-5", "acme-tuned-7b", "none")
        .contains("ERROR " + AttributeValue.of(true), "UNSET " + AttributeValue.of(false));
    assertThat(reviews).hasSizeBetween(500, 800);
  }
}
