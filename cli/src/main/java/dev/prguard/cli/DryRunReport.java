package dev.prguard.cli;

import dev.prguard.review.cost.Cost;
import dev.prguard.review.model.DryRunEstimate;
import java.util.List;
import java.util.Locale;

/// What `--dry-run` prints: a line a model, and the files that it would be sent.
final class DryRunReport {
  private DryRunReport() {}

  static String render(List<DryRunEstimate> estimates) {
    if (estimates.isEmpty()) {
      return "no model is configured (--llm, or a key in the environment): nothing would be sent\n";
    }
    StringBuilder text = new StringBuilder("nothing was sent; it would be:\n");
    for (DryRunEstimate estimate : estimates) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %s: %d files in %d calls, %s%,d prompt tokens (%s), at most %,d more in answers: at most %s%n",
              estimate.model(),
              estimate.files().size(),
              estimate.groups(),
              estimate.exactTokens() ? "" : "about ",
              estimate.promptTokens(),
              dollars(estimate.promptCost()),
              estimate.maxOutputTokens(),
              dollars(estimate.maxCost())));
      if (estimate.unsentHunks() > 0) {
        text.append("    ").append(estimate.unsentHunks()).append(" hunks would not be sent\n");
      }
    }
    // The same for each model: what leaves the machine does not hang on who gets it.
    text.append("files, the riskiest first:\n");
    for (String file : estimates.getFirst().files()) {
      text.append("  ").append(file.replaceAll("\\p{C}", "\uFFFD")).append('\n');
    }
    return text.toString();
  }

  private static String dollars(Cost cost) {
    return switch (cost) {
      case Cost.Known known -> "$" + known.usd().stripTrailingZeros().toPlainString();
      case Cost.Unknown _ -> "price unknown, see --prices";
    };
  }
}
