package dev.prguard.cli;

import dev.prguard.review.cost.Price;
import dev.prguard.review.cost.PriceBook;
import dev.prguard.review.cost.PriceFileWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `pr-guard prices [MODEL]`: what models cost, and since when.
@Command(
    name = "prices",
    description = "Lists the prices of models, USD per million tokens, with their dates.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class PricesCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "provider/model, or a model's name alone (default: all).")
  @Nullable String model;

  @Option(
      names = "--prices",
      paramLabel = "FILE",
      description = "Prices before the built-in ones: our format, or LiteLLM's.")
  @Nullable Path prices;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write them as a price file (- is standard output).")
  @Nullable String json;

  @Override
  public Integer call() {
    Map<String, String> env = System.getenv();
    String file =
        prices != null
            ? prices.toString()
            : ReviewPlanner.variables(env).orElse(ReviewPlanner.userConfig(env)).prices();
    PriceBook book = ReviewPlanner.prices(file);
    List<Price> entries = model == null ? book.entries() : listed(book, model);
    if (json != null) {
      OutputTarget.write("--json", json, System.out, to -> PriceFileWriter.write(entries, to));
    }
    if (json == null || !OutputTarget.isStandardOutput(json)) {
      System.out.print(PriceTable.render(entries));
      System.out.flush();
    }
    return ExitCode.FINE.code();
  }

  private static List<Price> listed(PriceBook book, String model) {
    List<Price> entries = book.entries(model);
    if (entries.isEmpty()) {
      List<String> near = book.near(model);
      throw CommandException.wrongInput(
          model.replaceAll("\\p{C}", "?")
              + ": no price is known"
              + (near.isEmpty()
                  ? " (pr-guard prices lists all)"
                  : "; near: " + String.join(", ", near)));
    }
    return entries;
  }
}
