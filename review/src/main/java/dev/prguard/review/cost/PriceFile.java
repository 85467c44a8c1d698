package dev.prguard.review.cost;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a price file token by token, so that every complaint has a line and a column.
final class PriceFile {
  private static final BigDecimal MAX_PRICE = BigDecimal.valueOf(1_000_000);
  private static final int MAX_SCALE = 40;
  private static final BigDecimal PER_MILLION = BigDecimal.valueOf(1_000_000);

  private final String name;
  private final LocalDate asOf;
  private final JsonParser json;

  private PriceFile(String name, LocalDate asOf, JsonParser json) {
    this.name = name;
    this.asOf = asOf;
    this.json = json;
  }

  /// @param asOf names the entries of a file that has no dates (LiteLLM's)
  static List<Price> read(String name, LocalDate asOf, byte[] bytes) {
    try (JsonParser json = new JsonFactory().createParser(bytes)) {
      return new PriceFile(name, asOf, json).read();
    } catch (JsonProcessingException e) {
      throw new PriceFileException(
          at(name, e.getLocation()) + "not JSON (" + oneLine(e.getOriginalMessage()) + ")", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Price> read() throws IOException {
    expect(json.nextToken(), JsonToken.START_OBJECT, "a JSON object");
    List<Price> prices = new ArrayList<>();
    boolean ours = false;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      if (key.equals("prices") && value == JsonToken.START_ARRAY) {
        ours = true;
        readOurs(prices);
      } else if (!ours && value == JsonToken.START_OBJECT) {
        readLiteLlm(key, prices);
      } else {
        json.skipChildren();
      }
    }
    if (json.nextToken() != null) {
      throw complaint(json.currentTokenLocation(), "text after the end of the price file");
    }
    if (prices.isEmpty()) {
      throw new PriceFileException(name + ": no price in it (expected: \"prices\": [...])");
    }
    return prices;
  }

  private void readOurs(List<Price> prices) throws IOException {
    Set<String> ids = new HashSet<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json.currentToken(), JsonToken.START_OBJECT, "a price object");
      Entry entry = entry();
      LocalDate from = entry.date("from");
      LocalDate known = entry.date("as_of");
      LocalDate day = known != null ? known : from;
      if (day == null) {
        throw complaint(entry.start, "a price needs \"from\" or \"as_of\" (yyyy-mm-dd)");
      }
      BigDecimal input = entry.required("input", BigDecimal.ONE);
      BigDecimal output = entry.required("output", BigDecimal.ONE);
      BigDecimal read = entry.number("cache_read", BigDecimal.ONE);
      BigDecimal write = entry.number("cache_write", BigDecimal.ONE);
      BigDecimal above = entry.number("above_tokens", BigDecimal.ONE);
      Price.Tier tier =
          above == null
              ? null
              : tier(
                  entry.whole("above_tokens", above),
                  input,
                  entry.required("input_above", BigDecimal.ONE),
                  read,
                  write,
                  entry.required("output_above", BigDecimal.ONE));
      Price price =
          new Price(
              entry.text("provider"),
              entry.text("model"),
              from,
              day,
              input,
              read,
              write,
              output,
              tier);
      if (!ids.add(price.provider() + '/' + price.id())) {
        throw complaint(entry.start, price.provider() + '/' + price.id() + " is there twice");
      }
      prices.add(price);
    }
  }

  /// One model of LiteLLM's file; prices there are for one token. Models that are not billed by
  /// text tokens are passed over.
  private void readLiteLlm(String key, List<Price> prices) throws IOException {
    Entry entry = entry();
    BigDecimal input = entry.number("input_cost_per_token", PER_MILLION);
    BigDecimal output = entry.number("output_cost_per_token", PER_MILLION);
    Located provider = entry.fields.get("litellm_provider");
    if (key.equals("sample_spec") || input == null || output == null || provider == null) {
      return;
    }
    String prefix = provider.text + '/';
    BigDecimal read = entry.number("cache_read_input_token_cost", PER_MILLION);
    BigDecimal write = entry.number("cache_creation_input_token_cost", PER_MILLION);
    Price.Tier tier = null;
    for (int thousands : new int[] {128, 200, 256, 272}) {
      String suffix = "_above_" + thousands + "k_tokens";
      BigDecimal inputAbove = entry.number("input_cost_per_token" + suffix, PER_MILLION);
      BigDecimal outputAbove = entry.number("output_cost_per_token" + suffix, PER_MILLION);
      if (inputAbove != null && outputAbove != null) {
        tier = tier(thousands * 1000L, input, inputAbove, read, write, outputAbove);
        break;
      }
    }
    prices.add(
        new Price(
            provider.text,
            key.startsWith(prefix) ? key.substring(prefix.length()) : key,
            null,
            asOf,
            input,
            read,
            write,
            output,
            tier));
  }

