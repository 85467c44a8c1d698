package dev.prguard.insight.grafana;

import java.io.Serial;

/// A Grafana did not do what it was asked. The message is one line for the user, without the token.
public final class GrafanaException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /// Who has to act.
  public enum Kind {
    /// The user: address, token, rights, or somebody else's edit.
    REFUSED,
    /// The Grafana, or the way to it.
    UNAVAILABLE
  }

  private final Kind kind;

  GrafanaException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
