package dev.prguard.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.prguard.review.rules.Language;
import dev.prguard.review.rules.Rule;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;

/// Rules as JSON: `{"rules": [{"id", "title", "message", "why", "remedy", "severity", ...}]}`.
final class RulesJson {

  private RulesJson() {}

  static void write(List<Rule> rules, OutputStream out) throws IOException {
    JsonFactory factory =
        JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    try (JsonGenerator json =
        factory.createGenerator(out).setPrettyPrinter(new DefaultPrettyPrinter())) {
      json.writeStartObject();
      json.writeArrayFieldStart("rules");
      for (Rule rule : rules) {
        rule(json, rule);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static void rule(JsonGenerator json, Rule rule) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", rule.id());
    json.writeStringField("title", rule.title());
    json.writeStringField("message", rule.message());
    json.writeStringField("why", rule.guidance().why());
    json.writeStringField("remedy", rule.guidance().remedy());
    json.writeStringField("severity", rule.severity().word());
    json.writeStringField("confidence", rule.confidence().word());
    json.writeStringField("category", rule.category().name().toLowerCase(Locale.ROOT));
    json.writeStringField("cwe", rule.cwe());
    strings(json, "owasp", rule.owasp());
    strings(json, "references", rule.guidance().references());
    strings(json, "languages", rule.languages().stream().sorted().map(Language::word).toList());
    json.writeBooleanField("fixable", rule.fix().isPresent());
    json.writeNumberField("bad_examples", rule.bad().size());
    json.writeNumberField("ok_examples", rule.ok().size());
    json.writeEndObject();
  }

  private static void strings(JsonGenerator json, String name, List<String> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
