package dev.prguard.review.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.change.Change;
import org.junit.jupiter.api.Test;

class IgnoresTest {
  private static final String COMMENT =
      "# pr-guard: ignore python.tls-verify-disabled the probe has no certificate\n";
  private static final String CALL = "r = requests.get(u, verify=False)\n";

  private static RuleScan scan(Change change, NewIgnores policy) {
    return new RuleScanner(RuleCatalog.bundled(), policy).scan(change);
  }

  private static Change change(String before, String after) {
    return new Samples.ChangeBuilder().file("a.py", before, after).build();
  }

  @Test
  void commentThatWasThereBefore_hidesTheFinding_andIsListed() {
    RuleScan scan = scan(change(COMMENT, COMMENT + CALL), NewIgnores.REFUSED);

    assertThat(scan.findings()).isEmpty();
    assertThat(scan.notes())
        .containsExactly(
            "a.py:2: python.tls-verify-disabled is ignored, as line 1 says: the probe has no"
                + " certificate");
  }

  @Test
  void commentOfTheChangeItself_hidesNothing_unlessAllowed() {
    Change change = change("x = 1\n", "x = 1\n" + COMMENT + CALL);

    RuleScan refused = scan(change, NewIgnores.REFUSED);

    assertThat(refused.findings()).hasSize(1);
    assertThat(refused.notes())
        .singleElement()
        .asString()
        .contains("this change adds that comment");
    assertThat(scan(change, NewIgnores.ALLOWED).findings()).isEmpty();
  }

  @Test
  void commentWithoutAReasonOrForAnotherRule_hidesNothing() {
    String bare = "# pr-guard: ignore python.tls-verify-disabled --\n";
    String other = "# pr-guard: ignore python.sql-injection the probe has no certificate\n";

    RuleScan scan = scan(change(bare, bare + CALL), NewIgnores.ALLOWED);

    assertThat(scan.findings()).hasSize(1);
    assertThat(scan.notes()).singleElement().asString().contains("it gives no reason");
    assertThat(scan(change(other, other + CALL), NewIgnores.ALLOWED).findings()).hasSize(1);
  }
}
