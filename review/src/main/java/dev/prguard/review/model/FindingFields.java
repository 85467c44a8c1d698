package dev.prguard.review.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One finding out of the fields that a model wrote, be they JSON, nearly JSON or lines.
final class FindingFields {
  private static final String NAMES =
      "path|file|line|end_line|quote|code|rule|type|severity|cwe|title|message|description";
  private static final Pattern START = Pattern.compile("\\{\\s*[\"']?(?:" + NAMES + ")[\"']?\\s*:");
  private static final Pattern FIELD =
      Pattern.compile("(?:^|[\\n{,])\\s*(?:[-*]\\s+)?[\"']?(" + NAMES + ")[\"']?\\s*:");
  private static final Pattern ITEM =
      Pattern.compile("(?m)^\\s*[-*]\\s+[\"']?(?:" + NAMES + ")[\"']?\\s*:");

  private FindingFields() {}

  /// Where findings begin in nearly-JSON.
  static List<Integer> starts(String text, int most) {
    return all(START, text, most);
  }

  static boolean looksLikeFinding(JsonNode node) {
    return node.isObject() && (node.has("path") || node.has("file"));
  }

  static Optional<ModelFinding> of(JsonNode node) {
    Map<String, String> fields = new HashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (field.getValue().isValueNode() && !field.getValue().isNull()) {
        fields.put(field.getKey(), field.getValue().asText());
      }
    }
    return finding(fields);
  }

  /// Reads a finding that is not valid JSON field by field: a value runs to the next known name.
  static Optional<ModelFinding> readBroken(String text) {
    Map<String, String> fields = new HashMap<>();
    Matcher name = FIELD.matcher(text);
    String open = null;
    int from = 0;
    while (name.find()) {
      if (open != null) {
        fields.putIfAbsent(open, value(text.substring(from, name.start())));
      }
      open = name.group(1);
      from = name.end();
    }
    if (open != null) {
      fields.putIfAbsent(open, value(text.substring(from)));
    }
    return finding(fields);
  }

  /// Reads findings from text without JSON: a list of YAML or Markdown.
  static List<Optional<ModelFinding>> readLines(String text) {
    List<Optional<ModelFinding>> findings = new ArrayList<>();
    List<Integer> items = all(ITEM, text, 1000);
    for (int i = 0; i < items.size(); i++) {
      int end = i + 1 < items.size() ? items.get(i + 1) : text.length();
      findings.add(readBroken(text.substring(items.get(i), end)));
    }
    return findings;
  }

  private static List<Integer> all(Pattern pattern, String text, int most) {
    List<Integer> starts = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (starts.size() < most && matcher.find()) {
      starts.add(matcher.start());
    }
    return starts;
  }

  private static String value(String raw) {
    String value = raw.strip();
    if (value.isEmpty()) {
      return value;
    }
    char quote = value.charAt(0);
    int last = quote == '"' || quote == '\'' ? value.lastIndexOf(quote) : 0;
    if (last > 0) {
      String quoted = value.substring(0, last + 1);
      try {
        return AnswerParser.LENIENT.readTree(quoted).asText();
      } catch (JsonProcessingException e) {
        return quoted.substring(1, quoted.length() - 1);
      }
    }
    int end = value.length();
    while (end > 0 && " \n\r\t,}]`".indexOf(value.charAt(end - 1)) >= 0) {
      end--;
    }
    value = value.substring(0, end);
    return value.startsWith("|") || value.startsWith(">") ? value.substring(1).strip() : value;
  }

  private static Optional<ModelFinding> finding(Map<String, String> fields) {
    String path = first(fields, "path", "file");
    String message = first(fields, "message", "description");
    String title = first(fields, "title", "message", "description");
    if (path.isBlank() || title.isBlank()) {
      return Optional.empty();
    }
    String cwe = first(fields, "cwe");
    return Optional.of(
        new ModelFinding(
            path.strip(),
            number(first(fields, "line")),
            number(first(fields, "end_line")),
            first(fields, "quote", "code"),
            first(fields, "rule", "type").strip().toLowerCase(Locale.ROOT),
            first(fields, "severity").strip().toLowerCase(Locale.ROOT),
            cwe.isBlank() ? null : cwe.strip(),
            title,
            message.isBlank() ? title : message));
  }

  private static String first(Map<String, String> fields, String... names) {
    for (String name : names) {
      String value = fields.getOrDefault(name, "");
      if (!value.isBlank()) {
        return value;
      }
    }
    return "";
  }

  private static int number(String text) {
    int digits = 0;
    while (digits < text.length() && digits < 9 && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    return digits == 0 ? 0 : Integer.parseInt(text, 0, digits, 10);
  }
}
