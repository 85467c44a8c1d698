package dev.prguard.cli;

/// The exit codes of every command.
enum ExitCode {
  FINE(0),
  FINDINGS(1),
  WRONG_INPUT(2),
  OUTSIDE_FAILED(3);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
