package dev.prguard.insight.alert;

/// How soon somebody should look.
public enum Severity {
  /// In working hours.
  WARNING("warning"),
  /// Now.
  CRITICAL("critical");

  private final String label;

  Severity(String label) {
    this.label = label;
  }

  /// The value of the label `severity`.
  public String label() {
    return label;
  }
}
