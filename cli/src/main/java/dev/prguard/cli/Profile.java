package dev.prguard.cli;

import dev.prguard.review.cost.Cost;
import dev.prguard.review.result.ReviewResult;
import dev.prguard.review.result.ReviewResult.OperationSummary;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/// `--profile`: what each operation of a review took, in ms, tokens and dollars, and its share of
/// the whole.
final class Profile {
  private Profile() {}

  static String render(ReviewResult result) {
    StringBuilder text = new StringBuilder();
    text.append(row("operation", "model", "ms", "model ms", "tokens", "USD", "time", "cost"));
    long nanoUsd = known(result.cost());
    for (OperationSummary operation : result.operations()) {
      text.append(
          row(
              operation.type(),
              printable(operation.model()),
              Long.toString(operation.latencyMs()),
              Long.toString(operation.apiMs()),
              Long.toString(operation.tokens().total()),
              usd(operation.cost()),
              share(operation.latencyMs(), result.latencyMs()),
              share(known(operation.cost()), nanoUsd)));
    }
    text.append(
        row(
            "all",
            "",
            Long.toString(result.latencyMs()),
            Long.toString(result.operations().stream().mapToLong(OperationSummary::apiMs).sum()),
            Long.toString(result.tokens().total()),
            usd(result.cost()),
            "",
            ""));
    return text.toString();
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-11s %-24s %9s %9s %10s %14s %6s %6s", cells)
            .stripTrailing()
        + System.lineSeparator();
  }

  /// Calls of one operation may be parallel, so its model time may be longer than itself.
  private static String share(long part, long whole) {
    return whole <= 0
        ? "-"
        : BigDecimal.valueOf(part * 100)
                .divide(BigDecimal.valueOf(whole), 0, RoundingMode.HALF_UP)
                .toPlainString()
            + "%";
  }

  private static long known(Cost cost) {
    return switch (cost) {
      case Cost.Known(long nanoUsd) -> nanoUsd;
      case Cost.Unknown(long knownNanoUsd) -> knownNanoUsd;
    };
  }

  private static String usd(Cost cost) {
    return switch (cost) {
      case Cost.Known known ->
          known.usd().signum() == 0 ? "0" : known.usd().stripTrailingZeros().toPlainString();
      case Cost.Unknown _ -> "unknown";
    };
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{C}", "\uFFFD");
  }
}
