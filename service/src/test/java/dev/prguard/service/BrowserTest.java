package dev.prguard.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.prguard.insight.demo.DemoHistory;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// The page in a real browser. Its pictures stand in target/screenshots.
class BrowserTest {
  private static final Path PICTURES = Path.of("target", "screenshots");
  private static final String HOSTILE =
      "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";

  @TempDir static Path folder;

  @TempDir(cleanup = CleanupMode.NEVER)
  static Path profile;

  private static RunningServer server;
  private static Chromium browser;
  private static List<SpanRecord> hostile = List.of();

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
        span.events(),
        span.links(),
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

  /// One test for all: there is one browser, and each view is a second of it.
  @Test
  void everyView_worksOnWideAndNarrowScreens_andNoTextBecomesMarkup() throws Exception {
    String trace = hostile.getFirst().traceId();
    Map<String, String> views = new LinkedHashMap<>();
    views.put(
        "overview",
        "document.querySelectorAll('.panel').length > 15 &&"
            + " !document.querySelector('[aria-busy]')");
    views.put("reviews", "document.querySelectorAll('tbody tr').length > 20");
    views.put("trace/" + trace, "document.querySelectorAll('.waterfall li').length == 6");
    views.put(
        "query?q="
            + java.net.URLEncoder.encode(
                "{ span.cost.usd != nil } | sum_over_time(span.cost.usd) by (span.cost.model)",
                java.nio.charset.StandardCharsets.UTF_8),
        "document.querySelectorAll('polyline').length > 2");
    views.put("alerts", "document.querySelectorAll('tbody tr').length > 10");
    views.put("report", "document.querySelector('iframe')");
    for (int width : new int[] {1280, 400}) {
      browser.size(width, 900, width == 400 ? "dark" : "light");
      for (Map.Entry<String, String> view : views.entrySet()) {
        String name = view.getKey().replaceAll("[/?].*", "");
        String range = view.getKey().contains("?") ? "&range=30d" : "?range=30d";
        show("#/" + view.getKey() + range, view.getValue());
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
    show("#/reviews?range=30d", views.get("reviews"));
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
}
