package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.flow.LanguageSpec.Clears;
import dev.prguard.review.rules.flow.LanguageSpec.Source;
import dev.prguard.review.rules.yaml.YamlTree;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads what is known of a language's libraries from `rules/flow/LANGUAGE.yml`:
///
/// ```yaml
/// sources:
///   - {label: request, at: ['request.args'], params: ['@RequestParam']}
/// sanitizers:
///   - {clears: [html], by: ['html.escape()']}
/// guards:
///   - {clears: [path], by: ['*.startswith()']}
/// lookups: ['*.objects.get()']
/// through: ['re.*()']
/// ```
public final class LanguageFile {

  private LanguageFile() {}

  public static LanguageSpec of(ParsedLanguage language) {
    String name =
        switch (language) {
          case PYTHON -> "python.yml";
          case JAVASCRIPT, TYPESCRIPT, TSX -> "javascript.yml";
          case JAVA -> "java.yml";
          case GO -> "go.yml";
          case JSON, YAML, NONE -> throw new IllegalArgumentException("language: " + language);
        };
    Set<String> written = name.startsWith("javascript") ? Set.of("RegExp", "jsx") : Set.of();
    return read(YamlTree.ofResource(LanguageFile.class, name), written);
  }

  private static LanguageSpec read(@Nullable Object root, Set<String> written) {
    Map<?, ?> map = root instanceof Map<?, ?> given ? given : Map.of();
    List<Source> sources = new ArrayList<>();
    for (Object each : list(map.get("sources"))) {
      if (each instanceof Map<?, ?> source) {
        sources.add(
            new Source(
                String.valueOf(source.get("label")),
                texts(source.get("at")),
                texts(source.get("params"))));
      }
    }
    return new LanguageSpec(
        sources,
        clears(map.get("sanitizers")),
        clears(map.get("guards")),
        texts(map.get("lookups")),
        texts(map.get("through")),
        written);
  }

  private static List<Clears> clears(@Nullable Object value) {
    List<Clears> result = new ArrayList<>();
    for (Object each : list(value)) {
      if (each instanceof Map<?, ?> map) {
        result.add(new Clears(texts(map.get("clears")), texts(map.get("by"))));
      }
    }
    return result;
  }

  private static List<String> texts(@Nullable Object value) {
    return list(value).stream().map(String::valueOf).toList();
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
