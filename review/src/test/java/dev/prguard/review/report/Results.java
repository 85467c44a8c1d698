package dev.prguard.review.report;

import dev.prguard.review.change.PullRequest;
import dev.prguard.review.cost.Cost;
import dev.prguard.review.cost.TokenUsage;
import dev.prguard.review.result.Coverage;
import dev.prguard.review.result.Coverage.FileCoverage;
import dev.prguard.review.result.Coverage.HunkCoverage;
import dev.prguard.review.result.Coverage.Look;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Finding.Category;
import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.result.Finding.Source;
import dev.prguard.review.result.Fingerprint;
import dev.prguard.review.result.PatchOutcome;
import dev.prguard.review.result.PublishReceipt;
import dev.prguard.review.result.ReviewResult;
import dev.prguard.review.result.ReviewResult.OperationSummary;
import dev.prguard.review.result.ReviewStatus;
import dev.prguard.review.result.Risk;
import dev.prguard.review.result.Severity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Results for the tests of the reports.
final class Results {
  static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  static final TokenUsage TOKENS = new TokenUsage(3_210, 456, 1_024, 0, 0, 64);
  static final Cost COST = Cost.ofNanoUsd(666_300);

  private Results() {}

  /// Findings of every sort, a partial coverage, a patch with a refused fix, a receipt.
  static ReviewResult full() {
    return result(ReviewStatus.PARTIAL, findings(), COST)
        .withReceipt(
            new PublishReceipt(
                3, 1, 1, 0, 2, "https://github.com/acme/payments/pull/12#c1", 1_234, List.of()));
  }

  /// The same, a model's price unknown.
  static ReviewResult unpriced() {
    return result(ReviewStatus.PARTIAL, findings(), new Cost.Unknown(200_000));
  }

  /// All seen, nothing found, no model.
  static ReviewResult clean() {
    Look notAsked = Look.notApplicable("no model is configured");
    return new ReviewResult(
        ReviewStatus.REVIEWED,
        pullRequest(),
        List.of(),
        new Coverage(List.of(new FileCoverage("a.py", Look.YES, notAsked, List.of()))),
        new Risk(Risk.Level.LOW, "nothing was found"),
        PatchOutcome.NONE,
        List.of(),
        "none",
        TokenUsage.ZERO,
        Cost.zero(),
        87,
        TRACE,
        List.of(),
        null);
  }

  /// Nothing seen.
  static ReviewResult notReviewed() {
    Look lost = Look.no("the file could not be fetched: 502 from the forge");
    return new ReviewResult(
        ReviewStatus.NOT_REVIEWED,
        pullRequest(),
        List.of(),
        new Coverage(List.of(new FileCoverage("a.py", lost, lost, List.of()))),
        new Risk(Risk.Level.LOW, "nothing was found"),
        PatchOutcome.NONE,
        List.of("GitHub answered 502 five times"),
        "none",
        TokenUsage.ZERO,
        Cost.zero(),
        61_500,
        TRACE,
        List.of(),
        null);
  }

