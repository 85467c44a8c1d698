package dev.prguard.review.report;

import dev.prguard.review.change.PullRequest;
import dev.prguard.review.report.CoverageNotes.Gap;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.PatchOutcome;
import dev.prguard.review.result.PatchOutcome.Fix;
import dev.prguard.review.result.PublishReceipt;
import dev.prguard.review.result.ReviewResult;
import dev.prguard.review.result.ReviewStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The result for a person at a terminal. No byte of untrusted text can steer the terminal: see
/// [Untrusted].
public final class TerminalReport {
  private static final int MAX_TEXT = 4_000;
  private static final int MAX_CODE_LINES = 12;
  private static final int MAX_GAPS = 50;
  private static final int MAX_STYLE = 2;
  private static final int MAX_REFUSED = 10;
  private static final String INDENT = "       ";

  private final TerminalText text;
  private final StringBuilder out = new StringBuilder();

  private TerminalReport(Terminal terminal) {
    this.text = new TerminalText(terminal);
  }

  /// What the output goes to.
  ///
  /// @param colour whether ANSI colours are understood and wanted
  /// @param width columns; text is wrapped there, at 40 at least
  public record Terminal(boolean colour, int width) {}

  /// The whole report, ending in a newline.
  public static String render(ReviewResult result, Terminal terminal) {
    TerminalReport report = new TerminalReport(terminal);
    report.head(result);
    report.findings(result);
    report.summary(result);
    return report.out.toString();
  }

  private void head(ReviewResult result) {
    String status = Wording.status(result.status()).toUpperCase(Locale.ROOT);
    PullRequest pull = result.pullRequest();
    String title = Untrusted.line(Untrusted.cut(pull.title(), 200));
    wrapped(
        "",
        "  ",
        switch (result.status()) {
              case REVIEWED -> text.green(status);
              case PARTIAL -> text.yellow(status);
              case NOT_REVIEWED -> text.red(status);
            }
            + "  "
            + text.bold(Untrusted.line(Untrusted.cut(Wording.subject(pull), 300)))
            + (title.isEmpty() ? "" : "  " + title));
    wrapped("", Wording.findings(result));
    if (result.status() != ReviewStatus.NOT_REVIEWED || !result.findings().isEmpty()) {
      String explanation = Untrusted.line(Untrusted.cut(result.risk().explanation(), MAX_TEXT));
      wrapped(
          "",
          "Risk: "
              + text.risk(result.risk().level())
              + " ("
              + result.risk().level().score()
              + "/10) "
              + explanation);
    }
  }

  private void findings(ReviewResult result) {
    Map<String, Fix> fixes = Wording.fixes(result.patch());
    Map<String, List<Finding>> files = new LinkedHashMap<>();
    for (Finding finding : result.findings()) {
      files.computeIfAbsent(finding.path(), path -> new ArrayList<>()).add(finding);
    }
    files.forEach((path, findings) -> {
      line("");
      line(text.bold(text.underlined(Untrusted.line(path))));
      Map<String, List<Finding>> alike = new LinkedHashMap<>();
      findings.stream()
          .sorted(Comparator.comparingInt(Finding::line))
          .forEach(finding -> {
            List<Finding> same = alike.computeIfAbsent(finding.rule(), rule -> new ArrayList<>());
            same.add(finding);
            if (finding.category() != Finding.Category.STYLE || same.size() <= MAX_STYLE) {
              finding(finding, fixes.get(finding.fingerprint()));
            }
          });
      alike.values().forEach(this::moreStyle);
    });
  }

  /// Style that repeats itself is named by its lines alone.
  private void moreStyle(List<Finding> same) {
    Finding first = same.getFirst();
    if (first.category() == Finding.Category.STYLE && same.size() > MAX_STYLE) {
      String lines =
          same.stream().skip(MAX_STYLE).map(Wording::lines).collect(Collectors.joining(", "));
      wrapped(
          INDENT,
          text.dim(
              "%d more of %s, at %s"
                  .formatted(same.size() - MAX_STYLE, Untrusted.line(first.rule()), lines)));
    }
  }

