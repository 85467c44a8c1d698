package dev.prguard.review.rules;

import dev.prguard.review.result.Finding.Category;
import dev.prguard.review.result.Severity;
import dev.prguard.review.rules.Rule.Builtin;
import dev.prguard.review.rules.Rule.Confidence;
import dev.prguard.review.rules.Rule.Detection;
import dev.prguard.review.rules.Rule.Example;
import dev.prguard.review.rules.Rule.Guidance;
import dev.prguard.review.rules.Rule.Judge;
import dev.prguard.review.rules.Rule.Patterns;
import dev.prguard.review.rules.Rule.Removed;
import dev.prguard.review.rules.Rule.SecretShape;
import dev.prguard.review.rules.flow.FlowSpec;
import dev.prguard.review.rules.yaml.YamlTree;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads rules from YAML: a list of
///
/// ```yaml
/// - id: python.tls-verify-disabled
///   title: one line
///   message: what it is, why it matters, how to fix it
///   why: what an attacker gains    # may be absent, as the next three
///   remedy: how to fix it, in words
///   owasp: [A05:2025]              # or LLM01:2025
///   references: ['https://...']
///   languages: [python]            # or any
///   severity: high                 # low medium high critical
///   confidence: high               # low medium high
///   category: security             # or style; security when absent
///   cwe: CWE-295
///   keywords: [verify]             # a line without any of them is passed over
///   patterns: ['...']              # RE2; any of them; with removed: true over removed lines
///   harmless: ['...']              # blanked before the patterns look: group 1, or the match
///   unless: ['...']                # none of them, in the same line or statement
///   statement: true                # match the whole statement, over its lines
///   code: false                    # also within comments and strings
///   secret: {entropy: 3.0}         # the first group that matches is a secret; judge: form, value,
///                                  # password, generated or random, see Rule.Judge;
///                                  # body: true for a key's first line; proof: crc32-base62 and
///                                  # others of TokenProof, for tokens that carry a checksum
///   token: {service: X, what: key} # instead of title, message, cwe, secret: a service's token
///   near: airtable                 # with value, instead of patterns: the value is assigned to a
///   value: 'key[A-Za-z0-9]{14}'    # name with `near` in it
///   builtin: lock-host             # instead of patterns: a check in Java
///   fix: [{find: '...', with: '...'}]
///   path: app.py                   # file name of the examples that do not give their own
///   bad: ['text', {path: x.py, before: '...', after: '...'}]
///   ok: [...]
///   flow:                          # where the file can be parsed; then patterns are not asked
///     kind: sql                    # of harm: what sanitisers clear
///     from: [request]              # labels of the sources that count
///     imports: [math/rand]         # only in files that import one of these
///     sinks: ['*.execute(0=tainted)']
///     suspects: ['*.execute(0=built)']   # likely: a step milder
///     steps: ['var=(0=tainted, 0=%/select/)']  # reported when no sink follows
///     sanitizers: ['quote_ident()']      # more of them, for this kind
///     around: '=tune_\w+'          # the file has a name or constant like this
///     unless-around: '=approved'   # no function around has one like this, see Surroundings
///     unless-in-file: '=approved'  # nothing in the file has
///     parts: {x: '...'}            # what stands for <<x>> in the patterns
/// ```
final class RuleFile {

  private static final Set<String> KEYS =
      Set.of(
          "id",
          "title",
          "message",
          "why",
          "remedy",
          "owasp",
          "references",
          "token",
          "near",
          "value",
          "languages",
          "severity",
          "confidence",
          "category",
          "cwe",
          "flow",
          "keywords",
          "patterns",
          "harmless",
          "unless",
          "removed",
          "statement",
          "code",
          "secret",
          "builtin",
          "fix",
          "path",
          "bad",
          "ok");

  private static final Set<String> FLOW_KEYS =
      Set.of(
          "kind",
          "from",
          "imports",
          "sinks",
          "suspects",
          "steps",
          "sanitizers",
          "harmless",
          "parts",
          "around",
          "unless-around",
          "unless-in-file");

  private final String name;
  private String rule = "?";

  private RuleFile(String name) {
    this.name = name;
  }

  /// @param name of the file, for messages
  /// @throws IllegalArgumentException when the file does not have the shape above
  static List<Rule> read(String name, String yaml) {
    return rules(name, YamlTree.parse(name, yaml));
  }

