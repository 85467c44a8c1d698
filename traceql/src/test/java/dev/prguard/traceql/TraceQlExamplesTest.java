package dev.prguard.traceql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.traceql.tree.RootExpr;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `examples.txt`: one corpus in the shape of Tempo's own test_examples.yaml.
class TraceQlExamplesTest {

  @ParameterizedTest
  @ValueSource(strings = {"valid", "parse fails", "validate fails"})
  void example_comesOutAsItsSectionSays(String section) throws IOException {
    List<String> wrong = new ArrayList<>();
    List<String> examples = examples(section);
    for (String example : examples) {
      String verdict = verdict(example);
      if (!verdict.startsWith(section)) {
        wrong.add(example + "   -> " + verdict);
      }
    }
    assertThat(examples).hasSizeGreaterThan(80);
    assertThat(wrong).isEmpty();
  }

  @Test
  void valid_isFormattedToTextOfTheSameTree() throws IOException {
    for (String example : examples("valid")) {
      RootExpr root = TraceQlParser.parse(example);
      String text = TraceQlFormatter.format(root);
      assertThat(TraceQlParser.parse(text)).as(text).isEqualTo(root);
      assertThat(TraceQlFormatter.format(TraceQlParser.parse(text))).isEqualTo(text);
    }
  }

  private static String verdict(String query) {
    try {
      TraceQlValidator.validate(TraceQlParser.parse(query));
      return "valid";
    } catch (TraceQlSyntaxException e) {
      return (e.isParseError() ? "parse fails" : "validate fails") + ": " + e.getMessage();
    }
  }

  static List<String> examples(String section) throws IOException {
    List<String> found = new ArrayList<>();
    String current = "";
    for (String line : resource("examples.txt").lines().toList()) {
      if (line.startsWith("== ")) {
        current = line.substring(3);
      } else if (!line.isBlank() && current.equals(section)) {
        found.add(line.replace('¶', '\n'));
      }
    }
    return found;
  }

  static String resource(String name) throws IOException {
    try (InputStream in = TraceQlExamplesTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
