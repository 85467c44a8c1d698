package dev.prguard.review.cost;

import com.google.re2j.Pattern;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;
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
      String reason = e instanceof NoSuchFileException ? "no such file" : e.getMessage();
      throw new PriceFileException(file + ": cannot be read: " + reason, e);
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
    return price(provider, model, usage, ServiceTier.STANDARD, at);
  }

  /// As [#price(String, String, TokenUsage, Instant)], of a call at another tier.
  public PricedCall price(
      String provider, String model, TokenUsage usage, ServiceTier tier, Instant at) {
    return find(provider, model, at)
        .flatMap(price ->
            price.nanoUsd(usage, tier).stream()
                .mapToObj(nano ->
                    new PricedCall(
                        Cost.ofNanoUsd(nano),
                        price.id(),
                        price.nanoUsd(usage.uncached(), tier).orElse(nano) - nano))
                .findFirst())
        .orElse(PricedCall.UNKNOWN);
  }

  /// Nano-dollars that a call can cost at most; empty when the price is unknown.
  public OptionalLong worstCaseNanoUsd(
      String provider, String model, long promptTokens, long maxOutputTokens, Instant at) {
    return find(provider, model, at)
        .map(price -> OptionalLong.of(price.worstNanoUsd(promptTokens, maxOutputTokens)))
        .orElseGet(OptionalLong::empty);
  }

  /// Says that a model has no known price, and how to give it one.
  public static String unknownPrice(String provider, String model, Instant at) {
    return "the price of "
        + provider(provider)
        + '/'
        + model
        + " is unknown, so its cost is; with the provider's prices this line makes it known in the"
        + " file of --prices: "
        + lineToAdd(provider, model, at);
  }

  /// The line that a price file needs for a model that it does not list. It is no JSON until the
  /// two prices are filled in, so that nothing is taken as free by mistake.
  static String lineToAdd(String provider, String model, Instant at) {
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

  /// Every entry, by model in alphabetical order, then by date.
  public List<Price> entries() {
    return prices.values().stream().flatMap(List::stream).toList();
  }

  /// The entries that price a model, of all dates; empty when none does.
  ///
  /// @param name `provider/model`, or a model's name alone for any provider
  public List<Price> entries(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    List<Price> exact = matching(key -> key.equals(wanted) || model(key).equals(wanted));
    return exact.isEmpty()
        ? matching(key -> {
          String provider = key.substring(0, key.indexOf('/'));
          String model = wanted.startsWith(provider + '/') ? model(wanted) : wanted;
          Pattern snapshot = SNAPSHOT.get(provider);
          return snapshot != null && snapshot.matcher(model).replaceFirst("").equals(model(key));
        })
        : exact;
  }

  private List<Price> matching(Predicate<String> wanted) {
    return prices.entrySet().stream()
        .filter(entry -> wanted.test(entry.getKey()))
        .flatMap(entry -> entry.getValue().stream())
        .toList();
  }

  /// Listed models whose names are like this one, the nearest first.
  public List<String> near(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    Map<String, Integer> distances = new HashMap<>();
    for (String key : prices.keySet()) {
      boolean part = wanted.length() >= 3 && key.contains(wanted);
      int distance =
          part ? 0 : Math.min(EditDistance.of(key, wanted), EditDistance.of(model(key), wanted));
      if (distance <= wanted.length() / 3) {
        distances.put(key, distance);
      }
    }
    return distances.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .limit(5)
        .toList();
  }

  private static String model(String key) {
    return key.substring(key.indexOf('/') + 1);
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
