package dev.prguard.review.report;

import dev.prguard.review.report.CoverageNotes.Gap;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.PatchOutcome;
import dev.prguard.review.result.PatchOutcome.Fix;
import dev.prguard.review.result.ReviewResult;
import dev.prguard.review.result.ReviewStatus;
import dev.prguard.review.result.Severity;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The result as GitHub Markdown. All text of the change and of the model is shown as text: it can
/// make no link, no HTML, no mention, and no hidden comment that looks like one of ours.
public final class MarkdownReport {

  /// Longest text made here. GitHub takes 65,536 characters; the rest is for hidden markers.
  public static final int MAX_CHARS = 60_000;

  private static final int MAX_TABLE = 24_000;
  private static final int MAX_COVERAGE = 8_000;
  private static final int MAX_PROBLEMS = 4_000;
  private static final int MAX_TITLE = 200;
  private static final int MAX_MESSAGE = 4_000;
  private static final int MAX_RISK = 1_000;
  private static final int MAX_SUGGESTION = 20_000;
  private static final int MAX_QUOTE = 400;
  private static final int MAX_PATH = 300;
  private static final int MAX_REASON = 300;

  private MarkdownReport() {}

  /// The whole review as one comment, at most [#MAX_CHARS] long; what does not fit is counted.
  public static String summary(ReviewResult result) {
    List<Finding> findings =
        result.findings().stream()
            .sorted(Comparator.comparing(Finding::severity, Comparator.reverseOrder()))
            .toList();
    String head = head(result) + table(findings);
    String coverage = coverage(result);
    String tail = problems(result) + footer(result);
    int room = MAX_CHARS - head.length() - coverage.length() - tail.length();
    String patch = patch(result.patch(), room / 2);
    String details = details(findings, result.patch(), room - patch.length());
    return head + details + coverage + patch + tail;
  }

  /// One finding, for a comment at its line. A block that GitHub can commit is made only of a
  /// proven fix of exactly the lines that the comment hangs on.
  public static String inlineComment(Finding finding, @Nullable Fix fix) {
    StringBuilder out = new StringBuilder();
    out.append("**")
        .append(capitalised(finding.severity()))
        .append(": ")
        .append(title(finding))
        .append("**\n\n")
        .append(MarkdownText.paragraphs(Untrusted.cut(finding.message(), MAX_MESSAGE)))
        .append("\n\n");
    if (fix != null && committable(finding, fix)) {
      out.append(MarkdownText.fenced("suggestion", fix.replacement() + "\n"))
          .append("\n<sub>Proven before it was offered: ")
          .append(escape(String.join(", ", fix.checks())))
          .append(".</sub>\n\n");
    } else if (fix != null) {
      out.append("A proven fix is in the patch; it cannot be shown as a suggestion here.\n\n");
    } else if (finding.suggestion() != null) {
      out.append("Possible change (**not** proven):\n\n")
          .append(MarkdownText.codeBlock("", Untrusted.cut(finding.suggestion(), MAX_MESSAGE)))
          .append('\n');
    }
    return out.append("<sub>").append(origin(finding)).append("</sub>\n").toString();
  }

  /// One line of untrusted text as Markdown that shows it and does nothing: see [MarkdownText].
  public static String escape(String untrusted) {
    return MarkdownText.inline(untrusted);
  }

  private static String head(ReviewResult result) {
    return "## Secure PR Guard: "
        + Wording.status(result.status()).toLowerCase(Locale.ROOT)
        + "\n\n"
        + switch (result.status()) {
          case REVIEWED -> "";
          case PARTIAL ->
              "**This change was not reviewed whole.** What was left out is listed under Coverage.\n\n";
          case NOT_REVIEWED ->
              result.nothingToReview()
                  ? "There is nothing to review: the change is empty.\n\n"
                  : "**This change was not reviewed.** Treat it as if no review had run.\n\n";
        }
        + (result.status() == ReviewStatus.NOT_REVIEWED && result.findings().isEmpty()
            ? ""
            : "Risk: **"
                + result.risk().level().word()
                + "** ("
                + result.risk().level().score()
                + "/10). "
                + escape(Untrusted.cut(result.risk().explanation(), MAX_RISK))
                + "\n\n")
        + Wording.findings(result)
        + "\n\n";
  }

