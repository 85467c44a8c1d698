package dev.prguard.cli;

import java.nio.file.Path;
import java.util.Map;

/// Where spans and settings of this user live.
final class DataFolder {
  private DataFolder() {}

  /// `PR_GUARD_HOME`, else `$XDG_DATA_HOME/pr-guard`, else `~/.local/share/pr-guard`.
  static Path of(Map<String, String> env) {
    String own = env.getOrDefault("PR_GUARD_HOME", "");
    if (!own.isBlank()) {
      return Path.of(own);
    }
    String xdg = env.getOrDefault("XDG_DATA_HOME", "");
    // The XDG specification says that a relative path is to be ignored.
    if (!xdg.isBlank() && Path.of(xdg).isAbsolute()) {
      return Path.of(xdg, "pr-guard");
    }
    return Path.of(System.getProperty("user.home"), ".local", "share", "pr-guard");
  }
}
