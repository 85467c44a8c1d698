package dev.prguard.cli;

import org.jspecify.annotations.Nullable;

/// Ends a command with an exit code and one or two lines for the user.
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  private CommandException(ExitCode exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  static CommandException wrongInput(String message) {
    return new CommandException(ExitCode.WRONG_INPUT, message, null);
  }

  static CommandException wrongInput(String message, Throwable cause) {
    return new CommandException(ExitCode.WRONG_INPUT, message, cause);
  }

  static CommandException outsideFailed(String message, Throwable cause) {
    return new CommandException(ExitCode.OUTSIDE_FAILED, message, cause);
  }

  ExitCode exitCode() {
    return exitCode;
  }
}
