package dev.prguard.review.workflow;

import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Risk;
import dev.prguard.review.result.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// The third agent: merges duplicates, ranks, and says how risky the change is. Pure: the same
/// findings give the same answer, in whatever order they come.
///
/// Duplicates are findings of the same file, side and place about the same kind: the same CWE, or
/// the same last word of the rule's id (`python.sql-injection` and `model.sql-injection`). Findings
/// of rules are never merged with one another. A model can add findings and raise a severity; it
/// can neither remove nor lower what a rule found, nor give a rule's finding a suggestion.
///
/// Risk, from the security findings; style alone is never more than low:
/// - critical: one critical finding, or three high ones;
/// - high: one high finding, or five medium ones;
/// - medium: one medium finding;
/// - low: anything less.
public final class Architect {

  /// This many high findings weigh as much as a critical one.
  private static final int HIGHS_OF_A_CRITICAL = 3;

  /// This many medium findings weigh as much as a high one.
  private static final int MEDIUMS_OF_A_HIGH = 5;

  /// A finding that spans more lines than this is about a region: it is not the duplicate of a
  /// finding on one line of it.
  private static final int PLACE_LINES = 10;

  private static final Comparator<Finding> RANK =
      Comparator.comparing(Finding::severity, Comparator.reverseOrder())
          .thenComparing(Finding::category)
          .thenComparing(Finding::path)
          .thenComparingInt(Finding::line)
          .thenComparingInt(Finding::endLine)
          .thenComparing(Finding::side)
          .thenComparing(Finding::source)
          .thenComparing(Finding::rule)
          .thenComparing(Finding::fingerprint)
          .thenComparing(Finding::title)
          .thenComparing(Finding::message);

  private Architect() {}

  /// Merges and ranks the findings, and judges the change.
  ///
  /// @param ruleFindings all of them come back, each at least as severe as it was
  /// @param modelFindings come back unless a finding of a rule or of the model already says the
  ///   same; the first model message that adds something becomes the second paragraph
  public static Assessment assess(List<Finding> ruleFindings, List<Finding> modelFindings) {
    List<Merged> merged = new ArrayList<>();
    for (Finding finding : new LinkedHashSet<>(sorted(ruleFindings))) {
      merged.add(new Merged(finding));
    }
    for (Finding finding : new LinkedHashSet<>(sorted(modelFindings))) {
      Merged known = find(merged, finding);
      if (known == null) {
        merged.add(new Merged(finding));
      } else {
        known.add(finding);
      }
    }
    List<Finding> findings = sorted(merged.stream().map(Merged::finding).toList());
    return new Assessment(findings, risk(findings));
  }

  private static List<Finding> sorted(Collection<Finding> findings) {
    return findings.stream().sorted(RANK).toList();
  }

  private static @Nullable Merged find(List<Merged> merged, Finding finding) {
    for (Merged candidate : merged) {
      if (samePlace(candidate.first, finding) && sameKind(candidate.first, finding)) {
        return candidate;
      }
    }
    return null;
  }

  private static boolean samePlace(Finding a, Finding b) {
    if (!a.path().equals(b.path()) || a.side() != b.side()) {
      return false;
    }
    return a.line() == b.line() || covers(a, b.line()) || covers(b, a.line());
  }

  private static boolean covers(Finding finding, int line) {
    return finding.endLine() - finding.line() < PLACE_LINES
        && finding.line() <= line
        && line <= finding.endLine();
  }

  private static boolean sameKind(Finding a, Finding b) {
    if (a.cwe() != null && a.cwe().equals(b.cwe())) {
      return true;
    }
    return kind(a.rule()).equals(kind(b.rule()));
  }

  private static String kind(String rule) {
    return rule.substring(rule.lastIndexOf('.') + 1);
  }

  /// How risky a change with these findings is; the rules of thumb are written at the class.
  static Risk risk(List<Finding> findings) {
    Map<Severity, Integer> security = new EnumMap<>(Severity.class);
    int style = 0;
    for (Finding finding : findings) {
      if (finding.category() == Finding.Category.SECURITY) {
        security.merge(finding.severity(), 1, Integer::sum);
      } else {
        style++;
      }
    }
    int critical = security.getOrDefault(Severity.CRITICAL, 0);
    int high = security.getOrDefault(Severity.HIGH, 0);
    int medium = security.getOrDefault(Severity.MEDIUM, 0);
    Risk.Level level;
    String reason;
    if (critical > 0) {
      level = Risk.Level.CRITICAL;
      reason = "";
    } else if (high >= HIGHS_OF_A_CRITICAL) {
      level = Risk.Level.CRITICAL;
      reason = "; " + HIGHS_OF_A_CRITICAL + " high ones weigh as much as a critical one";
    } else if (high > 0) {
      level = Risk.Level.HIGH;
      reason = "";
    } else if (medium >= MEDIUMS_OF_A_HIGH) {
      level = Risk.Level.HIGH;
      reason = "; " + MEDIUMS_OF_A_HIGH + " medium ones weigh as much as a high one";
    } else if (medium > 0) {
      level = Risk.Level.MEDIUM;
      reason = "";
    } else {
      level = Risk.Level.LOW;
      reason = "";
    }
    return new Risk(level, counts(security, style) + reason);
  }

  /// `1 critical, 2 medium security findings, 4 style findings`.
  private static String counts(Map<Severity, Integer> security, int style) {
    StringJoiner parts = new StringJoiner(", ");
    int total = 0;
    for (Severity severity : List.of(Severity.values()).reversed()) {
      int count = security.getOrDefault(severity, 0);
      if (count > 0) {
        parts.add(count + " " + severity.word());
        total += count;
      }
    }
    String text = total == 0 ? "no security finding" : parts + plural(" security finding", total);
    return style == 0 ? text : text + ", " + style + plural(" style finding", style);
  }

  private static String plural(String noun, int count) {
    return count == 1 ? noun : noun + "s";
  }

  /// A finding and what later ones add to it.
  private static final class Merged {
    private final Finding first;
    private Severity severity;
    private String message;
    private boolean extended;

    Merged(Finding first) {
      this.first = first;
      this.severity = first.severity();
      this.message = first.message();
    }

    void add(Finding other) {
      if (other.severity().compareTo(severity) > 0) {
        severity = other.severity();
      }
      if (!extended && !other.message().isBlank() && !other.message().equals(first.message())) {
        message = first.message() + "\n\n" + other.message();
        extended = true;
      }
    }

    Finding finding() {
      return new Finding(
          first.path(),
          first.side(),
          first.line(),
          first.endLine(),
          first.rule(),
          first.title(),
          message,
          severity,
          first.category(),
          first.cwe(),
          first.source(),
          first.quote(),
          first.fingerprint(),
          first.suggestion());
    }
  }
}
