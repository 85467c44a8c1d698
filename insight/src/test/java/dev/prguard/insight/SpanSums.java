package dev.prguard.insight;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.BooleanValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.SpanRecord;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Plain Java over spans: what queries are held to. Shares no code with the engine.
public record SpanSums(List<SpanRecord> spans) {

  public static boolean ours(SpanRecord span) {
    return AttributeValue.of("secure-pr-guard").equals(span.resource().get("service.name"));
  }

  public SpanSums where(Predicate<SpanRecord> condition) {
    return new SpanSums(spans.stream().filter(condition).toList());
  }

  /// Agents' work: neither the whole review nor a call of a model.
  public SpanSums operations() {
    return where(span -> text(span, "operation.type") != null)
        .where(span -> !"workflow".equals(text(span, "operation.type")));
  }

  public SpanSums roots() {
    return where(span -> span.name().equals("pr_review.workflow"));
  }

  /// By an attribute's value, `nil` where it is missing; spans without the number are left out.
  public TreeMap<String, Double> by(String group, String number, Fold fold) {
    return spans.stream()
        .filter(span -> number(span, number) != null)
        .collect(
            Collectors.groupingBy(
                span -> String.valueOf(orNil(text(span, group))),
                TreeMap::new,
                Collectors.collectingAndThen(
                    Collectors.mapping(span -> number(span, number), Collectors.toList()),
                    fold::of)));
  }

  public TreeMap<String, Double> countBy(String group) {
    return spans.stream()
        .collect(
            Collectors.groupingBy(
                span -> orNil(text(span, group)),
                TreeMap::new,
                Collectors.collectingAndThen(Collectors.counting(), Long::doubleValue)));
  }

  public double sum(String number) {
    return spans.stream()
        .map(span -> number(span, number))
        .filter(value -> value != null)
        .mapToDouble(Double::doubleValue)
        .sum();
  }

  /// How several numbers become one.
  public enum Fold {
    SUM,
    AVERAGE,
    GREATEST;

    double of(List<Double> values) {
      return switch (this) {
        case SUM -> values.stream().mapToDouble(v -> v).sum();
        case AVERAGE -> values.stream().mapToDouble(v -> v).average().orElseThrow();
        case GREATEST -> values.stream().mapToDouble(v -> v).max().orElseThrow();
      };
    }
  }

  public static @Nullable String text(SpanRecord span, String key) {
    return span.attributes().get(key) instanceof StringValue(String text) ? text : null;
  }

  public static boolean flag(SpanRecord span, String key) {
    return span.attributes().get(key) instanceof BooleanValue(boolean flag) && flag;
  }

  public static @Nullable Double number(SpanRecord span, String key) {
    AttributeValue value = span.attributes().get(key);
    return switch (value) {
      case LongValue(long number) -> (double) number;
      case DoubleValue(double number) -> number;
      case null, default -> null;
    };
  }

  private static String orNil(@Nullable String text) {
    return text == null ? "nil" : text;
  }
}
