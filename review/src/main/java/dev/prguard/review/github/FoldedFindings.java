package dev.prguard.review.github;

import dev.prguard.review.report.MarkdownReport;
import java.util.List;

/// The part of the summary that says which findings have no comment of their own, and why.
final class FoldedFindings {
  private static final String END = "\n</details>\n";

  /// For the line that counts what did not fit.
  private static final int RESERVE = 100;

  private FoldedFindings() {}

  /// @param room characters; what does not fit is counted
  static String markdown(PublishLedger ledger, int room) {
    List<PublishLedger.Folded> folded = ledger.foldedOnes();
    if (folded.isEmpty()) {
      return "";
    }
    StringBuilder out =
        new StringBuilder(
            "\n<details>\n<summary>Without a comment of their own: "
                + folded.size()
                + "</summary>\n\n");
    int shown = 0;
    for (PublishLedger.Folded one : folded) {
      String item =
          "- "
              + MarkdownReport.escape(ForeignText.line(one.finding().path(), 300))
              + (one.finding().line() == 0 ? "" : ", line " + one.finding().line())
              + " ("
              + MarkdownReport.escape(ForeignText.line(one.finding().title(), 200))
              + "): "
              + one.reason()
              + "\n";
      if (out.length() + item.length() + END.length() + RESERVE > room) {
        break;
      }
      out.append(item);
      shown++;
    }
    if (shown < folded.size()) {
      out.append("\n... and ").append(folded.size() - shown).append(" more.\n");
    }
    return out.append(END).toString();
  }
}
