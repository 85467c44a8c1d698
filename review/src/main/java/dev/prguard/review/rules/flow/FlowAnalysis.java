package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Program;
import dev.prguard.review.rules.flow.Evaluator.OverBudgetException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Looks through one file for what the rules object to.
public final class FlowAnalysis {

  /// Expressions and statements that are gone through for one file, whatever is written in it.
  private static final long BUDGET = 600_000;

  private static final Duration DEADLINE = Duration.ofMillis(500);

  /// @param complete false when the file had more in it than is looked at
  public record Result(List<Hit> hits, boolean complete) {
    public Result {
      hits = List.copyOf(hits);
    }
  }

  /// Files that lie beside the program.
  public interface Resources {
    /// @param name as the program gives it
    Optional<String> text(String name);
  }

  private FlowAnalysis() {}

  /// @throws StackOverflowError for code that is nested deeper than this thread's stack allows
  ///
  /// @param resources the text of a file that the program reads by its name, as far as it is known
  public static Result of(Program program, FlowModel model, Resources resources) {
    Definitions definitions = new Definitions(program.language(), program.statements());
    Evaluator evaluator =
        new Evaluator(
            model,
            program.language(),
            definitions,
            BUDGET,
            resources,
            System.nanoTime() + DEADLINE.toNanos());
    boolean complete = true;
    try {
      evaluator.runWithFunctions(program.statements());
    } catch (OverBudgetException e) {
      complete = false;
    }
    return new Result(evaluator.sinks.hits(), complete);
  }
}
