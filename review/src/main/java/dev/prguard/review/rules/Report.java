package dev.prguard.review.rules;

import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.result.Fingerprint;
import dev.prguard.review.result.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Collects what the checks of one file found, and turns it into findings.
final class Report {

  private static final int MAX_QUOTE_CHARS = 2_000;

  /// Enough behind the quote that a secret at its end is still seen whole, and taken out.
  private static final int REDACTED_CHARS = MAX_QUOTE_CHARS + 4_000;

  private static final String GENERIC_SECRET = "secret.generic";

  private record Entry(
      Rule rule,
      int order,
      Side side,
      int line,
      int endLine,
      String code,
      String detail,
      @Nullable String suggestion,
      boolean suspect,
      boolean doubtful) {}

  private final String path;
  private final KeyBodies keys;
  private final boolean test;
  private final Map<String, Integer> order = new HashMap<>();
  private final List<Entry> entries = new ArrayList<>();

  /// @param keys what of the file's lines no finding may quote
  Report(String path, RuleCatalog catalog, KeyBodies keys) {
    this.path = path;
    this.keys = keys;
    test = isTest(path);
    for (Rule rule : catalog.rules()) {
      order.put(rule.id(), order.size());
    }
  }

  /// A finding on one line.
  ///
  /// @param code the line as in the file
  void add(Rule rule, Side side, int line, String code) {
    add(rule, side, line, line, code, "", null);
  }

  /// @param detail one more sentence for this place, may be empty; never a secret
  /// @param suggestion see [Finding#suggestion()]
  void add(
      Rule rule,
      Side side,
      int line,
      int endLine,
      String code,
      String detail,
      @Nullable String suggestion) {
    int position = order.getOrDefault(rule.id(), 0);
    entries.add(
        new Entry(rule, position, side, line, endLine, code, detail, suggestion, false, false));
  }

  /// A finding of a rule that followed a value to an added line.
  ///
  /// @param suspect whether it is only likely, and so a step milder
  void addFlow(
      Rule rule,
      int line,
      int endLine,
      String code,
      String detail,
      @Nullable String suggestion,
      boolean suspect) {
    int position = order.getOrDefault(rule.id(), 0);
    entries.add(
        new Entry(
            rule, position, Side.NEW, line, endLine, code, detail, suggestion, suspect, false));
  }

  /// A secret on one line.
  ///
  /// @param detail see [SecretText#describe]
  /// @param doubtful whether its checksum does not hold
  void addSecret(Rule rule, int line, String code, String detail, boolean doubtful) {
    int position = order.getOrDefault(rule.id(), 0);
    String doubt =
        doubtful ? " Its checksum does not hold: it is made up, damaged, or of a newer form." : "";
    entries.add(
        new Entry(
            rule,
            position,
            Side.NEW,
            line,
            line,
            code,
            (detail + doubt).strip(),
            null,
            false,
            doubtful));
  }

  List<Finding> findings() {
    if (entries.isEmpty()) {
      return List.of();
    }
    Set<Integer> linesWithKnownSecret = new HashSet<>();
    for (Entry entry : entries) {
      if (entry.rule().isSecret() && !isGeneric(entry)) {
        linesWithKnownSecret.add(entry.line());
      }
    }
    entries.sort(
        Comparator.comparingInt(Entry::line)
            .thenComparing(Entry::side)
            .thenComparingInt(Entry::order));
    Set<String> seen = new HashSet<>();
    Map<String, Integer> occurrences = new HashMap<>();
    List<Finding> findings = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      // Of the rules that guess, the first one that speaks is enough.
      boolean covered = isGeneric(entry) && !linesWithKnownSecret.add(entry.line());
      if (covered || !seen.add(entry.rule().id() + ' ' + entry.side() + ' ' + entry.line())) {
        continue;
      }
      findings.add(finding(entry, occurrences));
    }
    return findings;
  }

  private static boolean isGeneric(Entry entry) {
    return entry.rule().id().startsWith(GENERIC_SECRET)
        || (entry.rule().isSecret() && entry.rule().confidence() == Rule.Confidence.LOW);
  }

  private Finding finding(Entry entry, Map<String, Integer> occurrences) {
    Rule rule = entry.rule();
    String key = keys.redacted(entry.side(), entry.line());
    // The fingerprint without an occurrence groups equal code, as Fingerprint itself compares it.
    String same = Fingerprint.of(rule.id(), path, entry.code(), 0);
    int occurrence = occurrences.merge(same, 1, Integer::sum) - 1;
    return new Finding(
        path,
        entry.side(),
        entry.line(),
        entry.endLine(),
        rule.id(),
        rule.title(),
        entry.detail().isEmpty() ? rule.message() : rule.message() + " " + entry.detail(),
        severity(rule, entry.suspect(), entry.doubtful()),
        rule.category(),
        rule.cwe(),
        Finding.Source.RULE,
        quote(key == null ? entry.code() : key),
        occurrence == 0 ? same : Fingerprint.of(rule.id(), path, entry.code(), occurrence),
        keys.any(entry.side(), entry.line(), entry.endLine()) ? null : entry.suggestion());
  }

  /// In tests, code that would be dangerous elsewhere is mostly there on purpose. It is never
  /// dropped for that, since an author chooses the name.
  private Severity severity(Rule rule, boolean suspect, boolean doubtful) {
    if (doubtful) {
      return test ? Severity.LOW : Severity.MEDIUM;
    }
    Severity full = suspect ? milder(rule.severity()) : rule.severity();
    boolean code =
        rule.detection() instanceof Rule.FlowOnly
            || (rule.detection() instanceof Rule.Patterns patterns && patterns.code());
    boolean guess = rule.isSecret() && rule.confidence() != Rule.Confidence.HIGH;
    if (!test || !(code || guess)) {
      return full;
    }
    return milder(full);
  }

  private static Severity milder(Severity severity) {
    return switch (severity) {
      case CRITICAL -> Severity.HIGH;
      case HIGH -> Severity.MEDIUM;
      case MEDIUM, LOW -> Severity.LOW;
    };
  }

  private static String quote(String code) {
    String start = code.length() > REDACTED_CHARS ? code.substring(0, REDACTED_CHARS) : code;
    String redacted = SecretRedactor.redact(start);
    return redacted.length() > MAX_QUOTE_CHARS ? redacted.substring(0, MAX_QUOTE_CHARS) : redacted;
  }

  private static boolean isTest(String path) {
    String lower = "/" + path.toLowerCase(Locale.ROOT);
    String name = path.substring(path.lastIndexOf('/') + 1);
    return lower.contains("/test/")
        || lower.contains("/tests/")
        || lower.contains("/__tests__/")
        || lower.contains("/testdata/")
        || lower.contains("/fixtures/")
        || lower.contains("/spec/")
        || lower.contains(".tests/")
        || lower.contains("_spec.")
        || lower.contains("_test.")
        || lower.contains(".test.")
        || lower.contains(".spec.")
        || lower.contains("/test_")
        || name.endsWith("Test.java")
        || name.endsWith("Tests.java")
        || name.endsWith("Tests.cs")
        || name.endsWith("Test.php")
        || name.endsWith("Test.kt")
        || name.endsWith("IT.java");
  }
}