  private void finding(Finding finding, @Nullable Fix fix) {
    String lines = Wording.lines(finding);
    wrapped(
        text.padded(lines.isEmpty() ? "file" : lines, 5)
            + "  "
            + text.padded(text.severity(finding.severity(), finding.severity().word()), 8)
            + "  ",
        INDENT,
        text.bold(Untrusted.line(Untrusted.cut(finding.title(), 200))));
    String cwe = finding.cwe();
    wrapped(
        INDENT,
        text.dim(
            Untrusted.line(finding.rule())
                + (cwe == null ? "" : " · " + Untrusted.line(cwe))
                + " · "
                + Wording.source(finding.source())));
    code("│", finding.quote());
    for (String paragraph :
        Untrusted.lines(Untrusted.cut(finding.message(), MAX_TEXT)).split("\n", -1)) {
      if (!paragraph.isBlank()) {
        wrapped(INDENT, Untrusted.line(paragraph));
      }
    }
    if (fix != null) {
      wrapped(
          INDENT,
          text.green("fix, proven (" + Untrusted.line(String.join(", ", fix.checks())) + "):"));
      code("+", fix.replacement());
    } else if (finding.suggestion() != null) {
      line(INDENT + "possible change, not proven:");
      code("+", finding.suggestion());
    }
  }

  private void code(String mark, String code) {
    if (code.isBlank()) {
      return;
    }
    String[] lines = Untrusted.lines(code.replace("\t", "    ")).split("\n", -1);
    for (int i = 0; i < Math.min(lines.length, MAX_CODE_LINES); i++) {
      line(
          INDENT
              + text.dim(mark)
              + " "
              + text.fitted(Untrusted.code(lines[i]), INDENT.length() + 2));
    }
    if (lines.length > MAX_CODE_LINES) {
      line(INDENT + text.dim("... " + (lines.length - MAX_CODE_LINES) + " more lines"));
    }
  }

  private void summary(ReviewResult result) {
    line("");
    CoverageNotes notes = CoverageNotes.of(result.coverage());
    wrapped(
        "",
        "Coverage: rules "
            + Untrusted.line(notes.rules().words())
            + ", model "
            + Untrusted.line(notes.model().words())
            + (notes.gaps().isEmpty() ? "." : ". Not looked at, or not whole:"));
    for (Gap gap : notes.gaps().subList(0, Math.min(MAX_GAPS, notes.gaps().size()))) {
      wrapped(
          "  ",
          text.yellow("!")
              + " "
              + Untrusted.line(gap.path())
              + (gap.lines().isEmpty() ? "" : " " + gap.lines())
              + ": "
              + gap.verdict()
              + " by "
              + gap.who()
              + ": "
              + Untrusted.line(Untrusted.cut(gap.reason(), MAX_TEXT)));
    }
    if (notes.gaps().size() > MAX_GAPS) {
      line("  ... and " + (notes.gaps().size() - MAX_GAPS) + " more, see the JSON report");
    }
    PatchOutcome patch = result.patch();
    if (patch.issuesTotal() > 0 || patch.generated()) {
      wrapped("", "Patch: " + Wording.patch(patch));
      if (patch.pullRequestUrl() != null) {
        wrapped("  ", "Draft pull request: " + Untrusted.line(patch.pullRequestUrl()));
      }
      for (PatchOutcome.Rejection refused :
          patch.rejected().subList(0, Math.min(MAX_REFUSED, patch.rejected().size()))) {
        wrapped(
            "  ",
            Untrusted.line(refused.path())
                + ":"
                + refused.line()
                + ": refused, "
                + Untrusted.line(refused.check())
                + ": "
                + Untrusted.line(Untrusted.cut(refused.reason(), MAX_TEXT)));
      }
      if (patch.rejected().size() > MAX_REFUSED) {
        line("  ... and " + (patch.rejected().size() - MAX_REFUSED) + " more, see the JSON report");
      }
    }
    PublishReceipt receipt = result.receipt();
    if (receipt != null) {
      wrapped("", "Published: " + Wording.receipt(receipt));
      receipt.errors().forEach(error -> wrapped("  ", text.red("!") + " " + Untrusted.line(error)));
    }
    for (String problem : result.problems()) {
      wrapped("", text.yellow("Problem:") + " " + Untrusted.line(Untrusted.cut(problem, MAX_TEXT)));
    }
    wrapped(
        "",
        "Cost: "
            + text.bold(Untrusted.line(Money.total(result)))
            + " · model "
            + Untrusted.line(result.model())
            + " · "
            + Wording.tokens(result.tokens())
            + " · "
            + Wording.duration(result.latencyMs()));
    line("Trace: " + Untrusted.line(result.traceId()));
  }

  private void wrapped(String indent, String words) {
    wrapped(indent, indent, words);
  }

  private void wrapped(String first, String indent, String words) {
    for (String line : text.wrapped(first, indent, words)) {
      line(line);
    }
  }

  private void line(String line) {
    out.append(line.stripTrailing()).append('\n');
  }
}
