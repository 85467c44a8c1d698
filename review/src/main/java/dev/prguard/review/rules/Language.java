package dev.prguard.review.rules;

import java.util.Locale;
import java.util.Map;

/// What kind of text a file is, told from its path alone (and a `#!` line where there is no
/// extension).
public enum Language {
  PYTHON(Comments.HASH, true),
  JAVASCRIPT(Comments.SLASHES, true),
  TYPESCRIPT(Comments.SLASHES, true),
  JAVA(Comments.SLASHES, true),
  GO(Comments.SLASHES, false),
  KOTLIN(Comments.SLASHES, true),
  SCALA(Comments.SLASHES, true),
  CSHARP(Comments.SLASHES, true),
  C(Comments.SLASHES, false),
  RUST(Comments.SLASHES, true),
  SWIFT(Comments.SLASHES, true),
  RUBY(Comments.HASH, true),
  PHP(Comments.SLASHES_OR_HASH, true),
  SHELL(Comments.HASH, false),
  DOCKERFILE(Comments.HASH, false),
  WORKFLOW(Comments.HASH, false),
  YAML(Comments.HASH, false),
  JSON(Comments.NONE, false),
  PROPERTIES(Comments.HASH, false),
  TERRAFORM(Comments.SLASHES_OR_HASH, false),
  SQL(Comments.NONE, false),
  MARKUP(Comments.NONE, false),
  LOCKFILE(Comments.NONE, false),
  MAKEFILE(Comments.HASH, false),
  TEXT(Comments.NONE, false),
  OTHER(Comments.NONE, false);

  /// How a comment to the end of the line starts.
  enum Comments {
    HASH,
    SLASHES,
    SLASHES_OR_HASH,
    NONE
  }

  private static final Map<String, Language> BY_EXTENSION =
      Map.ofEntries(
          Map.entry("py", PYTHON),
          Map.entry("pyi", PYTHON),
          Map.entry("pyw", PYTHON),
          Map.entry("js", JAVASCRIPT),
          Map.entry("jsx", JAVASCRIPT),
          Map.entry("mjs", JAVASCRIPT),
          Map.entry("cjs", JAVASCRIPT),
          Map.entry("vue", JAVASCRIPT),
          Map.entry("svelte", JAVASCRIPT),
          Map.entry("ts", TYPESCRIPT),
          Map.entry("tsx", TYPESCRIPT),
          Map.entry("mts", TYPESCRIPT),
          Map.entry("cts", TYPESCRIPT),
          Map.entry("java", JAVA),
          Map.entry("go", GO),
          Map.entry("kt", KOTLIN),
          Map.entry("kts", KOTLIN),
          Map.entry("scala", SCALA),
          Map.entry("groovy", JAVA),
          Map.entry("gradle", JAVA),
          Map.entry("cs", CSHARP),
          Map.entry("c", C),
          Map.entry("h", C),
          Map.entry("cc", C),
          Map.entry("cpp", C),
          Map.entry("cxx", C),
          Map.entry("hpp", C),
          Map.entry("m", C),
          Map.entry("rs", RUST),
          Map.entry("swift", SWIFT),
          Map.entry("rb", RUBY),
          Map.entry("rake", RUBY),
          Map.entry("php", PHP),
          Map.entry("sh", SHELL),
          Map.entry("bash", SHELL),
          Map.entry("zsh", SHELL),
          Map.entry("ksh", SHELL),
          Map.entry("dockerfile", DOCKERFILE),
          Map.entry("yml", YAML),
          Map.entry("yaml", YAML),
          Map.entry("json", JSON),
          Map.entry("json5", JSON),
          Map.entry("ipynb", JSON),
          Map.entry("properties", PROPERTIES),
          Map.entry("ini", PROPERTIES),
          Map.entry("cfg", PROPERTIES),
          Map.entry("conf", PROPERTIES),
          Map.entry("toml", PROPERTIES),
          Map.entry("env", PROPERTIES),
          Map.entry("tf", TERRAFORM),
          Map.entry("tfvars", TERRAFORM),
          Map.entry("hcl", TERRAFORM),
          Map.entry("sql", SQL),
          Map.entry("html", MARKUP),
          Map.entry("htm", MARKUP),
          Map.entry("xml", MARKUP),
          Map.entry("config", MARKUP),
          Map.entry("csproj", MARKUP),
          Map.entry("jinja", MARKUP),
          Map.entry("jinja2", MARKUP),
          Map.entry("j2", MARKUP),
          Map.entry("mk", MAKEFILE),
          Map.entry("md", TEXT),
          Map.entry("rst", TEXT),
          Map.entry("adoc", TEXT),
          Map.entry("txt", TEXT));

