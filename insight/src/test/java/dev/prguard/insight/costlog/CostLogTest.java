package dev.prguard.insight.costlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import java.io.IOException;
import java.io.StringReader;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CostLogTest {
  private static final String HEAD = String.join(",", CostLog.COLUMNS) + "\n";
  private static final String ROW =
      "2026-03-02T10:00:05,https://github.com/acme/shop/pull/7,nitpicker_analysis,gpt-4o-mini,"
          + "1200,300,1500,0.00036,5000\n";

  private final List<SpanRecord> spans = new ArrayList<>();
  private final List<BadRow> bad = new ArrayList<>();

  private void read(String csv) throws IOException {
    new CostLog(ZoneOffset.UTC).read(new StringReader(csv), spans::add, bad::add);
  }

  @Test
  void row_isAnOperationThatEndedWhenItWasLogged() throws IOException {
    read(HEAD + ROW);

    assertThat(bad).isEmpty();
    SpanRecord span = spans.getFirst();
    assertThat(Instant.ofEpochSecond(0, span.startNanos())).isEqualTo("2026-03-02T10:00:00Z");
    assertThat(span.attributes())
        .containsEntry("operation.type", AttributeValue.of("nitpicker"))
        .containsEntry("operation.name", AttributeValue.of("nitpicker_analysis"))
        .containsEntry("cost.nano_usd", AttributeValue.of(360_000L))
        .containsEntry("cost.usd", AttributeValue.of(0.00036))
        .containsEntry("cost.tokens.total", AttributeValue.of(1500L))
        .containsEntry("pr.repository", AttributeValue.of("acme/shop"))
        .containsEntry("pr.number", AttributeValue.of(7L));
    assertThat(span.resource()).containsEntry("pr_guard.import", AttributeValue.of("cost_log"));
  }

  @Test
  void rows_readAgainWithMoreBehind_areTheSameSpans() throws IOException {
    read(HEAD + ROW + ROW);
    List<SpanRecord> first = List.copyOf(spans);
    spans.clear();
    read(HEAD + ROW + ROW + ROW.replace("T10", "T11"));

    assertThat(first).extracting(SpanRecord::spanId).doesNotHaveDuplicates();
    assertThat(spans).startsWith(first.toArray(SpanRecord[]::new)).hasSize(3);
  }

  @Test
  void badRows_areNamedByLine_andTheOthersRead() throws IOException {
    read(
        HEAD
            + ROW
            + ROW.replace("1500", "1501")
            + "\n"
            + ROW.replace("0.00036", "-1")
            + "2026-03-02,short\n"
            + ROW.replace("2026-03-02T10:00:05", "yesterday")
            + ROW.replace("0.00036", "1e999999999")
            + ROW.replace("5000", "NaN"));

    assertThat(spans).hasSize(1);
    assertThat(bad)
        .extracting(row -> row.line() + " " + row.reason())
        .satisfiesExactly(
            row -> assertThat(row).startsWith("3 total_tokens 1501 (expected: 1200 + 300)"),
            row -> assertThat(row).contains("cost_usd -1: not a number"),
            row -> assertThat(row).startsWith("6 2 cells, no operation"),
            row -> assertThat(row).startsWith("7 timestamp yesterday: not a time"),
            row -> assertThat(row).startsWith("8 cost_usd 1e999999999: not a number"),
            row -> assertThat(row).startsWith("9 latency_ms NaN: not a number"));
  }

  @Test
  void quotes_unclosed_endTheReadingWithALine() throws IOException {
    read(HEAD + ROW + "\"2026-03-02T10:00:05,x\n" + ROW);

    assertThat(spans).hasSize(1);
    assertThat(bad).hasSize(1);
    assertThat(bad.getFirst().reason()).contains("not read");
  }

  @Test
  void timestamp_withoutZone_isOfTheGivenOne() throws IOException {
    String csv = HEAD + ROW + ROW.replace("T10:00:05", " 10:00:05+01:00");
    new CostLog(ZoneId.of("America/New_York")).read(new StringReader(csv), spans::add, bad::add);

    assertThat(bad).isEmpty();
    assertThat(spans)
        .extracting(span -> Instant.ofEpochSecond(0, span.endNanos()).toString())
        .containsExactly("2026-03-02T15:00:05Z", "2026-03-02T09:00:05Z");
  }

  @Test
  void amount_missing_isUnknown_notZero() throws IOException {
    read(HEAD + ROW.replace("0.00036", ""));

    assertThat(spans.getFirst().attributes())
        .containsEntry("cost.priced", AttributeValue.of(false))
        .doesNotContainKeys("cost.usd", "cost.nano_usd");
  }

  @Test
  void head_lackingColumns_namesThem() {
    assertThatThrownBy(() -> read("timestamp,model\n" + ROW))
        .isInstanceOf(CostLogFormatException.class)
        .hasMessageContaining("lacks pr_url, operation")
        .hasMessageContaining("expected: timestamp,pr_url");
  }
}
