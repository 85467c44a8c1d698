package dev.prguard.review.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.prguard.review.result.Finding;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Mechanical fixes: what a rule itself knows to be the safe form of a line.
public final class RuleFixes {

  /// More steps than a line can need: a line indented by 60 tabs.
  private static final int MAX_ROUNDS = 64;

  private static final int MAX_LINE_CHARS = 4_000;

  private RuleFixes() {}

  /// The whole replacement of the lines, joined by `\n`; empty when the rule has no fix, or the fix
  /// changes nothing.
  ///
  /// @param lines text of the finding's lines
  public static Optional<String> replacement(Rule rule, List<String> lines) {
    if (rule.fix().isEmpty()) {
      return Optional.empty();
    }
    String before = String.join("\n", lines);
    if (before.length() > MAX_LINE_CHARS * lines.size()) {
      return Optional.empty();
    }
    String after = before;
    for (RuleFix.Step step : rule.fix().get().steps()) {
      after = apply(step, after);
    }
    return after.equals(before) ? Optional.empty() : Optional.of(after);
  }

  /// The same, for a finding of a bundled rule.
  public static Optional<String> replacement(Finding finding, List<String> lines) {
    return RuleCatalog.bundled().find(finding.rule()).flatMap(rule -> replacement(rule, lines));
  }

  /// The replacement, as a finding may offer it: null also where it would quote a secret.
  static @Nullable String suggestion(Rule rule, List<String> lines) {
    return replacement(rule, lines)
        .filter(fixed -> fixed.equals(SecretRedactor.redact(fixed)))
        .orElse(null);
  }

  private static String apply(RuleFix.Step step, String text) {
    Pattern pattern = Pattern.compile(step.find());
    String result = text;
    for (int round = 0; round < MAX_ROUNDS; round++) {
      String next = replaceAll(pattern, step.replacement(), result);
      if (next.equals(result)) {
        return result;
      }
      result = next;
    }
    return result;
  }

  private static String replaceAll(Pattern pattern, String replacement, String text) {
    Matcher matcher = pattern.matcher(text);
    StringBuilder result = new StringBuilder(text.length());
    int copied = 0;
    while (matcher.find()) {
      result.append(text, copied, matcher.start());
      expand(replacement, matcher, result);
      copied = matcher.end();
    }
    return result.append(text, copied, text.length()).toString();
  }

  /// Appends a replacement: `$1` or `${1}` is what group 1 matched, nothing if it took no part.
  private static void expand(String replacement, Matcher matcher, StringBuilder result) {
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      boolean braced = replacement.startsWith("${", i);
      int at = braced ? i + 2 : i + 1;
      if (c != '$' || at >= replacement.length() || !Character.isDigit(replacement.charAt(at))) {
        result.append(c);
        continue;
      }
      String group = matcher.group(replacement.charAt(at) - '0');
      if (group != null) {
        result.append(group);
      }
      i = braced ? at + 1 : at;
    }
  }
}
