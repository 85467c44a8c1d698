package dev.prguard.cli;

import dev.prguard.review.rules.RuleCatalog;
import java.io.PrintStream;
import java.util.List;

/// The entry point. `--version` is answered before any library is loaded.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
      System.out.println("pr-guard " + Version.read());
      return;
    }
    if (args.length > 1 && args[0].equals("review")) {
      // The rules are read while picocli takes the arguments apart: each takes about as long.
      Thread.ofPlatform().daemon().start(RuleCatalog::bundled);
    }
    System.exit(run(List.of(args), System.out, System.err));
  }

  /// Runs one command and returns its exit code.
  static int run(List<String> args, PrintStream out, PrintStream err) {
    return CommandLines.execute(args, out, err);
  }
}
