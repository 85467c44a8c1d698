package dev.prguard.review.cost;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads a price file, ours or LiteLLM's, token by token, so that every complaint has a line and a
/// column.
final class PriceFile {
  private static final BigDecimal PER_MILLION = BigDecimal.valueOf(1_000_000);
  private static final int DIGITS = 40;

  private static final Set<String> RATES =
      Set.of(
          "input",
          "cache_read",
          "cache_write",
          "cache_write_1h",
          "output",
          "reasoning",
          "batch_input",
          "batch_cache_read",
          "batch_cache_write",
          "batch_cache_write_1h",
          "batch_output",
          "batch_reasoning");
  private static final Set<String> PRICE =
      with(RATES, "provider", "model", "from", "as_of", "source");
  private static final Set<String> TIER = with(RATES, "above_tokens");

  private static final Pattern LITELLM_TIER =
      Pattern.compile("input_cost_per_token_above_(\\d{1,4})k_tokens");

  private final String name;
  private final LocalDate asOf;
  private final JsonParser json;

  private PriceFile(String name, LocalDate asOf, JsonParser json) {
    this.name = name;
    this.asOf = asOf;
    this.json = json;
  }

  private static Set<String> with(Set<String> names, String... more) {
    Set<String> all = new HashSet<>(names);
    all.addAll(Set.of(more));
    return Set.copyOf(all);
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
      List<PriceEntry> tiers = new ArrayList<>();
      PriceEntry entry = entry(tiers);
      entry.requireKnown(PRICE);
      LocalDate from = entry.date("from");
      LocalDate known = entry.date("as_of");
      LocalDate day = known != null ? known : from;
      if (day == null) {
        throw entry.complain("a price needs \"from\" or \"as_of\" (yyyy-mm-dd)");
      }
      List<Price.Level> levels = new ArrayList<>();
      levels.add(ourLevel(entry, 0));
      for (PriceEntry tier : tiers) {
        tier.requireKnown(TIER);
        long above = tier.tokens("above_tokens");
        if (above <= levels.getLast().aboveTokens()) {
          throw tier.complain("tiers: " + above + " after a longer one (expected: rising)");
        }
        levels.add(asDear(ourLevel(tier, above), levels.getFirst()));
      }
      String source = entry.optionalText("source");
      Price price =
          new Price(
              entry.text("provider"),
              entry.text("model"),
              from,
              day,
              source == null ? "" : source,
              levels);
      if (!ids.add((price.provider() + '/' + price.id()).toLowerCase(Locale.ROOT))) {
        throw entry.complain(price.provider() + '/' + price.id() + " is there twice");
      }
      prices.add(price);
    }
  }

  private static Price.Level ourLevel(PriceEntry entry, long above) {
    return new Price.Level(
        above,
        new Rates(
            entry.required("input", BigDecimal.ONE),
            entry.number("cache_read", BigDecimal.ONE),
            entry.number("cache_write", BigDecimal.ONE),
            entry.number("cache_write_1h", BigDecimal.ONE),
            entry.required("output", BigDecimal.ONE),
            entry.number("reasoning", BigDecimal.ONE)),
        batch(
            entry.number("batch_input", BigDecimal.ONE),
            entry.number("batch_cache_read", BigDecimal.ONE),
            entry.number("batch_cache_write", BigDecimal.ONE),
            entry.number("batch_cache_write_1h", BigDecimal.ONE),
            entry.number("batch_output", BigDecimal.ONE),
            entry.number("batch_reasoning", BigDecimal.ONE)));
  }

  private static @Nullable Rates batch(
      @Nullable BigDecimal input,
      @Nullable BigDecimal read,
      @Nullable BigDecimal write,
      @Nullable BigDecimal hourWrite,
      @Nullable BigDecimal output,
      @Nullable BigDecimal reasoning) {
    return input == null || output == null
        ? null
        : new Rates(input, read, write, hourWrite, output, reasoning);
  }

  /// One model of LiteLLM's file; prices there are for one token. Models that are not billed by
  /// text tokens are passed over, and so are aliases that move from model to model.
  private void readLiteLlm(String key, List<Price> prices) throws IOException {
    PriceEntry entry = entry(new ArrayList<>());
    BigDecimal input = entry.number("input_cost_per_token", PER_MILLION);
    BigDecimal output = entry.number("output_cost_per_token", PER_MILLION);
    String provider = entry.optionalText("litellm_provider");
    if (key.equals("sample_spec")
        || key.endsWith("-latest")
        || input == null
        || output == null
        || provider == null) {
      return;
    }
    List<Price.Level> levels = new ArrayList<>();
    Rates batch =
        batch(
            entry.number("input_cost_per_token_batches", PER_MILLION),
            entry.number("cache_read_input_token_cost_batches", PER_MILLION),
            entry.number("cache_creation_input_token_cost_batches", PER_MILLION),
            null,
            entry.number("output_cost_per_token_batches", PER_MILLION),
            null);
    levels.add(new Price.Level(0, liteLlmRates(entry, input, output, ""), batch));
    for (int thousands : liteLlmTiers(entry)) {
      String suffix = "_above_" + thousands + "k_tokens";
      BigDecimal inputAbove = entry.number("input_cost_per_token" + suffix, PER_MILLION);
      BigDecimal outputAbove = entry.number("output_cost_per_token" + suffix, PER_MILLION);
      if (inputAbove != null) {
        Rates rates =
            liteLlmRates(entry, inputAbove, outputAbove != null ? outputAbove : output, suffix);
        levels.add(asDear(new Price.Level(thousands * 1000L, rates, null), levels.getFirst()));
      }
    }
    String prefix = provider + '/';
    prices.add(
        new Price(
            provider,
            key.startsWith(prefix) ? key.substring(prefix.length()) : key,
            null,
            asOf,
            "litellm",
            levels));
  }

  private static Rates liteLlmRates(
      PriceEntry entry, BigDecimal input, BigDecimal output, String suffix) {
    return new Rates(
        input,
        entry.number("cache_read_input_token_cost" + suffix, PER_MILLION),
        entry.number("cache_creation_input_token_cost" + suffix, PER_MILLION),
        entry.number("cache_creation_input_token_cost_above_1hr" + suffix, PER_MILLION),
        output,
        entry.number("output_cost_per_reasoning_token" + suffix, PER_MILLION));
  }

  private static Set<Integer> liteLlmTiers(PriceEntry entry) {
    Set<Integer> tiers = new TreeSet<>();
    for (String field : entry.names()) {
      Matcher tier = LITELLM_TIER.matcher(field);
      if (tier.matches() && Integer.parseInt(tier.group(1)) > 0) {
        tiers.add(Integer.parseInt(tier.group(1)));
      }
    }
    return tiers;
  }

  /// The level, with what it does not say about the cache taken from the first level and made
  /// dearer by the same factor as the input, and reasoning as the output.
  private static Price.Level asDear(Price.Level level, Price.Level first) {
    Rates rates = level.standard();
    Rates base = first.standard();
    return new Price.Level(
        level.aboveTokens(),
        new Rates(
            rates.input(),
            scaled(rates.cacheRead(), base.cacheRead(), base.input(), rates.input()),
            scaled(rates.cacheWrite(), base.cacheWrite(), base.input(), rates.input()),
            scaled(rates.cacheWriteHour(), base.cacheWriteHour(), base.input(), rates.input()),
            rates.output(),
            scaled(rates.reasoning(), base.reasoning(), base.output(), rates.output())),
        level.batch());
  }

  private static @Nullable BigDecimal scaled(
      @Nullable BigDecimal own, @Nullable BigDecimal price, BigDecimal from, BigDecimal to) {
    if (own != null || price == null || from.signum() == 0) {
      return own != null ? own : price;
    }
    return price.multiply(to).divide(from, DIGITS, RoundingMode.HALF_UP);
  }

  /// Reads the fields of the object that starts here, and its `tiers`; other nested values are
  /// passed over.
  private PriceEntry entry(List<PriceEntry> tiers) throws IOException {
    PriceEntry entry = new PriceEntry(json.currentTokenLocation(), this::complaint);
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      JsonToken token = json.nextToken();
      if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
        entry.put(field, json.getText(), json.currentTokenLocation());
      } else if (field.equals("tiers") && token == JsonToken.START_ARRAY) {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          expect(json.currentToken(), JsonToken.START_OBJECT, "a tier object");
          tiers.add(entry(new ArrayList<>()));
        }
      } else {
        json.skipChildren();
      }
    }
    return entry;
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

  static String oneLine(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() > 80 ? line.substring(0, 80) + "..." : line;
  }
}
