package dev.prguard.insight.grafana;

import java.util.List;

/// What a push does, or would do, to one thing.
///
/// @param what folder, dashboard or alert
/// @param difference lines with `-` and `+` of what is there and what would be; empty where there
///   is nothing to compare
/// @param reason why it is left alone; empty otherwise
public record PushStep(
    What what, String title, Action action, List<String> difference, String reason, Write write) {
  public PushStep {
    difference = List.copyOf(difference);
  }

  /// The kind of thing.
  public enum What {
    FOLDER,
    DASHBOARD,
    ALERT
  }

  /// What is done to it.
  public enum Action {
    CREATE,
    UPDATE,
    /// It was ours, and is defined no more.
    DELETE,
    /// It is as it should be.
    KEEP,
    /// Somebody else edited it.
    LEAVE
  }

  /// Does it.
  @FunctionalInterface
  interface Write {
    void run();
  }

  static PushStep keep(What what, String title) {
    return new PushStep(what, title, Action.KEEP, List.of(), "", () -> {});
  }

  static PushStep leave(What what, String title, List<String> difference, String reason) {
    return new PushStep(what, title, Action.LEAVE, difference, reason, () -> {});
  }

  /// @throws GrafanaException when Grafana does not take it
  public void apply() {
    write.run();
  }
}
