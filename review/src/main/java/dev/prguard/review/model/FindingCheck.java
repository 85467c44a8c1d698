package dev.prguard.review.model;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Fingerprint;
import dev.prguard.review.result.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Turns what a model claims into findings, or not: the line must be there, the words are made
/// safe. Used by one thread.
final class FindingCheck {
  private static final int MAX_TITLE = 120;
  private static final int MAX_MESSAGE = 1_500;
  private static final int MAX_QUOTE = 500;
  private static final int MAX_SPAN_LINES = 50;
  private static final Pattern CWE = Pattern.compile("(?i)\\bCWE[- ]?0*([1-9]\\d{0,4})\\b");

  private final QuoteIndex quotes;
  private final UnaryOperator<String> redactor;
  private final List<Proven> proven = new ArrayList<>();

  private record Proven(ModelFinding claim, String path, String rule, QuoteIndex.Place place) {}

  FindingCheck(QuoteIndex quotes, UnaryOperator<String> redactor) {
    this.quotes = quotes;
    this.redactor = redactor;
  }

  /// Takes a claim whose line is there; false for a phantom.
  boolean accept(ModelFinding claim) {
    String path = quotes.path(unquoted(claim.path()));
    Optional<QuoteIndex.Place> place = quotes.find(path, claim.quote(), claim.line());
    place.ifPresent(p -> proven.add(new Proven(claim, path, "model." + rule(claim.rule()), p)));
    return place.isPresent();
  }

  /// The findings, by path and line: their order, and with it their fingerprints, must not hang on
  /// the order in which a model names them. The first claim of a rule on a line stands.
  List<Finding> findings() {
    proven.sort(
        Comparator.comparing(Proven::path)
            .thenComparingInt(p -> p.place().line())
            .thenComparing(p -> p.place().side()));
    Set<String> lines = new HashSet<>();
    Map<String, Integer> occurrences = new HashMap<>();
    List<Finding> findings = new ArrayList<>();
    for (Proven p : proven) {
      String identity = p.rule() + '\0' + p.path() + '\0';
      if (lines.add(identity + p.place().side() + p.place().line())) {
        String quote = PlainText.clip(redactor.apply(p.place().text()), MAX_QUOTE);
        int occurrence = occurrences.merge(identity + quote.strip(), 1, Integer::sum) - 1;
        findings.add(finding(p, quote, occurrence));
      }
    }
    return findings;
  }

  private Finding finding(Proven proven, String quote, int occurrence) {
    ModelFinding claim = proven.claim();
    QuoteIndex.Place place = proven.place();
    long span =
        claim.line() > 0 ? Math.clamp((long) claim.endLine() - claim.line(), 0, MAX_SPAN_LINES) : 0;
    return new Finding(
        proven.path(),
        place.side(),
        place.line(),
        (int) Math.min(place.line() + span, Math.max(place.line(), place.lastLine())),
        proven.rule(),
        safe(claim.title(), MAX_TITLE),
        PlainText.clip(PlainText.lines(redactor.apply(claim.message())), MAX_MESSAGE),
        severity(claim.severity()),
        Finding.Category.SECURITY,
        cwe(claim.cwe()),
        Finding.Source.MODEL,
        quote,
        Fingerprint.of(proven.rule(), proven.path(), quote, occurrence),
        null);
  }

  private String safe(String text, int maxChars) {
    return PlainText.clip(PlainText.line(redactor.apply(text)), maxChars);
  }

  static String unquoted(String path) {
    String bare = path.strip();
    return bare.length() > 1 && bare.startsWith("\"") && bare.endsWith("\"")
        ? bare.substring(1, bare.length() - 1)
        : bare;
  }

  private static String rule(String claimed) {
    String slug = claimed.replace('_', '-').replace(' ', '-');
    return ReviewInstructions.RULES.contains(slug) ? slug : "other";
  }

  private static Severity severity(String claimed) {
    return switch (claimed.toLowerCase(Locale.ROOT)) {
      case "critical", "blocker" -> Severity.CRITICAL;
      case "high", "error" -> Severity.HIGH;
      case "low", "info", "minor", "note" -> Severity.LOW;
      default -> Severity.MEDIUM;
    };
  }

  private static @Nullable String cwe(@Nullable String claimed) {
    if (claimed == null) {
      return null;
    }
    Matcher id = CWE.matcher(PlainText.clip(claimed, 40));
    return id.find() ? "CWE-" + id.group(1) : null;
  }
}
