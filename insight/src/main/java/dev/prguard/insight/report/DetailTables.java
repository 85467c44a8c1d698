package dev.prguard.insight.report;

import static dev.prguard.insight.report.ReportTable.number;
import static dev.prguard.insight.report.ReportTable.text;

import dev.prguard.insight.report.CostReport.Day;
import dev.prguard.insight.report.CostReport.DayAnomaly;
import dev.prguard.insight.report.CostReport.Group;
import dev.prguard.insight.report.CostReport.OriginGroup;
import dev.prguard.insight.report.CostReport.Review;
import dev.prguard.insight.report.CostReport.ReviewAnomalies;
import dev.prguard.insight.report.CostReport.Unpriced;
import dev.prguard.insight.report.ReportTable.Cell;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The tables about parts of the period.
final class DetailTables {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  private final CostReport report;
  private final TraceLinks links;
  private final Usd usd;

  DetailTables(CostReport report, TraceLinks links) {
    this.report = report;
    this.links = links;
    this.usd = Usd.forTotal(report.summary().tally().nanoUsd());
  }

  ReportTable operations() {
    List<List<Cell>> rows = new ArrayList<>();
    List<Cell> costs = costs(report.operations(), group -> group.tally().nanoUsd());
    for (int i = 0; i < report.operations().size(); i++) {
      Group group = report.operations().get(i);
      rows.add(operation(group.name(), group.tally(), costs.get(i), group.p95Ms()));
    }
    Tally all = report.summary().tally();
    return new ReportTable(
        "operations",
        "Cost by operation",
        List.of(
            text("Operation"),
            number("Number"),
            number("Errors"),
            number("Cost"),
            number("Share"),
            number("Cost each"),
            number("Tokens"),
            number("Average ms"),
            number("P95 ms")),
        rows,
        operation("total", all, money(all.nanoUsd()), report.summary().p95Ms()),
        "");
  }

  private List<Cell> operation(String name, Tally tally, Cell cost, @Nullable Double p95) {
    return List.of(
        Cell.of(name),
        Figures.count(tally.operations()),
        Figures.count(tally.errors()),
        cost,
        Figures.percent(tally.nanoUsd(), report.summary().tally().nanoUsd()),
        Figures.usd(tally.nanoUsd(), tally.operations()),
        Figures.count(tally.tokens()),
        Figures.millis(Figures.ratio(tally.latencyMs(), tally.operations())),
        Figures.millis(p95));
  }

  ReportTable models() {
    List<List<Cell>> rows = new ArrayList<>();
    List<Cell> costs = costs(report.models(), group -> group.tally().nanoUsd());
    for (int i = 0; i < report.models().size(); i++) {
      Group group = report.models().get(i);
      String name = group.name().equals("none") ? "none (no model asked)" : group.name();
      rows.add(model(name, group.tally(), costs.get(i)));
    }
    Tally all = report.summary().tally();
    return new ReportTable(
        "models",
        "Cost by model",
        List.of(
            text("Model"),
            number("Operations"),
            number("Unpriced"),
            number("Cost"),
            number("Share"),
            number("Cost each"),
            number("Prompt tokens"),
            number("of them cached"),
            number("Completion tokens")),
        rows,
        model("total", all, money(all.nanoUsd())),
        "");
  }

  private List<Cell> model(String name, Tally tally, Cell cost) {
    return List.of(
        Cell.of(name),
        Figures.count(tally.operations()),
        Figures.count(tally.unpriced()),
        cost,
        Figures.percent(tally.nanoUsd(), report.summary().tally().nanoUsd()),
        Figures.usd(tally.nanoUsd(), tally.operations() - tally.unpriced()),
        Figures.count(tally.promptTokens()),
        Figures.count(tally.cachedTokens()),
        Figures.count(tally.completionTokens()));
  }

