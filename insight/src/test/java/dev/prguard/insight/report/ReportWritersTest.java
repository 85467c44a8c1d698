package dev.prguard.insight.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.testkit.Spans;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.SpanRecord;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

final class ReportWritersTest {
  private static final List<SpanRecord> DEMO = ReportFixture.demo(10);
  private static final CostReport REPORT = ReportFixture.report(ReportFixture.NOVEMBER, DEMO);
  private static final String EVIL = "<img src=x onerror=alert(1)>\"'|`@team =1+1\u202e\n";

  /// Every text of every span is hostile.
  private static CostReport hostile() {
    List<SpanRecord> spans =
        DEMO.stream()
            .map(span -> {
              Map<String, AttributeValue> attributes = new TreeMap<>(span.attributes());
              attributes.replaceAll((key, value) ->
                  value instanceof StringValue(String text)
                          && List.of("cost.model", "pr.repository", "pr.author").contains(key)
                      ? AttributeValue.of(EVIL + text)
                      : value);
              attributes.put("pr.url", AttributeValue.of("javascript:alert(1)" + EVIL));
              return Spans.withAttributes(span, attributes);
            })
            .toList();
    return ReportFixture.report(ReportFixture.NOVEMBER, spans);
  }

  @Test
  void html_ofHostileNames_holdsNoneOfTheirMarkup() throws Exception {
    String html = HtmlReport.write(hostile(), (id, start) -> "https://grafana/?a=\"><script>");

    assertThat(html)
        .contains("&lt;img src=x onerror=alert(1)&gt;")
        .doesNotContain("<img", "\u202e");
    assertThat(Pattern.compile("<script").matcher(html).results().count()).isEqualTo(1);
    assertThat(html).doesNotContain("href=\"javascript");
    Pattern.compile("(?s)<svg.*?</svg>")
        .matcher(html)
        .results()
        .map(MatchResult::group)
        .forEach(ReportWritersTest::parse);
  }

  private static void parse(String svg) {
    try {
      DocumentBuilderFactory.newNSInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(svg)));
    } catch (Exception e) {
      throw new AssertionError("not XML: " + e.getMessage(), e);
    }
  }

  @Test
  void html_needsNoNetwork_andItsPolicyLetsOnlyItsOwnStyleAndScriptRun() throws Exception {
    String html = HtmlReport.write(REPORT, TraceLinks.NONE);

    assertThat(html).doesNotContain("<link", "src=", "@import", "url(", "style=\"", " onclick");
    for (String tag : List.of("style", "script")) {
      String body = between(html, "<" + tag + ">", "</" + tag + ">");
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
      String policy = between(html, "Content-Security-Policy\" content=\"", "\"");
      assertThat(policy)
          .contains(tag + "-src 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
    }
  }

  private static String between(String text, String begin, String end) {
    int from = text.indexOf(begin) + begin.length();
    return text.substring(from, text.indexOf(end, from));
  }

  @Test
  void columnsOfCost_addUpToThePrintedTotal() {
    DetailTables tables = new DetailTables(REPORT, TraceLinks.NONE);
    for (ReportTable table :
        List.of(
            tables.operations(),
            tables.models(),
            tables.days(),
            tables.repositories(),
            tables.authors())) {
      int cost = table.columns().stream().map(ReportTable.Column::name).toList().indexOf("Cost");
      BigDecimal sum =
          table.rows().stream()
              .map(row -> dollars(row.get(cost).text()))
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      List<ReportTable.Cell> total = Objects.requireNonNull(table.total(), table.title());
      assertThat(sum).as(table.title()).isEqualByComparingTo(dollars(total.get(cost).text()));
    }
  }

  private static BigDecimal dollars(String printed) {
    return new BigDecimal(printed.substring(1).replace(",", ""));
  }

  private static long csvSum(String column) {
    List<String> lines = CsvReport.write(REPORT).lines().toList();
    int place = List.of(lines.getFirst().split(",", -1)).indexOf(column);
    return lines.stream()
        .skip(1)
        .mapToLong(line -> Long.parseLong(line.split(",", -1)[place]))
        .sum();
  }

  @Test
  void csv_holdsExactSums_andNoFormulas() {
    Tally tally = REPORT.summary().tally();
    assertThat(csvSum("cost_nano_usd")).isEqualTo(tally.nanoUsd()).isPositive();
    assertThat(csvSum("cache_saved_nano_usd")).isEqualTo(tally.cacheSavedNanoUsd()).isPositive();

    List<SpanRecord> spans =
        DEMO.stream()
            .filter(span -> span.attributes().containsKey("cost.model"))
            .map(span -> {
              Map<String, AttributeValue> attributes = new TreeMap<>(span.attributes());
              attributes.put("cost.model", AttributeValue.of("=HYPERLINK(\"x\",1)"));
              return Spans.withAttributes(span, attributes);
            })
            .toList();
    assertThat(CsvReport.write(ReportFixture.report(ReportFixture.NOVEMBER, spans)))
        .contains(",\"'=HYPERLINK(\"\"x\"\",1)\",");
  }

  @Test
  void markdown_ofHostileNames_isText() {
    String markdown = MarkdownReport.write(hostile(), TraceLinks.NONE);

    assertThat(markdown)
        .contains("&lt;img src=x onerror=alert(1)\\>\"'\\|\\`&#64;team")
        .doesNotContain("<img", "@team", "](<javascript");
  }

  @Test
  void png_isAPicture() throws Exception {
    var image = ImageIO.read(new ByteArrayInputStream(PngReport.write(REPORT)));

    assertThat(image.getWidth()).isEqualTo(1200);
    // Its darkest model's bars are there.
    int blue = 0;
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        blue += (image.getRGB(x, y) & 0xFFFFFF) == 0x0072b2 ? 1 : 0;
      }
    }
    assertThat(blue).isGreaterThan(5000);
  }

  @Test
  void nothing_isSaidInEveryFormat() {
    CostReport empty = ReportFixture.report(ReportFixture.NOVEMBER, List.of());

    assertThat(HtmlReport.write(empty, TraceLinks.NONE)).contains("no reviews in November 2026");
    assertThat(MarkdownReport.write(empty, TraceLinks.NONE))
        .contains("no reviews in November 2026");
    assertThat(TerminalSummary.write(empty)).contains("no reviews in November 2026");
    assertThat(JsonReport.write(empty)).contains("\"operations\" : 0");
    assertThat(CsvReport.write(empty).lines()).hasSize(1);
    assertThat(PngReport.write(empty)).hasSizeGreaterThan(1000);
  }
}
