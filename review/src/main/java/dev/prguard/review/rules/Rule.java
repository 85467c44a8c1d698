package dev.prguard.review.rules;

import dev.prguard.review.result.Finding.Category;
import dev.prguard.review.result.Severity;
import dev.prguard.review.rules.flow.FlowSpec;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One rule, as its YAML file says it. See `docs` in each file's head for the keys.
///
/// @param id stable, `area.what`: it is in SARIF, in fingerprints and in users' settings
/// @param title one line
/// @param message what it is, why it matters, how to fix it; plain text
/// @param languages where it applies; empty means everywhere
/// @param cwe `CWE-89`, or null
/// @param owasp its categories: `A05:2025`, `LLM01:2025`
/// @param flow how it follows values; where a file can be parsed, this is asked and not `detection`
/// @param bad snippets that must fire; never empty
/// @param ok look-alikes that must not fire; never empty
/// @param guidance what else a reader may want to know
public record Rule(
    String id,
    String title,
    String message,
    Set<Language> languages,
    Severity severity,
    Confidence confidence,
    Category category,
    @Nullable String cwe,
    List<String> owasp,
    Detection detection,
    Optional<FlowSpec> flow,
    Optional<RuleFix> fix,
    List<Example> bad,
    List<Example> ok,
    Guidance guidance) {

  /// How sure a match is a real problem.
  public enum Confidence {
    LOW,
    MEDIUM,
    HIGH;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What the message leaves out.
  ///
  /// @param why what an attacker gains; empty when the message says all
  /// @param remedy how to fix it, in words; empty when the message says all
  /// @param references addresses of documents to read on; may be empty
  public record Guidance(String why, String remedy, List<String> references) {
    public static final Guidance NONE = new Guidance("", "", List.of());

    public Guidance {
      references = List.copyOf(references);
    }
  }

  /// How the rule finds its lines.
  sealed interface Detection {}

  /// Expressions over added lines.
  ///
  /// @param keywords lower case; a line without any of them is not looked at further
  /// @param patterns any of them makes a match
  /// @param harmless what the patterns do not get to see: group 1 of a match, or all of it
  /// @param unless none of them may be found in the same line or statement
  /// @param statement true: look at the whole statement that starts on the line, not the line only
  /// @param code true: a match that starts within a comment or a string does not count
  /// @param secret set when group 1 (or the whole match) is a secret
  record Patterns(
      List<String> keywords,
      List<LinePattern> patterns,
      List<LinePattern> harmless,
      List<LinePattern> unless,
      boolean statement,
      boolean code,
      @Nullable SecretShape secret)
      implements Detection {
    Patterns {
      keywords = List.copyOf(keywords);
      patterns = List.copyOf(patterns);
      harmless = List.copyOf(harmless);
      unless = List.copyOf(unless);
    }
  }

  /// @param minEntropy bits per character that the secret must have at least
  /// @param judge what the text itself must look like
  /// @param body true when it is only the first line of a secret: in a program, the rest must
  ///   follow
  /// @param proof what the token says of itself that a look-alike cannot
  record SecretShape(double minEntropy, Judge judge, boolean body, TokenProof proof) {}

  /// How strictly the text of a secret is looked at: the less its form says, the more strictly.
  enum Judge {
    /// Its prefix or place says it all.
    FORM,
    /// A fixed length next to the name of a service: must have a digit and not be words.
    VALUE,
    /// A name and a password in base64, as in an Authorization header.
    BASIC,
    /// Assigned to a password: may be chosen by a person.
    PASSWORD,
    /// Assigned to a token or secret: must look made by a machine.
    GENERATED,
    /// Assigned to anything that may be a key: must be as good as random.
    RANDOM
  }

  /// Expressions over removed lines: checks that a change takes away. Group 1 names the check.
  record Removed(List<String> keywords, List<LinePattern> patterns) implements Detection {
    Removed {
      keywords = List.copyOf(keywords);
      patterns = List.copyOf(patterns);
    }
  }

  /// Only a rule's `flow` finds something.
  record FlowOnly() implements Detection {}

  /// A check that a line pattern cannot say.
  enum Builtin implements Detection {
    CONFIG_CHANGED,
    HIDDEN_UNICODE,
    PWN_REQUEST,
    SCRIPT_INJECTION,
    LOCK_INTEGRITY,
    LOCK_HOST,
    LOCK_URL,
    TYPOSQUAT,
    KUBERNETES_SECRET,
    YAML_VALUE,
    LONG_LINE,
    TRAILING_SPACE,
    TAB_INDENT;

    /// The word used in rule files: `lock-host`.
    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// A snippet that shows the rule at work.
  ///
  /// @param path names the file, and so its language
  /// @param before the file before the change, null when the change adds it
  /// @param after the file after the change
  public record Example(String path, @Nullable String before, String after) {}

  public Rule {
    Objects.requireNonNull(id, "id");
    languages = Set.copyOf(languages);
    owasp = List.copyOf(owasp);
    bad = List.copyOf(bad);
    ok = List.copyOf(ok);
  }

  boolean appliesTo(Language language) {
    return languages.isEmpty() || languages.contains(language);
  }

  boolean isSecret() {
    return switch (detection) {
      case Patterns patterns -> patterns.secret() != null;
      case Builtin builtin -> builtin == Builtin.KUBERNETES_SECRET || builtin == Builtin.YAML_VALUE;
      case Removed _, FlowOnly _ -> false;
    };
  }
}
