package dev.prguard.review.rules;

import dev.prguard.review.change.Change;
import dev.prguard.review.change.FileContents;
import dev.prguard.review.change.PullRequest;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.FileDiff.Status;
import dev.prguard.review.diff.PullRequestDiff;
import dev.prguard.review.result.Finding;
import dev.prguard.review.rules.Rule.Example;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Runs the examples that a rule carries: its proof that it finds what it says and no more.
public final class RuleExamples {

  private static final long SEED = 20261123;

  private RuleExamples() {}

  /// What does not hold, one line each; empty when the rule is as it says.
  public static List<String> failures(Rule rule) {
    List<String> failures = new ArrayList<>();
    RuleScanner scanner = new RuleScanner(new RuleCatalog(List.of(rule)));
    for (int i = 0; i < rule.bad().size(); i++) {
      if (findings(scanner, rule, rule.bad().get(i)).isEmpty()) {
        failures.add(rule.id() + ": bad example " + (i + 1) + " is not found");
      }
    }
    for (int i = 0; i < rule.ok().size(); i++) {
      List<Finding> findings = findings(scanner, rule, rule.ok().get(i));
      if (!findings.isEmpty()) {
        failures.add(
            rule.id()
                + ": ok example "
                + (i + 1)
                + " is found, line "
                + findings.getFirst().line());
      }
    }
    return failures;
  }

  static List<Finding> findings(RuleScanner scanner, Rule rule, Example example) {
    Random random = new Random(SEED);
    String before = example.before();
    Change change =
        change(
            example.path(),
            before == null ? null : ExampleText.fill(before, random),
            ExampleText.fill(example.after(), random));
    return scanner.scan(change).findings().stream()
        .filter(finding -> finding.rule().equals(rule.id()))
        .toList();
  }

  /// A change of one file.
  private static Change change(String path, @Nullable String before, String after) {
    FileContents head = contents(path, after);
    FileContents base = before == null ? _ -> Optional.empty() : contents(path, before);
    Status status = before == null ? Status.ADDED : Status.MODIFIED;
    FileDiff diff =
        new FileDiff(
            status,
            before == null ? null : path,
            path,
            null,
            null,
            false,
            LineDiff.hunks(before == null ? "" : before, after));
    PullRequest nobody = new PullRequest("", "", "", "", null, "", "", "", "", "", "", "");
    return new Change(nobody, new PullRequestDiff(List.of(diff), 0), head, base, List.of());
  }

  private static FileContents contents(String path, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return asked -> asked.equals(path) ? Optional.of(bytes) : Optional.empty();
  }
}
