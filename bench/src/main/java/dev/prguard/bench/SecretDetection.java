package dev.prguard.bench;

import dev.prguard.review.rules.ExampleText;
import dev.prguard.review.rules.RuleCatalog;
import dev.prguard.review.rules.RuleScanner;
import dev.prguard.testkit.SecretSamples;
import dev.prguard.testkit.SecretSamples.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/// Scores the secret rules on the project's own labelled set.
public final class SecretDetection {
  private static final int SEEDS = 5;

  /// @param found secrets that a rule for secrets found
  /// @param missed secrets that none found
  /// @param wrong look-alikes that one found
  /// @param left look-alikes that none found
  public record Score(int found, int missed, int wrong, int left) {
    public double precision() {
      return 100.0 * found / Math.max(1, found + wrong);
    }

    public double recall() {
      return 100.0 * found / Math.max(1, found + missed);
    }

    Score plus(Score other) {
      return new Score(
          found + other.found, missed + other.missed, wrong + other.wrong, left + other.left);
    }
  }

  private SecretDetection() {}

  /// @param file `bench/data/secrets.tsv`
  /// @param seed of the random parts of the tokens
  public static Score score(Path file, long seed) throws IOException {
    RuleScanner scanner = new RuleScanner(RuleCatalog.bundled());
    Random random = new Random(seed);
    Score score = new Score(0, 0, 0, 0);
    for (Sample sample : SecretSamples.read(file)) {
      byte[] text = ExampleText.fill(sample.template(), random).getBytes(StandardCharsets.UTF_8);
      boolean told =
          scanner.scanFile(sample.path(), text).stream()
              .anyMatch(finding -> finding.rule().startsWith("secret."));
      score =
          score.plus(
              sample.secret()
                  ? new Score(told ? 1 : 0, told ? 0 : 1, 0, 0)
                  : new Score(0, 0, told ? 1 : 0, told ? 0 : 1));
    }
    return score;
  }

  public static void main(String[] args) throws IOException {
    Path file = Path.of(args.length > 0 ? args[0] : "bench/data/secrets.tsv");
    Score all = new Score(0, 0, 0, 0);
    for (int seed = 1; seed <= SEEDS; seed++) {
      all = all.plus(score(file, seed));
    }
    System.out.printf(
        Locale.ROOT,
        "secrets P %.1f R %.1f (%d found, %d missed, %d false, %d left alone; %d seeds)%n",
        all.precision(),
        all.recall(),
        all.found(),
        all.missed(),
        all.wrong(),
        all.left(),
        SEEDS);
  }
}
