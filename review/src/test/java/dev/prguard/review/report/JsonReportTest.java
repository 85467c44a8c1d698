package dev.prguard.review.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.prguard.review.result.ReviewResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class JsonReportTest {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final Schema SCHEMA = schema();

  @Test
  void write_matchesItsSchema() throws IOException {
    for (ReviewResult result :
        List.of(Results.full(), Results.unpriced(), Results.clean(), Results.notReviewed())) {
      assertThat(SCHEMA.validate(json(result), InputFormat.JSON)).isEmpty();
    }
    String wrong = json(Results.full()).replace("\"seen\" : \"partly\"", "\"seen\" : \"perhaps\"");
    assertThat(SCHEMA.validate(wrong, InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void write_tellsEverything() throws IOException {
    JsonNode json = MAPPER.readTree(json(Results.full()));

    assertThat(json.at("/schema").asText()).isEqualTo("pr-guard/review/v1");
    assertThat(json.at("/status").asText()).isEqualTo("partial");
    assertThat(json.at("/findings")).hasSize(5);
    assertThat(json.at("/findings/2/side").asText()).isEqualTo("old");
    assertThat(json.at("/findings/0/cwe").asText()).isEqualTo("CWE-89");
    assertThat(json.at("/findings/3/path").asText()).isEqualTo("web/ü ser.ts");
    assertThat(json.at("/coverage/files/0/hunks/1/model/reason").asText()).isEqualTo("over budget");
    assertThat(json.at("/coverage/rules/files_seen_whole").asInt()).isEqualTo(3);
    assertThat(json.at("/patch/rejected/0/check").asText()).isEqualTo("parses");
    assertThat(json.at("/cost/usd").decimalValue()).isEqualTo(new BigDecimal("0.0006663"));
    assertThat(json.at("/cost/nano_usd").asLong()).isEqualTo(666_300);
    assertThat(json.at("/cost/tokens/total").asLong()).isEqualTo(3_666);
    assertThat(json.at("/receipt/findings").asInt()).isEqualTo(5);
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode operation : json.at("/operations")) {
      sum = sum.add(operation.at("/cost/usd").decimalValue());
    }
    assertThat(sum).isEqualByComparingTo(json.at("/cost/usd").decimalValue());
  }

  @Test
  void write_givesNoNumberForAnUnknownCost() throws IOException {
    JsonNode cost = MAPPER.readTree(json(Results.unpriced())).at("/cost");

    assertThat(cost.get("usd").isNull()).isTrue();
    assertThat(cost.get("nano_usd").isNull()).isTrue();
    assertThat(cost.get("known_nano_usd").asLong()).isEqualTo(200_000);
    assertThat(cost.get("priced").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @FieldSource("dev.prguard.review.report.Hostile#TRICKS")
  void write_keepsHostileTextExactlyInPlainAscii(String trick) throws IOException {
    String json = json(Results.hostile(trick));

    assertThat(json).matches("[\\n\\x20-\\x7F]*");
    assertThat(SCHEMA.validate(json, InputFormat.JSON)).isEmpty();
    assertThat(MAPPER.readTree(json).at("/findings/0/message").asText()).isEqualTo(trick);
  }

  private static Schema schema() {
    try (InputStream in = JsonReport.class.getResourceAsStream("review.schema.json")) {
      assertThat(in).isNotNull();
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(in, InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String json(ReviewResult result) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JsonReport.write(result, out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
