package dev.prguard.review.patch;

/// What a fix has to pass, in this order.
enum Check {
  LIMITS("limits"),
  HEAD("exact head"),
  QUOTE("finding is there"),
  RANGE("changed lines only"),
  TEXT("harmless text"),
  SYNTAX("parses"),
  MEANING("code keeps its meaning"),
  RULES("finding gone, none new"),
  APPLIES("patch applies"),
  OVERLAP("no overlap"),
  TOGETHER("together with the others");

  private final String label;

  Check(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
