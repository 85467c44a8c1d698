package dev.prguard.review.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.ReviewResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SarifReportTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Schema SCHEMA = schema();

  @Test
  void write_matchesTheOasisSchema() throws IOException {
    for (ReviewResult result :
        List.of(Results.full(), Results.unpriced(), Results.clean(), Results.notReviewed())) {
      assertThat(SCHEMA.validate(sarif(result), InputFormat.JSON)).isEmpty();
    }
    String wrong = sarif(Results.full()).replace("\"level\" : \"error\"", "\"level\" : \"bad\"");
    assertThat(SCHEMA.validate(wrong, InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void write_givesGitHubWhatItReads() throws IOException {
    JsonNode run = run(Results.full());

    JsonNode rule = run.at("/tool/driver/rules/0");
    assertThat(rule.at("/id").asText()).isEqualTo("python.rule-critical");
    assertThat(rule.at("/properties/security-severity").asText()).isEqualTo("9.5");
    assertThat(rule.at("/properties/tags").toString())
        .isEqualTo("[\"security\",\"external/cwe/cwe-89\"]");
    assertThat(rule.at("/help/text").asText()).startsWith("The name goes into the statement");
    JsonNode style = run.at("/tool/driver/rules/4");
    assertThat(style.at("/properties").has("security-severity")).isFalse();
    assertThat(style.at("/properties/tags").toString()).isEqualTo("[\"style\"]");
    assertThat(run.at("/automationDetails/id").asText()).isEqualTo("pr-guard/" + Results.TRACE);

    List<Finding> findings = Results.findings();
    assertThat(run.at("/results")).hasSize(findings.size());
    for (int i = 0; i < findings.size(); i++) {
      JsonNode result = run.at("/results/" + i);
      assertThat(run.at("/tool/driver/rules/" + result.at("/ruleIndex").asInt() + "/id"))
          .isEqualTo(result.at("/ruleId"));
      assertThat(result.at("/partialFingerprints/prGuard~1v1").asText())
          .isEqualTo(findings.get(i).fingerprint());
      JsonNode region = result.at("/locations/0/physicalLocation/region");
      assertThat(region.at("/startLine").asInt()).isPositive();
      assertThat(region.at("/endLine").asInt())
          .isGreaterThanOrEqualTo(region.at("/startLine").asInt());
    }
    assertThat(run.at("/results/3/locations/0/physicalLocation/artifactLocation/uri").asText())
        .isEqualTo("web/%C3%BC%20ser.ts");
    assertThat(
            run.at("/results/1/fixes/0/artifactChanges/0/replacements/0/insertedContent/text")
                .asText())
        .isEqualTo("new");
    assertThat(run.at("/results").findValuesAsText("level"))
        .containsExactly("error", "warning", "error", "warning", "note");
  }

  @Test
  void write_putsARemovedLineAtTheNearestLineThatIsThere() throws IOException {
    JsonNode result = run(Results.full()).at("/results/2");

    // Old line 25; the head has lines 5-7, 20-23 and 90-98 in hunks.
    assertThat(result.at("/locations/0/physicalLocation/region/startLine").asInt()).isEqualTo(23);
    assertThat(result.at("/message/text").asText())
        .startsWith("An authorisation check was removed (removed line 25 of the file before");
  }

  @Test
  void write_tellsWhatWasNotReviewed() throws IOException {
    JsonNode partial = run(Results.full()).at("/invocations/0");
    assertThat(partial.at("/executionSuccessful").asBoolean()).isTrue();
    assertThat(partial.at("/toolExecutionNotifications").findValuesAsText("text"))
        .contains(
            "The change was reviewed only in part.",
            "not looked at by rules and model: binary file",
            "lines 30-39, 60: not looked at by model: over budget");

    JsonNode not = run(Results.notReviewed()).at("/invocations/0");
    assertThat(not.at("/executionSuccessful").asBoolean()).isFalse();
    assertThat(not.at("/toolExecutionNotifications/0/level").asText()).isEqualTo("error");
  }

  @Test
  void write_keepsTheWorstWithinGitHubsLimit() throws IOException {
    JsonNode run = run(Results.many(25_500, "t"));

    assertThat(run.at("/results")).hasSize(SarifReport.MAX_RESULTS);
    assertThat(run.at("/invocations/0/toolExecutionNotifications").findValuesAsText("text"))
        .contains("500 findings of the mildest are left out: over the limit.");
    assertThat(run.at("/results/0/level").asText()).isEqualTo("error");
  }

  @ParameterizedTest
  @FieldSource("dev.prguard.review.report.Hostile#TRICKS")
  void write_takesNoLinkFromTrick(String trick) throws IOException {
    String sarif = sarif(Results.hostile(trick));

    assertThat(SCHEMA.validate(sarif, InputFormat.JSON)).isEmpty();
    JsonNode run = MAPPER.readTree(sarif).at("/runs/0");
    assertThat(run.at("/results/0/message/text").asText()).doesNotContain("](");
    assertThat(run.at("/tool/driver/rules/0/help/text").asText()).doesNotContain("](");
    RenderedMarkdown help =
        RenderedMarkdown.of(run.at("/tool/driver/rules/0/help/markdown").asText());
    assertThat(help.nodes()).isSubsetOf("Document", "Paragraph", "Text", "HardLineBreak");
  }

  @Test
  void uri_isRelativeAndEncoded() {
    assertThat(SarifReport.uri("a b/c#d?%:é.py")).isEqualTo("a%20b/c%23d%3F%25%3A%C3%A9.py");
    assertThat(SarifReport.uri("/etc/passwd")).isEqualTo("%2Fetc/passwd");
    assertThat(URI.create(SarifReport.uri("http://x/y")).isAbsolute()).isFalse();
  }

  private static Schema schema() {
    try (InputStream in =
        SarifReportTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json")) {
      assertThat(in).isNotNull();
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
          .getSchema(in, InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode run(ReviewResult result) throws IOException {
    return MAPPER.readTree(sarif(result)).at("/runs/0");
  }

  private static String sarif(ReviewResult result) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SarifReport.write(result, "0.1.0", out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
