package dev.prguard.review.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.prguard.review.rules.Rule.Judge;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Judges whether a piece of text is a secret or only stands where one would.
final class SecretText {

  private static final int MIN_ASSIGNED_CHARS = 8;
  private static final int MIN_RANDOM_CHARS = 20;

  /// Of a shorter secret four characters would be too much, and its hash could be guessed.
  private static final int MIN_NAMED_CHARS = 20;

  private static final List<String> PLACEHOLDERS =
      List.of(
          "example",
          "changeme",
          "change_me",
          "change-me",
          "placeholder",
          "redacted",
          "your_",
          "your-",
          "yourtoken",
          "yourkey",
          "yoursecret",
          "dummy",
          "...",
          "****",
          "\u2026");

  /// What a template engine, a shell or a format string will put something in the place of.
  private static final Pattern TEMPLATE =
      Pattern.compile(
          "\\$\\{[^}]*\\}|\\$\\([^)]*\\)?|\\{\\{[^}]*\\}\\}|^\\$\\w+$|^\\$\\{|^\\{\\{|#\\{[^}]*\\}"
              + "|<%|<[A-Za-z][\\w .:-]*>|^<|%\\(\\w*\\)?s?|%[sdv]\\b|%[A-Za-z_]\\w*%|^\\{\\w*\\}$|^@@?\\w+@@?$"
              + "|\\{\\w*(?:\\.\\w+|\\[\\w+\\])*(?:![rsa])?\\}|\\[:\\w+\\]|^__\\w+__$|^\\[\\w[\\w -]*\\]$|^&\\w+;|^!\\w+\\b|^ref\\+|^(?:op|sm|gcpsm|awssm)://|^vault:|^(?i:enc)\\[");

  private static final List<String> ASSIGNED_PLACEHOLDERS =
      List.of(
          "fake",
          "mock",
          "sample",
          "test",
          "insert",
          "replace",
          "todo",
          "default",
          "environ",
          "process.env",
          "getenv",
          "://",
          "application/",
          "foobar",
          "12345678",
          "abcdefgh",
          "password");

  /// Values that everyone may know: the key of the Azure emulator, the signature of jwt.io's token,
  /// the credentials of RFC 7617.
  private static final List<String> PUBLISHED =
      List.of(
          "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq",
          "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
          "QWxhZGRpbjpvcGVuIHNlc2FtZQ");

  /// What is made to be seen by all: the address of a contract, publishable keys of browsers.
  private static final Pattern PUBLIC =
      Pattern.compile("^0x[0-9a-fA-F]{40}$|^pk\\.eyJ|^pub[0-9a-f]{32}$|^NRJS-");

  /// `NAME=value`: the secret, if any, is only its end.
  private static final Pattern SETTING = Pattern.compile("^[A-Z][A-Z0-9_]+=.");

  /// `0005_alter_user_last_login`, `app.settings.token,`, `Shops[0].Name`,
  /// `App\\Http\\UserController`: the names of migrations, members, places in a document, classes.
  private static final Pattern NAMES =
      Pattern.compile(
          "^\\d{1,5}(?:_[a-z]+){2,}(?:_\\d+)?$|^[a-z_]+(?:\\.[a-z_]+)+[,;)]*$"
              + "|\\[\\d+\\](?:\\.[A-Za-z]|\\[)|^(?:[A-Za-z]+\\\\{1,2}){2,}[A-Za-z]+$");

  /// An address of a person or a list, with letters only: `shop@acme.com`.
  private static final Pattern MAIL =
      Pattern.compile(
          "^[a-z]+(?:[._+-][a-z]+){0,3}@[a-z0-9-]+(?:\\.[a-z0-9-]+){0,3}\\.[a-z]{2,6}$");

  private static final Pattern UUID =
      Pattern.compile(
          "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$");

  private SecretText() {}

  /// The secret that an expression found: the first group that took part, or all of the match.
  static int group(Matcher matcher) {
    for (int group = 1; group <= matcher.groupCount(); group++) {
      if (matcher.start(group) >= 0) {
        return group;
      }
    }
    return 0;
  }

