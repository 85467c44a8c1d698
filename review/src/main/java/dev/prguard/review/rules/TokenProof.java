package dev.prguard.review.rules;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// What a token says of itself that a look-alike cannot: a checksum, or a structure that decodes. A
/// token that fails its proof is most likely made up.
enum TokenProof {
  /// Nothing but its form.
  NONE,

  /// The last six characters are the CRC-32 of what lies between the prefix and them, in base 62,
  /// padded with zeros: GitHub (github.blog, 2021-04-05, "Behind GitHub's new authentication token
  /// formats") and npm (github.blog, 2021-09-23). What GitHub's fine-grained tokens (`github_pat_`)
  /// count over is not published, so they are taken at their word.
  CRC32_BASE62,

  /// As CRC32_BASE62, but for npm's tokens of before, which are a UUID and prove nothing.
  NPM,

  /// The last eight characters are the CRC-32 of what lies before the last `_`, in hexadecimal with
  /// the lowest byte first: Grafana's service accounts (grafana/grafana,
  /// pkg/components/satokengen).
  CRC32_HEX,

  /// Three parts, of which the first two are JSON objects in base64url (RFC 7519, section 3), and
  /// the header names an algorithm (RFC 7515, section 4.1.1).
  JWT;

  private static final String BASE62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /// @param word `crc32-base62`, or null for none
  /// @throws IllegalArgumentException when there is no such proof
  static TokenProof of(@Nullable String word) {
    return word == null ? NONE : valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /// Whether the token is what it looks like, as far as it can be told.
  boolean holds(String token) {
    return switch (this) {
      case NONE -> true;
      case CRC32_BASE62 -> token.startsWith("github_pat_") || crc32Base62(token);
      case NPM -> !token.startsWith("npm_") || crc32Base62(token);
      case CRC32_HEX -> crc32Hex(token);
      case JWT -> jwt(token);
    };
  }

  /// Whether a token without the proof is none at all. A checksum is not: issuers change how they
  /// make one, and who looks for leaks wants to see a token with a slip in it.
  boolean isDecisive() {
    return this == JWT;
  }

  private static boolean crc32Base62(String token) {
    int underscore = token.lastIndexOf('_');
    int end = token.length() - 6;
    if (underscore < 0 || end <= underscore + 1) {
      return false;
    }
    return token.substring(end).equals(base62(crc(token.substring(underscore + 1, end))));
  }

  private static boolean crc32Hex(String token) {
    int underscore = token.lastIndexOf('_');
    if (underscore < 1) {
      return false;
    }
    String told = token.substring(underscore + 1).toLowerCase(Locale.ROOT);
    return told.equals(hex(crc(token.substring(0, underscore))));
  }

  private static boolean jwt(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length < 3) {
      return false;
    }
    String header = decoded(parts[0]);
    String payload = decoded(parts[1]);
    boolean encrypted = parts.length == 5 && header.contains("\"enc\"");
    return header.startsWith("{")
        && header.contains("\"alg\"")
        && (encrypted || (payload.startsWith("{") && payload.endsWith("}")));
  }

  private static String decoded(String base64Url) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(base64Url);
      return new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /// As [#CRC32_BASE62] writes it.
  static String base62(long value) {
    char[] digits = new char[6];
    long left = value;
    for (int i = digits.length - 1; i >= 0; i--) {
      digits[i] = BASE62.charAt((int) (left % 62));
      left /= 62;
    }
    return new String(digits);
  }

  /// As [#CRC32_HEX] writes it.
  static String hex(long value) {
    return String.format(Locale.ROOT, "%08x", Integer.reverseBytes((int) value));
  }

  static long crc(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }
}
