package dev.prguard.review.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.prguard.review.rules.Rule.Judge;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Secrets that one line of YAML does not give away: what stands in a Kubernetes Secret, mostly in
/// base64, and the `value` beside a `name: DB_PASSWORD`. Understood as far as block style goes; a
/// diff's signs or line numbers before each line do no harm.
final class YamlSecrets {
  private static final Pattern ENTRY =
      Pattern.compile(
          "^([+\\-\\s\\d|]{0,40})[\"']?([A-Za-z_.][\\w.\\-/]{0,200})[\"']?\\s*:(?:\\s+(.*))?$");
  private static final Pattern KIND = Pattern.compile("(?i)^[\"']?secret[\"']?\\s*(?:#.*)?$");
  private static final Pattern BLOCK_VALUE = Pattern.compile("^[|>][+\\-\\d]*\\s*(?:#.*)?$");
  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "(?i)(?:passwo?r?d|passwd|passphrase|pwd|secret|token|api_?-?key|(?:access|private|secret|signing|encryption)[._-]?key)(?:_?\\d{1,2})?$");

  /// What stands beside the secrets of a Secret.
  private static final Pattern HARMLESS_KEY =
      Pattern.compile(
          "(?i)(?:^|[_.-])(?:user(?:name)?|login|host(?:name)?|port|endpoint|region|database|db|dbname|name|email|account|namespace|ca\\.crt|ca\\.pem|tls\\.crt)$");

  private static final int MIN_CHARS = 6;

  private YamlSecrets() {}

  /// A secret in a line.
  ///
  /// @param encoded whether it is a Kubernetes Secret's; else it is a value beside its name
  /// @param first whether it is the first of its document
  record Place(int start, int end, boolean encoded, boolean first) {
    String without(String line, String mark) {
      return line.substring(0, start) + mark + line.substring(end);
    }
  }

  /// Whether a line may be such a place.
  static boolean mayBeIn(String line) {
    Entry entry = Entry.of(line);
    if (entry == null) {
      String text = line.strip();
      return text.length() >= 16 && text.indexOf(' ') < 0 && isSecret(text, true);
    }
    return entry.key().equals("value")
        || entry.key().equals("kind")
        || entry.key().equals("stringData")
        || isSecret(unquoted(entry.value()), true);
  }

  /// By line, from 0.
  static Map<Integer, Place> find(List<String> lines) {
    Map<Integer, Place> places = new TreeMap<>();
    int start = 0;
    for (int end = 0; end <= lines.size(); end++) {
      if (end == lines.size() || isSeparator(lines.get(end))) {
        document(lines, start, end, places);
        start = end + 1;
      }
    }
    return places;
  }

  private static boolean isSeparator(String line) {
    return line.endsWith("---") && line.strip().length() <= 4 && !line.contains(":");
  }

  private static void document(List<String> lines, int start, int end, Map<Integer, Place> places) {
    boolean secret = false;
    for (int i = start; i < end; i++) {
      Entry entry = Entry.of(lines.get(i));
      if (entry != null) {
        secret |= entry.key().equals("kind") && KIND.matcher(entry.value()).find();
        Place place = beside(lines, i, start, end, entry);
        if (place != null) {
          places.put(i, place);
        }
      }
    }
    if (secret) {
      data(lines, start, end, places);
    }
  }

  /// `value: x` next to `name: DB_PASSWORD`.
  private static @Nullable Place beside(
      List<String> lines, int at, int start, int end, Entry entry) {
    if (!entry.key().equals("value") || entry.value().isEmpty()) {
      return null;
    }
    for (int near : new int[] {at - 1, at + 1}) {
      Entry other = near < start || near >= end ? null : Entry.of(lines.get(near));
      if (other == null || !(other.key().equals("name") || other.key().equals("key"))) {
        continue;
      }
      String name = unquoted(other.value());
      if (other.column() == entry.column() && SECRET_NAME.matcher(name).find()) {
        String value = unquoted(entry.value());
        return isSecretOf(name, value) ? entry.place(value, false, true) : null;
      }
    }
    return null;
  }

  /// Whether a value beside a name is a secret by the looks of both.
  static boolean isSecretOf(String name, String value) {
    Judge judge = name.toLowerCase(Locale.ROOT).contains("pass") ? Judge.PASSWORD : Judge.GENERATED;
    return SECRET_NAME.matcher(name).find() && SecretText.passes(judge, value);
  }

  private static void data(List<String> lines, int start, int end, Map<Integer, Place> places) {
    int column = -1;
    boolean encoded = false;
    boolean block = false;
    boolean first = true;
    int keyColumn = -1;
    for (int i = start; i < end; i++) {
      String line = lines.get(i);
      Entry entry = Entry.of(line);
      if (entry != null && column >= 0 && entry.column() <= column) {
        column = -1;
      }
      if (column < 0) {
        if (entry != null
            && entry.value().isEmpty()
            && (entry.key().equals("data") || entry.key().equals("stringData"))) {
          column = entry.column();
          encoded = entry.key().equals("data");
          block = false;
        }
        continue;
      }
      Place place = null;
      if (entry != null && !(block && entry.column() > keyColumn)) {
        keyColumn = entry.column();
        boolean harmless = HARMLESS_KEY.matcher(entry.key()).find();
        block = BLOCK_VALUE.matcher(entry.value()).find() && !harmless;
        String value = unquoted(entry.value());
        if (!block && !harmless && isSecret(value, encoded)) {
          place = entry.place(value, true, first);
        }
      } else if (block && encoded) {
        String value = line.strip().replaceFirst("^[+\\-\\s\\d|]+", "");
        if (isSecret(value, true)) {
          int from = line.lastIndexOf(value);
          place = new Place(from, from + value.length(), true, first);
        }
      }
      if (place != null) {
        places.put(i, place);
        first = false;
      }
    }
  }

  private static boolean isSecret(String value, boolean encoded) {
    if (value.length() < MIN_CHARS || SecretText.isPlaceholder(value)) {
      return false;
    }
    if (!encoded) {
      return !FixtureWords.isAll(value) && !value.startsWith("ENC[");
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(value);
    } catch (IllegalArgumentException _) {
      return false;
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.length() >= MIN_CHARS
        && !text.startsWith("-----BEGIN CERTIFICATE")
        // In a longer one, `example` is a host's name.
        && !(text.length() < 40 && SecretText.isPlaceholder(text));
  }

  private static String unquoted(String value) {
    String text = value.strip();
    if (text.length() >= 2 && "\"'".indexOf(text.charAt(0)) >= 0) {
      int close = text.indexOf(text.charAt(0), 1);
      return close < 0 ? text.substring(1) : text.substring(1, close);
    }
    int comment = text.indexOf(" #");
    return comment < 0 ? text : text.substring(0, comment).strip();
  }

  /// `key: value`.
  ///
  /// @param column where the key stands
  /// @param valueStart where the value stands
  private record Entry(String line, int column, String key, String value, int valueStart) {
    static @Nullable Entry of(String line) {
      Matcher matcher = ENTRY.matcher(line);
      if (line.length() > 4_000 || !matcher.find()) {
        return null;
      }
      String value = matcher.group(3);
      return new Entry(
          line,
          matcher.start(2),
          String.valueOf(matcher.group(2)),
          value == null || value.startsWith("#") ? "" : value.strip(),
          value == null ? line.length() : matcher.start(3));
    }

    Place place(String of, boolean encoded, boolean first) {
      int start = line.indexOf(of, valueStart);
      return new Place(start, start + of.length(), encoded, first);
    }
  }
}
