package dev.prguard.review.cost;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes prices in our own format, which [PriceBook#load] reads again.
public final class PriceFileWriter {
  private PriceFileWriter() {}

  public static void write(List<Price> prices, OutputStream out) throws IOException {
    try (JsonGenerator json =
        new JsonFactory()
            .createGenerator(out)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN.mappedFeature())) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeStringField("schema", "pr-guard-prices/1");
      json.writeStringField("unit", "USD per 1,000,000 tokens");
      json.writeArrayFieldStart("prices");
      for (Price price : prices) {
        write(price, json);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static void write(Price price, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("provider", price.provider());
    json.writeStringField("model", price.model());
    LocalDate from = price.from();
    if (from != null) {
      json.writeStringField("from", from.toString());
    }
    json.writeStringField("as_of", price.asOf().toString());
    if (!price.source().isEmpty()) {
      json.writeStringField("source", price.source());
    }
    write(price.levels().getFirst(), json);
    if (price.levels().size() > 1) {
      json.writeArrayFieldStart("tiers");
      for (Price.Level level : price.levels().subList(1, price.levels().size())) {
        json.writeStartObject();
        json.writeNumberField("above_tokens", level.aboveTokens());
        write(level, json);
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static void write(Price.Level level, JsonGenerator json) throws IOException {
    write("", level.standard(), json);
    Rates batch = level.batch();
    if (batch != null) {
      write("batch_", batch, json);
    }
  }

  private static void write(String prefix, Rates rates, JsonGenerator json) throws IOException {
    write(prefix + "input", rates.input(), json);
    write(prefix + "cache_read", rates.cacheRead(), json);
    write(prefix + "cache_write", rates.cacheWrite(), json);
    write(prefix + "cache_write_1h", rates.cacheWriteHour(), json);
    write(prefix + "output", rates.output(), json);
    write(prefix + "reasoning", rates.reasoning(), json);
  }

  private static void write(String field, @Nullable BigDecimal price, JsonGenerator json)
      throws IOException {
    if (price != null) {
      json.writeNumberField(
          field, price.signum() == 0 ? BigDecimal.ZERO : price.stripTrailingZeros());
    }
  }
}
