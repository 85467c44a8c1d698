package dev.prguard.review.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.report.TerminalReport.Terminal;
import dev.prguard.review.result.PatchOutcome;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class TerminalReportTest {
  private static final Terminal PLAIN = new Terminal(false, 80);
  private static final Pattern COLOUR = Pattern.compile("\u001B\\[(?:[0-9]+;)*[0-9]+m");

  @Test
  void render_tellsTheWholeReview() {
    assertThat(TerminalReport.render(Results.full(), PLAIN))
        .isEqualTo(
"""
PARTLY REVIEWED  acme/payments#12  Add refunds
5 findings in 4 files: 1 critical, 1 high, 2 medium, 1 low.
Risk: critical (10/10) 1 critical finding: SQL is built from user input

app/refunds.py
12     critical  SQL is built from user input
       python.rule-critical · CWE-89 · rule
       │ cursor.execute("select * from t where name = '" + name)
       The name goes into the statement as it is. Use a parameter.
40     medium    TLS certificates are not checked
       python.rule-medium · CWE-295 · rule
       │ cursor.execute("select * from t where name = '" + name)
       verify=False lets anyone in between answer.
       Remove it.
       fix, proven (applies, parses, finding gone, no new finding):
       + new

src/main/java/Refunds.java
25 (removed)  high      An authorisation check was removed
       java.authorization-removed · CWE-862 · rule
       │ @PreAuthorize("hasRole('ADMIN')")
       @PreAuthorize stood here.

web/ü ser.ts
3-5    medium    Two refunds may run at once
       model.race · model
       │ if (balance > amount) {
       Nothing holds the lock between the check and the write.
       possible change, not proven:
       + lock();
       + if (balance > amount) {

tools/run.go
file   low       Mixed line ends
       style.line-ends · rule
       Some lines end in CR LF.

Coverage: rules 3 of 4 files, model 2 of 4 files. Not looked at, or not whole:
  ! app/refunds.py: looked at in part by model: 2 hunks over budget
  ! app/refunds.py lines 30-39, 60: not looked at by model: over budget
  ! logo.png: not looked at by rules and model: binary file
Patch: 2 of 5 findings may be patched; 1 fixed with proof; 1 fix made and
refused.
  Draft pull request: https://github.com/acme/p/pull/13
  app/refunds.py:12: refused, parses: unbalanced bracket
Published: 3 posted, 1 updated, 1 in the summary only, 0 failed; 2 resolved;
https://github.com/acme/payments/pull/12#c1
Problem: a change to .pr-guard.yml in the pull request was ignored
Cost: $0.0006663 · model gpt-4o-mini · 3,210 prompt (1,024 cached) + 456
completion (64 reasoning) = 3,666 tokens · 2.35 s
Trace: 4bf92f3577b34da6a3ce929d0e0e4736
""");
  }

  @Test
  void render_neverCallsAnUnreviewedChangeFine() {
    assertThat(TerminalReport.render(Results.notReviewed(), PLAIN))
        .startsWith("NOT REVIEWED  acme/payments#12")
        .contains("nothing can be said about this change", "GitHub answered 502 five times")
        .doesNotContain("No findings", "Risk");
    assertThat(TerminalReport.render(Results.clean(), PLAIN))
        .startsWith("REVIEWED  acme/payments#12  Add refunds\nNo findings.\nRisk: low (1/10)")
        .contains("model not asked (no model is configured)");
  }

  @Test
  void render_coloursTheStatusByWhatMayBeClaimed() {
    Terminal colours = new Terminal(true, 80);
    assertThat(TerminalReport.render(Results.clean(), colours)).startsWith("\u001B[32mREVIEWED");
    assertThat(TerminalReport.render(Results.full(), colours))
        .startsWith("\u001B[1;33mPARTLY REVIEWED");
    assertThat(TerminalReport.render(Results.notReviewed(), colours))
        .startsWith("\u001B[1;31mNOT REVIEWED");
    assertThat(COLOUR.matcher(TerminalReport.render(Results.full(), colours)).replaceAll(""))
        .isEqualTo(TerminalReport.render(Results.full(), PLAIN));
  }

  @Test
  void render_namesRepeatedStyleByItsLines() {
    assertThat(TerminalReport.render(Results.style(5), PLAIN))
        .contains("│     x = 2", "       3 more of style.tab-indent, at 3, 4, 5\n")
        .doesNotContain("│     x = 3");
    assertThat(TerminalReport.render(Results.style(2), PLAIN)).doesNotContain("more of");
  }

  @Test
  void render_findingsWithoutAFix_areNotToldAsPatchable() {
    PatchOutcome none = new PatchOutcome(2_346, 2_346, 0, null, List.of(), List.of(), null);
    assertThat(Wording.patch(none)).isEqualTo("no fix made for 2,346 findings.");
  }

  @Test
  void render_wrapsAtTheWidth() {
    for (int width : new int[] {40, 60, 100}) {
      String report =
          TerminalReport.render(Results.many(2, "some words "), new Terminal(false, width));
      assertThat(report).contains("       some words");
      assertThat(report.lines().filter(line -> line.length() > width)).isEmpty();
    }
  }

  @ParameterizedTest
  @FieldSource("dev.prguard.review.report.Hostile#TRICKS")
  void render_letsNoTrickSteerTheTerminal(String trick) {
    assertHarmless(trick);
  }

  @Test
  void render_letsNoMixtureSteerTheTerminal() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      try {
        assertHarmless(Hostile.random(random));
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", text " + i, e);
      }
    }
  }

  private static void assertHarmless(String text) {
    String plain = TerminalReport.render(Results.hostile(text), PLAIN);
    assertThat(plain.codePoints().filter(c -> c != '\n' && Untrusted.hidden(c))).isEmpty();

    String colours = TerminalReport.render(Results.hostile(text), new Terminal(true, 80));
    assertThat(COLOUR.matcher(colours).replaceAll("")).isEqualTo(plain);
  }
}
