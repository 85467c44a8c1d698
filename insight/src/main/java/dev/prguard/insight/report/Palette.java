package dev.prguard.insight.report;

import java.awt.Color;
import java.util.List;
import java.util.Map;

/// Colours of the charts: for a light ground, after Okabe and Ito, so that people with the usual
/// kinds of colour blindness can tell them apart; neighbours also differ in lightness. In the HTML
/// each is a CSS variable, which has a second value for a dark ground.
final class Palette {
  static final Color INK = new Color(0x1f2328);
  static final Color FAINT = new Color(0x57606a);
  static final Color GRID = new Color(0xd8dee4);
  static final Color PAPER = new Color(0xfffffe);

  /// The limit of a budget.
  static final Color LIMIT = new Color(0xb42318);

  /// What is left over: other models, days to come.
  static final Color REST = new Color(0x8c959f);

  static final List<Color> SERIES =
      List.of(
          new Color(0x0072b2),
          new Color(0xd98200),
          new Color(0x00795a),
          new Color(0x5fb3e6),
          new Color(0xa8457f),
          new Color(0xc9b800));

  /// CSS values.
  static final Map<Color, String> NAMES =
      Map.ofEntries(
          Map.entry(INK, "var(--ink)"),
          Map.entry(FAINT, "var(--faint)"),
          Map.entry(GRID, "var(--grid)"),
          Map.entry(PAPER, "var(--paper)"),
          Map.entry(LIMIT, "var(--limit)"),
          Map.entry(REST, "var(--rest)"),
          Map.entry(SERIES.get(0), "var(--s1)"),
          Map.entry(SERIES.get(1), "var(--s2)"),
          Map.entry(SERIES.get(2), "var(--s3)"),
          Map.entry(SERIES.get(3), "var(--s4)"),
          Map.entry(SERIES.get(4), "var(--s5)"),
          Map.entry(SERIES.get(5), "var(--s6)"));

  private Palette() {}
}