  private static String table(List<Finding> findings) {
    if (findings.isEmpty()) {
      return "";
    }
    StringBuilder out =
        new StringBuilder("| Severity | Where | Finding | Rule |\n| --- | --- | --- | --- |\n");
    int shown = 0;
    for (Finding finding : findings) {
      String row =
          "| "
              + capitalised(finding.severity())
              + " | "
              + where(finding)
              + " | "
              + title(finding)
              + " | "
              + MarkdownText.cellCode(Untrusted.cut(finding.rule(), MAX_TITLE))
              + " |\n";
      if (out.length() + row.length() > MAX_TABLE) {
        break;
      }
      out.append(row);
      shown++;
    }
    return out.append('\n').append(more(findings.size() - shown, "finding")).toString();
  }

  private static String details(List<Finding> findings, PatchOutcome patch, int room) {
    String start = "<details>\n<summary>Findings in full</summary>\n\n";
    String end = "</details>\n\n";
    int left = room - start.length() - end.length() - MAX_REASON;
    Map<String, Fix> fixes = Wording.fixes(patch);
    StringBuilder out = new StringBuilder();
    int shown = 0;
    for (Finding finding : findings) {
      String text = detail(finding, fixes.get(finding.fingerprint()));
      if (out.length() + text.length() > left) {
        break;
      }
      out.append(text);
      shown++;
    }
    String cut = more(findings.size() - shown, "finding");
    return findings.isEmpty() || left < 0 ? cut : start + out + cut + end;
  }

  private static String detail(Finding finding, @Nullable Fix fix) {
    String quote = MarkdownText.code(Untrusted.cut(finding.quote(), MAX_QUOTE));
    return "**"
        + capitalised(finding.severity())
        + ": "
        + title(finding)
        + "**\\\n"
        + MarkdownText.code(Untrusted.cut(finding.path(), MAX_PATH))
        + (finding.line() == 0
            ? ""
            : (finding.endLine() > finding.line() ? ", lines " : ", line ")
                + Wording.lines(finding))
        + (quote.isEmpty() ? "" : ": " + quote)
        + "\n\n"
        + MarkdownText.paragraphs(Untrusted.cut(finding.message(), MAX_MESSAGE))
        + "\n\n<sub>"
        + origin(finding)
        + (fix == null ? "" : " · a proven fix is in the patch")
        + "</sub>\n\n";
  }

  private static String coverage(ReviewResult result) {
    CoverageNotes notes = CoverageNotes.of(result.coverage());
    StringBuilder out = new StringBuilder("### Coverage\n\n");
    out.append("Rules: ")
        .append(escape(notes.rules().words()))
        .append(". Model: ")
        .append(escape(notes.model().words()))
        .append(".\n\n");
    int start = out.length();
    int shown = 0;
    for (Gap gap : notes.gaps()) {
      String item =
          "- "
              + MarkdownText.code(Untrusted.cut(gap.path(), MAX_PATH))
              + (gap.lines().isEmpty() ? "" : " " + gap.lines())
              + ": "
              + gap.verdict()
              + " by "
              + gap.who()
              + ": "
              + escape(Untrusted.cut(gap.reason(), MAX_REASON))
              + "\n";
      if (out.length() - start + item.length() > MAX_COVERAGE) {
        break;
      }
      out.append(item);
      shown++;
    }
    if (!notes.gaps().isEmpty()) {
      out.append('\n').append(more(notes.gaps().size() - shown, "gap"));
    }
    return out.toString();
  }