  ReportTable days() {
    List<List<Cell>> rows = new ArrayList<>();
    List<Cell> costs = costs(report.days(), day -> day.tally().nanoUsd());
    for (int i = 0; i < report.days().size(); i++) {
      Day day = report.days().get(i);
      rows.add(day(day.date().toString(), day.reviews(), day.tally(), costs.get(i)));
    }
    Tally all = report.summary().tally();
    return new ReportTable(
        "days",
        "Days",
        List.of(
            text("Day"),
            number("Reviews"),
            number("Operations"),
            number("Errors"),
            number("Cost"),
            number("Prompt tokens"),
            number("of them cached"),
            number("Completion tokens"),
            number("Average ms")),
        rows,
        day("total", report.summary().reviews(), all, money(all.nanoUsd())),
        "Days are those of " + report.request().period().zoneName() + ".");
  }

  private static List<Cell> day(String name, long reviews, Tally tally, Cell cost) {
    return List.of(
        Cell.of(name),
        Figures.count(reviews),
        Figures.count(tally.operations()),
        Figures.count(tally.errors()),
        cost,
        Figures.count(tally.promptTokens()),
        Figures.count(tally.cachedTokens()),
        Figures.count(tally.completionTokens()),
        Figures.millis(Figures.ratio(tally.latencyMs(), tally.operations())));
  }

  ReportTable repositories() {
    return origins("repositories", "By repository", "Repository", report.repositories());
  }

  ReportTable authors() {
    return origins("authors", "By author", "Author", report.authors());
  }

  private ReportTable origins(String id, String title, String what, List<OriginGroup> groups) {
    List<List<Cell>> rows = new ArrayList<>();
    List<Cell> costs = costs(groups, OriginGroup::nanoUsd);
    long reviews = 0;
    long findings = 0;
    for (int i = 0; i < groups.size(); i++) {
      OriginGroup group = groups.get(i);
      String name = group.name().isEmpty() || group.name().equals("nil") ? "(none)" : group.name();
      rows.add(origin(name, group, costs.get(i)));
      reviews += group.reviews();
      findings += group.findings();
    }
    long all = report.summary().tally().nanoUsd();
    return new ReportTable(
        id,
        title,
        List.of(
            text(what),
            number("Reviews"),
            number("Findings"),
            number("Cost"),
            number("Share"),
            number("Cost a review")),
        rows,
        origin("total", new OriginGroup("", all, reviews, findings), money(all)),
        "");
  }

  private List<Cell> origin(String name, OriginGroup group, Cell cost) {
    return List.of(
        Cell.of(name),
        Figures.count(group.reviews()),
        Figures.count(group.findings()),
        cost,
        Figures.percent(group.nanoUsd(), report.summary().tally().nanoUsd()),
        Figures.usd(group.nanoUsd(), group.reviews()));
  }

  ReportTable dearest() {
    return reviews("dearest", "The dearest reviews", report.dearest(), "");
  }

  ReportTable reviewAnomalies() {
    ReviewAnomalies anomalies = report.reviewAnomalies();
    if (anomalies == null) {
      return reviews("outliers", "Reviews out of the ordinary", List.of(), "");
    }
    return reviews(
        "outliers",
        "Reviews out of the ordinary",
        anomalies.some(),
        String.format(
            Locale.ROOT,
            "%,d reviews cost more than %s, the upper Tukey fence of the logarithms: Q3 × (Q3 /"
                + " Q1)^1.5 of the period's reviews that cost something. %s",
            anomalies.count(),
            Usd.fine(anomalies.fenceUsd()),
            anomalies.count() > anomalies.some().size() ? "Some of them:" : ""));
  }

