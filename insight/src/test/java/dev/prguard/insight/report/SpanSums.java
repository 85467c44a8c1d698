package dev.prguard.insight.report;

import dev.prguard.insight.alert.ReviewAlerts;
import dev.prguard.insight.report.CostReport.Review;
import dev.prguard.insight.report.Facts.Cell;
import dev.prguard.insight.report.Facts.Origin;
import dev.prguard.insight.report.Facts.OriginTally;
import dev.prguard.insight.report.Facts.Promise;
import dev.prguard.insight.report.Tally.Measure;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.SpanRecord;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The facts of a report, added up span by span without any query: what the queries must agree
/// with.
final class SpanSums {
  private SpanSums() {}

  static Facts facts(ReportPeriod period, Iterable<SpanRecord> spans) {
    Map<Cell, Tally> cells = new TreeMap<>(Cell.ORDER);
    Map<LocalDate, Map<String, Long>> reviews = new HashMap<>();
    Map<LocalDate, Long> findings = new HashMap<>();
    Map<LocalDate, Long> patches = new HashMap<>();
    Map<LocalDate, Long> slow = new HashMap<>();
    Map<LocalDate, Long> all = new HashMap<>();
    Map<LocalDate, Long> costly = new HashMap<>();
    Map<LocalDate, Long> priced = new HashMap<>();
    Map<Origin, OriginTally> origins = new HashMap<>();
    Map<String, List<Long>> latencies = new HashMap<>();
    List<Review> dearest = new ArrayList<>();
    List<Review> unpriced = new ArrayList<>();
    List<Review> incomplete = new ArrayList<>();
    List<Long> before = new ArrayList<>();
    long demo = 0;
    for (SpanRecord span : spans) {
      LocalDate day =
          LocalDate.ofInstant(Instant.ofEpochSecond(0, span.startNanos()), period.zone());
      String type = text(span, "operation.type");
      boolean now = period.contains(day);
      Origin origin = new Origin(text(span, "pr.repository"), text(span, "pr.author"));
      if (type.equals("workflow")) {
        String status = text(span, "workflow.status");
        reviews.computeIfAbsent(day, key -> new TreeMap<>()).merge(status, 1L, Long::sum);
        findings.merge(day, number(span, "issues.found"), Long::sum);
        if (now) {
          origins.merge(
              origin, new OriginTally(0, 1, number(span, "issues.found")), OriginTally::plus);
          dearest.add(review(span));
          if (!status.equals("reviewed")) {
            incomplete.add(review(span));
          }
        }
      } else if (!type.isEmpty()) {
        Tally tally = Tally.of(Measure.OPERATIONS, 1);
        boolean known = !AttributeValue.of(false).equals(span.attributes().get("cost.priced"));
        if (!known) {
          tally = tally.plus(Tally.of(Measure.UNPRICED, 1));
        }
        if (span.status() == SpanRecord.Status.ERROR) {
          tally = tally.plus(Tally.of(Measure.ERRORS, 1));
        }
        long nanoUsd = number(span, "cost.nano_usd");
        long ms = number(span, "latency.ms");
        tally =
            tally
                .plus(Tally.of(Measure.NANO_USD, nanoUsd))
                .plus(Tally.of(Measure.PROMPT_TOKENS, number(span, "cost.tokens.prompt")))
                .plus(Tally.of(Measure.CACHED_TOKENS, number(span, "cost.tokens.cache_read")))
                .plus(
                    Tally.of(
                        Measure.CACHE_SAVED_NANO_USD, number(span, "cost.cache.saved_nano_usd")))
                .plus(Tally.of(Measure.COMPLETION_TOKENS, number(span, "cost.tokens.completion")))
                .plus(Tally.of(Measure.LATENCY_MS, ms));
        cells.merge(new Cell(day, type, text(span, "cost.model")), tally, Tally::plus);
        slow.merge(day, ms < 2000 ? 0L : 1L, Long::sum);
        all.merge(day, 1L, Long::sum);
        boolean told = span.attributes().containsKey("cost.usd");
        costly.merge(day, told && nanoUsd >= 3_000_000 ? 1L : 0L, Long::sum);
        priced.merge(day, told ? 1L : 0L, Long::sum);
        boolean patched = AttributeValue.of(true).equals(span.attributes().get("patch.verified"));
        patches.merge(day, patched ? 1L : 0L, Long::sum);
        if (now) {
          origins.merge(origin, new OriginTally(nanoUsd, 0, 0), OriginTally::plus);
          latencies.computeIfAbsent(type, key -> new ArrayList<>()).add(ms);
          latencies.computeIfAbsent("", key -> new ArrayList<>()).add(ms);
          demo += span.resource().containsKey("pr_guard.demo") ? 1 : 0;
          if (!known) {
            unpriced.add(review(span));
          }
        } else if (period.previous().contains(day)) {
          before.add(ms);
        }
      }
    }
    Map<String, Double> p95 = new HashMap<>();
    latencies.forEach((type, values) -> p95.put(type, quantile(values)));
    dearest.sort(
        Comparator.comparingDouble((Review review) -> review.usd() == null ? 0.0 : -review.usd()));
    return new Facts(
        cells,
        reviews,
        findings,
        patches,
        List.of(
            new Promise(ReviewAlerts.slos().get(0), slow, all),
            new Promise(ReviewAlerts.slos().get(1), costly, priced)),
        p95.remove(""),
        before.isEmpty() ? null : quantile(before),
        p95,
        origins,
        dearest.stream().limit(10).toList(),
        null,
        unpriced.stream().limit(20).toList(),
        incomplete.stream().limit(20).toList(),
        demo,
        0,
        List.of());
  }

  private static double quantile(List<Long> values) {
    List<Long> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.ceil(0.95 * sorted.size()) - 1);
  }

  private static Review review(SpanRecord span) {
    return new Review(
        span.traceId(),
        text(span, "pr.url"),
        text(span, "pr.author"),
        text(span, "workflow.status"),
        span.attributes().get("cost.total_usd") instanceof DoubleValue(double usd) ? usd : null,
        span.startNanos(),
        "");
  }

  private static String text(SpanRecord span, String key) {
    return span.attributes().get(key) instanceof StringValue(String text) ? text : "";
  }

  private static long number(SpanRecord span, String key) {
    return span.attributes().get(key) instanceof LongValue(long value) ? value : 0;
  }
}
