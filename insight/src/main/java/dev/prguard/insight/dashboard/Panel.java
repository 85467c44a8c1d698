package dev.prguard.insight.dashboard;

import java.util.List;
import java.util.Objects;

/// One panel.
///
/// @param description what it says and what to make of it, for the reader
/// @param ofTempo what else holds where a Tempo answers: its quantiles and limits
/// @param targets one or more; a ratio comes after what it divides
/// @param thresholds ascending; below the first all is well
/// @param thresholdLine whether thresholds are drawn as lines too
/// @param width in Grafana's columns, 24 to a row
public record Panel(
    String title,
    String description,
    String ofTempo,
    Drawing drawing,
    Unit unit,
    List<Target> targets,
    List<Threshold> thresholds,
    boolean thresholdLine,
    int width) {
  public Panel {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(ofTempo, "ofTempo");
    targets = List.copyOf(targets);
    thresholds = List.copyOf(thresholds);
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("targets: none (expected: one or more)");
    }
    if (width < 1 || width > 24) {
      throw new IllegalArgumentException("width: " + width + " (expected: 1 to 24)");
    }
  }

  /// A panel that says the same wherever it stands.
  public Panel(
      String title,
      String description,
      Drawing drawing,
      Unit unit,
      List<Target> targets,
      List<Threshold> thresholds,
      boolean thresholdLine,
      int width) {
    this(title, description, "", drawing, unit, targets, thresholds, thresholdLine, width);
  }

  /// For a reader of a dashboard that asks a Tempo.
  public String descriptionOfTempo() {
    return (description + " " + ofTempo).strip();
  }
}