  ReportTable dayAnomalies() {
    List<List<Cell>> rows = new ArrayList<>();
    for (DayAnomaly day : report.dayAnomalies()) {
      rows.add(
          List.of(
              Cell.of(day.date().toString()),
              money(day.nanoUsd()),
              money(day.medianNanoUsd()),
              money(day.fenceNanoUsd())));
    }
    return new ReportTable(
        "anomalies",
        "Days out of the ordinary",
        List.of(text("Day"), number("Cost"), number("Median"), number("Threshold")),
        rows,
        null,
        "A day is listed when it cost more than the median of its kind (working days, weekends) and"
            + " five robust standard deviations (1.4826 × the median absolute deviation, at least a"
            + " tenth of the median), and more than the median of all days, over this period and the one before; it needs "
            + DayFence.LEAST_DAYS
            + " days of that kind.");
  }

  ReportTable unpriced() {
    List<List<Cell>> rows = new ArrayList<>();
    for (Unpriced group : report.unpriced()) {
      rows.add(
          List.of(
              Cell.of(group.operation()),
              Cell.of(group.model()),
              Figures.count(group.operations())));
    }
    return new ReportTable(
        "unpriced",
        "Operations whose cost is not known",
        List.of(text("Operation"), text("Model"), number("Operations")),
        rows,
        null,
        "Their models have no price, or did not tell what they used: the sum above is at least what"
            + " was spent, without them. pr-guard prices MODEL prints the line that a price file"
            + " needs.");
  }

  ReportTable unpricedReviews() {
    return reviews(
        "unpriced-reviews",
        "Reviews with them",
        report.unpricedReviews(),
        some(report.unpricedReviews()));
  }

  ReportTable incomplete() {
    long count = report.summary().partial() + report.summary().notReviewed();
    return reviews(
        "incomplete",
        "Reviews that are not whole",
        report.incompleteReviews(),
        String.format(
            Locale.ROOT,
            "%,d partial, %,d not reviewed. %s",
            report.summary().partial(),
            report.summary().notReviewed(),
            count > report.incompleteReviews().size() ? some(report.incompleteReviews()) : ""));
  }

  private static String some(List<Review> reviews) {
    return reviews.size() < ReviewSearch.NAMED
        ? ""
        : "The newest " + ReviewSearch.NAMED + " of them:";
  }

  private ReportTable reviews(String id, String title, List<Review> reviews, String note) {
    List<List<Cell>> rows = new ArrayList<>();
    for (Review review : reviews) {
      Instant start = Instant.ofEpochSecond(0, review.startNanos());
      Double cost = review.usd();
      rows.add(
          List.of(
              new Cell(
                  review.pullRequest().isEmpty() ? "(local)" : review.pullRequest(),
                  null,
                  address(review.pullRequest())),
              Cell.of(review.author()),
              Cell.of(review.detail().isEmpty() ? review.status() : review.detail()),
              cost == null ? Cell.of(Figures.NONE, -1) : Cell.of(Usd.fine(cost), cost),
              Cell.of(MINUTE.format(start.atZone(report.request().period().zone()))),
              new Cell(review.traceId(), null, links.of(review.traceId(), start))));
    }
    return new ReportTable(
        id,
        title,
        List.of(
            text("Pull request"),
            text("Author"),
            text("What"),
            number("Cost"),
            text("Started"),
            text("Trace")),
        rows,
        null,
        note);
  }

  /// A pull request's address comes from spans: only one that leads to a web page is a link.
  private static @Nullable String address(String url) {
    try {
      URI uri = new URI(url);
      String scheme = String.valueOf(uri.getScheme());
      boolean web = scheme.equals("https") || scheme.equals("http");
      return web && uri.getHost() != null && uri.getRawUserInfo() == null ? uri.toString() : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private Cell money(long nanoUsd) {
    return Cell.of(usd.print(nanoUsd), (double) nanoUsd);
  }

  private <T> List<Cell> costs(List<T> rows, ToLongFunction<T> nanoUsd) {
    List<Long> amounts = rows.stream().map((Function<T, Long>) nanoUsd::applyAsLong).toList();
    List<String> texts = usd.column(amounts);
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      cells.add(Cell.of(texts.get(i), amounts.get(i).doubleValue()));
    }
    return cells;
  }
}
