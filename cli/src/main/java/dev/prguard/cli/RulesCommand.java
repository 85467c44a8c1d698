package dev.prguard.cli;

import dev.prguard.review.rules.Rule;
import dev.prguard.review.rules.RuleCatalog;
import dev.prguard.review.rules.RuleExamples;
import dev.prguard.review.rules.UserRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `pr-guard rules`: what a review looks for. The program's own rules, and those that the current
/// folder has in `.pr-guard/rules`; a review takes the latter from the base branch.
@Command(
    name = "rules",
    description = "Lists and tests the rules that a review runs.",
    subcommands = {RulesCommand.ListRules.class, RulesCommand.Show.class, RulesCommand.Test.class},
    mixinStandardHelpOptions = true)
final class RulesCommand implements Runnable {

  @SuppressWarnings("NullAway.Init") // picocli injects it
  @CommandLine.Spec
  CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static List<Rule> own() {
    Path folder = Path.of(UserRules.FOLDER);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Rule> rules = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        if (file.toString().matches(".*\\.ya?ml")) {
          rules.addAll(read(file));
        }
      }
      return rules;
    } catch (IOException e) {
      throw CommandException.wrongInput(folder + ": cannot be read", e);
    }
  }

  private static List<Rule> read(Path file) {
    try {
      return UserRules.parse(file.toString(), Files.readAllBytes(file));
    } catch (IllegalArgumentException e) {
      throw CommandException.wrongInput(TextTable.printable(String.valueOf(e.getMessage())), e);
    } catch (IOException e) {
      throw CommandException.wrongInput(file + ": cannot be read", e);
    }
  }

  private static RuleCatalog all() {
    try {
      return RuleCatalog.bundled().with(own());
    } catch (IllegalArgumentException e) {
      throw CommandException.wrongInput(UserRules.FOLDER + ": " + e.getMessage(), e);
    }
  }

  private static void write(@Nullable String json, List<Rule> rules, String text) {
    if (json != null) {
      OutputTarget.write("--json", json, System.out, to -> RulesJson.write(rules, to));
    }
    if (json == null || !OutputTarget.isStandardOutput(json)) {
      System.out.print(text);
      System.out.flush();
    }
  }

  /// `rules list [AREA]`.
  @Command(
      name = "list",
      description = "Lists the rules, one a line.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  static final class ListRules implements Callable<Integer> {
    @Parameters(
        arity = "0..1",
        paramLabel = "AREA",
        description = "Only those whose id begins so, such as secret or python (default: all).")
    String area = "";

    @Option(
        names = "--json",
        paramLabel = "FILE",
        description = "Write them as JSON (- is standard output).")
    @Nullable String json;

    @Override
    public Integer call() {
      List<Rule> rules = all().rules().stream().filter(rule -> rule.id().startsWith(area)).toList();
      if (rules.isEmpty()) {
        throw CommandException.wrongInput(
            TextTable.printable(area) + ": no rule's id begins so (pr-guard rules list shows all)");
      }
      write(json, rules, RulesText.table(rules));
      return ExitCode.FINE.code();
    }
  }

  /// `rules show ID`.
  @Command(
      name = "show",
      description = "Says what one rule finds, why it matters and what to do.",
      sortOptions = false,
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "The rule's id, as a finding has it.")
    String id = "";

    @Option(
        names = "--json",
        paramLabel = "FILE",
        description = "Write it as JSON (- is standard output).")
    @Nullable String json;

    @Override
    public Integer call() {
      Rule rule =
          all()
              .find(id)
              .orElseThrow(() ->
                  CommandException.wrongInput(
                      TextTable.printable(id) + ": no such rule (pr-guard rules list shows all)"));
      write(json, List.of(rule), RulesText.page(rule));
      return ExitCode.FINE.code();
    }
  }

  /// `rules test [FILE]`.
  @Command(
      name = "test",
      description = {
        "Runs the examples of rules: each bad one must be found, no ok one may be.",
        "Exit code 1 when one does not hold."
      },
      sortOptions = false,
      mixinStandardHelpOptions = true)
  static final class Test implements Callable<Integer> {
    @Parameters(
        arity = "0..*",
        paramLabel = "FILE",
        description =
            "Rule files (default: the program's own and those of " + UserRules.FOLDER + ").")
    List<Path> files = List.of();

    @Override
    public Integer call() {
      List<Rule> rules = new ArrayList<>();
      if (files.isEmpty()) {
        rules.addAll(all().rules());
      }
      files.forEach(file -> rules.addAll(read(file)));
      int examples = 0;
      int failures = 0;
      for (Rule rule : rules) {
        examples += rule.bad().size() + rule.ok().size();
        for (String failure : RuleExamples.failures(rule)) {
          System.out.println(TextTable.printable(failure));
          failures++;
        }
      }
      System.out.println(
          rules.size() + " rules, " + examples + " examples, " + failures + " do not hold");
      return failures == 0 ? ExitCode.FINE.code() : ExitCode.FINDINGS.code();
    }
  }
}
