package dev.prguard.review.result;

import java.util.Locale;

/// The risk of a change: level, its score, and the reason in one line.
public record Risk(Level level, String explanation) {

  public enum Level {
    LOW(1),
    MEDIUM(4),
    HIGH(7),
    CRITICAL(10);

    private final int score;

    Level(int score) {
      this.score = score;
    }

    public int score() {
      return score;
    }

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
