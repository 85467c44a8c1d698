package dev.prguard.insight.grafana;

/// What becomes of things that somebody else edited in Grafana.
public enum Edits {
  /// They are left as they are, and named.
  KEEP,
  OVERWRITE
}
