package dev.prguard.review.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.DiffLine.Kind;
import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.rules.Rule.Builtin;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Dependencies that a change adds to a manifest or lock file, and whether their names imitate a
/// well-known one.
final class DependencyScan {

  private static final Pattern NPM_ENTRY =
      Pattern.compile(
          "^\\s*\"(@?[A-Za-z0-9][\\w./-]{1,100})\"\\s*:\\s*\"(?:[~^<>=v ]*\\d[\\w.+ |<>=~^*-]*|\\*|latest|next"
              + "|(?:npm|git|github|https?|file|workspace|git\\+https?|git\\+ssh):.*)\"");
  private static final Pattern NPM_LOCK =
      Pattern.compile("^\\s*\"(?:[^\"]*/)?node_modules/([^\"/@]+)\"\\s*:\\s*\\{");
  private static final Pattern YARN_LOCK =
      Pattern.compile("^\"?([A-Za-z0-9][\\w.-]{1,100})@[^:]*:");
  private static final Pattern PNPM_LOCK =
      Pattern.compile("^  ['\"]?/?([A-Za-z0-9][\\w.-]{1,100})[@/]\\d[^:]*:\\s*$");
  private static final Pattern JSON_SECTION =
      Pattern.compile("^(\\s*)\"([^\"]+)\"\\s*:\\s*\\{\\s*$");
  private static final Pattern PIP =
      Pattern.compile(
          "^\\s*([A-Za-z0-9][\\w.-]{1,100})\\s*(?:\\[[^\\]]*\\])?\\s*(?:[=<>!~]=|[<>;@]|$)");
  private static final Pattern PEP_621 =
      Pattern.compile(
          "^\\s*[\"']([A-Za-z0-9][\\w.-]{1,100})(?:\\[[^\\]]*\\])?\\s*(?:[=<>!~]=|[<>;@]|[\"'])");
  private static final Pattern POETRY =
      Pattern.compile("^([A-Za-z0-9][\\w.-]{1,100})\\s*=\\s*(?:[\"'][~^<>=*\\d]|\\{)");
  private static final Pattern TOML_SECTION = Pattern.compile("^\\s*\\[+([^\\]]+)\\]+\\s*$");
  private static final Pattern TOML_NAME = Pattern.compile("^name\\s*=\\s*\"([^\"]+)\"");

  private final RuleCatalog catalog;
  private final ScannedFile file;
  private final Report report;
  private final String fileName;

  DependencyScan(RuleCatalog catalog, ScannedFile file, Report report) {
    this.catalog = catalog;
    this.file = file;
    this.report = report;
    String path = file.path().toLowerCase(Locale.ROOT);
    fileName = path.substring(path.lastIndexOf('/') + 1);
  }

  void run() {
    Optional<Rule> rule = catalog.builtin(Builtin.TYPOSQUAT);
    KnownNames names = names();
    if (rule.isEmpty() || names == null) {
      return;
    }
    Set<String> told = removedNames();
    for (Segment segment : file.segments()) {
      for (int i = segment.added().nextSetBit(0); i >= 0; i = segment.added().nextSetBit(i + 1)) {
        String name = name(segment.lines(), i);
        // Poetry lists the language among the dependencies.
        if (name == null || name.equals("python") || !told.add(name)) {
          continue;
        }
        Optional<String> imitated = names.imitated(name);
        if (imitated.isPresent()) {
          int number = segment.number(i);
          String detail = "It says " + name + "; the well-known one is " + imitated.get() + ".";
          report.add(rule.get(), Side.NEW, number, number, segment.lines().get(i), detail, null);
        }
      }
    }
  }

  /// Names that were there before: a new version of theirs is no news.
  private Set<String> removedNames() {
    Set<String> names = new HashSet<>();
    file.hunks()
        .forEach(hunk -> {
          List<String> old =
              hunk.lines().stream()
                  .filter(line -> line.kind() != Kind.ADDED)
                  .map(DiffLine::text)
                  .toList();
          for (int i = 0; i < old.size(); i++) {
            String name = name(old, i);
            if (name != null) {
              names.add(name);
            }
          }
        });
    return names;
  }

  private @Nullable KnownNames names() {
    return switch (fileName) {
      case "package.json",
          "package-lock.json",
          "npm-shrinkwrap.json",
          "yarn.lock",
          "pnpm-lock.yaml" ->
          KnownNames.npm();
      case "pyproject.toml", "pipfile", "poetry.lock", "uv.lock" -> KnownNames.pypi();
      default ->
          fileName.contains("requirements") && fileName.endsWith(".txt") ? KnownNames.pypi() : null;
    };
  }

  private @Nullable String name(List<String> lines, int index) {
    String line = lines.get(index);
    if (line.length() > 400) {
      return null;
    }
    return switch (fileName) {
      case "package.json" -> isNpmDependency(lines, index) ? first(NPM_ENTRY, line) : null;
      case "package-lock.json", "npm-shrinkwrap.json" -> first(NPM_LOCK, line);
      case "yarn.lock" -> first(YARN_LOCK, line);
      case "pnpm-lock.yaml" -> first(PNPM_LOCK, line);
      case "poetry.lock", "uv.lock" -> first(TOML_NAME, line);
      case "pipfile" -> isSection(lines, index, "packages") ? first(POETRY, line) : null;
      case "pyproject.toml" -> {
        String listed = first(PEP_621, line);
        yield listed != null || !isSection(lines, index, "dependencies")
            ? listed
            : first(POETRY, line);
      }
      default -> line.stripLeading().startsWith("-") ? null : first(PIP, line);
    };
  }

  /// Whether the nearest object that a line is in lists dependencies; taken for granted where the
  /// hunk does not show it.
  private static boolean isNpmDependency(List<String> lines, int index) {
    int indentation = indentation(lines.get(index));
    for (int i = index - 1; i >= 0; i--) {
      Matcher section = JSON_SECTION.matcher(lines.get(i));
      if (section.find() && indentation(lines.get(i)) < indentation) {
        String key = section.group(2);
        return key != null && key.toLowerCase(Locale.ROOT).contains("dependencies");
      }
    }
    return indentation > 2;
  }

  private static boolean isSection(List<String> lines, int index, String word) {
    for (int i = index; i >= 0; i--) {
      String section = first(TOML_SECTION, lines.get(i));
      if (section != null) {
        return section.contains(word);
      }
    }
    return false;
  }

  private static int indentation(String line) {
    return line.length() - line.stripLeading().length();
  }

  private static @Nullable String first(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() ? matcher.group(1) : null;
  }
}
