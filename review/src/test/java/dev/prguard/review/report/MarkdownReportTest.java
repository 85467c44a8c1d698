package dev.prguard.review.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.result.Finding;
import dev.prguard.review.result.PatchOutcome.Fix;
import dev.prguard.review.result.ReviewResult;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class MarkdownReportTest {

  @Test
  void summary_tellsStatusRiskFindingsCoveragePatchAndCost() {
    String summary = MarkdownReport.summary(Results.full());

    assertThat(summary)
        .startsWith(
            "## Secure PR Guard: partly reviewed\n\n**This change was not reviewed whole.**")
        .contains(
            "Risk: **critical** (10/10). 1 critical finding",
            "5 findings in 4 files: 1 critical, 1 high, 2 medium, 1 low.",
            "| Critical | `app/refunds.py` 12 | SQL is built from user input |",
            "| High | `src/main/java/Refunds.java` 25 (removed) |",
            "`web/ü ser.ts`, lines 3-5: `if (balance > amount) {`",
            "Rules: 3 of 4 files. Model: 2 of 4 files.",
            "- `app/refunds.py` lines 30-39, 60: not looked at by model: over budget\n",
            "- `logo.png`: not looked at by rules and model: binary file\n",
            "2 of 5 findings may be patched; 1 fixed with proof; 1 fix made and refused.",
            "- a change to .pr-guard.yml in the pull request was ignored",
            "<sub>Cost `$0.0006663` · model `gpt-4o-mini` · 3,210 prompt (1,024 cached)"
                + " + 456 completion (64 reasoning) = 3,666 tokens · 2.35 s"
                + " · trace `"
                + Results.TRACE
                + "`</sub>")
        .doesNotContain("docs/moved.md", "✅");
  }

  @Test
  void summary_saysWhenThePriceIsNotKnown() {
    assertThat(MarkdownReport.summary(Results.unpriced()))
        .contains(
            "Cost `unknown (at least $0.0002: price or tokens of model gpt-4o-mini not known)`");
  }

  @Test
  void summary_neverCallsAnUnreviewedChangeFine() {
    assertThat(MarkdownReport.summary(Results.notReviewed()))
        .startsWith("## Secure PR Guard: not reviewed\n\n**This change was not reviewed.**")
        .contains("nothing can be said about this change", "502 from the forge")
        .doesNotContain("No findings", "Risk:");
    assertThat(MarkdownReport.summary(Results.clean()))
        .startsWith("## Secure PR Guard: reviewed\n\nRisk: **low**")
        .contains("No findings.", "Model: not asked (no model is configured).", "Cost `$0`");
  }

  @ParameterizedTest
  @FieldSource("dev.prguard.review.report.Hostile#TRICKS")
  void summary_takesNoMarkupFromTrick(String trick) {
    assertHarmless(trick);
  }

  @Test
  void summary_takesNoMarkupFromAnyMixture() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 400; i++) {
      String text = Hostile.random(random);
      try {
        assertHarmless(text);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", text " + i, e);
      }
    }
  }

  @Test
  void summary_isCutVisiblyAtGitHubsLimit() {
    for (String text : List.of("word ", "<|@\u202E$&\u001B[")) {
      String summary = MarkdownReport.summary(Results.many(5_000, text));

      assertThat(summary.length()).isLessThanOrEqualTo(MarkdownReport.MAX_CHARS);
      long rows =
          summary.lines().filter(l -> l.matches("\\| (Low|Medium|High|Critical) \\|.*")).count();
      Matcher more =
          Pattern.compile("\\.\\.\\. and ([0-9,]+) more findings, see the JSON report")
              .matcher(summary);
      assertThat(more.find()).isTrue();
      long left = Long.parseLong(more.group(1).replace(",", ""));
      assertThat(rows + left).isEqualTo(5_000);
      assertThat(rows).isGreaterThan(10);
      assertThat(summary).contains("### Coverage", Results.TRACE);
    }
  }

  @Test
  void inlineComment_offersOnlyAProvenFixOfTheSameLines() {
    Finding finding = Results.findings().get(1);
    Fix fix = Results.fixOf(finding, "    requests.get(url) # ```` \"x\"");

    String offered = MarkdownReport.inlineComment(finding, fix);

    assertThat(RenderedMarkdown.of(offered).infos()).containsExactly("suggestion");
    assertThat(RenderedMarkdown.of(offered).code()).contains(fix.replacement() + "\n");
    assertThat(offered).contains("**Medium: TLS certificates are not checked**", "CWE-295");
    assertThat(offered).contains("applies, parses, finding gone, no new finding");

    Fix elsewhere = new Fix(fix.fingerprint(), fix.path(), 39, 40, "x", fix.source(), fix.checks());
    assertThat(MarkdownReport.inlineComment(finding, elsewhere)).doesNotContain("suggestion\n");
    assertThat(MarkdownReport.inlineComment(finding, null)).doesNotContain("suggestion\n");
  }

  @Test
  void inlineComment_marksAnUnprovenChange() {
    Finding model = Results.findings().get(3);

    String comment = MarkdownReport.inlineComment(model, null);

    assertThat(comment).contains("Possible change (**not** proven):", "found by the model");
    assertThat(RenderedMarkdown.of(comment).infos()).containsExactly("");
  }

  @Test
  void inlineComment_showsNoFixThatHidesSomething() {
    Finding finding = Results.findings().get(1);
    for (String text :
        List.of("a\u202Eb", "a\u200Bb", "\u001B[2J", "<!-- pr-guard:fp -->", "a\rb")) {
      String comment = MarkdownReport.inlineComment(finding, Results.fixOf(finding, text));
      assertThat(comment).contains("A proven fix is in the patch").doesNotContain("<!--", text);
    }
  }

  private static void assertHarmless(String text) {
    ReviewResult result = Results.hostile(text);
    String summary = MarkdownReport.summary(result);
    RenderedMarkdown rendered = RenderedMarkdown.of(summary);
    assertThat(summary).doesNotContainPattern("<!--[^>]*pr-guard").doesNotContain("\u001B");
    assertThat(rendered.nodes()).doesNotContain("Link", "Image", "LinkReferenceDefinition");
    assertThat(rendered.html().stream().map(String::strip).distinct())
        .isSubsetOf(
            "<details>\n<summary>Findings in full</summary>",
            "<details>\n<summary>The patch, for <code>git apply</code></summary>",
            "</details>",
            "<sub>",
            "</sub>");
    assertThat(rendered.infos()).isSubsetOf("diff");
    assertThat(rendered.text()).contains("Coverage", "Problems");

    String comment = MarkdownReport.inlineComment(result.findings().getFirst(), null);
    RenderedMarkdown inline = RenderedMarkdown.of(comment);
    assertThat(comment).doesNotContain("<!--", "\u001B");
    assertThat(comment.length()).isLessThanOrEqualTo(MarkdownReport.MAX_CHARS);
    assertThat(inline.nodes()).doesNotContain("Link", "Image", "HtmlBlock", "Heading");
    assertThat(inline.html()).isSubsetOf("<sub>", "</sub>");
    assertThat(inline.infos()).isSubsetOf("");
  }
}
