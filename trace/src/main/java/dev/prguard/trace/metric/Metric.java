package dev.prguard.trace.metric;

/// The metrics beside the traces. Those of `gen_ai` have the names, units and bucket bounds of
/// OpenTelemetry's GenAI conventions; the others are ours. `{…}` is UCUM's annotation of something
/// that is counted; dollars have no UCUM unit.
public enum Metric {
  TOKEN_USAGE(
      "gen_ai.client.token.usage",
      "{token}",
      "Input and output tokens of a model call.",
      1,
      4,
      16,
      64,
      256,
      1024,
      4096,
      16384,
      65536,
      262144,
      1048576,
      4194304,
      16777216,
      67108864),
  MODEL_DURATION(
      "gen_ai.client.operation.duration",
      "s",
      "Time of a model call.",
      0.01,
      0.02,
      0.04,
      0.08,
      0.16,
      0.32,
      0.64,
      1.28,
      2.56,
      5.12,
      10.24,
      20.48,
      40.96,
      81.92),
  /// Kept in nano-dollars, sent in dollars.
  COST("prguard.cost.usd", "{USD}", "Dollars spent on models."),
  REVIEWS("prguard.reviews", "{review}", "Reviews by outcome."),
  FINDINGS("prguard.findings", "{finding}", "Findings of reviews by severity."),
  PATCHES("prguard.patches", "{patch}", "Patches made, by whether they could be proven."),
  UNPRICED("prguard.operations.unpriced", "{operation}", "Operations whose cost is unknown."),
  /// Bounds at the thresholds of alerts and SLOs: 2 s and 3 s.
  DURATION(
      "prguard.operation.duration",
      "s",
      "Time of an operation of a review.",
      0.05,
      0.1,
      0.25,
      0.5,
      1,
      2,
      3,
      5,
      10,
      30,
      60,
      120,
      300),
  /// Bounds at the thresholds of alerts and SLOs: 0.003 and 0.01 dollars.
  OPERATION_COST(
      "prguard.operation.cost",
      "{USD}",
      "Dollars of an operation of a review.",
      0.0001,
      0.0003,
      0.001,
      0.003,
      0.01,
      0.03,
      0.1,
      0.3,
      1,
      3);

  private final String metricName;
  private final String unit;
  private final String description;

  @SuppressWarnings("ImmutableEnumChecker") // never handed out
  private final double[] bounds;

  Metric(String metricName, String unit, String description, double... bounds) {
    this.metricName = metricName;
    this.unit = unit;
    this.description = description;
    this.bounds = bounds;
  }

  public String metricName() {
    return metricName;
  }

  public String unit() {
    return unit;
  }

  public String description() {
    return description;
  }

  /// Whether it is a histogram; else a counter of whole numbers.
  public boolean isHistogram() {
    return bounds.length > 0;
  }

  /// How many buckets there are: one over each bound, and one below the first.
  public int buckets() {
    return bounds.length + 1;
  }

  /// The bucket of a value: bounds are inclusive above, as OTLP has it.
  public int bucket(double value) {
    int bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]) {
      bucket++;
    }
    return bucket;
  }

  public double bound(int bucket) {
    return bounds[bucket];
  }
}
