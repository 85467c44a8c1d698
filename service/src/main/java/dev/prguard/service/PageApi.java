package dev.prguard.service;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.AbstractHttpService;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.prguard.insight.alert.AlertCheck;
import dev.prguard.insight.alert.AlertRule;
import dev.prguard.insight.alert.Budgets;
import dev.prguard.insight.alert.CheckReport;
import dev.prguard.insight.alert.ReviewAlerts;
import dev.prguard.insight.dashboard.Dashboard;
import dev.prguard.insight.dashboard.Panel;
import dev.prguard.insight.dashboard.PanelReader;
import dev.prguard.insight.dashboard.PanelReader.Answer;
import dev.prguard.insight.dashboard.ReviewDashboard;
import dev.prguard.insight.dashboard.Target;
import dev.prguard.insight.dashboard.Threshold;
import dev.prguard.insight.query.Filter;
import dev.prguard.insight.report.ChartsUnavailableException;
import dev.prguard.insight.report.CostReport;
import dev.prguard.insight.report.FactReader;
import dev.prguard.insight.report.HtmlReport;
import dev.prguard.insight.report.ReportPeriod;
import dev.prguard.insight.report.ReportRequest;
import dev.prguard.insight.report.ReportSource;
import dev.prguard.service.QueryPool.BadRequestException;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueries.Exemplar;
import dev.prguard.trace.query.TraceQueries.FoundSpan;
import dev.prguard.trace.query.TraceQueries.FoundTrace;
import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.trace.query.TraceQueries.Search;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the page asks beside Tempo's API: the dashboard's panels from their one definition, the
/// list of reviews, alerts and the report.
final class PageApi {
  private static final Duration ALERT_WINDOW = Duration.ofHours(24);
  private static final int MAX_REVIEWS = 1000;

  /// Of one answer of a panel.
  private static final int EXEMPLARS = 10;

  private static final String REVIEWS =
      "{ resource.service.name = \"secure-pr-guard\" && name = \"pr_review.workflow\" } | select("
          + "status, duration, span.workflow.status, span.risk.level, span.issues.found,"
          + " span.issues.critical, span.issues.high, span.cost.total_usd, span.latency.ms,"
          + " span.pr.repository, span.pr.number, span.pr.author, span.pr.url)"
          + " with (most_recent=true)";

  private final TraceQueries queries;
  private final QueryPool pool;
  private final Budgets budgets;

  /// What the numbers are of, for people.
  private final String source;

  private final ServiceSettings.@Nullable Grafana grafana;
  private final Dashboard dashboard;

  /// @param queries with exact quantiles: nobody compares the page with Tempo
  PageApi(TraceQueries queries, QueryPool pool, ServiceSettings settings) {
    this.queries = queries;
    this.pool = pool;
    this.budgets = settings.budgets();
    this.grafana = settings.grafana();
    this.source = settings.dataFolder().toString();
    this.dashboard = ReviewDashboard.definition(budgets);
  }

  @FunctionalInterface
  private interface Question {
    HttpResponse answer(TempoParameters params) throws IOException;
  }

  void routes(ServerBuilder server) {
    server
        .service("/page/api/settings", (ctx, req) -> json(settings()))
        .service("/page/api/dashboard", query(params -> json(definition())))
        .service("/page/api/panel", query(this::panel))
        .service("/page/api/values", query(this::values))
        .service("/page/api/reviews", query(this::reviews))
        .service("/page/api/alerts", query(params -> json(alerts())))
        .service("/page/api/report", query(this::report));
  }

  private HttpService query(Question question) {
    return new AbstractHttpService() {
      @Override
      protected HttpResponse doGet(ServiceRequestContext ctx, HttpRequest req) {
        return pool.run(ctx, () -> question.answer(new TempoParameters(ctx.queryParams())));
      }
    };
  }