  private static String patch(PatchOutcome patch, int room) {
    if (patch.issuesTotal() == 0 && !patch.generated()) {
      return "";
    }
    StringBuilder out = new StringBuilder("### Patch\n\n");
    out.append(Wording.patch(patch)).append("\n\n");
    if (patch.pullRequestUrl() != null) {
      out.append("Draft pull request with it: ")
          .append(MarkdownText.code(Untrusted.cut(patch.pullRequestUrl(), MAX_REASON)))
          .append("\n\n");
    }
    String diff = patch.unifiedDiff();
    if (diff != null && !showable(diff)) {
      out.append("The patch has hidden characters; the JSON report has it exactly.\n\n");
    } else if (diff != null) {
      String folded =
          "<details>\n<summary>The patch, for <code>git apply</code></summary>\n\n"
              + MarkdownText.fenced("diff", diff.endsWith("\n") ? diff : diff + "\n")
              + "\n</details>\n\n";
      out.append(
          out.length() + folded.length() <= room
              ? folded
              : "The patch is too long for a comment ("
                  + Wording.number(diff.length())
                  + " characters); the JSON report has it.\n\n");
    }
    return out.toString();
  }

  private static String problems(ReviewResult result) {
    if (result.problems().isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("### Problems\n\n");
    int shown = 0;
    for (String problem : result.problems()) {
      String item = "- " + escape(Untrusted.cut(problem, MAX_REASON)) + "\n";
      if (out.length() + item.length() > MAX_PROBLEMS) {
        break;
      }
      out.append(item);
      shown++;
    }
    return out.append('\n').append(more(result.problems().size() - shown, "problem")).toString();
  }

  private static String footer(ReviewResult result) {
    return "---\n\n<sub>Cost "
        + MarkdownText.code(Untrusted.cut(Money.total(result), MAX_REASON))
        + " · model "
        + MarkdownText.code(Untrusted.cut(result.model(), MAX_REASON))
        + " · "
        + Wording.tokens(result.tokens())
        + " · "
        + Wording.duration(result.latencyMs())
        + " · trace "
        + MarkdownText.code(result.traceId())
        + "</sub>\n";
  }

  private static String more(int left, String noun) {
    return left == 0
        ? ""
        : "... and " + Wording.count(left, "more " + noun) + ", see the JSON report.\n\n";
  }

  private static String where(Finding finding) {
    String path = MarkdownText.cellCode(Untrusted.cut(finding.path(), MAX_PATH));
    String lines = Wording.lines(finding);
    return lines.isEmpty() ? path : path + " " + lines;
  }

  private static String title(Finding finding) {
    return escape(Untrusted.cut(finding.title(), MAX_TITLE));
  }

  private static String origin(Finding finding) {
    String cwe = finding.cwe();
    return "found by "
        + switch (finding.source()) {
          case RULE -> "rule ";
          case MODEL -> "the model, ";
        }
        + MarkdownText.code(Untrusted.cut(finding.rule(), MAX_TITLE))
        + (cwe == null ? "" : " · " + escape(cwe));
  }

  private static String capitalised(Severity severity) {
    String word = severity.word();
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  /// Whether GitHub would replace exactly the proven lines by exactly the proven text.
  private static boolean committable(Finding finding, Fix fix) {
    String text = fix.replacement();
    return finding.side() == Finding.Side.NEW
        && fix.path().equals(finding.path())
        && fix.line() == finding.line()
        && fix.endLine() == finding.endLine()
        && text.length() <= MAX_SUGGESTION
        && showable(text);
  }

  /// Whether a text may stand in a comment as it is: nothing in it hides, and nothing looks like
  /// our own hidden marker.
  private static boolean showable(String text) {
    return !(text.contains("<!--") && text.contains("pr-guard"))
        && text.codePoints().allMatch(c -> c == '\t' || c == '\n' || !Untrusted.hidden(c));
  }
}
