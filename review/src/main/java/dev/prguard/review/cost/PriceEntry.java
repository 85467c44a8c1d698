package dev.prguard.review.cost;

import com.fasterxml.jackson.core.JsonLocation;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// The fields of one object of a price file, each with its place for complaints.
final class PriceEntry {
  private static final BigDecimal MAX_PRICE = BigDecimal.valueOf(1_000_000);
  private static final int MAX_SCALE = 40;

  private record Located(String text, JsonLocation location) {}

  private final JsonLocation start;
  private final BiFunction<JsonLocation, String, PriceFileException> complaint;
  private final Map<String, Located> fields = new LinkedHashMap<>();

  PriceEntry(JsonLocation start, BiFunction<JsonLocation, String, PriceFileException> complaint) {
    this.start = start;
    this.complaint = complaint;
  }

  void put(String field, String text, JsonLocation location) {
    fields.put(field, new Located(text, location));
  }

  Set<String> names() {
    return fields.keySet();
  }

  PriceFileException complain(String message) {
    return complaint.apply(start, message);
  }

  /// Complains of a field that nobody will read: a price with a slip in its name would be lost.
  void requireKnown(Set<String> known) {
    fields.forEach((field, value) -> {
      if (!known.contains(field)) {
        throw complaint.apply(value.location, "unknown field \"" + PriceFile.oneLine(field) + '"');
      }
    });
  }

  @Nullable String optionalText(String field) {
    Located value = fields.get(field);
    return value == null || value.text.isBlank() ? null : value.text.strip();
  }

  String text(String field) {
    String text = optionalText(field);
    if (text == null) {
      throw complain("a price needs \"" + field + "\"");
    }
    return text;
  }

  BigDecimal required(String field, BigDecimal factor) {
    BigDecimal value = number(field, factor);
    if (value == null) {
      throw complain("a price needs \"" + field + "\" (USD per million tokens)");
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
    throw complaint.apply(
        value.location,
        field + ": " + PriceFile.oneLine(value.text) + " (expected: a number, 0 to 1,000,000)");
  }

  /// A number of tokens, 1 or more.
  long tokens(String field) {
    BigDecimal number = required(field, BigDecimal.ONE);
    if (number.signum() <= 0 || number.stripTrailingZeros().scale() > 0) {
      throw complain(field + ": " + number + " (expected: a whole number, 1 or more)");
    }
    return number.longValueExact();
  }

  @Nullable LocalDate date(String field) {
    Located value = fields.get(field);
    if (value == null) {
      return null;
    }
    try {
      return LocalDate.parse(value.text);
    } catch (DateTimeParseException e) {
      throw complaint.apply(
          value.location, field + ": " + PriceFile.oneLine(value.text) + " (expected: yyyy-mm-dd)");
    }
  }
}