  private static List<Rule> rules(String name, @Nullable Object root) {
    if (!(root instanceof List<?> entries)) {
      throw new IllegalArgumentException(name + ": not a list of rules");
    }
    RuleFile file = new RuleFile(name);
    List<Rule> rules = new ArrayList<>(entries.size());
    for (Object entry : entries) {
      if (!(entry instanceof Map<?, ?> fields)) {
        throw new IllegalArgumentException(name + ": " + entry + " (expected: a rule)");
      }
      rules.add(file.rule(fields));
    }
    return rules;
  }

  /// The rules of several files among the program's resources, in order.
  static List<Rule> readAll(List<String> names) {
    // In parallel: the user waits.
    return names.parallelStream()
        .flatMap(name -> rules(name, YamlTree.ofResource(RuleFile.class, name)).stream())
        .toList();
  }

  private Rule rule(Map<?, ?> fields) {
    rule = text(fields, "id");
    for (Object key : fields.keySet()) {
      if (!(key instanceof String word) || !KEYS.contains(word)) {
        throw wrong("unknown key " + key);
      }
    }
    TokenWords token = TokenWords.of(fields.get("token"));
    Set<Language> languages = languages(fields);
    String path = fields.get("path") instanceof String given ? given : "";
    List<Example> bad = examples(fields.get("bad"), path);
    List<Example> ok = examples(fields.get("ok"), path);
    Optional<FlowSpec> flow = flow(fields);
    Detection detection = detection(fields, flow.isPresent());
    List<RuleFix.Step> steps = new ArrayList<>();
    for (Object step : list(fields.get("fix"))) {
      if (!(step instanceof Map<?, ?> map)) {
        throw wrong("fix: " + step + " (expected: {find, with})");
      }
      steps.add(new RuleFix.Step(text(map, "find"), text(map, "with")));
    }
    String cwe = token == null ? optionalText(fields, "cwe") : "CWE-798";
    Optional<Weakness> weakness = Weakness.of(cwe);
    List<String> owasp = texts(fields.get("owasp"));
    String message = token == null ? text(fields, "message").strip() : token.message();
    return new Rule(
        rule,
        token == null ? text(fields, "title") : token.title(),
        message,
        languages,
        token != null && !fields.containsKey("severity")
            ? Severity.HIGH
            : word(Severity.class, fields, "severity"),
        fields.containsKey("confidence")
            ? word(Confidence.class, fields, "confidence")
            : token == null ? Confidence.MEDIUM : Confidence.HIGH,
        fields.containsKey("category")
            ? word(Category.class, fields, "category")
            : Category.SECURITY,
        cwe,
        owasp.isEmpty() ? weakness.map(Weakness::owasp).stream().toList() : owasp,
        detection,
        flow,
        steps.isEmpty() ? Optional.empty() : Optional.of(new RuleFix(steps)),
        bad,
        ok,
        guidance(fields, message, weakness));
  }

  private static Guidance guidance(Map<?, ?> fields, String message, Optional<Weakness> weakness) {
    String why = optionalText(fields, "why");
    String remedy = optionalText(fields, "remedy");
    List<String> references = texts(fields.get("references"));
    return new Guidance(
        why == null ? weakness.map(Weakness::why).orElse("") : why.strip(),
        remedy == null ? Weakness.remedy(message) : remedy.strip(),
        references.isEmpty() ? weakness.map(Weakness::reference).stream().toList() : references);
  }

  private Set<Language> languages(Map<?, ?> fields) {
    Set<Language> languages = EnumSet.noneOf(Language.class);
    for (Object word : list(fields.get("languages"))) {
      if (!"any".equals(word)) {
        languages.add(word(Language.class, "languages", String.valueOf(word)));
      }
    }
    return languages;
  }

  private Optional<FlowSpec> flow(Map<?, ?> fields) {
    if (!(fields.get("flow") instanceof Map<?, ?> flow)) {
      return Optional.empty();
    }
    for (Object key : flow.keySet()) {
      if (!(key instanceof String word) || !FLOW_KEYS.contains(word)) {
        throw wrong("unknown key flow." + key);
      }
    }
    String kind = optionalText(flow, "kind");
    List<String> from = texts(flow.get("from"));
    FlowSpec spec =
        new FlowSpec(
            kind == null ? rule : kind,
            from.isEmpty() ? List.of("request") : from,
            texts(flow.get("imports")),
            whole(flow, "sinks"),
            whole(flow, "suspects"),
            whole(flow, "steps"),
            whole(flow, "sanitizers"),
            whole(flow, "harmless"),
            new FlowSpec.Around(
                optionalText(flow, "around"),
                optionalText(flow, "unless-around"),
                optionalText(flow, "unless-in-file")));
    if (spec.sinks().isEmpty() && spec.suspects().isEmpty()) {
      throw wrong("flow: neither sinks nor suspects (expected: one of them)");
    }
    return Optional.of(spec);
  }

