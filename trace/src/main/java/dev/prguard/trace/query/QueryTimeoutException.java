package dev.prguard.trace.query;

/// A query took longer than it was allowed to, or was cancelled.
public final class QueryTimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public QueryTimeoutException(String message) {
    super(message);
  }
}
