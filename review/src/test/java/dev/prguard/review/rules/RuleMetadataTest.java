package dev.prguard.review.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.result.Finding.Category;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What every shipped rule tells besides its message.
class RuleMetadataTest {

  @Test
  void everySecurityRuleSaysWhatItIsWhyItMattersAndWhereToReadOn() {
    List<String> missing = new ArrayList<>();
    for (Rule rule : RuleCatalog.bundled().rules()) {
      if (rule.category() != Category.SECURITY) {
        continue;
      }
      if (rule.cwe() == null || !rule.cwe().matches("CWE-[0-9]+")) {
        missing.add(rule.id() + ": cwe");
      }
      if (rule.owasp().isEmpty()
          || !rule.owasp().stream().allMatch(each -> each.matches("(A|LLM)(0[1-9]|10):2025"))) {
        missing.add(rule.id() + ": owasp " + rule.owasp());
      }
      if (rule.guidance().why().isBlank()) {
        missing.add(rule.id() + ": why");
      }
      if (rule.guidance().remedy().isBlank()) {
        missing.add(rule.id() + ": remedy");
      }
      if (rule.guidance().references().isEmpty()) {
        missing.add(rule.id() + ": references");
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void theRemedyIsTheLastSentenceOfAMessage() {
    assertThat(Weakness.remedy("It is open. Anyone reads it. Close it.")).isEqualTo("Close it.");
    assertThat(Weakness.remedy("Pass values: execute(\"... WHERE id = %s\", (id,))."))
        .isEqualTo("Pass values: execute(\"... WHERE id = %s\", (id,)).");
  }

  @Test
  void theWeaknessesThatTheProjectPromisesAreCovered() {
    List<Integer> promised =
        List.of(
            22, 78, 79, 89, 90, 94, 113, 117, 200, 209, 250, 276, 295, 306, 311, 319, 326, 327, 329,
            330, 347, 352, 377, 400, 434, 470, 489, 494, 501, 502, 521, 522, 532, 601, 611, 614,
            639, 643, 693, 732, 776, 798, 829, 915, 918, 942, 943, 1004, 1321, 1333, 1336);
    List<String> known =
        RuleCatalog.bundled().rules().stream().map(rule -> String.valueOf(rule.cwe())).toList();
    assertThat(promised).allSatisfy(cwe -> assertThat(known).contains("CWE-" + cwe));
  }
}
