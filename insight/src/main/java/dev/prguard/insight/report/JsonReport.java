package dev.prguard.insight.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.prguard.insight.report.CostReport.BudgetStatus;
import dev.prguard.insight.report.CostReport.CellSum;
import dev.prguard.insight.report.CostReport.DayAnomaly;
import dev.prguard.insight.report.CostReport.Group;
import dev.prguard.insight.report.CostReport.ObjectiveStatus;
import dev.prguard.insight.report.CostReport.OriginGroup;
import dev.prguard.insight.report.CostReport.Review;
import dev.prguard.insight.report.CostReport.Summary;
import dev.prguard.insight.report.CostReport.Unpriced;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything, exact: `..._nano_usd` are whole nano-dollars, `..._ms` milliseconds, days are dates
/// of `zone`. What is not known is null.
public final class JsonReport {
  private final JsonGenerator json;

  private JsonReport(JsonGenerator json) {
    this.json = json;
  }

  public static String write(CostReport report) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
      new JsonReport(json).document(report);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.append('\n').toString();
  }

  private void document(CostReport report) throws IOException {
    ReportRequest request = report.request();
    json.writeStartObject();
    json.writeNumberField("version", 1);
    json.writeStringField("first_day", request.period().first().toString());
    json.writeStringField("last_day", request.period().last().toString());
    json.writeStringField("zone", request.period().zoneName());
    json.writeStringField("source", request.source().title());
    text("repository", request.repository());
    json.writeStringField("made", request.now().toString());
    json.writeNumberField("demo_operations", report.origin().demoSpans());
    json.writeNumberField("imported_operations", report.origin().importedSpans());
    json.writeFieldName("summary");
    summary(report.summary());
    json.writeFieldName("previous");
    summary(report.previous());
    array("cells", report.cells(), this::cell);
    array("operations", report.operations(), this::group);
    array("models", report.models(), this::group);
    array("repositories", report.repositories(), this::origin);
    array("authors", report.authors(), this::origin);
    array("dearest_reviews", report.dearest(), this::review);
    array("days_out_of_the_ordinary", report.dayAnomalies(), this::anomaly);
    reviewAnomalies(report);
    forecast(report.forecast());
    budget(report.budget());
    array("objectives", report.objectives(), this::objective);
    array("unpriced", report.unpriced(), this::unpriced);
    array("unpriced_reviews", report.unpricedReviews(), this::review);
    array("incomplete_reviews", report.incompleteReviews(), this::review);
    array("omitted", report.omitted(), json::writeString);
    json.writeEndObject();
  }

  private interface Element<T> {
    void write(T element) throws IOException;
  }

  private <T> void array(String name, List<T> elements, Element<T> element) throws IOException {
    json.writeArrayFieldStart(name);
    for (T each : elements) {
      element.write(each);
    }
    json.writeEndArray();
  }

  private void summary(Summary summary) throws IOException {
    json.writeStartObject();
    tally(summary.tally());
    json.writeNumberField("reviews", summary.reviews());
    json.writeNumberField("reviewed", summary.reviewed());
    json.writeNumberField("partial", summary.partial());
    json.writeNumberField("not_reviewed", summary.notReviewed());
    json.writeNumberField("findings", summary.findings());
    json.writeNumberField("verified_patches", summary.verifiedPatches());
    number("p95_ms", summary.p95Ms());
    json.writeEndObject();
  }

  private void tally(Tally tally) throws IOException {
    json.writeNumberField("cost_nano_usd", tally.nanoUsd());
    json.writeNumberField("operations", tally.operations());
    json.writeNumberField("errors", tally.errors());
    json.writeNumberField("unpriced_operations", tally.unpriced());
    json.writeNumberField("prompt_tokens", tally.promptTokens());
    json.writeNumberField("cached_prompt_tokens", tally.cachedTokens());
    json.writeNumberField("completion_tokens", tally.completionTokens());
    json.writeNumberField("latency_ms_sum", tally.latencyMs());
    json.writeNumberField("cache_saved_nano_usd", tally.cacheSavedNanoUsd());
  }

  private void cell(CellSum cell) throws IOException {
    json.writeStartObject();
    json.writeStringField("day", cell.day().toString());
    json.writeStringField("operation", cell.operation());
    json.writeStringField("model", cell.model());
    tally(cell.tally());
    json.writeEndObject();
  }

  private void group(Group group) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", group.name());
    tally(group.tally());
    number("p95_ms", group.p95Ms());
    json.writeEndObject();
  }

  private void origin(OriginGroup group) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", group.name());
    json.writeNumberField("cost_nano_usd", group.nanoUsd());
    json.writeNumberField("reviews", group.reviews());
    json.writeNumberField("findings", group.findings());
    json.writeEndObject();
  }

  private void review(Review review) throws IOException {
    json.writeStartObject();
    json.writeStringField("trace_id", review.traceId());
    json.writeStringField("pr_url", review.pullRequest());
    json.writeStringField("author", review.author());
    json.writeStringField("status", review.status());
    json.writeStringField("detail", review.detail());
    number("cost_usd", review.usd());
    json.writeNumberField("start_ns", review.startNanos());
    json.writeEndObject();
  }

  private void anomaly(DayAnomaly day) throws IOException {
    json.writeStartObject();
    json.writeStringField("day", day.date().toString());
    json.writeNumberField("cost_nano_usd", day.nanoUsd());
    json.writeNumberField("median_nano_usd", day.medianNanoUsd());
    json.writeNumberField("threshold_nano_usd", day.fenceNanoUsd());
    json.writeEndObject();
  }

  private void reviewAnomalies(CostReport report) throws IOException {
    CostReport.ReviewAnomalies anomalies = report.reviewAnomalies();
    if (anomalies == null) {
      json.writeNullField("reviews_out_of_the_ordinary");
      return;
    }
    json.writeObjectFieldStart("reviews_out_of_the_ordinary");
    json.writeNumberField("threshold_usd", anomalies.fenceUsd());
    json.writeNumberField("count", anomalies.count());
    array("some", anomalies.some(), this::review);
    json.writeEndObject();
  }

  private void forecast(@Nullable Forecast forecast) throws IOException {
    if (forecast == null) {
      json.writeNullField("forecast");
      return;
    }
    json.writeObjectFieldStart("forecast");
    json.writeNumberField("total_nano_usd", forecast.totalNanoUsd());
    json.writeNumberField("basis_days", forecast.basisDays());
    json.writeEndObject();
  }

  private void budget(@Nullable BudgetStatus budget) throws IOException {
    if (budget == null) {
      json.writeNullField("budget");
      return;
    }
    json.writeObjectFieldStart("budget");
    json.writeNumberField("limit_nano_usd", budget.limitNanoUsd());
    json.writeBooleanField("exceeded", budget.exceeded());
    json.writeBooleanField("expected_to_be_exceeded", budget.willExceed());
    json.writeEndObject();
  }

  private void objective(ObjectiveStatus objective) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", objective.name());
    json.writeNumberField("good", objective.good());
    json.writeNumberField("total", objective.total());
    json.writeNumberField("target", objective.target());
    json.writeBooleanField("met", objective.met());
    json.writeEndObject();
  }

  private void unpriced(Unpriced group) throws IOException {
    json.writeStartObject();
    json.writeStringField("operation", group.operation());
    json.writeStringField("model", group.model());
    json.writeNumberField("operations", group.operations());
    json.writeEndObject();
  }

  private void text(String name, @Nullable String value) throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeStringField(name, value);
    }
  }

  private void number(String name, @Nullable Double value) throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }
}
