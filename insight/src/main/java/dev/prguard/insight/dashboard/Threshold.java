package dev.prguard.insight.dashboard;

import java.util.Objects;

/// From this value on a panel shows a colour.
///
/// @param value in the panel's unit
/// @param color a name of Grafana's palette
public record Threshold(double value, String color) {
  public Threshold {
    Objects.requireNonNull(color, "color");
  }
}