  /// Shannon entropy, bits per character.
  static double entropy(String text) {
    Map<Character, Integer> counts = new HashMap<>();
    for (int i = 0; i < text.length(); i++) {
      counts.merge(text.charAt(i), 1, Integer::sum);
    }
    double bits = 0;
    for (int count : counts.values()) {
      double share = (double) count / text.length();
      bits -= share * Math.log(share) / Math.log(2);
    }
    return bits;
  }

  static boolean passes(Judge judge, String value) {
    if (containsAny(value, PUBLISHED)) {
      return false;
    }
    return switch (judge) {
      case FORM -> !isPlaceholder(value);
      case VALUE -> !isPlaceholder(value) && isMixed(value);
      case BASIC -> isNameAndPassword(value);
      case PASSWORD -> looksChosen(value);
      case GENERATED -> looksGenerated(value);
      case RANDOM -> looksRandom(value);
    };
  }

  /// RFC 7617: name, colon, password. The name may be a token, without a password.
  private static boolean isNameAndPassword(String base64) {
    String text;
    try {
      text = new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException _) {
      return false;
    }
    int colon = text.indexOf(':');
    if (colon < 0 || text.chars().anyMatch(c -> c < ' ' || c > '~')) {
      return false;
    }
    String secret =
        colon + 1 < text.length() ? text.substring(colon + 1) : text.substring(0, colon);
    return secret.length() >= 4 && !isPlaceholder(secret) && !FixtureWords.isAll(secret);
  }

  /// Has a digit, or capitals all over: no word and no name.
  private static boolean isMixed(String value) {
    return value.chars().anyMatch(Character::isDigit) || changes(value) * 4 >= value.length();
  }

  /// How often the kind of character changes from one to the next.
  private static int changes(String value) {
    int changes = 0;
    for (int i = 1; i < value.length(); i++) {
      changes += kind(value.charAt(i)) == kind(value.charAt(i - 1)) ? 0 : 1;
    }
    return changes;
  }

  static boolean isPlaceholder(String text) {
    return text.contains("xxxx")
        || text.contains("XXXX")
        || containsAny(text.toLowerCase(Locale.ROOT), PLACEHOLDERS)
        || TEMPLATE.matcher(text).find()
        || hasRun(text);
  }

