package dev.prguard.review.cost;

import com.google.re2j.Pattern;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Dated prices by provider and model. Immutable. A model that it does not list has an unknown
/// price, never 0.
public final class PriceBook {
  private static final long MAX_FILE_BYTES = 32L << 20;

  /// How a provider names a dated snapshot of a model; nothing looser is taken as an alias.
  private static final Map<String, Pattern> SNAPSHOT =
      Map.of(
          "openai", Pattern.compile("-20\\d\\d-\\d\\d-\\d\\d$"),
          "anthropic", Pattern.compile("-20\\d\\d\\d\\d\\d\\d$"),
          "gemini", Pattern.compile("-\\d\\d\\d$"));

  /// `provider/model` to its prices in the order of their dates.
  private final Map<String, List<Price>> prices;

  private PriceBook(Map<String, List<Price>> prices) {
    this.prices = prices;
  }

  static PriceBook of(Collection<Price> entries) {
    Map<String, List<Price>> prices = new TreeMap<>();
    for (Price price : entries) {
      prices
          .computeIfAbsent(key(price.provider(), price.model()), k -> new ArrayList<>())
          .add(price);
    }
    prices.replaceAll(
        (key, dated) -> dated.stream().sorted(Comparator.comparing(Price::firstDay)).toList());
    return new PriceBook(prices);
  }

  /// The prices that came with this version.
  public static PriceBook bundled() {
    try (InputStream in = PriceBook.class.getResourceAsStream("prices.json")) {
      if (in == null) {
        throw new IllegalStateException("prices.json is missing from the jar");
      }
      return of(PriceFile.read("prices.json", LocalDate.EPOCH, in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads a price file: ours (`pr-guard prices` prints it) or LiteLLM's
  /// model_prices_and_context_window.json.
  ///
  /// @throws PriceFileException when it cannot be read or is not a price file
  public static PriceBook load(Path file) {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new PriceFileException(file + ": over 32 MB, not a price file");
      }
      LocalDate asOf =
          LocalDate.ofInstant(Files.getLastModifiedTime(file).toInstant(), ZoneOffset.UTC);
      return of(PriceFile.read(file.toString(), asOf, Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new PriceFileException(file + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }

  /// This book, with every model that `override` lists taken from there, all its dates included.
  public PriceBook with(PriceBook override) {
    Map<String, List<Price>> merged = new TreeMap<>(prices);
    merged.putAll(override.prices);
    return new PriceBook(merged);
  }

  /// Prices a finished call as of the time it was made.
  ///
  /// @param provider `openai`, `azure`, `anthropic`, `gemini`, `ollama` ..., or OpenTelemetry's
  ///   name
  public PricedCall price(String provider, String model, TokenUsage usage, Instant at) {
    return find(provider, model, at)
        .map(price -> new PricedCall(Cost.ofNanoUsd(price.nanoUsd(usage)), price.id()))
        .orElseGet(() -> new PricedCall(Cost.unknown(), null));
  }

  /// Nano-dollars that a call can cost at most; empty when the price is unknown.
  public OptionalLong worstCaseNanoUsd(
      String provider, String model, long promptTokens, long maxOutputTokens, Instant at) {
    return find(provider, model, at)
        .map(price -> OptionalLong.of(price.worstNanoUsd(promptTokens, maxOutputTokens)))
        .orElseGet(OptionalLong::empty);
  }

  /// The line that a price file needs for a model that it does not list. It is no JSON until the
  /// two prices are filled in, so that nothing is taken as free by mistake.
  public static String lineToAdd(String provider, String model, Instant at) {
    return "{\"provider\": \""
        + provider(provider)
        + "\", \"model\": \""
        + model.replaceAll("[\"\\\\\\p{Cntrl}]", "?")
        + "\", \"from\": \""
        + LocalDate.ofInstant(at, ZoneOffset.UTC)
        + "\", \"input\": USD_PER_MILLION, \"output\": USD_PER_MILLION}";
  }

  /// The models listed, as `provider/model`, in alphabetical order.
  public List<String> models() {
    return List.copyOf(prices.keySet());
  }

  private Optional<Price> find(String provider, String model, Instant at) {
    String name = provider(provider);
    LocalDate day = LocalDate.ofInstant(at, ZoneOffset.UTC);
    Optional<Price> exact = inForce(prices.get(key(name, model)), day);
    if (exact.isPresent() || name.equals("azure")) {
      // Azure bills OpenAI's models at OpenAI's prices, unless a price file says otherwise.
      return exact.isPresent() ? exact : find("openai", model, at);
    }
    Pattern snapshot = SNAPSHOT.get(name);
    if (snapshot == null) {
      return Optional.empty();
    }
    String alias = snapshot.matcher(model).replaceFirst("");
    return alias.equals(model) ? Optional.empty() : inForce(prices.get(key(name, alias)), day);
  }

  private static Optional<Price> inForce(@Nullable List<Price> dated, LocalDate day) {
    if (dated == null) {
      return Optional.empty();
    }
    return dated.stream()
        .filter(price -> !price.firstDay().isAfter(day))
        .reduce((earlier, later) -> later);
  }

  private static String key(String provider, String model) {
    return provider + '/' + model.toLowerCase(Locale.ROOT);
  }

  private static String provider(String name) {
    return switch (name) {
      case "azure.ai.openai" -> "azure";
      case "gcp.gemini" -> "gemini";
      default -> name;
    };
  }
}
