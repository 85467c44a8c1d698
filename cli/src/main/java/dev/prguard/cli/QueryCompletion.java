package dev.prguard.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.traceql.TraceQlCompletion.Completion;
import dev.prguard.traceql.TraceQlCompletion.Suggestion;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// What `pr-guard query --complete` prints.
final class QueryCompletion {
  private QueryCompletion() {}

  /// A line each, text and kind with a tab between; or JSON, for editors and pages.
  static byte[] print(Completion completion, boolean json) {
    String text = json ? json(completion) + "\n" : lines(completion);
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String lines(Completion completion) {
    StringBuilder lines = new StringBuilder();
    for (Suggestion each : completion.suggestions()) {
      lines.append(TextTable.printable(each.text())).append('\t').append(kind(each)).append('\n');
    }
    return lines.toString();
  }

  private static String json(Completion completion) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("from", completion.from()).put("to", completion.to());
    ArrayNode suggestions = json.putArray("suggestions");
    for (Suggestion each : completion.suggestions()) {
      suggestions.addObject().put("text", each.text()).put("kind", kind(each));
    }
    return json.toString();
  }

  private static String kind(Suggestion suggestion) {
    return suggestion.kind().name().toLowerCase(Locale.ROOT);
  }
}
