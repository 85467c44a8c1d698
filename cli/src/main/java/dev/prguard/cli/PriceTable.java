package dev.prguard.cli;

import dev.prguard.review.cost.Price;
import dev.prguard.review.cost.Price.Level;
import dev.prguard.review.cost.Rates;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Prices as a table: a line for each date, and one for each tier below it.
final class PriceTable {
  private static final List<String> HEAD =
      List.of(
          "model",
          "valid (UTC days)",
          "input",
          "cache read",
          "write 5 min",
          "write 1 h",
          "output",
          "reasoning",
          "batch in/out");

  private PriceTable() {}

  static String render(List<Price> prices) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    for (int i = 0; i < prices.size(); i++) {
      Price price = prices.get(i);
      for (Level level : price.levels()) {
        boolean first = level.aboveTokens() == 0;
        rows.add(
            row(
                first ? price.provider() + '/' + price.model() : "",
                first
                    ? validity(price, i + 1 < prices.size() ? prices.get(i + 1) : null)
                    : String.format(Locale.ROOT, "  prompt over %,d", level.aboveTokens()),
                level));
      }
    }
    StringBuilder text = new StringBuilder("USD per 1,000,000 tokens\n");
    int[] widths = new int[HEAD.size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String cell = row.get(column);
        String blanks = " ".repeat(widths[column] - cell.length());
        line.append(column < 2 ? cell + blanks : blanks + cell).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.append(
            "-: cached tokens cost as much as other input, reasoning as other output; batch not"
                + " known\n")
        .toString();
  }

  private static List<String> row(String model, String validity, Level level) {
    Rates rates = level.standard();
    Rates batch = level.batch();
    return List.of(
        // Names come from a file that anybody may have written.
        model.replaceAll("\\p{C}", "?"),
        validity,
        usd(rates.input()),
        usd(rates.cacheRead()),
        usd(rates.cacheWrite()),
        usd(
            rates.cacheWriteHour() == null && rates.cacheWrite() == null
                ? null
                : rates.hourWrite()),
        usd(rates.output()),
        usd(rates.reasoning()),
        batch == null ? "-" : usd(batch.input()) + '/' + usd(batch.output()));
  }

  private static String validity(Price price, @Nullable Price next) {
    LocalDate from = price.from();
    LocalDate until = null;
    if (next != null
        && next.provider().equals(price.provider())
        && next.model().equalsIgnoreCase(price.model())
        && next.from() != null) {
      until = next.from().minusDays(1);
    }
    if (from == null && until == null) {
      return "as of " + price.asOf();
    }
    return ((from == null ? "" : "from " + from) + (until == null ? "" : " until " + until))
        .strip();
  }

  private static String usd(@Nullable BigDecimal price) {
    if (price == null) {
      return "-";
    }
    return price.signum() == 0 ? "0" : price.stripTrailingZeros().toPlainString();
  }
}
