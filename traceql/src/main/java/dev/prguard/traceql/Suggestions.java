package dev.prguard.traceql;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a person probably meant by a word that cannot stand where it stands.
final class Suggestions {
  /// Words that Tempo's lexer knows by themselves.
  private static final Set<String> KEYWORDS =
      Set.of(
          "duration",
          "name",
          "status",
          "statusMessage",
          "kind",
          "rootName",
          "rootServiceName",
          "traceDuration",
          "nestedSetLeft",
          "nestedSetRight",
          "nestedSetParent",
          "childCount",
          "parent",
          "parentID",
          "id",
          "rootService",
          "timeSinceStart",
          "traceID",
          "spanID",
          "version",
          "ok",
          "error",
          "unset",
          "unspecified",
          "internal",
          "server",
          "client",
          "producer",
          "consumer",
          "true",
          "false",
          "nil",
          "count",
          "min",
          "max",
          "avg",
          "sum",
          "by",
          "coalesce",
          "select",
          "rate",
          "count_over_time",
          "min_over_time",
          "max_over_time",
          "avg_over_time",
          "sum_over_time",
          "quantile_over_time",
          "histogram_over_time",
          "compare",
          "topk",
          "bottomk",
          "with");

  private static final Map<String, String> FOREIGN =
      Map.of(
          "group_by", "by(...)",
          "groupby", "by(...)",
          "and", "&&",
          "or", "||",
          "not", "!(...), or != of the value",
          "null", "nil",
          "None", "nil",
          "in", "=~ \"a|b\"",
          "percentile", "quantile_over_time(x, .95)",
          "p95", "quantile_over_time(x, .95)");

  private Suggestions() {}

  static boolean isKeyword(String word) {
    return KEYWORDS.contains(word);
  }

  /// The intrinsic that was probably meant by `scope:name`.
  static @Nullable String forScoped(String scope, String name) {
    String best = nearest(scope + name, FieldParser.INTRINSICS.keySet());
    if (best != null) {
      return best;
    }
    return FieldParser.INTRINSICS.keySet().stream()
        .filter(known -> known.startsWith(scope))
        .sorted()
        .collect(Collectors.joining(", "));
  }

  static @Nullable String forUnexpected(String query, Token token) {
    if (token.is("=") && token.offset() > 0 && query.charAt(token.offset() - 1) == '=') {
      return "= (one)";
    }
    if (token.kind() != Token.Kind.WORD) {
      return null;
    }
    String foreign = FOREIGN.get(token.text());
    if (foreign != null) {
      return foreign;
    }
    if (token.end() < query.length() && query.charAt(token.end()) == '.') {
      String name = dottedName(query, token.offset());
      return name.startsWith("service.")
          ? "resource." + name
          : "span." + name + " (or resource." + name + ")";
    }
    return isKeyword(token.text()) ? null : nearest(token.text(), KEYWORDS);
  }

  private static String dottedName(String query, int start) {
    int end = start;
    while (end < query.length()
        && (Character.isLetterOrDigit(query.charAt(end))
            || "._-".indexOf(query.charAt(end)) >= 0)) {
      end++;
    }
    return query.substring(start, end);
  }

  private static @Nullable String nearest(String word, Set<String> words) {
    String best = null;
    int least = 1 + Math.max(1, word.length() / 4);
    if (word.length() <= 40) {
      for (String known : new TreeSet<>(words)) {
        int distance = distance(word.toLowerCase(Locale.ROOT), known);
        if (distance < least) {
          least = distance;
          best = known;
        }
      }
    }
    return best;
  }

  /// Levenshtein's.
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int above = row[j];
        int change = one.charAt(i - 1) == Character.toLowerCase(other.charAt(j - 1)) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + change);
        diagonal = above;
      }
    }
    return row[other.length()];
  }
}