  /// `000000000`, `abcdefghijklm`: no random text has that. A is base64 for zero bytes.
  private static boolean hasRun(String text) {
    int same = 1;
    int rising = 1;
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      char before = text.charAt(i - 1);
      same = c == before && c != 'A' ? same + 1 : 1;
      rising = c == before + 1 && Character.isLetter(c) ? rising + 1 : 1;
      if (same >= 8 || rising >= 12) {
        return true;
      }
    }
    return false;
  }

  /// Whether a value that is assigned to a password may be one: people choose them, but not without
  /// a digit or a sign, since those are the names of fields and texts of the interface.
  private static boolean looksChosen(String value) {
    if (value.length() < MIN_ASSIGNED_CHARS
        || isPlaceholder(value)
        || isPathOrCall(value)
        || FixtureWords.isAll(value)) {
      return false;
    }
    Kinds kinds = Kinds.of(value);
    if (kinds.foreign() || kinds.count() < 2 || kinds.lowers() + kinds.uppers() == 0) {
      return false;
    }
    boolean wordsOnly = kinds.digits() == 0 && kinds.signs() == 0;
    boolean constant = kinds.lowers() == 0 && kinds.signs() == 0;
    return !wordsOnly && !constant && kinds.breaks() * 4 <= value.length();
  }

  /// Whether a value that is assigned to something named like a secret looks generated: mixed kinds
  /// of characters, and not words, a path, a name or a format.
  static boolean looksGenerated(String value) {
    String lower = value.toLowerCase(Locale.ROOT);
    if (value.length() < MIN_ASSIGNED_CHARS
        || isPlaceholder(value)
        || isPathOrCall(value)
        || PUBLIC.matcher(value).find()
        || MAIL.matcher(value).find()
        || containsAny(lower, ASSIGNED_PLACEHOLDERS)
        || FixtureWords.isAll(value)) {
      return false;
    }
    Kinds kinds = Kinds.of(value);
    if (kinds.foreign()) {
      return false;
    }
    boolean wordsOnly = kinds.digits() == 0 && kinds.signs() == 0;
    if (wordsOnly) {
      // camelCase, snake_case and dotted names; a random one has its capitals anywhere.
      return kinds.breaks() == 0
          && kinds.lowers() > 0
          && kinds.uppers() >= 4
          && kinds.lowers() + kinds.uppers() >= 20
          && changes(value) * 5 >= value.length() * 2;
    }
    if (kinds.count() < 2) {
      return false;
    }
    // words_with_2 digits, v1.2.3, 2024-01-01: too many breaks or too few of anything but letters.
    boolean nameWithNumber =
        kinds.signs() == 0 && kinds.digits() <= 2 && (kinds.uppers() == 0 || kinds.breaks() > 0);
    return !nameWithNumber && kinds.breaks() * 4 <= value.length();
  }

  /// Whether a value has no other origin than a generator of keys.
  private static boolean looksRandom(String value) {
    if (value.length() < MIN_RANDOM_CHARS
        || UUID.matcher(value).find()
        || !looksGenerated(value)
        || entropy(value) < 3.2) {
      return false;
    }
    int letters = 1;
    for (int i = 1; i < value.length(); i++) {
      int kind = kind(value.charAt(i));
      letters = kind == kind(value.charAt(i - 1)) && kind == 0 ? letters + 1 : 1;
      if (letters >= 9) {
        // A word: nine small letters in a row come once in thousands of random keys.
        return false;
      }
    }
    Kinds kinds = Kinds.of(value);
    return kinds.digits() * 20 >= value.length() && changes(value) * 4 >= value.length();
  }

  private static int kind(char c) {
    if (c >= 'a' && c <= 'z') {
      return 0;
    }
    return c >= 'A' && c <= 'Z' ? 1 : c >= '0' && c <= '9' ? 2 : 3;
  }

  private static boolean isPathOrCall(String value) {
    return value.startsWith("/")
        || value.startsWith("./")
        || value.startsWith("../")
        || value.startsWith("~/")
        || value.startsWith("--")
        || value.endsWith("()")
        || value.endsWith("(")
        || value.endsWith("[")
        || SETTING.matcher(value).find()
        || NAMES.matcher(value).find()
        || value.endsWith("):")
        || value.contains("://")
        || value.contains("](");
  }

  /// How to tell which secret it is without showing it: its first four characters and the start of
  /// its SHA-256; empty for one that this would give away.
  static String describe(String secret) {
    if (secret.length() < MIN_NAMED_CHARS || secret.startsWith("-----")) {
      return "";
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
      return "It begins with "
          + secret.substring(0, 4)
          + "; SHA-256 "
          + HexFormat.of().formatHex(digest, 0, 6)
          + "\u2026.";
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /// How many characters of which kind.
  ///
  /// @param breaks characters between words: `_ - . / :`
  /// @param foreign whether one is not ASCII: prose in another language, as in translations
  private record Kinds(int lowers, int uppers, int digits, int signs, int breaks, boolean foreign) {
    static Kinds of(String value) {
      int[] counts = new int[5];
      boolean foreign = false;
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        int kind = kind(c);
        counts[kind == 3 && "_-./:".indexOf(c) >= 0 ? 4 : kind]++;
        foreign |= c >= 0x80;
      }
      return new Kinds(counts[0], counts[1], counts[2], counts[3], counts[4], foreign);
    }

    /// Kinds of letters, digits and signs that there are.
    int count() {
      return Math.min(lowers, 1) + Math.min(uppers, 1) + Math.min(digits, 1) + Math.min(signs, 1);
    }
  }

  private static boolean containsAny(String text, List<String> words) {
    for (String word : words) {
      if (text.contains(word)) {
        return true;
      }
    }
    return false;
  }
}
