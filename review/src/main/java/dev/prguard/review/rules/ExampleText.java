package dev.prguard.review.rules;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Fills the places of a rule's examples, so that no rule file holds a string that a scanner would
/// take for a secret: `{{alnum:36}}` is 36 random letters and digits. Other kinds: digit, hex, HEX,
/// upper (of base 32), alpha, b64, base32, base36, bech32, and with a proof that holds crc62, glsa
/// (behind `glsa_`) and jwt.
public final class ExampleText {

  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+):(\\d+)\\}\\}");
  private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
  private static final String LETTERS = LOWER + "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String ALNUM = LETTERS + "0123456789";

  private ExampleText() {}

  /// The template with its places filled.
  ///
  /// @throws IllegalArgumentException when a place is of an unknown kind
  public static String fill(String template, Random random) {
    Matcher matcher = PLACE.matcher(template);
    StringBuilder result = new StringBuilder();
    while (matcher.find()) {
      String text = random(matcher.group(1), Integer.parseInt(matcher.group(2)), random);
      matcher.appendReplacement(result, Matcher.quoteReplacement(text));
    }
    return matcher.appendTail(result).toString();
  }

  private static String random(String kind, int length, Random random) {
    return switch (kind) {
      case "crc62" -> {
        String body = pick(ALNUM, length - 6, random);
        yield body + TokenProof.base62(TokenProof.crc(body));
      }
      case "glsa" -> {
        String body = pick(ALNUM, length - 9, random);
        yield body + "_" + TokenProof.hex(TokenProof.crc("glsa_" + body));
      }
      case "jwt" -> {
        String header = base64Url("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
        String claims = base64Url("{\"sub\":\"" + pick("0123456789", 10, random) + "\"}");
        String signed = header + "." + claims + ".";
        yield signed + pick(ALNUM, length - signed.length(), random);
      }
      default -> pick(alphabet(kind), length, random);
    };
  }

  private static String base64Url(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String alphabet(String kind) {
    return switch (kind) {
      case "digit" -> "0123456789";
      case "hex" -> "0123456789abcdef";
      case "HEX" -> "0123456789ABCDEF";
      case "upper" -> "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
      case "alpha" -> LETTERS;
      case "alnum" -> ALNUM;
      case "b64" -> ALNUM + "+/";
      case "base32" -> LOWER + "234567";
      case "base36" -> LOWER + "0123456789";
      case "bech32" -> "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
      default -> throw new IllegalArgumentException("{{" + kind + "}}: unknown kind of example");
    };
  }

  private static String pick(String alphabet, int length, Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
