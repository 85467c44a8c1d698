package dev.prguard.review.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.testkit.SecretSamples;
import dev.prguard.testkit.SecretSamples.Sample;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SecretSamplesTest {
  private static final long SEED = 20261126;

  @Test
  void labelledSet_isToldApart() throws Exception {
    RuleScanner scanner = new RuleScanner(RuleCatalog.bundled());
    Random random = new Random(SEED);
    List<String> missed = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    List<Sample> samples = SecretSamples.read(Path.of("../bench/detection-sets/secrets.tsv"));
    long secrets = samples.stream().filter(Sample::secret).count();
    for (Sample sample : samples) {
      String text = ExampleText.fill(sample.template(), random);
      boolean told =
          scanner.scanFile(sample.path(), text.getBytes(StandardCharsets.UTF_8)).stream()
              .anyMatch(finding -> finding.rule().startsWith("secret."));
      if (told != sample.secret()) {
        (told ? wrong : missed).add(sample.path() + ": " + text.strip());
      }
    }

    assertThat(secrets).isGreaterThan(1_000);
    assertThat(missed.size() * 100.0 / secrets).as("missed %s", missed).isLessThan(1);
    assertThat(wrong).as("look-alikes").isEmpty();
  }
}
