package dev.prguard.insight.grafana;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// JSON in one spelling: keys sorted, `3.0` as `3`, a line for each value. So what two programs
/// wrote can be compared.
final class SortedJson {
  private SortedJson() {}

  static String text(JsonNode json) {
    return GrafanaFiles.json(sorted(json));
  }

  private static JsonNode sorted(JsonNode json) {
    return switch (json.getNodeType()) {
      case OBJECT -> {
        Map<String, JsonNode> fields = new TreeMap<>();
        json.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        fields.forEach(object::set);
        yield object;
      }
      case ARRAY -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        json.forEach(element -> array.add(sorted(element)));
        yield array;
      }
      case NUMBER -> {
        double value = json.doubleValue();
        yield value == Math.rint(value) && Math.abs(value) < 1e15
            ? JsonNodeFactory.instance.numberNode((long) value)
            : JsonNodeFactory.instance.numberNode(value);
      }
      case STRING, BOOLEAN, NULL, MISSING, BINARY, POJO -> json;
    };
  }

  /// Twelve hexadecimal digits that stand for the content.
  static String digest(JsonNode json) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text(json).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /// The lines that differ, with `-` and `+` before them.
  static List<String> difference(JsonNode before, JsonNode after) {
    List<String> lines = new ArrayList<>();
    for (AbstractDelta<String> delta :
        DiffUtils.diff(text(before).lines().toList(), text(after).lines().toList()).getDeltas()) {
      lines.add("@ line " + (delta.getSource().getPosition() + 1));
      delta.getSource().getLines().forEach(line -> lines.add("- " + line.strip()));
      delta.getTarget().getLines().forEach(line -> lines.add("+ " + line.strip()));
    }
    return lines;
  }
}
