package dev.prguard.insight.report;

import dev.prguard.insight.report.CostReport.Review;
import dev.prguard.insight.report.Facts.Outliers;
import dev.prguard.trace.query.TraceQueries.FoundSpan;
import dev.prguard.trace.query.TraceQueries.FoundTrace;
import dev.prguard.trace.query.TraceQueries.Label;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Single reviews of a period. TraceQL cannot sort by an attribute, so the dearest are found by
/// counting how many lie above a bound, until few enough do to be listed whole.
final class ReviewSearch {
  static final int DEAREST = 10;

  /// Named at most; the report tells how many there are in all.
  static final int NAMED = 20;

  private static final int LISTED = 200;
  private static final int STEPS = 24;

  private static final Comparator<Review> DEAREST_FIRST =
      Comparator.comparing(
              (Review review) -> review.usd() == null ? 0.0 : review.usd(),
              Comparator.reverseOrder())
          .thenComparing(Review::traceId);

  private final Questions questions;
  private final ReportQueries texts;
  private final ReportPeriod period;

  ReviewSearch(Questions questions, ReportQueries texts, ReportPeriod period) {
    this.questions = questions;
    this.texts = texts;
    this.period = period;
  }

  List<Review> dearest() {
    double high = questions.maximum(texts.dearestReview(), period);
    double all = high > 0 ? above(0) : 0;
    if (all == 0) {
      return List.of();
    }
    if (all <= LISTED) {
      return reviews(texts.reviewsFrom(0), LISTED).stream()
          .sorted(DEAREST_FIRST)
          .limit(DEAREST)
          .toList();
    }
    // Above `high` are too few, above `low` are enough.
    double low = high / 2;
    double count = above(low);
    for (int i = 0; i < STEPS && count < DEAREST; i++) {
      high = low;
      low /= 2;
      count = above(low);
    }
    for (int i = 0; i < STEPS && count > LISTED; i++) {
      double middle = (low + high) / 2;
      double between = above(middle);
      if (between < DEAREST) {
        high = middle;
      } else {
        low = middle;
        count = between;
      }
    }
    return reviews(texts.reviewsFrom(low), LISTED).stream()
        .sorted(DEAREST_FIRST)
        .limit(DEAREST)
        .toList();
  }

  /// Null where there are too few reviews for a fence.
  @Nullable Outliers outliers() {
    double all = above(0);
    Map<Questions.Labels, Double> quartiles =
        questions.sums(texts.reviewCostQuartiles(), period, List.of("p"));
    Double first = quartiles.get(new Questions.Labels(List.of("0.25")));
    Double third = quartiles.get(new Questions.Labels(List.of("0.75")));
    if (all < 20 || first == null || third == null || first <= 0) {
      return null;
    }
    double fence = third * Math.pow(third / first, 1.5);
    long count = Math.round(above(fence));
    List<Review> some =
        count == 0
            ? List.of()
            : reviews(texts.reviewsFrom(fence), LISTED).stream()
                .sorted(DEAREST_FIRST)
                .limit(DEAREST)
                .toList();
    return new Outliers(fence, count, some);
  }

  List<Review> incomplete() {
    return reviews(texts.incompleteReviews(), NAMED);
  }

  List<Review> unpriced() {
    return reviews(texts.unpricedOperations(), NAMED);
  }

  private double above(double usd) {
    return questions.sums(texts.reviewsAbove(usd), period, List.of()).values().stream()
        .mapToDouble(Double::doubleValue)
        .sum();
  }

  private List<Review> reviews(String query, int limit) {
    List<Review> reviews = new ArrayList<>();
    for (FoundTrace trace : questions.search(query, period, limit)) {
      if (trace.spanSets().isEmpty() || trace.spanSets().getFirst().spans().isEmpty()) {
        continue;
      }
      FoundSpan span = trace.spanSets().getFirst().spans().getFirst();
      String usd = text(span, "cost.total_usd");
      reviews.add(
          new Review(
              trace.traceId(),
              text(span, "pr.url"),
              text(span, "pr.author"),
              text(span, "workflow.status"),
              usd.isEmpty() ? null : Double.valueOf(usd),
              span.startNanos(),
              detail(span)));
    }
    return reviews;
  }

  private static String detail(FoundSpan span) {
    String operation = text(span, "operation.type");
    return operation.isEmpty() ? "" : operation + ", model " + text(span, "cost.model");
  }

  private static String text(FoundSpan span, String key) {
    return span.attributes().stream()
        .filter(label -> label.key().equals(key) || label.key().equals("span." + key))
        .map(Label::value)
        .map(Questions::text)
        .findFirst()
        .orElse("");
  }
}