  /// `count` findings, all texts made of `text`.
  static ReviewResult many(int count, String text) {
    List<Severity> severities = List.of(Severity.values());
    List<Finding> findings = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      Severity severity = severities.get(i % severities.size());
      findings.add(finding("src/f" + i % 90 + ".py", i, severity, text + i, text.repeat(8), null));
    }
    return result(ReviewStatus.PARTIAL, findings, COST);
  }

  /// Every untrusted text of the result is `hostile`.
  static ReviewResult hostile(String hostile) {
    Finding finding =
        new Finding(
            hostile,
            Side.NEW,
            3,
            3,
            "model." + hostile,
            hostile,
            hostile,
            Severity.HIGH,
            Category.SECURITY,
            hostile,
            Source.MODEL,
            hostile,
            Fingerprint.of("m", "p", hostile, 0),
            hostile);
    Look look = Look.partly(hostile);
    return new ReviewResult(
        ReviewStatus.PARTIAL,
        new PullRequest(
            hostile, hostile, hostile, hostile, null, hostile, hostile, hostile, hostile, "", "",
            ""),
        List.of(finding),
        new Coverage(List.of(new FileCoverage(hostile, look, Look.no(hostile), List.of()))),
        new Risk(Risk.Level.HIGH, hostile),
        new PatchOutcome(
            1,
            1,
            1,
            hostile,
            List.of(
                new PatchOutcome.Fix(
                    finding.fingerprint(), hostile, 3, 3, hostile, Source.MODEL, List.of(hostile))),
            List.of(
                new PatchOutcome.Rejection(finding.fingerprint(), hostile, 3, hostile, hostile)),
            hostile),
        List.of(hostile),
        hostile,
        TOKENS,
        new Cost.Unknown(1),
        1,
        TRACE,
        List.of(),
        new PublishReceipt(0, 0, 0, 1, 0, hostile, 0, List.of(hostile)));
  }

  static List<Finding> findings() {
    return List.of(
        finding(
            "app/refunds.py",
            12,
            Severity.CRITICAL,
            "SQL is built from user input",
            "The name goes into the statement as it is. Use a parameter.",
            "CWE-89"),
        finding(
            "app/refunds.py",
            40,
            Severity.MEDIUM,
            "TLS certificates are not checked",
            "verify=False lets anyone in between answer.\n\nRemove it.",
            "CWE-295"),
        new Finding(
            "src/main/java/Refunds.java",
            Side.OLD,
            25,
            25,
            "java.authorization-removed",
            "An authorisation check was removed",
            "@PreAuthorize stood here.",
            Severity.HIGH,
            Category.SECURITY,
            "CWE-862",
            Source.RULE,
            "@PreAuthorize(\"hasRole('ADMIN')\")",
            Fingerprint.of("java.authorization-removed", "src/main/java/Refunds.java", "x", 0),
            null),
        new Finding(
            "web/ü ser.ts",
            Side.NEW,
            3,
            5,
            "model.race",
            "Two refunds may run at once",
            "Nothing holds the lock between the check and the write.",
            Severity.MEDIUM,
            Category.SECURITY,
            null,
            Source.MODEL,
            "if (balance > amount) {",
            Fingerprint.of("model.race", "web/ü ser.ts", "x", 0),
            "lock();\nif (balance > amount) {"),
        new Finding(
            "tools/run.go",
            Side.NEW,
            0,
            0,
            "style.line-ends",
            "Mixed line ends",
            "Some lines end in CR LF.",
            Severity.LOW,
            Category.STYLE,
            null,
            Source.RULE,
            "",
            Fingerprint.of("style.line-ends", "tools/run.go", "", 0),
            null));
  }

  static Finding finding(
      String path,
      int line,
      Severity severity,
      String title,
      String message,
      @Nullable String cwe) {
    String rule = "python.rule-" + severity.word();
    String quote = "cursor.execute(\"select * from t where name = '\" + name)";
    return new Finding(
        path,
        Side.NEW,
        line,
        line,
        rule,
        title,
        message,
        severity,
        Category.SECURITY,
        cwe,
        Source.RULE,
        quote,
        Fingerprint.of(rule, path, quote, line),
        null);
  }

  static PatchOutcome.Fix fixOf(Finding finding, String replacement) {
    return new PatchOutcome.Fix(
        finding.fingerprint(),
        finding.path(),
        finding.line(),
        finding.endLine(),
        replacement,
        Source.RULE,
        List.of("applies", "parses", "finding gone", "no new finding"));
  }

  /// One style rule, broken on lines 1 to `count` of one file.
  static ReviewResult style(int count) {
    List<Finding> findings = new ArrayList<>();
    for (int line = 1; line <= count; line++) {
      findings.add(
          new Finding(
              "a.py",
              Side.NEW,
              line,
              line,
              "style.tab-indent",
              "Tab in the indentation",
              "Indent with spaces.",
              Severity.LOW,
              Category.STYLE,
              null,
              Source.RULE,
              "\tx = " + line,
              Fingerprint.of("style.tab-indent", "a.py", "x", line),
              null));
    }
    return result(ReviewStatus.REVIEWED, findings, Cost.zero());
  }

  private static ReviewResult result(ReviewStatus status, List<Finding> findings, Cost cost) {
    return new ReviewResult(
        status,
        pullRequest(),
        findings,
        coverage(),
        new Risk(Risk.Level.CRITICAL, "1 critical finding: SQL is built from user input"),
        new PatchOutcome(
            findings.size(),
            2,
            1,
            """
            diff --git a/app/refunds.py b/app/refunds.py
            --- a/app/refunds.py
            +++ b/app/refunds.py
            @@ -40 +40 @@
            -old
            +new
            """,
            List.of(fixOf(findings.get(1), "new")),
            List.of(
                new PatchOutcome.Rejection(
                    findings.getFirst().fingerprint(),
                    findings.getFirst().path(),
                    12,
                    "parses",
                    "unbalanced bracket")),
            "https://github.com/acme/p/pull/13"),
        List.of("a change to .pr-guard.yml in the pull request was ignored"),
        "gpt-4o-mini",
        TOKENS,
        cost,
        2_354,
        TRACE,
        List.of(
            new OperationSummary("fetch", "none", 120, 0, TokenUsage.ZERO, Cost.zero()),
            new OperationSummary("nitpicker", "gpt-4o-mini", 2_000, 1_900, TOKENS, cost)),
        null);
  }

  private static Coverage coverage() {
    Look budget = Look.no("over budget");
    return new Coverage(
        List.of(
            new FileCoverage(
                "app/refunds.py",
                Look.YES,
                Look.partly("2 hunks over budget"),
                List.of(
                    new HunkCoverage(1, 20, Look.YES, Look.YES),
                    new HunkCoverage(30, 10, Look.YES, budget),
                    new HunkCoverage(60, 1, Look.YES, budget))),
            new FileCoverage(
                "src/main/java/Refunds.java",
                Look.YES,
                Look.YES,
                List.of(
                    new HunkCoverage(5, 3, Look.YES, Look.YES),
                    new HunkCoverage(20, 4, Look.YES, Look.YES),
                    new HunkCoverage(90, 9, Look.YES, Look.YES))),
            new FileCoverage("logo.png", Look.no("binary file"), Look.no("binary file"), List.of()),
            new FileCoverage(
                "docs/moved.md",
                Look.notApplicable("renamed, no line changed"),
                Look.notApplicable("renamed, no line changed"),
                List.of()),
            new FileCoverage("web/ü ser.ts", Look.YES, Look.YES, List.of())));
  }

  private static PullRequest pullRequest() {
    return new PullRequest(
        "https://github.com/acme/payments/pull/12",
        "acme/payments",
        "acme",
        "payments",
        12L,
        "mallory",
        "Add refunds",
        "body",
        "refunds",
        "a".repeat(40),
        "main",
        "b".repeat(40));
  }
}
