package dev.prguard.cli;

import dev.prguard.review.cost.Cost;
import dev.prguard.review.workflow.ReviewProgress;
import java.io.PrintStream;

/// Progress on standard error: one line that is written over, on a terminal only, so that a log of
/// CI has nothing but results. Used by many threads.
final class ProgressLine {
  private final PrintStream err;
  private final boolean shown;
  private boolean dirty;

  private ProgressLine(PrintStream err, boolean shown) {
    this.err = err;
    this.shown = shown;
  }

  /// Nothing is shown when quiet, or when standard error is no terminal.
  static ProgressLine on(PrintStream err, boolean quiet) {
    return new ProgressLine(err, !quiet && TerminalSettings.errIsTerminal());
  }

  synchronized void show(ReviewProgress progress) {
    if (!shown) {
      return;
    }
    String cost =
        progress.cost().knownPart() == 0
            ? ""
            : " · $"
                + ((Cost.Known) Cost.ofNanoUsd(progress.cost().knownPart()))
                    .usd()
                    .stripTrailingZeros()
                    .toPlainString();
    String step = progress.step().replaceAll("\\p{C}", " ");
    err.print(
        "\r\u001b[K"
            + progress.agent()
            + ": "
            + (step.length() > 60 ? step.substring(0, 60) : step)
            + (progress.files() == 0
                ? ""
                : " · " + progress.filesDone() + " of " + progress.files() + " files")
            + cost);
    err.flush();
    dirty = true;
  }

  synchronized void clear() {
    if (dirty) {
      err.print("\r\u001b[K");
      err.flush();
      dirty = false;
    }
  }
}
