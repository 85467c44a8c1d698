package dev.prguard.insight.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.insight.report.CostReport.Review;
import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.SpanRecord;
import dev.prguard.traceql.engine.TraceQlEngine;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the queries give is what adding up span by span gives, to the nano-dollar.
final class FactReaderTest {
  private static final List<SpanRecord> DEMO = ReportFixture.demo(8);
  private static final InMemorySpanStore STORE = new InMemorySpanStore();

  static {
    STORE.append(DEMO);
  }

  @AfterAll
  static void close() {
    STORE.close();
  }

  private static CostReport read(ReportRequest request) {
    return FactReader.read(
        new TraceQlEngine(
            STORE, TraceQlEngine.Options.DEFAULT, InstantSource.fixed(ReportFixture.NOW)),
        request);
  }

  private static ReportRequest request(
      ReportPeriod period, ReportSource source, @Nullable String repository) {
    return new ReportRequest(period, source, repository, null, ReportFixture.NOW);
  }

  /// UTC, whole hours with a change of clocks in the period before, and half an hour.
  @ParameterizedTest
  @ValueSource(strings = {"UTC", "Europe/Berlin", "Asia/Kolkata"})
  void report_ofAnyZone_isTheSumOfTheSpans(String zone) {
    ReportPeriod period =
        new ReportPeriod(LocalDate.of(2026, 11, 1), LocalDate.of(2026, 12, 1), ZoneId.of(zone));
    ReportRequest request = request(period, new ReportSource.Embedded("memory"), null);

    CostReport read = read(request);

    CostReport sums = ReportBuilder.build(request, SpanSums.facts(period, DEMO));
    assertThat(read.summary()).isEqualTo(sums.summary());
    assertThat(read.previous()).isEqualTo(sums.previous());
    assertThat(read.days()).isEqualTo(sums.days());
    assertThat(read.cells()).isEqualTo(sums.cells());
    assertThat(read.operations()).isEqualTo(sums.operations());
    assertThat(read.repositories()).isEqualTo(sums.repositories());
    assertThat(read.authors()).isEqualTo(sums.authors());
    assertThat(read.objectives()).isEqualTo(sums.objectives());
    assertThat(read.unpriced()).isEqualTo(sums.unpriced());
    assertThat(read.forecast()).isEqualTo(sums.forecast());
    assertThat(read.dayAnomalies()).isEqualTo(sums.dayAnomalies());
    assertThat(read.origin()).isEqualTo(sums.origin());
    assertThat(read.dearest())
        .extracting(Review::traceId)
        .isEqualTo(sums.dearest().stream().map(Review::traceId).toList())
        .hasSize(10);
    assertThat(read.incompleteReviews())
        .extracting(Review::traceId)
        .containsExactlyInAnyOrderElementsOf(
            sums.incompleteReviews().stream().map(Review::traceId).toList())
        .isNotEmpty();
    assertThat(read.unpricedReviews())
        .extracting(Review::traceId)
        .containsExactlyInAnyOrderElementsOf(
            sums.unpricedReviews().stream().map(Review::traceId).distinct().toList())
        .isNotEmpty();
    assertThat(read.reviewAnomalies()).isNotNull();
    assertThat(read.omitted()).isEmpty();
  }

  @Test
  void report_askedInWindowsOfADay_hasTheSameSums_andNamesWhatIsLeftOut() {
    ReportPeriod period = ReportFixture.NOVEMBER;
    CostReport whole = read(request(period, new ReportSource.Embedded("memory"), null));

    CostReport chunked = read(request(period, new ReportSource.Tempo("tempo"), null));

    assertThat(chunked.cells()).isEqualTo(whole.cells());
    assertThat(chunked.days()).isEqualTo(whole.days());
    assertThat(chunked.authors()).isEqualTo(whole.authors());
    assertThat(chunked.dearest())
        .extracting(Review::traceId)
        .isEqualTo(whole.dearest().stream().map(Review::traceId).toList());
    double exact = Objects.requireNonNull(whole.summary().p95Ms());
    assertThat(chunked.summary().p95Ms()).isBetween(exact / 2, exact * 2);
    assertThat(chunked.omitted())
        .hasSize(2)
        .anyMatch(line -> line.contains("out of the ordinary"))
        .anyMatch(line -> line.contains("newest 30 seconds"));
  }

  @Test
  void report_ofOneRepository_holdsNoOther() {
    CostReport read =
        read(request(ReportFixture.NOVEMBER, new ReportSource.Embedded("memory"), "acme/web-shop"));

    long sum =
        read(request(ReportFixture.NOVEMBER, new ReportSource.Embedded("memory"), null))
            .repositories()
            .stream()
            .filter(group -> group.name().equals("acme/web-shop"))
            .mapToLong(CostReport.OriginGroup::nanoUsd)
            .sum();
    assertThat(read.repositories())
        .extracting(CostReport.OriginGroup::name)
        .containsExactly("acme/web-shop");
    assertThat(read.summary().tally().nanoUsd()).isEqualTo(sum).isPositive();
  }

  @Test
  void repository_withQuotesInItsName_isAskedForAsItIs() {
    CostReport read =
        read(
            request(
                ReportFixture.NOVEMBER,
                new ReportSource.Embedded("memory"),
                "x\" || name != \"\\"));

    assertThat(read.isEmpty()).isTrue();
  }
}
