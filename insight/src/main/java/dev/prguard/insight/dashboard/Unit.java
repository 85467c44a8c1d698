package dev.prguard.insight.dashboard;

/// The unit of a panel's numbers.
public enum Unit {
  MILLISECONDS("ms", "ms"),
  US_DOLLARS("currencyUSD", "USD"),
  /// Quantiles of cost come in nano-dollars, because Tempo's quantiles ignore doubles.
  NANO_US_DOLLARS("short", "nano-USD"),
  TOKENS("short", "tokens"),
  TOKENS_PER_MS("short", "tokens/ms"),
  COUNT("short", ""),
  /// Shares are 0 to 1.
  SHARE("percentunit", "");

  private final String grafana;
  private final String symbol;

  Unit(String grafana, String symbol) {
    this.grafana = grafana;
    this.symbol = symbol;
  }

  /// Grafana's id of it.
  public String grafana() {
    return grafana;
  }

  /// What stands behind a number; empty where the number says enough.
  public String symbol() {
    return symbol;
  }
}
