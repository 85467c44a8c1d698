package dev.prguard.cli;

import dev.prguard.review.report.TerminalReport.Terminal;
import java.util.Map;

/// What the launcher and the environment say of the terminal.
final class TerminalSettings {
  private static final int DEFAULT_WIDTH = 100;

  private TerminalSettings() {}

  /// The launcher asks `[ -t 1 ]`, since Java cannot tell the two outputs apart.
  static Terminal of(Map<String, String> env) {
    boolean colour =
        Boolean.getBoolean("prguard.terminal.out")
            && env.getOrDefault("NO_COLOR", "").isEmpty()
            && !env.getOrDefault("TERM", "").equals("dumb");
    return new Terminal(colour, width(env.getOrDefault("COLUMNS", "")));
  }

  static boolean errIsTerminal() {
    return Boolean.getBoolean("prguard.terminal.err");
  }

  private static int width(String columns) {
    try {
      return Math.clamp(Integer.parseInt(columns), 40, 200);
    } catch (NumberFormatException e) {
      return DEFAULT_WIDTH;
    }
  }
}
