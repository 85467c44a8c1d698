package dev.prguard.bench.detection;

/// Counts of a labelled set.
final class Score {
  int truePositive;
  int falsePositive;
  int trueNegative;
  int falseNegative;

  void count(boolean vulnerable, boolean found) {
    if (vulnerable) {
      truePositive += found ? 1 : 0;
      falseNegative += found ? 0 : 1;
    } else {
      falsePositive += found ? 1 : 0;
      trueNegative += found ? 0 : 1;
    }
  }

  void add(Score other) {
    truePositive += other.truePositive;
    falsePositive += other.falsePositive;
    trueNegative += other.trueNegative;
    falseNegative += other.falseNegative;
  }

  private static double share(int part, int rest) {
    return part + rest == 0 ? 0 : 100.0 * part / (part + rest);
  }

  double recall() {
    return share(truePositive, falseNegative);
  }

  double falsePositiveRate() {
    return share(falsePositive, trueNegative);
  }

  double precision() {
    return share(truePositive, falsePositive);
  }

  double youden() {
    return recall() - falsePositiveRate();
  }

  int size() {
    return truePositive + falsePositive + trueNegative + falseNegative;
  }
}
