package dev.prguard.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prguard.insight.demo.DemoHistory;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import java.io.InputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// The page in a real browser. Its pictures stand in target/screenshots.
class BrowserTest {
  private static final Path PICTURES = Path.of("target", "screenshots");

  /// Details of all spans, so that they count.
  private static final String OPEN_ALL =
      "document.querySelectorAll('.waterfall button').forEach(button => button.click())";

  private static final String HOSTILE =
      "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";

  @TempDir static Path folder;

  @TempDir(cleanup = CleanupMode.NEVER)
  static Path profile;

  private static RunningServer server;
  private static Chromium browser;
  private static List<SpanRecord> hostile = List.of();

  /// Of a review with a patch.
  private static String review = "";

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> binary = Chromium.find();
    if (System.getenv("PR_GUARD_REQUIRE_TOOLS") == null) {
      assumeTrue(binary.isPresent(), "Chromium is not installed");
    }
    server = RunningServer.start(folder);
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    List<SpanRecord> history = new ArrayList<>();
    new DemoHistory(today.minusDays(20), today.minusDays(1), 7, 20)
        .reviews()
        .forEach(history::addAll);
    review =
        history.stream()
            .filter(
                span -> AttributeValue.of(true).equals(span.attributes().get("patch.generated")))
            .findFirst()
            .orElseThrow()
            .traceId();
    hostile = Reviews.one(1).stream().map(BrowserTest::hostile).toList();
    history.addAll(hostile);
    assertThat(
            server
                .post(
                    "/v1/traces",
                    OtlpSpans.encode(history),
                    "content-type",
                    "application/x-protobuf")
                .statusCode())
        .isEqualTo(200);
    browser = Chromium.start(binary.orElseThrow(), profile);
  }

  private static SpanRecord hostile(SpanRecord span) {
    Map<String, AttributeValue> attributes = new LinkedHashMap<>(span.attributes());
    attributes.put("pr.repository", AttributeValue.of(HOSTILE));
    attributes.put("pr.author", AttributeValue.of(HOSTILE));
    attributes.put("cost.model", AttributeValue.of(HOSTILE));
    boolean root = span.parentSpanId() == null;
    return new SpanRecord(
        span.traceId(),
        span.spanId(),
        span.parentSpanId(),
        root ? span.name() : HOSTILE,
        span.kind(),
        span.startNanos(),
        span.endNanos(),
        SpanRecord.Status.ERROR,
        HOSTILE,
        attributes,
        List.of(
            new SpanRecord.Event(
                span.startNanos() + 1_000_000,
                HOSTILE,
                Map.of("exception.message", AttributeValue.of(HOSTILE)))),
        List.of(
            new SpanRecord.Link(
                span.traceId(), span.spanId(), Map.of("why", AttributeValue.of(HOSTILE)))),
        span.resource(),
        span.scope());
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private static void show(String place, String ready) throws Exception {
    browser.open("about:blank");
    browser.open(server.uri("/").toString() + place);
    browser.await(ready);
  }

  /// Views, and what is true of each once it is there.
  private static Map<String, String> views() {
    Map<String, String> views = new LinkedHashMap<>();
    views.put(
        "overview",
        "document.querySelectorAll('.panel').length > 15 &&"
            + " !document.querySelector('[aria-busy]')");
    views.put("reviews", "document.querySelectorAll('tbody tr').length > 20");
    views.put("review/" + review, "document.querySelector('[aria-label=Patch]')");
    views.put(
        "trace/" + hostile.getFirst().traceId(),
        "document.querySelectorAll('.waterfall li').length == 6");
    views.put("query?q=" + encoded(SUM), "document.querySelectorAll('polyline').length > 2");
    views.put("alerts", "document.querySelectorAll('tbody tr').length > 10");
    views.put("report", "document.querySelector('iframe')");
    return views;
  }

  private static final String SUM =
      "{ span.cost.usd != nil } | sum_over_time(span.cost.usd) by (span.cost.model)";

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static void show(Map.Entry<String, String> view) throws Exception {
    String range = view.getKey().contains("?") ? "&range=30d" : "?range=30d";
    show("#/" + view.getKey() + range, view.getValue());
  }

  /// One test for all: there is one browser, and each view is a second of it.
  @Test
  void everyView_worksOnWideAndNarrowScreens_andNoTextBecomesMarkup() throws Exception {
    Map<String, String> views = views();
    for (int width : new int[] {1280, 400}) {
      browser.size(width, 900, width == 400 ? "dark" : "light");
      for (Map.Entry<String, String> view : views.entrySet()) {
        String name = view.getKey().replaceAll("[/?].*", "");
        show(view);
        browser.text(OPEN_ALL);
        browser.screenshot(PICTURES.resolve(name + "-" + width + ".png"));
        assertThat(Integer.parseInt(browser.text("String(document.scrollingElement.scrollWidth)")))
            .as("%s does not scroll sideways at %d pixels", name, width)
            .isLessThanOrEqualTo(width);
        assertThat(browser.text("document.querySelector('h1') ? 'yes' : 'no'")).isEqualTo("yes");
        assertThat(browser.text("document.title")).isNotEqualTo("owned");
        assertThat(browser.text("String(document.querySelectorAll('main img').length)"))
            .isEqualTo("0");
      }
    }
    show("#/reviews?range=30d", "document.querySelectorAll('tbody tr').length > 20");
    assertThat(browser.text("document.querySelector('main').innerText")).contains(HOSTILE);
    assertThat(browser.problems()).isEmpty();
  }

  @Test
  void queryEditor_byKeyboardAlone_completesAndPointsAtErrors() throws Exception {
    browser.size(1280, 900, "light");
    show("#/query?range=30d", "document.querySelector('#traceql')");
    browser.text(
        "document.querySelector('#traceql').select(), document.querySelector('#traceql').focus(), 1");
    browser.type("{ span.operation.ty");
    browser.await("document.querySelector('.suggest li[aria-selected=true]')");
    browser.press("Enter", 13, 0);
    assertThat(browser.text("document.querySelector('#traceql').value"))
        .isEqualTo("{ span.operation.type");
    browser.type(" = \"nitp");
    browser.await("document.querySelector('.suggest li')?.innerText == 'nitpicker'");
    browser.press("Tab", 9, 0);
    browser.type(" }");
    browser.press("Enter", 13, 2);
    browser.await("document.querySelectorAll('tbody tr').length > 3");
    browser.text(
        "document.querySelector('#traceql').select(), document.querySelector('#traceql').focus(), 1");
    browser.type("{ span.cost.usd >> }");
    browser.press("Enter", 13, 2);
    browser.await("document.querySelector('.caret pre')");
    assertThat(browser.text("document.querySelector('.caret').innerText"))
        .contains("^")
        .contains("parse error at line 1");
    browser.screenshot(PICTURES.resolve("query-error.png"));
  }

  @Test
  void everyPairOfColors_hasTheContrastOfLevelAa_inBothThemes() throws Exception {
    String contrast;
    try (InputStream in =
        Objects.requireNonNull(BrowserTest.class.getResourceAsStream("contrast.js"))) {
      contrast = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Map<String, String> views = views();
    views.put("query?q=" + encoded("{ span.cost.usd >> }"), "document.querySelector('.caret pre')");
    views.put(
        "review/xyz", "document.querySelector('.empty')?.textContent.includes('hexadecimal')");
    int pairs = 0;
    for (String theme : List.of("light", "dark")) {
      browser.size(1280, 900, theme);
      for (Map.Entry<String, String> view : views.entrySet()) {
        show(view);
        browser.text(OPEN_ALL);
        JsonNode judged = new ObjectMapper().readTree(browser.text(contrast));
        assertThat(judged.at("/failures")).as("%s, %s", view.getKey(), theme).isEmpty();
        pairs += judged.at("/pairs").asInt();
      }
      browser.open("about:blank");
      browser.open(server.uri("/page/api/report").toString());
      browser.await("document.querySelector('h1')");
      JsonNode report = new ObjectMapper().readTree(browser.text(contrast));
      assertThat(report.at("/failures")).as("report, %s", theme).isEmpty();
    }
    assertThat(pairs).isGreaterThan(3000);
  }

  @Test
  void everythingWorksByKeyboard_andShowsWhereItIs() throws Exception {
    browser.size(1280, 900, "light");
    show("#/review/" + review + "?range=30d", "document.querySelector('.waterfall button')");
    browser.text("document.activeElement.blur(), 1");
    Set<String> reached = new LinkedHashSet<>();
    for (int i = 0; i < 60; i++) {
      browser.press("Tab", 9, 0);
      String where =
          browser.text(
              "(e => e === document.body ? '' : e.tagName + ' ' + (e.textContent || e.name))(document.activeElement)");
      if (where.isEmpty()) {
        break;
      }
      assertThat(browser.text("getComputedStyle(document.activeElement).outlineStyle"))
          .as(where)
          .isNotEqualTo("none");
      reached.add(where);
      if (browser.text("String(!!document.activeElement.closest('.waterfall'))").equals("true")) {
        break;
      }
    }
    assertThat(reached)
        .contains("A Skip to the content", "A Overview", "A Alerts", "BUTTON Refresh now")
        .contains("BUTTON Copy as Grafana link", "BUTTON Cost");
    browser.press("Enter", 13, 0);
    browser.await("document.activeElement.getAttribute('aria-expanded') === 'true'");
    browser.await("document.querySelector('.details table')");
    browser.press(" ", 32, 0);
    browser.await("document.activeElement.getAttribute('aria-expanded') === 'false'");
  }

  @Test
  void exemplarsOfACharts_leadToTheirTraces() throws Exception {
    browser.size(1280, 900, "light");
    show("#/query?range=30d&q=" + encoded(SUM), "document.querySelector('a.exemplar')");
    browser.text("document.querySelector('a.exemplar').focus(), 1");
    browser.press("Enter", 13, 0);
    browser.await("document.querySelectorAll('.waterfall li').length > 2");
    assertThat(browser.text("location.hash")).matches("#/trace/[0-9a-f]{32}.*");
  }

  @Test
  void linksOfSpans_leadToTraces_andEventsAreShown() throws Exception {
    browser.size(1280, 900, "light");
    show(
        "#/trace/" + hostile.getFirst().traceId() + "?range=30d",
        "document.querySelectorAll('.lane b').length == 6");
    browser.text("document.querySelector('.waterfall button').click()");
    assertThat(browser.text("document.querySelector('.details a').getAttribute('href')"))
        .startsWith("#/trace/" + hostile.getFirst().traceId());
    assertThat(browser.text("document.querySelector('.details').innerText"))
        .contains("Event " + HOSTILE + " at +1 ms", "exception.message", "Link");
  }

  @Test
  void grafanaLink_isWhole_whereAGrafanaIsKnown(@TempDir Path other) throws Exception {
    browser.size(1280, 900, "light");
    String copied = "navigator.clipboard.writeText = async text => { window.copied = text; }, 1";
    String click =
        "[...document.querySelectorAll('button')].find(b => b.textContent.startsWith('Copy as')).click()";
    show(
        "#/query?range=own&from=2026-11-01T00:00&to=2026-11-02T00:00",
        "document.querySelector('#traceql')");
    browser.text(copied);
    browser.text(click);
    browser.await("window.copied");
    assertThat(browser.text("window.copied")).startsWith("/explore?schemaVersion=1&orgId=1&panes=");
    assertThat(browser.text("document.querySelector('.copy').innerText"))
        .contains("No Grafana is configured (--grafana-url or GRAFANA_URL)");
    try (RunningServer linked =
        RunningServer.start(
            other, new ServiceSettings.Grafana("https://grafana.example/team", "uid-7"))) {
      browser.open("about:blank");
      browser.open(linked.uri("/") + "#/query?range=own&from=2026-11-01T00:00&to=2026-11-02T00:00");
      browser.await("document.querySelector('#traceql')");
      browser.text("document.querySelector('#traceql').value = '{ status = error }', 1");
      browser.text(copied);
      browser.text(click);
      browser.await("window.copied");
      String link = browser.text("window.copied");
      assertThat(link).startsWith("https://grafana.example/team/explore?schemaVersion=1&orgId=1&");
      JsonNode pane =
          new ObjectMapper()
              .readTree(
                  URLDecoder.decode(link.replaceFirst(".*panes=", ""), StandardCharsets.UTF_8))
              .at("/prg");
      assertThat(pane.at("/datasource").asText()).isEqualTo("uid-7");
      assertThat(pane.at("/queries/0/query").asText()).isEqualTo("{ status = error }");
      assertThat(pane.at("/queries/0/queryType").asText()).isEqualTo("traceql");
      assertThat(pane.at("/range/from").asText()).isEqualTo("1793491200000");
    }
  }
}
