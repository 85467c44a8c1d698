package dev.prguard.insight.query;

/// What a question is about, in the order of the documents.
public enum Topic {
  LATENCY("Latency"),
  COST("Cost"),
  TOKENS("Tokens"),
  FAILURES("Failures"),
  REVIEWS("Reviews, findings and patches"),
  LOOK_UP("Looking something up");

  private final String title;

  Topic(String title) {
    this.title = title;
  }

  public String title() {
    return title;
  }
}
