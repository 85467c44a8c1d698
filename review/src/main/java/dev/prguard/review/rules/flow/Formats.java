package dev.prguard.review.rules.flow;

import dev.prguard.review.syntax.ParsedLanguage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Templates with values in them, of which only those count that the template asks for.
final class Formats {

  private final Evaluator all;

  Formats(Evaluator all) {
    this.all = all;
  }

  /// `template.format(...)`; null for another method.
  @Nullable Value of(String template, String method, CallSite site) {
    if (!method.equals("format") && !method.equals("formatted")) {
      return null;
    }
    return with(Value.constant(template), site.args(), site.named());
  }

  /// A template with values.
  Value with(Value template, List<Value> args, Map<String, Value> named) {
    String text = template.text();
    List<Value> values = text == null ? null : asked(text, args, named);
    if (values == null) {
      values = new ArrayList<>(args);
      values.addAll(named.values());
    }
    return all.expressions
        .places()
        .within(template, Operations.format(template, values, all.env()));
  }

  /// The values that a template asks for by their positions or names; null when it goes by order.
  private @Nullable List<Value> asked(String text, List<Value> args, Map<String, Value> named) {
    boolean braces = all.language == ParsedLanguage.PYTHON || text.indexOf('%') < 0;
    List<Value> asked = new ArrayList<>();
    char open = braces ? '{' : '%';
    int next = 0;
    for (int at = text.indexOf(open); at >= 0; at = text.indexOf(open, at + 1)) {
      int end = at + 1;
      if (end < text.length() && text.charAt(end) == open) {
        at++;
        continue;
      }
      while (end < text.length()
          && end < at + 40
          && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
        end++;
      }
      String key = text.substring(at + 1, end);
      char after = end < text.length() ? text.charAt(end) : ' ';
      Value value;
      if (braces && key.isEmpty() && "}:!".indexOf(after) >= 0) {
        value = next < args.size() ? args.get(next++) : null;
      } else if (braces) {
        value = isNumber(key) ? at(args, Integer.parseInt(key)) : named.get(key);
      } else if (after == '$' && isNumber(key)) {
        value = at(args, Integer.parseInt(key) - 1);
      } else {
        value = null;
      }
      if (value == null) {
        return null;
      }
      asked.add(value);
    }
    return asked.isEmpty() ? null : asked;
  }

  private static @Nullable Value at(List<Value> args, int position) {
    return position >= 0 && position < args.size() ? args.get(position) : null;
  }

  private static boolean isNumber(String key) {
    return !key.isEmpty() && key.length() < 4 && key.chars().allMatch(Character::isDigit);
  }
}
