package dev.prguard.telemetry;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Environment variables in the forms that OpenTelemetry gives them.
record Variables(Map<String, String> env) {
  private static final int SHOWN_CHARS = 100;

  /// Headers that are the HTTP client's own.
  private static final Set<String> CLIENT_HEADERS =
      Set.of("connection", "content-length", "content-encoding", "expect", "host", "upgrade");

  /// Null when unset, empty or blank.
  @Nullable String get(String name) {
    String value = env.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  String get(String name, String otherwise) {
    String value = get(name);
    return value == null ? otherwise : value;
  }

  boolean isTrue(String name) {
    return get(name, "false").equalsIgnoreCase("true");
  }

  /// `key=value,key=value`, both percent-encoded where need be. A plus is a plus: it stands in
  /// base64 credentials.
  ///
  /// @throws IllegalArgumentException naming the variable, not its values
  Map<String, String> pairs(String name) {
    Map<String, String> pairs = new LinkedHashMap<>();
    int number = 0;
    for (String pair : get(name, "").split(",", -1)) {
      number++;
      int equals = pair.indexOf('=');
      if (pair.isBlank()) {
        continue;
      }
      String key = equals < 0 ? "" : pair.substring(0, equals).strip();
      String value = percentDecoded(pair.substring(equals + 1).strip());
      String decodedKey = percentDecoded(key);
      if (decodedKey == null || decodedKey.isEmpty() || value == null) {
        throw new IllegalArgumentException(
            name + ": entry " + number + " is malformed (expected: key=value,key=value)");
      }
      pairs.put(decodedKey, value);
    }
    return pairs;
  }

  IllegalArgumentException bad(String name, String value, String expected) {
    // What stands before an @ may be a password.
    String shown = value.indexOf('@') >= 0 ? "" : " " + shown(value);
    return new IllegalArgumentException(name + ":" + shown + " (expected: " + expected + ")");
  }

  /// One line of bounded length, without characters that move a terminal's cursor or its text.
  static String shown(String text) {
    String line = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", " ");
    return line.length() <= SHOWN_CHARS ? line : line.substring(0, SHOWN_CHARS) + "...";
  }

  static boolean isHeader(String name, String value) {
    return name.matches("[-!#$%&'*+.^_`|~0-9A-Za-z]+")
        && !CLIENT_HEADERS.contains(name.toLowerCase(Locale.ROOT))
        && value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= '~'));
  }

  /// Null when the encoding is broken.
  private static @Nullable String percentDecoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < in.length; i++) {
      if (in[i] != '%') {
        bytes.write(in[i]);
        continue;
      }
      int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
      int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        return null;
      }
      bytes.write(high << 4 | low);
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