  /// Cached tokens get dearer by the same factor as the input.
  private static Price.Tier tier(
      long aboveTokens,
      BigDecimal input,
      BigDecimal inputAbove,
      @Nullable BigDecimal read,
      @Nullable BigDecimal write,
      BigDecimal outputAbove) {
    return new Price.Tier(
        aboveTokens,
        inputAbove,
        scaled(read, input, inputAbove),
        scaled(write, input, inputAbove),
        outputAbove);
  }

  private static @Nullable BigDecimal scaled(
      @Nullable BigDecimal price, BigDecimal input, BigDecimal inputAbove) {
    if (price == null || input.signum() == 0) {
      return price;
    }
    return price.multiply(inputAbove).divide(input, MAX_SCALE, RoundingMode.HALF_UP);
  }

  /// Reads the flat fields of the object that starts here; nested ones are passed over.
  private Entry entry() throws IOException {
    Entry entry = new Entry(json.currentTokenLocation());
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      JsonToken token = json.nextToken();
      if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
        entry.fields.put(field, new Located(json.getText(), token, json.currentTokenLocation()));
      } else {
        json.skipChildren();
      }
    }
    return entry;
  }

  private record Located(String text, JsonToken token, JsonLocation location) {}

  private final class Entry {
    private final JsonLocation start;
    private final Map<String, Located> fields = new LinkedHashMap<>();

    Entry(JsonLocation start) {
      this.start = start;
    }

    String text(String field) {
      Located value = fields.get(field);
      if (value == null || value.text.isBlank()) {
        throw complaint(start, "a price needs \"" + field + "\"");
      }
      return value.text.strip();
    }

    BigDecimal required(String field, BigDecimal factor) {
      BigDecimal value = number(field, factor);
      if (value == null) {
        throw complaint(start, "a price needs \"" + field + "\" (USD per million tokens)");
      }
      return value;
    }

    @Nullable BigDecimal number(String field, BigDecimal factor) {
      Located value = fields.get(field);
      if (value == null) {
        return null;
      }
      try {
        BigDecimal number = new BigDecimal(value.text).stripTrailingZeros();
        // The exponent is looked at first: arithmetic on 1e999999999 would fill the memory.
        if (Math.abs((long) number.scale()) <= MAX_SCALE && number.signum() >= 0) {
          BigDecimal price = number.multiply(factor);
          if (price.compareTo(MAX_PRICE) <= 0) {
            return price;
          }
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw complaint(
          value.location,
          field + ": " + oneLine(value.text) + " (expected: a number, 0 to 1,000,000)");
    }

    long whole(String field, BigDecimal number) {
      try {
        return number.longValueExact();
      } catch (ArithmeticException e) {
        throw complaint(start, field + ": " + number + " (expected: a whole number)");
      }
    }

    @Nullable LocalDate date(String field) {
      Located value = fields.get(field);
      if (value == null) {
        return null;
      }
      try {
        return LocalDate.parse(value.text);
      } catch (DateTimeParseException e) {
        throw complaint(
            value.location, field + ": " + oneLine(value.text) + " (expected: yyyy-mm-dd)");
      }
    }
  }

  private void expect(@Nullable JsonToken token, JsonToken expected, String what) {
    if (token != expected) {
      throw complaint(json.currentTokenLocation(), "expected " + what);
    }
  }

  private PriceFileException complaint(JsonLocation location, String message) {
    return new PriceFileException(at(name, location) + message);
  }

  private static String at(String name, @Nullable JsonLocation location) {
    return location == null
        ? name + ": "
        : name + ':' + location.getLineNr() + ':' + location.getColumnNr() + ": ";
  }

  private static String oneLine(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() > 80 ? line.substring(0, 80) + "..." : line;
  }
}
