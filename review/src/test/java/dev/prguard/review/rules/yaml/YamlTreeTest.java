package dev.prguard.review.rules.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTreeTest {

  private static final byte[] YAML =
      utf8("- {id: a, n: 3, x: 1.5, on: true, nothing: null}\n- \u00e9");

  @ParameterizedTest
  @ValueSource(strings = {"llm.yml", "secrets.yml", "style.yml", "flow/python.yml"})
  void theBuildsTreeOfARuleFileHoldsWhatTheParserFinds(String file) throws IOException {
    byte[] yaml = resource(file);
    byte[] tree = resource(file + ".tree");
    Object parsed = YamlTree.parse(file, new String(yaml, StandardCharsets.UTF_8));

    assertThat(tree).isEqualTo(YamlTree.written(file, yaml));
    assertThat(YamlTree.read(file, yaml, tree)).isEqualTo(parsed);
  }

  @Test
  void everyKindOfValueComesBack() throws IOException {
    Object read = YamlTree.read("a.yml", YAML, YamlTree.written("a.yml", YAML));

    assertThat(read).isEqualTo(YamlTree.parse("a.yml", new String(YAML, StandardCharsets.UTF_8)));
    assertThat(read).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(2);
  }

  @Test
  void aTreeOfAnotherTextIsPassedOver() throws IOException {
    byte[] tree = YamlTree.written("a.yml", utf8("- before"));

    assertThat(YamlTree.read("a.yml", utf8("- after"), tree)).isEqualTo(List.of("after"));
  }

  @Test
  void aTreeThatEndsEarlyIsPassedOver() throws IOException {
    byte[] yaml = utf8("a: [b, c]");
    byte[] tree = YamlTree.written("a.yml", yaml);

    for (int length = 0; length < tree.length; length++) {
      assertThat(YamlTree.read("a.yml", yaml, Arrays.copyOf(tree, length)))
          .isEqualTo(Map.of("a", List.of("b", "c")));
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in =
        YamlTreeTest.class.getResourceAsStream("/dev/prguard/review/rules/" + name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }
}