  private static final Map<String, Language> BY_NAME =
      Map.ofEntries(
          Map.entry("dockerfile", DOCKERFILE),
          Map.entry("containerfile", DOCKERFILE),
          Map.entry("makefile", MAKEFILE),
          Map.entry("gnumakefile", MAKEFILE),
          Map.entry("jenkinsfile", JAVA),
          Map.entry("gemfile", RUBY),
          Map.entry("rakefile", RUBY),
          Map.entry("gemfile.lock", LOCKFILE),
          Map.entry("pipfile", PROPERTIES),
          Map.entry("go.mod", LOCKFILE),
          Map.entry(".env", PROPERTIES),
          Map.entry(".npmrc", PROPERTIES),
          Map.entry(".pypirc", PROPERTIES),
          Map.entry("package-lock.json", LOCKFILE),
          Map.entry("npm-shrinkwrap.json", LOCKFILE),
          Map.entry("yarn.lock", LOCKFILE),
          Map.entry("pnpm-lock.yaml", LOCKFILE),
          Map.entry("cargo.lock", LOCKFILE),
          Map.entry("go.sum", LOCKFILE),
          Map.entry("poetry.lock", LOCKFILE),
          Map.entry("uv.lock", LOCKFILE),
          Map.entry("pipfile.lock", LOCKFILE),
          Map.entry("composer.lock", LOCKFILE));

  private final Comments comments;
  private final boolean spaceIndented;

  Language(Comments comments, boolean spaceIndented) {
    this.comments = comments;
    this.spaceIndented = spaceIndented;
  }

  Comments comments() {
    return comments;
  }

  /// Whether tabs are out of style here.
  boolean spaceIndented() {
    return spaceIndented;
  }

  /// Whether people read and write it line by line, so that a line's length matters.
  boolean isProgram() {
    return spaceIndented || this == GO || this == C;
  }

  /// Whether [CodeMask] knows its strings and comments well enough to skip matches inside them.
  boolean isLexed() {
    return switch (this) {
      case PYTHON, JAVASCRIPT, TYPESCRIPT, JAVA, GO, KOTLIN -> true;
      case SCALA,
          CSHARP,
          C,
          RUST,
          SWIFT,
          RUBY,
          PHP,
          SHELL,
          DOCKERFILE,
          WORKFLOW,
          YAML,
          JSON,
          PROPERTIES,
          TERRAFORM,
          SQL,
          MARKUP,
          LOCKFILE,
          MAKEFILE,
          TEXT,
          OTHER ->
          false;
    };
  }

  /// The word used in rule files: `python`, `workflow`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @param firstLine the file's first line when it is known, else empty
  static Language of(String path, String firstLine) {
    String lower = path.toLowerCase(Locale.ROOT);
    String name = lower.substring(lower.lastIndexOf('/') + 1);
    Language named = BY_NAME.get(name);
    if (named != null) {
      return named;
    }
    if (name.startsWith("requirements") && name.endsWith(".txt")) {
      return LOCKFILE;
    }
    if (name.startsWith("dockerfile.") || name.startsWith("containerfile.")) {
      return DOCKERFILE;
    }
    if (name.startsWith(".env.")) {
      return PROPERTIES;
    }
    boolean yaml = name.endsWith(".yml") || name.endsWith(".yaml");
    if (yaml && (lower.contains(".github/workflows/") || name.startsWith("action."))) {
      return WORKFLOW;
    }
    int dot = name.lastIndexOf('.');
    if (dot > 0) {
      return BY_EXTENSION.getOrDefault(name.substring(dot + 1), OTHER);
    }
    return ofShebang(firstLine);
  }

  private static Language ofShebang(String firstLine) {
    if (!firstLine.startsWith("#!")) {
      return OTHER;
    }
    if (firstLine.contains("python")) {
      return PYTHON;
    }
    if (firstLine.contains("node") || firstLine.contains("deno") || firstLine.contains("bun")) {
      return JAVASCRIPT;
    }
    if (firstLine.contains("ruby")) {
      return RUBY;
    }
    if (firstLine.contains("php")) {
      return PHP;
    }
    return firstLine.contains("sh") ? SHELL : OTHER;
  }
}
