package dev.prguard.review.rules;

import dev.prguard.review.result.Finding;
import java.util.List;

/// Findings of changes of several files.
final class FollowedFindings {

  private static final RuleScanner SCANNER = new RuleScanner(RuleCatalog.bundled());

  private FollowedFindings() {}

  /// A change that adds files.
  ///
  /// @param texts path, text, path, text
  static Samples.ChangeBuilder added(String... texts) {
    Samples.ChangeBuilder change = new Samples.ChangeBuilder();
    for (int i = 0; i < texts.length; i += 2) {
      change.file(texts[i], null, texts[i + 1]);
    }
    return change;
  }

  /// Those of values that went over several files.
  static List<Finding> followed(Samples.ChangeBuilder change) {
    return SCANNER.scan(change.build()).findings().stream()
        .filter(finding -> finding.message().contains(", over ") && !isOfPrompts(finding))
        .toList();
  }

  /// It takes every `system(...)` for one of a prompt.
  private static boolean isOfPrompts(Finding finding) {
    return finding.rule().startsWith("llm.");
  }

  static List<String> places(String... texts) {
    return followed(added(texts)).stream()
        .map(finding -> finding.path() + ":" + finding.line() + " " + finding.rule())
        .toList();
  }

  static List<String> security(String... texts) {
    return SCANNER.scan(added(texts).build()).findings().stream()
        .filter(finding -> finding.category() == Finding.Category.SECURITY)
        .filter(finding -> !isOfPrompts(finding))
        .map(finding -> finding.path() + ":" + finding.line() + " " + finding.rule())
        .toList();
  }
}
