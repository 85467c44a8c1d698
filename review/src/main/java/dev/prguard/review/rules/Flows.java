package dev.prguard.review.rules;

import dev.prguard.review.rules.flow.FlowModel;
import dev.prguard.review.rules.flow.LanguageFile;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The rules that follow values, made ready for a language when its first file comes. Thread-safe.
final class Flows {

  private final List<Rule> rules;
  private final Map<ParsedLanguage, FlowModel> models = new ConcurrentHashMap<>();

  Flows(List<Rule> rules) {
    this.rules = rules;
  }

  boolean isEmpty() {
    return rules.stream().allMatch(rule -> rule.flow().isEmpty());
  }

  /// @throws IllegalArgumentException when a rule's pattern cannot be read
  FlowModel of(ParsedLanguage language) {
    return models.computeIfAbsent(language, this::make);
  }

  private FlowModel make(ParsedLanguage language) {
    // Markup is a matter of the grammar alone.
    ParsedLanguage meant = language == ParsedLanguage.TSX ? ParsedLanguage.TYPESCRIPT : language;
    Language mine = Language.valueOf(meant.name());
    Map<Integer, dev.prguard.review.rules.flow.FlowSpec> specs = new HashMap<>();
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      if (rule.flow().isPresent() && rule.appliesTo(mine)) {
        specs.put(i, rule.flow().get());
      }
    }
    return new FlowModel(LanguageFile.of(language), specs);
  }
}
