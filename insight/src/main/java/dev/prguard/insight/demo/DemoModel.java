package dev.prguard.insight.demo;

import java.time.LocalDate;

/// A model of the demo company, with made-up but plausible prices.
///
/// @param input nano-dollars a token
/// @param cacheRead nano-dollars a token read from the provider's cache
/// @param output nano-dollars a token
/// @param millisPerAnswerToken how slow it is
record DemoModel(
    String provider,
    String name,
    Pricing pricing,
    long input,
    long cacheRead,
    long output,
    double millisPerAnswerToken) {

  enum Pricing {
    LISTED,
    /// Nobody told what it costs.
    UNKNOWN
  }

  static final DemoModel SMALL =
      new DemoModel("openai", "gpt-4o-mini", Pricing.LISTED, 150, 75, 600, 3.2);
  static final DemoModel CAREFUL =
      new DemoModel("anthropic", "claude-haiku-4-5", Pricing.LISTED, 1000, 100, 5000, 2.6);
  static final DemoModel LARGE =
      new DemoModel("openai", "gpt-4o", Pricing.LISTED, 2500, 1250, 10_000, 4.5);
  static final DemoModel FLASH =
      new DemoModel("gemini", "gemini-2.5-flash", Pricing.LISTED, 300, 75, 2500, 2.1);
  static final DemoModel IN_HOUSE =
      new DemoModel("ollama", "acme-tuned-7b", Pricing.UNKNOWN, 0, 0, 0, 6.0);

  /// The day on which the list of prices that this company uses was dated.
  private static final LocalDate LISTED_ON = LocalDate.of(2026, 8, 21);

  boolean priced() {
    return pricing == Pricing.LISTED;
  }

  String id() {
    return provider + "/" + name;
  }

  String priceId() {
    return name + "@" + LISTED_ON;
  }

  /// Nano-dollars.
  long cacheSaved(long cached) {
    return cached * (input - cacheRead);
  }

  /// Exact nano-dollars.
  long cost(long prompt, long cached, long completion) {
    return (prompt - cached) * input + cached * cacheRead + completion * output;
  }
}