  /// Patterns with `<<name>>` replaced by what `parts` says of that name.
  private List<String> whole(Map<?, ?> flow, String key) {
    List<String> patterns = texts(flow.get(key));
    if (!(flow.get("parts") instanceof Map<?, ?> parts)) {
      return patterns;
    }
    List<String> whole = new ArrayList<>();
    for (String pattern : patterns) {
      String text = pattern;
      for (Map.Entry<?, ?> part : parts.entrySet()) {
        text = text.replace("<<" + part.getKey() + ">>", String.valueOf(part.getValue()));
      }
      whole.add(text);
    }
    return whole;
  }

  private Detection detection(Map<?, ?> fields, boolean flow) {
    String builtin = optionalText(fields, "builtin");
    if (builtin != null) {
      return word(Builtin.class, "builtin", builtin);
    }
    List<String> keywords = texts(fields.get("keywords"));
    String near = optionalText(fields, "near");
    List<LinePattern> patterns =
        near == null
            ? patterns(fields.get("patterns"))
            : List.of(new LinePattern(TokenWords.assigned(near, text(fields, "value"))));
    if (flow && patterns.isEmpty()) {
      return new Rule.FlowOnly();
    }
    if (keywords.isEmpty() || patterns.isEmpty()) {
      throw wrong("keywords and patterns: one is missing (expected: both)");
    }
    if (flag(fields, "removed", false)) {
      return new Removed(keywords, patterns);
    }
    SecretShape secret =
        fields.containsKey("token")
            ? new SecretShape(3.0, near == null ? Judge.FORM : Judge.VALUE, false, TokenProof.NONE)
            : null;
    if (fields.get("secret") instanceof Map<?, ?> shape) {
      double entropy = shape.get("entropy") instanceof Number number ? number.doubleValue() : 0;
      secret =
          new SecretShape(
              entropy,
              shape.containsKey("judge") ? word(Judge.class, shape, "judge") : Judge.FORM,
              flag(shape, "body", false),
              TokenProof.of(optionalText(shape, "proof")));
    }
    return new Patterns(
        keywords,
        patterns,
        patterns(fields.get("harmless")),
        patterns(fields.get("unless")),
        flag(fields, "statement", false),
        flag(fields, "code", secret == null),
        secret);
  }

  private <E extends Enum<E>> E word(Class<E> words, Map<?, ?> fields, String key) {
    return word(words, key, text(fields, key));
  }

  private <E extends Enum<E>> E word(Class<E> words, String key, String given) {
    List<String> known = new ArrayList<>();
    for (E word : words.getEnumConstants()) {
      String name = word.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (name.equals(given)) {
        return word;
      }
      known.add(name);
    }
    throw wrong(key + ": " + given + " (expected: " + String.join(", ", known) + ")");
  }

  private List<Example> examples(@Nullable Object value, String path) {
    List<Example> examples = new ArrayList<>();
    for (Object each : list(value)) {
      if (each instanceof Map<?, ?> map) {
        String own = optionalText(map, "path");
        examples.add(
            new Example(own == null ? path : own, optionalText(map, "before"), text(map, "after")));
      } else {
        examples.add(new Example(path, null, String.valueOf(each)));
      }
    }
    return examples;
  }

  private static List<LinePattern> patterns(@Nullable Object value) {
    return texts(value).stream().map(LinePattern::new).toList();
  }

  private static List<String> texts(@Nullable Object value) {
    return list(value).stream().map(String::valueOf).toList();
  }

  private static List<?> list(@Nullable Object value) {
    if (value == null) {
      return List.of();
    }
    return value instanceof List<?> list ? list : List.of(value);
  }

  private static boolean flag(Map<?, ?> fields, String key, boolean otherwise) {
    return fields.get(key) instanceof Boolean set ? set : otherwise;
  }

  private static @Nullable String optionalText(Map<?, ?> fields, String key) {
    Object value = fields.get(key);
    return value == null ? null : String.valueOf(value);
  }

  private String text(Map<?, ?> fields, String key) {
    String value = optionalText(fields, key);
    if (value == null) {
      throw wrong(key + ": missing");
    }
    return value;
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(name + ": rule " + rule + ": " + what);
  }
}
