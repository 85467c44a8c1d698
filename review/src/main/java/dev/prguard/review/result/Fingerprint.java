package dev.prguard.review.result;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The identity of a finding over pushes, rebases and moved lines: rule, path and normalised code,
/// never the line number or a date.
public final class Fingerprint {

  private Fingerprint() {}

  /// 32 hexadecimal digits of SHA-256.
  ///
  /// @param code the finding's first line; whitespace does not count
  /// @param occurrence 0 for the first finding of this rule with this code in the file, 1 for the
  ///   next, and so on
  public static String of(String rule, String path, String code, int occurrence) {
    StringBuilder normalised = new StringBuilder(code.length());
    code.codePoints()
        .filter(c -> !Character.isWhitespace(c) && !Character.isSpaceChar(c))
        .forEach(normalised::appendCodePoint);
    String identity = rule + '\0' + path + '\0' + normalised + '\0' + occurrence;
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
