package dev.prguard.review.rules;

import com.google.re2j.PatternSyntaxException;
import dev.prguard.review.change.FileContents;
import dev.prguard.review.rules.Rule.Builtin;
import dev.prguard.review.rules.Rule.Patterns;
import dev.prguard.review.rules.Rule.Removed;
import dev.prguard.review.rules.flow.FlowSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Rules of a repository's own, in `.pr-guard/rules/*.yml`.
public final class UserRules {
  public static final String FOLDER = ".pr-guard/rules";

  private static final int MAX_FILES = 100;
  private static final int MAX_BYTES = 256 << 10;
  private static final int MAX_RULES = 1_000;

  private UserRules() {}

  /// The rules of the base branch. A change cannot add, weaken or remove rules for itself.
  ///
  /// @throws IllegalArgumentException naming file and rule, when one is malformed
  public static List<Rule> of(FileContents base) {
    List<Rule> rules = new ArrayList<>();
    List<String> files =
        base.list(FOLDER).stream()
            .filter(path -> path.endsWith(".yml") || path.endsWith(".yaml"))
            .sorted()
            .toList();
    if (files.size() > MAX_FILES) {
      throw new IllegalArgumentException(FOLDER + ": more than " + MAX_FILES + " files");
    }
    for (String file : files) {
      Optional<byte[]> bytes = base.read(file);
      if (bytes.isPresent()) {
        rules.addAll(parse(file, bytes.get()));
      }
    }
    return rules;
  }

  /// Rules of one file.
  ///
  /// @param name for messages
  /// @throws IllegalArgumentException naming file and rule, when one is malformed
  public static List<Rule> parse(String name, byte[] yaml) {
    if (yaml.length > MAX_BYTES) {
      throw new IllegalArgumentException(name + ": larger than " + (MAX_BYTES >> 10) + " KiB");
    }
    List<Rule> rules;
    try {
      rules = RuleFile.read(name, new String(yaml, StandardCharsets.UTF_8));
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException(
          name + ": not YAML: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "), e);
    }
    if (rules.size() > MAX_RULES) {
      throw new IllegalArgumentException(name + ": more than " + MAX_RULES + " rules");
    }
    rules.forEach(rule -> check(name, rule));
    return rules;
  }

  private static void check(String name, Rule rule) {
    String where = name + ": rule " + rule.id() + ": ";
    if (!rule.id().matches("[a-z][a-z0-9]*\\.[a-z0-9-]+")) {
      throw new IllegalArgumentException(where + "id (expected: area.what, in small letters)");
    }
    if (rule.bad().isEmpty() || rule.ok().isEmpty()) {
      throw new IllegalArgumentException(where + "bad and ok: expected at least one of each");
    }
    try {
      rule.flow().ifPresent(FlowSpec::check);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + "flow: " + e.getMessage(), e);
    }
    for (LinePattern pattern : patterns(rule, where)) {
      try {
        var _ = pattern.pattern();
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(
            where + "not an RE2 expression: " + pattern.source() + ": " + e.getDescription(), e);
      }
    }
  }

  private static List<LinePattern> patterns(Rule rule, String where) {
    return switch (rule.detection()) {
      case Patterns p ->
          Stream.of(p.patterns(), p.harmless(), p.unless()).flatMap(List::stream).toList();
      case Removed r -> r.patterns();
      case Rule.FlowOnly() -> List.of();
      case Builtin _ ->
          throw new IllegalArgumentException(where + "builtin: is for the program's own rules");
    };
  }
}
