package dev.prguard.review.rules;

import dev.prguard.review.rules.Rule.Builtin;
import dev.prguard.review.rules.Rule.Patterns;
import dev.prguard.review.rules.Rule.Removed;
import dev.prguard.review.rules.words.KeywordIndex;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A set of rules, immutable and ready to scan with.
public final class RuleCatalog {

  static final List<String> BUNDLED_FILES =
      List.of(
          "secrets.yml",
          "secrets-commands.yml",
          "secrets-places.yml",
          "tokens-developer.yml",
          "tokens-cloud.yml",
          "tokens-services.yml",
          "python.yml",
          "javascript.yml",
          "javascript-web.yml",
          "java.yml",
          "go.yml",
          "llm.yml",
          "injection.yml",
          "crypto.yml",
          "web.yml",
          "more-languages.yml",
          "infrastructure.yml",
          "files.yml",
          "supply.yml",
          "removed.yml",
          "filesystem.yml",
          "templates.yml",
          "style.yml");

  private final List<Rule> rules;
  private final Map<String, Rule> byId;
  private final Map<Builtin, Rule> builtins;
  private final KeywordIndex added;
  private final KeywordIndex removed;
  private final Flows flows;

  /// Rules in the order given.
  ///
  /// @throws IllegalArgumentException when two rules share an id
  public RuleCatalog(List<Rule> rules) {
    this.rules = List.copyOf(rules);
    byId = new LinkedHashMap<>();
    builtins = new LinkedHashMap<>();
    List<List<String>> addedKeywords = new ArrayList<>();
    List<List<String>> removedKeywords = new ArrayList<>();
    for (Rule rule : this.rules) {
      if (byId.put(rule.id(), rule) != null) {
        throw new IllegalArgumentException("rule: " + rule.id() + " (expected: unique ids)");
      }
      switch (rule.detection()) {
        case Patterns patterns -> {
          addedKeywords.add(patterns.keywords());
          removedKeywords.add(List.of());
        }
        case Removed patterns -> {
          addedKeywords.add(List.of());
          removedKeywords.add(patterns.keywords());
        }
        case Rule.FlowOnly() -> {
          addedKeywords.add(List.of());
          removedKeywords.add(List.of());
        }
        case Builtin builtin -> {
          addedKeywords.add(List.of());
          removedKeywords.add(List.of());
          builtins.put(builtin, rule);
        }
      }
    }
    added = new KeywordIndex(addedKeywords);
    removed = new KeywordIndex(removedKeywords);
    flows = new Flows(this.rules);
  }

  private static final class Bundled {
    static final RuleCatalog CATALOG = load();

    private static RuleCatalog load() {
      return new RuleCatalog(RuleFile.readAll(BUNDLED_FILES));
    }
  }

  /// The rules that ship with the program; read once a process.
  public static RuleCatalog bundled() {
    return Bundled.CATALOG;
  }

  /// The rules that follow values, by language.
  Flows flows() {
    return flows;
  }

  /// These rules and more.
  ///
  /// @throws IllegalArgumentException when two rules share an id
  public RuleCatalog with(List<Rule> more) {
    return more.isEmpty()
        ? this
        : new RuleCatalog(Stream.concat(rules.stream(), more.stream()).toList());
  }

  /// The rules for secrets alone.
  RuleCatalog secrets() {
    return new RuleCatalog(rules.stream().filter(Rule::isSecret).toList());
  }

  public List<Rule> rules() {
    return rules;
  }

  public Optional<Rule> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /// The rule that stands for a built-in check, if the catalogue has it.
  Optional<Rule> builtin(Builtin builtin) {
    return Optional.ofNullable(builtins.get(builtin));
  }

  /// Finds, for an added line, positions in [#rules()] of the rules whose keyword it has.
  KeywordIndex added() {
    return added;
  }

  /// The same for removed lines.
  KeywordIndex removed() {
    return removed;
  }
}
