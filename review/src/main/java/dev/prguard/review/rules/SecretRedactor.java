package dev.prguard.review.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.prguard.review.rules.Rule.Judge;
import dev.prguard.review.rules.Rule.Patterns;
import dev.prguard.review.rules.Rule.SecretShape;
import dev.prguard.review.rules.YamlSecrets.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes secrets out of text that leaves the process: prompts, logs, spans, comments.
///
/// It goes further than the rules: a placeholder in the form of a token is taken out as well, since
/// that costs nothing. Line breaks stay where they are, so line numbers hold.
public final class SecretRedactor {

  /// How what stands for a secret begins.
  public static final String MARK = "[REDACTED:";

  static final String KEY_MARK = MARK + "private-key]";

  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
              + ".*?(-----END[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)");

  /// A line of a key's body, as it may stand in a diff, a string or a YAML block.
  private static final Pattern KEY_BODY =
      Pattern.compile(
          "^([\\s+\\-|>*#\"'`]*?)(?:[A-Za-z0-9+/=]{8,}[A-Za-z0-9+/=\\\\nr\"'`+,; ]*"
              + "|=?[A-Za-z0-9+/=]{1,8}|(?:Proc-Type|DEK-Info|Version|Comment|Hash):.*|)$");

  /// A line that is nothing but 60 or more characters of base64, be it in a string: the body of a
  /// key whose first line is not in sight.
  private static final Pattern LONE_BASE64 =
      Pattern.compile(
          "^[+\\-\\s\"'`]{0,40}([A-Za-z0-9+/]{60,}={0,2})(?:\\\\[nr]|[\\s\"'`,;+\\\\]){0,40}$");

  private static final double LONE_BASE64_ENTROPY = 4.5;

  private SecretRedactor() {}

  /// The text with each secret replaced by `[REDACTED:<kind>]`. Idempotent; linear in the length.
  public static String redact(String text) {
    boolean yaml = text.contains("value:") || text.contains("value\":") || text.contains("kind:");
    boolean pairs =
        text.contains("<value>") || text.contains("<string>") || text.contains("variable \"");
    return redactLines(yaml || pairs ? withoutPairs(text) : text);
  }

  /// What only the lines around it give away: see [YamlSecrets] and [PairedSecrets].
  private static String withoutPairs(String text) {
    List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
    for (Map<Integer, Place> found : List.of(YamlSecrets.find(lines), PairedSecrets.find(lines))) {
      found.forEach((line, place) -> {
        String whole = lines.get(line);
        // Both may have found it.
        if (place.end() <= whole.length() && !whole.contains(MARK)) {
          lines.set(line, place.without(whole, MARK + "value]"));
        }
      });
    }
    return String.join("\n", lines);
  }

  private static String redactLines(String text) {
    StringBuilder result = new StringBuilder(text.length());
    boolean inKey = false;
    int start = 0;
    while (start <= text.length()) {
      int end = text.indexOf('\n', start);
      if (end < 0) {
        end = text.length();
      }
      String line = text.substring(start, end);
      boolean cr = line.endsWith("\r");
      if (cr) {
        line = line.substring(0, line.length() - 1);
      }
      if (inKey && line.contains("-----END")) {
        line = KEY_MARK;
        inKey = false;
      } else if (inKey) {
        Matcher body = KEY_BODY.matcher(line);
        inKey = body.matches();
        if (inKey && !line.isBlank()) {
          line = group(body, 1) + KEY_MARK;
        }
      }
      if (!inKey) {
        String redacted = redactLine(line);
        inKey = opensKey(line);
        line = redacted;
      }
      result.append(line);
      if (cr) {
        result.append('\r');
      }
      if (end < text.length()) {
        result.append('\n');
      }
      start = end + 1;
    }
    return result.toString();
  }

  /// The lines, each without its secrets, those that only the lines before give away too.
  ///
  /// @param lines a line break inside one becomes a blank
  public static List<String> redact(List<String> lines) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append(line.replace('\n', ' ')).append('\n');
    }
    String[] redacted = redact(text.toString()).split("\n", -1);
    return List.of(redacted).subList(0, lines.size());
  }

  private static boolean opensKey(String line) {
    if (!line.contains("-----BEGIN")) {
      return false;
    }
    Matcher matcher = KEY.matcher(line);
    boolean open = false;
    while (matcher.find()) {
      open = group(matcher, 1).isEmpty();
    }
    return open;
  }

  private static String redactLine(String line) {
    String result = line;
    if (line.contains("-----BEGIN")) {
      result = KEY.matcher(line).replaceAll(KEY_MARK);
    }
    RuleCatalog catalog = RuleCatalog.bundled();
    for (int owner : catalog.added().owners(result)) {
      Rule rule = catalog.rules().get(owner);
      if (rule.detection() instanceof Patterns patterns && patterns.secret() != null) {
        String kind = rule.id().substring(rule.id().indexOf('.') + 1);
        for (LinePattern pattern : patterns.patterns()) {
          if (!pattern.mayMatch(result)) {
            continue;
          }
          result = replace(result, pattern.pattern(), patterns.secret(), kind);
        }
      }
    }
    if (result.length() >= 60) {
      Matcher lone = LONE_BASE64.matcher(result);
      if (lone.matches() && SecretText.entropy(group(lone, 1)) >= LONE_BASE64_ENTROPY) {
        result =
            result.substring(0, lone.start(1)) + MARK + "base64]" + result.substring(lone.end(1));
      }
    }
    return result;
  }

  private static String replace(String text, Pattern pattern, SecretShape shape, String kind) {
    Matcher matcher = pattern.matcher(text);
    StringBuilder result = null;
    int copied = 0;
    while (matcher.find()) {
      int group = SecretText.group(matcher);
      String secret = group(matcher, group);
      if (secret.isEmpty()
          || secret.contains(MARK)
          || (shape.judge().compareTo(Judge.VALUE) > 0
              && !SecretText.passes(shape.judge(), secret))) {
        continue;
      }
      if (result == null) {
        result = new StringBuilder(text.length());
      }
      result.append(text, copied, matcher.start(group)).append(MARK).append(kind).append(']');
      copied = matcher.end(group);
    }
    return result == null ? text : result.append(text, copied, text.length()).toString();
  }

  private static String group(Matcher matcher, int group) {
    @Nullable String text = matcher.group(group);
    return text == null ? "" : text;
  }
}
