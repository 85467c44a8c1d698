package dev.prguard.review.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.prguard.review.report.CoverageNotes.Gap;
import dev.prguard.review.result.Coverage;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.PatchOutcome.Fix;
import dev.prguard.review.result.ReviewResult;
import dev.prguard.review.result.ReviewStatus;
import dev.prguard.review.result.Severity;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The result as SARIF 2.1.0, in the shape that GitHub code scanning takes: paths relative to the
/// root, one rule object a rule id, stable fingerprints, at most 25,000 results.
public final class SarifReport {
  static final int MAX_RESULTS = 25_000;
  private static final int MAX_NOTIFICATIONS = 1_000;
  static final int MAX_TITLE = 200;
  static final int MAX_TEXT = 4_000;

  private SarifReport() {}

  /// Writes UTF-8 with a newline at the end; the stream stays open.
  ///
  /// @param version the tool's own version (`0.1.0`)
  /// @throws IOException when the stream cannot be written
  public static void write(ReviewResult result, String version, OutputStream out)
      throws IOException {
    List<Finding> findings = result.findings();
    if (findings.size() > MAX_RESULTS) {
      findings =
          findings.stream()
              .sorted(Comparator.comparing(Finding::severity, Comparator.reverseOrder()))
              .limit(MAX_RESULTS)
              .toList();
    }
    Map<String, SarifRule> rules = SarifRule.of(findings);
    try (JsonGenerator json = JsonReport.generator(out)) {
      json.writeStartObject();
      json.writeStringField("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
      json.writeStringField("version", "2.1.0");
      json.writeArrayFieldStart("runs");
      json.writeStartObject();
      json.writeObjectFieldStart("tool");
      json.writeObjectFieldStart("driver");
      json.writeStringField("name", "Secure PR Guard");
      json.writeStringField("semanticVersion", version);
      json.writeArrayFieldStart("rules");
      for (SarifRule rule : rules.values()) {
        rule.write(json);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndObject();
      json.writeObjectFieldStart("automationDetails");
      // GitHub: the part before the last slash is the category, the rest names the run.
      json.writeStringField("id", "pr-guard/" + result.traceId());
      json.writeEndObject();
      json.writeStringField("columnKind", "utf16CodeUnits");
      json.writeObjectFieldStart("originalUriBaseIds");
      json.writeObjectFieldStart("%SRCROOT%");
      message(json, "description", "The root of the repository.");
      json.writeEndObject();
      json.writeEndObject();
      invocation(json, result, result.findings().size() - findings.size());
      results(json, result, findings, rules);
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static void invocation(JsonGenerator json, ReviewResult result, int left)
      throws IOException {
    json.writeArrayFieldStart("invocations");
    json.writeStartObject();
    json.writeBooleanField(
        "executionSuccessful",
        result.status() != ReviewStatus.NOT_REVIEWED || result.nothingToReview());
    json.writeArrayFieldStart("toolExecutionNotifications");
    switch (result.status()) {
      case REVIEWED -> {}
      case PARTIAL -> notification(json, "warning", "The change was reviewed only in part.", null);
      case NOT_REVIEWED -> {
        if (!result.nothingToReview()) {
          notification(json, "error", "The change was not reviewed.", null);
        }
      }
    }
    if (left > 0) {
      notification(
          json,
          "warning",
          Wording.count(left, "finding") + " of the mildest are left out: over the limit.",
          null);
    }
    for (String problem : result.problems()) {
      notification(json, "warning", problem, null);
    }
    List<Gap> gaps = CoverageNotes.of(result.coverage()).gaps();
    for (Gap gap : gaps.subList(0, Math.min(gaps.size(), MAX_NOTIFICATIONS))) {
      String where = gap.lines().isEmpty() ? "" : gap.lines() + ": ";
      notification(
          json,
          "warning",
          where + gap.verdict() + " by " + gap.who() + ": " + gap.reason(),
          gap.path());
    }
    if (gaps.size() > MAX_NOTIFICATIONS) {
      notification(
          json,
          "warning",
          "and " + Wording.count(gaps.size() - MAX_NOTIFICATIONS, "more gap") + " in the coverage",
          null);
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
  }

  private static void notification(
      JsonGenerator json, String level, String text, @Nullable String path) throws IOException {
    json.writeStartObject();
    json.writeStringField("level", level);
    message(json, "message", plain(text, MAX_TEXT));
    if (path != null) {
      json.writeArrayFieldStart("locations");
      json.writeStartObject();
      json.writeObjectFieldStart("physicalLocation");
      artifact(json, path);
      json.writeEndObject();
      json.writeEndObject();
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static void results(
      JsonGenerator json, ReviewResult result, List<Finding> findings, Map<String, SarifRule> rules)
      throws IOException {
    Map<String, Integer> index = new HashMap<>();
    for (String rule : rules.keySet()) {
      index.put(rule, index.size());
    }
    Map<String, Coverage.FileCoverage> files = new HashMap<>();
    for (Coverage.FileCoverage file : result.coverage().files()) {
      files.put(file.path(), file);
    }
    Map<String, Fix> fixes = Wording.fixes(result.patch());
    json.writeArrayFieldStart("results");
    for (Finding finding : findings) {
      json.writeStartObject();
      json.writeStringField("ruleId", finding.rule());
      json.writeNumberField("ruleIndex", index.getOrDefault(finding.rule(), -1));
      json.writeStringField("level", level(finding.severity()));
      String where =
          switch (finding.side()) {
            case NEW -> "";
            case OLD -> " (removed line " + finding.line() + " of the file before the change)";
          };
      message(
          json,
          "message",
          plain(finding.title(), MAX_TITLE) + where + "\n\n" + plain(finding.message(), MAX_TEXT));
      json.writeArrayFieldStart("locations");
      json.writeStartObject();
      json.writeObjectFieldStart("physicalLocation");
      artifact(json, finding.path());
      region(json, finding, files.get(finding.path()));
      json.writeEndObject();
      json.writeEndObject();
      json.writeEndArray();
      json.writeObjectFieldStart("partialFingerprints");
      json.writeStringField("prGuard/v1", finding.fingerprint());
      // The only one that GitHub reads; without it GitHub hashes the line's text itself.
      json.writeStringField("primaryLocationLineHash", finding.fingerprint() + ":1");
      json.writeEndObject();
      Fix fix = fixes.get(finding.fingerprint());
      if (fix != null) {
        fix(json, fix);
      }
      json.writeObjectFieldStart("properties");
      json.writeStringField("severity", finding.severity().word());
      json.writeStringField("source", Wording.source(finding.source()));
      json.writeStringField("side", finding.side().name().toLowerCase(Locale.ROOT));
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /// The lines of the finding; a removed line is not in the file that GitHub shows, so the nearest
  /// line of the change that is.
  private static void region(
      JsonGenerator json, Finding finding, Coverage.@Nullable FileCoverage file)
      throws IOException {
    json.writeObjectFieldStart("region");
    switch (finding.side()) {
      case NEW -> {
        json.writeNumberField("startLine", Math.max(1, finding.line()));
        json.writeNumberField("endLine", Math.max(1, finding.endLine()));
        if (finding.line() > 0 && !finding.quote().isEmpty()) {
          json.writeObjectFieldStart("snippet");
          json.writeStringField("text", finding.quote());
          json.writeEndObject();
        }
      }
      case OLD -> {
        int line = file == null ? 1 : nearest(finding.line(), file.hunks());
        json.writeNumberField("startLine", line);
        json.writeNumberField("endLine", line);
      }
    }
    json.writeEndObject();
  }

  /// The line of the new file, shown in a hunk, that is nearest to a line of the old one; 1 when
  /// the change leaves no line.
  private static int nearest(int oldLine, List<Coverage.HunkCoverage> hunks) {
    int best = 1;
    long bestDistance = Long.MAX_VALUE;
    for (Coverage.HunkCoverage hunk : hunks) {
      if (hunk.newCount() <= 0) {
        continue;
      }
      int last = hunk.newStart() + hunk.newCount() - 1;
      int line = Math.max(hunk.newStart(), Math.min(oldLine, last));
      long distance = Math.abs((long) line - oldLine);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = line;
      }
    }
    return Math.max(1, best);
  }

  private static void fix(JsonGenerator json, Fix fix) throws IOException {
    json.writeArrayFieldStart("fixes");
    json.writeStartObject();
    message(json, "description", "Proven: " + plain(String.join(", ", fix.checks()), MAX_TEXT));
    json.writeArrayFieldStart("artifactChanges");
    json.writeStartObject();
    artifact(json, fix.path());
    json.writeArrayFieldStart("replacements");
    json.writeStartObject();
    json.writeObjectFieldStart("deletedRegion");
    json.writeNumberField("startLine", fix.line());
    json.writeNumberField("endLine", fix.endLine());
    json.writeEndObject();
    json.writeObjectFieldStart("insertedContent");
    json.writeStringField("text", fix.replacement());
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
  }

  private static void artifact(JsonGenerator json, String path) throws IOException {
    json.writeObjectFieldStart("artifactLocation");
    json.writeStringField("uri", uri(path));
    json.writeStringField("uriBaseId", "%SRCROOT%");
    json.writeEndObject();
  }

  /// A path as a relative URI reference: all but unreserved characters and `/` percent-encoded, and
  /// a leading `/` too, which would make it absolute.
  static String uri(String path) {
    StringBuilder out = new StringBuilder(path.length() + 8);
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      char c = (char) (bytes[i] & 0xFF);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '.'
              || c == '_'
              || c == '~'
              || (c == '/' && i > 0);
      out.append(plain ? Character.toString(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
    }
    return out.toString();
  }

  static void message(JsonGenerator json, String field, String text) throws IOException {
    json.writeObjectFieldStart(field);
    json.writeStringField("text", text);
    json.writeEndObject();
  }

  /// Plain text of a SARIF message: there `[text](target)` is a link, and untrusted text may make
  /// none.
  static String plain(String untrusted, int max) {
    return Untrusted.lines(Untrusted.cut(untrusted, max)).replace("](", "] (");
  }

  static String level(Severity severity) {
    return switch (severity) {
      case CRITICAL, HIGH -> "error";
      case MEDIUM -> "warning";
      case LOW -> "note";
    };
  }
}
