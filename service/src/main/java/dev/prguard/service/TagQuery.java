package dev.prguard.service;

import dev.prguard.service.QueryPool.BadRequestException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tempo's older search, `tags=key=value other="two words"` (logfmt), as TraceQL. A value that
/// reads like a number or a boolean finds those too.
final class TagQuery {
  private TagQuery() {}

  /// @return empty where nothing is asked for
  static String traceQl(
      @Nullable String tags, @Nullable Duration minDuration, @Nullable Duration maxDuration) {
    StringBuilder query = new StringBuilder();
    parse(tags == null ? "" : tags).forEach((key, value) -> and(query, condition(key, value)));
    if (minDuration != null) {
      and(query, "traceDuration >= " + minDuration.toNanos() + "ns");
    }
    if (maxDuration != null) {
      and(query, "traceDuration <= " + maxDuration.toNanos() + "ns");
    }
    return query.isEmpty() ? "" : "{ " + query + " }";
  }

  private static void and(StringBuilder query, String condition) {
    query.append(query.isEmpty() ? "" : " && ").append(condition);
  }

  private static String condition(String key, String value) {
    switch (key) {
      case "name" -> {
        return "name = " + quoted(value);
      }
      case "root.name" -> {
        return "rootName = " + quoted(value);
      }
      case "root.service.name" -> {
        return "rootServiceName = " + quoted(value);
      }
      case "error" -> {
        if (value.equals("true")) {
          return "status = error";
        }
      }
      case "status.code" -> {
        if (value.matches("error|ok|unset")) {
          return "status = " + value;
        }
      }
      default -> {
        // An attribute.
      }
    }
    String attribute = "." + quoted(key);
    String text = attribute + " = " + quoted(value);
    boolean number = value.matches("-?[0-9]{1,18}(\\.[0-9]{1,18})?");
    return number || value.equals("true") || value.equals("false")
        ? "(" + text + " || " + attribute + " = " + value + ")"
        : text;
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  private static Map<String, String> parse(String logfmt) {
    Map<String, String> tags = new LinkedHashMap<>();
    int at = 0;
    while (at < logfmt.length()) {
      if (logfmt.charAt(at) <= ' ') {
        at++;
        continue;
      }
      int from = at;
      while (at < logfmt.length() && logfmt.charAt(at) > ' ' && logfmt.charAt(at) != '=') {
        if (logfmt.charAt(at) == '"') {
          throw new BadRequestException("invalid tags: unexpected '\"' at pos " + (at + 1));
        }
        at++;
      }
      String key = logfmt.substring(from, at);
      if (key.isEmpty()) {
        throw new BadRequestException("invalid tags: unexpected '=' at pos " + (at + 1));
      }
      StringBuilder value = new StringBuilder();
      if (at < logfmt.length() && logfmt.charAt(at) == '=') {
        at = value(logfmt, at + 1, value);
      }
      if (tags.put(key, value.toString()) != null) {
        throw new BadRequestException("invalid tags: tag " + key + " has been set twice");
      }
    }
    return tags;
  }

  private static int value(String logfmt, int from, StringBuilder value) {
    int at = from;
    if (at < logfmt.length() && logfmt.charAt(at) == '"') {
      for (at++; at < logfmt.length(); at++) {
        char c = logfmt.charAt(at);
        if (c == '"') {
          return at + 1;
        }
        if (c == '\\' && at + 1 < logfmt.length()) {
          at++;
          c = logfmt.charAt(at) == 'n' ? '\n' : logfmt.charAt(at);
        }
        value.append(c);
      }
      throw new BadRequestException("invalid tags: unterminated quoted value at pos " + (at + 1));
    }
    while (at < logfmt.length() && logfmt.charAt(at) > ' ') {
      value.append(logfmt.charAt(at++));
    }
    return at;
  }
}
