package dev.prguard.insight.alert;

import dev.prguard.insight.query.ReviewQuery;
import java.time.Duration;

/// The number that a rule watches, asked of spans.
public sealed interface Measure {

  /// The greatest value of each series.
  record Greatest(ReviewQuery query) implements Measure {}

  /// A sum, or a count, of the window.
  record Total(ReviewQuery query) implements Measure {}

  /// The part of the whole, 0 to 1.
  record Share(ReviewQuery part, ReviewQuery whole) implements Measure {}

  /// What of the whole is not the broken part, 0 to 1.
  record Kept(ReviewQuery broken, ReviewQuery whole) implements Measure {}

  /// How many times what was summed the same time `back` ago; nothing when now is below the floor.
  record Growth(ReviewQuery query, Duration back, double floor) implements Measure {}

  /// How fast the promise's error budget is used up: 1 uses it up exactly in the promise's time.
  /// The lower of the rule's window and of the short one, so that it ends soon after the trouble
  /// does (Google's SRE Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts").
  record BurnRate(Slo slo, Duration shortWindow) implements Measure {}
}
