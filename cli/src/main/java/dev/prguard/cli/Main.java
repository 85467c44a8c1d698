package dev.prguard.cli;

import dev.prguard.review.rules.RuleCatalog;
import dev.prguard.store.EmbeddedSpanStore;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/// The entry point. `--version` is answered before any library is loaded.
public final class Main {
  private static final Set<String> ASK_THE_STORE = Set.of("query", "report", "check", "trace");

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
    if (args.length > 0 && ASK_THE_STORE.contains(args[0])) {
      Thread.ofPlatform()
          .daemon()
          .start(() -> EmbeddedSpanStore.prepare(DataFolder.of(System.getenv())));
    }
    System.exit(run(List.of(args), System.out, System.err));
  }

  /// Runs one command and returns its exit code.
  static int run(List<String> args, PrintStream out, PrintStream err) {
    return CommandLines.execute(args, out, err);
  }
}
