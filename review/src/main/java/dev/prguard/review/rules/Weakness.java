package dev.prguard.review.rules;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is known of a CWE, for rules that say nothing of their own. From `weaknesses.tsv`.
///
/// @param owasp its category in the OWASP Top 10 of 2025, `A05:2025`
/// @param why what it lets an attacker do
/// @param reference the address of its description
record Weakness(String owasp, String why, String reference) {

  private static final class Table {
    static final Map<String, Weakness> ROWS = read();

    private static Map<String, Weakness> read() {
      Map<String, Weakness> rows = new HashMap<>();
      try (InputStream in = Weakness.class.getResourceAsStream("weaknesses.tsv")) {
        if (in == null) {
          throw new IllegalStateException("resource: weaknesses.tsv (expected: in the jar)");
        }
        for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
          if (line.startsWith("#")) {
            continue;
          }
          List<String> cells = List.of(line.split("\t", -1));
          String cwe = cells.get(0);
          rows.put(
              cwe,
              new Weakness(
                  cells.get(1),
                  cells.get(2),
                  "https://cwe.mitre.org/data/definitions/"
                      + cwe.substring("CWE-".length())
                      + ".html"));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Map.copyOf(rows);
    }
  }

  static Optional<Weakness> of(@Nullable String cwe) {
    return cwe == null ? Optional.empty() : Optional.ofNullable(Table.ROWS.get(cwe));
  }

  /// The last sentence of a message, in which the rules say what to do.
  static String remedy(String message) {
    int cut = 0;
    for (int i = message.indexOf(". "); i >= 0; i = message.indexOf(". ", i + 1)) {
      boolean sentence =
          i > 0
              && message.charAt(i - 1) != '.'
              && i + 2 < message.length()
              && Character.isUpperCase(message.charAt(i + 2));
      cut = sentence ? i + 2 : cut;
    }
    return message.substring(cut);
  }
}
