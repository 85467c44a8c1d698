package dev.prguard.traceql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.testkit.GoldenCorpus;
import dev.prguard.traceql.tree.RootExpr;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is TraceQL and what is not, as Tempo has it.
class TraceQlLanguageTest {

  @Test
  void corpus_whatTempoTakesIsTaken_whatItRefusesIsRefused() {
    List<String> wrong = new ArrayList<>();
    for (GoldenCorpus.Query query : GoldenCorpus.queries()) {
      String text = query.text();
      if (text == null
          || text.isEmpty()
          || !List.of("search", "range", "instant").contains(query.kind())) {
        continue;
      }
      // Refused for its parameters, or because it is no query of that kind.
      String error = query.json().path("error").asText();
      boolean ofTheText =
          query.expect().equals("error400")
              && !error.matches(
                  "(?s)(end must|step of|http parameter|invalid limit|limit 3|.*not a metrics).*");
      try {
        RootExpr root = TraceQlParser.parse(text);
        TraceQlValidator.validate(root);
        if (ofTheText) {
          wrong.add("taken:   " + query + " | " + error);
        }
        String formatted = TraceQlFormatter.format(root);
        if (!TraceQlParser.parse(formatted).equals(root)) {
          wrong.add("formatted to another query: " + query + " -> " + formatted);
        }
      } catch (TraceQlSyntaxException e) {
        if (!ofTheText) {
          wrong.add("refused: " + query + " | " + e.getMessage());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }
}
