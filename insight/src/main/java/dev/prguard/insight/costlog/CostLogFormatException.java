package dev.prguard.insight.costlog;

/// A file is no cost log at all. The message is one line, for the user.
public final class CostLogFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CostLogFormatException(String message) {
    super(message);
  }
}
