package dev.prguard.review.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Severity;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What code scanning shows of a rule: taken from its worst finding.
record SarifRule(
    String id,
    String title,
    String help,
    Severity severity,
    Finding.Category category,
    Finding.Source source,
    @Nullable String cwe) {

  /// By id, in the order of their first finding.
  static Map<String, SarifRule> of(List<Finding> findings) {
    Map<String, SarifRule> rules = new LinkedHashMap<>();
    for (Finding finding : findings) {
      SarifRule rule =
          new SarifRule(
              finding.rule(),
              finding.title(),
              finding.message(),
              finding.severity(),
              finding.category(),
              finding.source(),
              finding.cwe());
      rules.merge(
          rule.id(),
          rule,
          (old, other) -> other.severity().compareTo(old.severity()) > 0 ? other : old);
    }
    return rules;
  }

  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", id);
    SarifReport.message(json, "shortDescription", SarifReport.plain(title, SarifReport.MAX_TITLE));
    SarifReport.message(json, "fullDescription", SarifReport.plain(title, SarifReport.MAX_TITLE));
    json.writeObjectFieldStart("help");
    json.writeStringField("text", SarifReport.plain(help, SarifReport.MAX_TEXT));
    json.writeStringField(
        "markdown", MarkdownText.paragraphs(Untrusted.cut(help, SarifReport.MAX_TEXT)));
    json.writeEndObject();
    json.writeObjectFieldStart("defaultConfiguration");
    json.writeStringField("level", SarifReport.level(severity));
    json.writeEndObject();
    json.writeObjectFieldStart("properties");
    json.writeArrayFieldStart("tags");
    json.writeString(category.name().toLowerCase(Locale.ROOT));
    String weakness = cwe;
    if (weakness != null) {
      json.writeString("external/cwe/" + weakness.toLowerCase(Locale.ROOT));
    }
    json.writeEndArray();
    json.writeStringField(
        "precision",
        switch (source) {
          case RULE -> "high";
          case MODEL -> "medium";
        });
    json.writeStringField(
        "problem.severity",
        switch (severity) {
          case CRITICAL, HIGH -> "error";
          case MEDIUM -> "warning";
          case LOW -> "recommendation";
        });
    switch (category) {
      case SECURITY -> json.writeStringField("security-severity", score(severity));
      case STYLE -> {}
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  /// GitHub's bands: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, below low.
  private static String score(Severity severity) {
    return switch (severity) {
      case CRITICAL -> "9.5";
      case HIGH -> "8.0";
      case MEDIUM -> "5.5";
      case LOW -> "2.0";
    };
  }
}
