package dev.prguard.insight.demo;

/// What one review of the demo company is like.
///
/// @param model asked first
/// @param size of the change; 1 is usual
record DemoCase(DemoModel model, double size, Outcome outcome) {

  enum Outcome {
    REVIEWED("reviewed"),
    /// The first model timed out, a second one answered.
    FELL_BACK("reviewed"),
    /// The model timed out on a part.
    PARTIAL("partial"),
    NOT_FETCHED("not_reviewed");

    private final String status;

    Outcome(String status) {
      this.status = status;
    }

    /// `workflow.status`.
    String status() {
      return status;
    }
  }
}
