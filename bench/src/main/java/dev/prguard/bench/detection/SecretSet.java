package dev.prguard.bench.detection;

import dev.prguard.review.rules.ExampleText;
import dev.prguard.testkit.SecretSamples;
import dev.prguard.testkit.SecretSamples.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Secrets in all kinds of files, and what only looks like one; their random parts several times.
final class SecretSet {
  private static final int SEEDS = 5;

  private SecretSet() {}

  /// @param file `bench/detection-sets/secrets.tsv`
  static List<LabelledCase> read(Path file) throws IOException {
    List<Sample> samples = SecretSamples.read(file);
    List<LabelledCase> cases = new ArrayList<>();
    for (int seed = 1; seed <= SEEDS; seed++) {
      Random random = new Random(seed);
      for (Sample sample : samples) {
        cases.add(
            new LabelledCase(
                "secrets",
                Set.of(LabelledCase.SECRET),
                sample.path(),
                ExampleText.fill(sample.template(), random),
                sample.secret()));
      }
    }
    return cases;
  }
}