  private static HttpResponse json(ObjectNode json) {
    return HttpResponse.of(
        HttpStatus.OK,
        MediaType.JSON,
        HttpData.wrap(json.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private ObjectNode settings() {
    ObjectNode json = object();
    if (grafana != null) {
      json.putObject("grafana").put("url", grafana.url()).put("uid", grafana.dataSourceUid());
    }
    return json;
  }

  private ObjectNode definition() {
    ObjectNode json = object();
    json.put("title", dashboard.title());
    ArrayNode filters = json.putArray("filters");
    for (Filter filter : dashboard.filters()) {
      filters.addObject().put("variable", filter.variable()).put("label", filter.label());
    }
    ArrayNode settings = json.putArray("settings");
    for (Dashboard.Setting setting : dashboard.budgets()) {
      settings
          .addObject()
          .put("variable", setting.variable())
          .put("label", setting.label())
          .put("value", setting.value());
    }
    ArrayNode rows = json.putArray("rows");
    int id = 0;
    for (Dashboard.Row row : dashboard.rows()) {
      ObjectNode of = rows.addObject().put("title", row.title());
      ArrayNode panels = of.putArray("panels");
      for (Panel panel : row.panels()) {
        panels.add(panel(id++, panel));
      }
    }
    return json;
  }

  private static ObjectNode panel(int id, Panel panel) {
    ObjectNode json =
        object()
            .put("id", id)
            .put("title", panel.title())
            .put("description", panel.description())
            .put("drawing", panel.drawing().name())
            .put("unit", panel.unit().name())
            .put("width", panel.width())
            .put("thresholdLine", panel.thresholdLine());
    ArrayNode thresholds = json.putArray("thresholds");
    for (Threshold threshold : panel.thresholds()) {
      if (Double.isFinite(threshold.value())) {
        thresholds.addObject().put("value", threshold.value()).put("color", threshold.color());
      }
    }
    return json;
  }

  private HttpResponse panel(TempoParameters params) {
    List<Panel> panels = dashboard.panels();
    int id = params.integer("id", -1);
    if (id < 0 || id >= panels.size()) {
      throw new BadRequestException("id: no such panel");
    }
    Map<String, Double> settings = new HashMap<>();
    for (Dashboard.Setting setting : dashboard.budgets()) {
      String given = params.text(setting.variable());
      settings.put(setting.variable(), number(given == null ? setting.value() : given));
    }
    ObjectNode json = object();
    ArrayNode answers = json.putArray("answers");
    TimeRange range = params.metricsRange(Instant.now());
    for (Answer answer :
        new PanelReader(queries, chosen(params), EXEMPLARS).read(panels.get(id), range, settings)) {
      ObjectNode of = answers.addObject();
      switch (answer) {
        case Answer.Numbers(Target target, List<Series> series) -> {
          of.put("label", label(target));
          ArrayNode list = of.putArray("series");
          series.forEach(each -> list.add(series(each)));
        }
        case Answer.Spans(Target _, List<FoundTrace> traces) -> spans(of.putArray("spans"), traces);
      }
    }
    return json(json);
  }

  private static double number(String text) {
    try {
      return new BigDecimal(text.strip()).doubleValue();
    } catch (NumberFormatException e) {
      throw new BadRequestException("not a number: " + text);
    }
  }

  private static @Nullable String label(Target target) {
    return switch (target) {
      case Target.Metrics metrics -> metrics.label();
      case Target.Ratio ratio -> ratio.label();
      case Target.Remainder remainder -> remainder.label();
      case Target.Search _ -> null;
    };
  }

  private Map<Filter, String> chosen(TempoParameters params) {
    Map<Filter, String> chosen = new EnumMap<>(Filter.class);
    for (Filter filter : dashboard.filters()) {
      String value = params.text(filter.variable());
      if (value != null) {
        chosen.put(filter, value);
      }
    }
    return chosen;
  }

  private static ObjectNode series(Series series) {
    ObjectNode json = object();
    ObjectNode labels = json.putObject("labels");
    series.labels().forEach(label -> labels.put(label.key(), AttributeText.of(label.value())));
    ArrayNode samples = json.putArray("samples");
    series
        .samples()
        .forEach(sample -> samples.addArray().add(sample.timestampMillis()).add(sample.value()));
    ArrayNode exemplars = json.putArray("exemplars");
    for (Exemplar exemplar : series.exemplars()) {
      for (Label label : exemplar.labels()) {
        if (label.key().equals("trace:id")) {
          exemplars
              .addObject()
              .put("traceId", AttributeText.of(label.value()))
              .put("ms", exemplar.timestampMillis())
              .put("value", exemplar.value());
        }
      }
    }
    return json;
  }

  private static void spans(ArrayNode list, List<FoundTrace> traces) {
    for (FoundTrace trace : traces) {
      trace
          .spanSets()
          .forEach(set -> {
            for (FoundSpan span : set.spans()) {
              ObjectNode row =
                  list.addObject()
                      .put("traceId", trace.traceId())
                      .put("spanId", span.spanId())
                      .put("startMs", span.startNanos() / 1_000_000)
                      .put("durationMs", span.durationNanos() / 1e6);
              ObjectNode attributes = row.putObject("attributes");
              span.attributes()
                  .forEach(label -> attributes.put(label.key(), AttributeText.of(label.value())));
            }
          });
    }
  }

  /// The values of a variable in the range.
  private HttpResponse values(TempoParameters params) {
    String variable = String.valueOf(params.text("variable"));
    Filter filter =
        dashboard.filters().stream()
            .filter(each -> each.variable().equals(variable))
            .findFirst()
            .orElseThrow(() -> new BadRequestException("variable: unknown"));
    ObjectNode json = object();
    ArrayNode values = json.putArray("values");
    queries
        .tagValues(filter.traceQl(), null, params.metricsRange(Instant.now()))
        .forEach(value -> values.add(value.value()));
    return json(json);
  }

  private HttpResponse reviews(TempoParameters params) {
    int limit = Math.min(params.limit(200), MAX_REVIEWS);
    ObjectNode json = object();
    spans(
        json.putArray("reviews"),
        queries.search(new Search(REVIEWS, params.metricsRange(Instant.now()), limit, 1)).traces());
    return json(json.put("limit", limit));
  }

  private ObjectNode alerts() {
    Instant now = Instant.now();
    List<AlertRule> rules = ReviewAlerts.rules(budgets);
    AlertCheck check = new AlertCheck(queries, AlertCheck.reach(rules, ALERT_WINDOW));
    ObjectNode json = new CheckReport(now, source, check.check(rules, ALERT_WINDOW, now)).json();
    ArrayNode slos = json.putArray("slos");
    ReviewAlerts.slos()
        .forEach(slo ->
            slos.addObject()
                .put("id", slo.id())
                .put("promise", slo.promise())
                .put("objective", slo.objective()));
    return json;
  }

  private HttpResponse report(TempoParameters params) {
    Instant now = Instant.now();
    YearMonth month;
    try {
      String text = params.text("month");
      month = text == null ? YearMonth.from(now.atZone(ZoneOffset.UTC)) : YearMonth.parse(text);
    } catch (DateTimeException e) {
      throw new BadRequestException("month: not a month (expected: such as 2026-11)");
    }
    CostReport report =
        FactReader.read(
            queries,
            new ReportRequest(
                ReportPeriod.of(month, ZoneOffset.UTC),
                new ReportSource.Embedded(source),
                params.text("repository"),
                budgets.monthly().movePointRight(9).longValue(),
                now));
    try {
      String html = HtmlReport.write(report, (traceId, start) -> null);
      return HttpResponse.of(HttpStatus.OK, MediaType.HTML_UTF_8, html);
    } catch (ChartsUnavailableException e) {
      return QueryPool.text(HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(e.getMessage()));
    }
  }
}
