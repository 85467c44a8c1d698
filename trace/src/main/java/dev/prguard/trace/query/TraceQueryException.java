package dev.prguard.trace.query;

/// A query was refused, or failed while it ran. The message is for the user.
public final class TraceQueryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Who has to act.
  public enum Reason {
    /// The query does not parse, or means nothing: HTTP 400.
    REFUSED,
    /// A valid query hit an impossible operation while it ran: HTTP 500.
    FAILED,
    /// The store or the Tempo behind it cannot be read: HTTP 502 or 503.
    UNAVAILABLE
  }

  private final Reason reason;

  public TraceQueryException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
