package dev.prguard.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Durations of options: a whole number and a unit.
final class Durations {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private Durations() {}

  /// @throws CommandException naming the option when the text is no duration
  static Duration parse(String option, @Nullable String text, Duration absent) {
    if (text == null) {
      return absent;
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw CommandException.wrongInput(
          option + " " + text + ": not a duration (expected: 500ms, 5s, 2m or 1h)");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }
}
