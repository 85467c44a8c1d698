package dev.prguard.review.syntax;

import java.util.Locale;
import java.util.Map;

/// The languages whose syntax can be checked here.
public enum ParsedLanguage {
  PYTHON,
  JAVASCRIPT,
  TYPESCRIPT,
  TSX,
  JAVA,
  GO,
  JSON,
  YAML,
  NONE;

  private static final Map<String, ParsedLanguage> BY_ENDING =
      Map.ofEntries(
          Map.entry("py", PYTHON),
          Map.entry("pyi", PYTHON),
          Map.entry("pyw", PYTHON),
          Map.entry("js", JAVASCRIPT),
          Map.entry("jsx", JAVASCRIPT),
          Map.entry("mjs", JAVASCRIPT),
          Map.entry("cjs", JAVASCRIPT),
          Map.entry("ts", TYPESCRIPT),
          Map.entry("tsx", TSX),
          Map.entry("mts", TYPESCRIPT),
          Map.entry("cts", TYPESCRIPT),
          Map.entry("java", JAVA),
          Map.entry("go", GO),
          Map.entry("json", JSON),
          Map.entry("yaml", YAML),
          Map.entry("yml", YAML));

  public static ParsedLanguage of(String path) {
    String ending = ending(path);
    return path.toLowerCase(Locale.ROOT).endsWith("." + ending)
        ? BY_ENDING.getOrDefault(ending, NONE)
        : NONE;
  }

  /// Whether it is a programming language, which tree-sitter reads.
  public boolean isCode() {
    return switch (this) {
      case PYTHON, JAVASCRIPT, TYPESCRIPT, TSX, JAVA, GO -> true;
      case JSON, YAML, NONE -> false;
    };
  }

  /// What follows the last dot of the file's name, in lower case; the whole name when there is
  /// none.
  public static String ending(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
