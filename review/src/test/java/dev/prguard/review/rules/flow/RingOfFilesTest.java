package dev.prguard.review.rules.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.rules.code.Program;
import dev.prguard.review.rules.links.Links;
import dev.prguard.review.syntax.GrammarPool;
import dev.prguard.review.syntax.GrammarProcess.NoAnswerException;
import dev.prguard.review.syntax.ParsedLanguage;
import dev.prguard.review.syntax.SyntaxTree;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A hundred files that import each other in a ring, each calling the next: what one of them takes
/// is bounded in steps, and in files.
class RingOfFilesTest {

  private static final int FILES = 100;
  private static final int LINES = 10_000;

  private static final FlowModel PYTHON =
      new FlowModel(
          LanguageFile.of(ParsedLanguage.PYTHON),
          Map.of(
              0,
              new FlowSpec(
                  "shell",
                  List.of("request"),
                  List.of(),
                  List.of("os.system(0=tainted)"),
                  List.of(),
                  List.of(),
                  List.of(),
                  List.of(),
                  FlowSpec.Around.ANYTHING)));

  /// File `i` has the lines from `(i + 1) * LINES` on.
  private static final class Ring implements OtherFiles {
    final List<Program> programs = new ArrayList<>();
    final Set<Integer> asked = new HashSet<>();
    final Links links;

    Ring(int calls) throws NoAnswerException {
      List<Links.Sketch> sketches = new ArrayList<>();
      for (int i = 0; i < FILES; i++) {
        StringBuilder text = new StringBuilder("import os\nfrom flask import request\n");
        text.append("from . import m").append((i + 1) % FILES).append(" as next\n");
        for (int f = 0; f < 10; f++) {
          text.append("def f").append(f).append("(a, b=request.args):\n");
          for (int call = 0; call < calls; call++) {
            text.append("  a = next.f").append((f + call) % 10).append("(a + b) + a\n");
          }
          text.append("  os.system(a)\n  return a\n");
        }
        String code = text.toString();
        SyntaxTree tree =
            GrammarPool.shared()
                .tree(
                    ParsedLanguage.PYTHON,
                    code.getBytes(StandardCharsets.UTF_8),
                    Duration.ofSeconds(20));
        tree.moveDown((i + 1) * LINES);
        programs.add(Program.of(ParsedLanguage.PYTHON, tree));
        sketches.add(
            Links.sketch("app/m" + i + ".py", ParsedLanguage.PYTHON, code.lines().toList()));
      }
      links = new Links(sketches);
    }

    @Override
    public @Nullable Place find(int from, String name) {
      return links.find(from, name);
    }

    @Override
    public Program program(int file) {
      asked.add(file);
      return programs.get(file);
    }

    @Override
    public int at(int line) {
      return line / LINES - 1;
    }

    @Override
    public boolean gives(int file) {
      return true;
    }

    @Override
    public long share() {
      return Effort.ALLOWED / 2;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 20})
  void ring_endsWithinTheSharesOfStepsAndFiles(int calls) throws NoAnswerException {
    Ring ring = new Ring(calls);

    FlowAnalysis.Result result =
        FlowAnalysis.of(ring.programs.getFirst(), PYTHON, _ -> Optional.empty(), ring, 0, 0);

    assertThat(result.steps()).isLessThan(Effort.ALLOWED + 50_000);
    assertThat(ring.asked).hasSizeBetween(2, 13);
    if (calls == 1) {
      assertThat(result.hits()).anyMatch(hit -> ring.at(hit.line()) == 0);
      assertThat(result.hits()).anyMatch(hit -> ring.at(hit.line()) == 1);
    }
  }
}
