package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Program;
import dev.prguard.review.rules.flow.Effort.OverBudgetException;
import java.util.List;
import java.util.Optional;

/// Looks through one file for what the rules object to.
public final class FlowAnalysis {

  /// @param complete false when the file had more in it than is looked at
  /// @param steps what it took, see [Effort]
  public record Result(List<Hit> hits, boolean complete, long steps) {
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

  /// @param resources the text of a file that the program reads by its name, as far as it is known
  public static Result of(Program program, FlowModel model, Resources resources) {
    return of(program, model, resources, OtherFiles.NONE, OtherFiles.OUTSIDE, OtherFiles.OUTSIDE);
  }

  /// @param others files that the program may call into; hits may lie in them
  /// @param file which of them it is, as far as its imports go
  /// @param text which of them its lines are of: none, where it is the file before the change
  public static Result of(
      Program program,
      FlowModel model,
      Resources resources,
      OtherFiles others,
      int file,
      int text) {
    Definitions definitions = new Definitions(program.language(), program.statements());
    Effort effort = new Effort();
    Evaluator evaluator =
        new Evaluator(
            model, program.language(), definitions, effort, resources, others, file, text);
    boolean complete = true;
    try {
      evaluator.runWithFunctions(program.statements());
    } catch (OverBudgetException | StackOverflowError e) {
      // What was found on the way stands.
      complete = false;
    }
    return new Result(evaluator.sinks.hits(), complete, effort.spent());
  }
}
