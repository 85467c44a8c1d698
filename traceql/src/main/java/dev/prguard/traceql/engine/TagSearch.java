package dev.prguard.traceql.engine;

import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanFetch;
import dev.prguard.trace.query.SpanFetch.Grouping;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.trace.query.SpanField.Scope;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanSource;
import dev.prguard.trace.query.SpanWindow;
import dev.prguard.trace.query.TraceQueries.TagValue;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import dev.prguard.traceql.GoDuration;
import dev.prguard.traceql.TraceQlParser;
import dev.prguard.traceql.TraceQlSyntaxException;
import dev.prguard.traceql.TraceQlValidator;
import dev.prguard.traceql.engine.Value.Nanos;
import dev.prguard.traceql.tree.FieldExpr;
import dev.prguard.traceql.tree.Pipeline;
import dev.prguard.traceql.tree.RootExpr;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Names and values of attributes, for editors.
final class TagSearch {
  private static final int MAX_VALUES = 10_000;

  /// Fixed, as Tempo's.
  private static final SortedSet<String> INTRINSICS =
      Collections.unmodifiableSortedSet(
          new TreeSet<>(
              List.of(
                  "duration",
                  "event:name",
                  "event:timeSinceStart",
                  "instrumentation:name",
                  "instrumentation:version",
                  "kind",
                  "link:spanID",
                  "link:traceID",
                  "name",
                  "rootName",
                  "rootServiceName",
                  "span:duration",
                  "span:id",
                  "span:kind",
                  "span:name",
                  "span:parentID",
                  "span:status",
                  "span:statusMessage",
                  "status",
                  "statusMessage",
                  "trace:duration",
                  "trace:id",
                  "trace:rootName",
                  "trace:rootService",
                  "traceDuration")));

  private final SpanSource source;

  TagSearch(SpanSource source) {
    this.source = source;
  }

  SortedMap<String, SortedSet<String>> tags(
      @Nullable String scope, @Nullable String filter, TimeRange range, Deadline deadline) {
    String wanted = scope == null || scope.isEmpty() ? "none" : scope;
    if (!isScope(wanted)) {
      throw TraceQlEngine.refused("invalid scope: " + scope);
    }
    boolean all = wanted.equals("none");
    SortedMap<String, SortedSet<String>> tags = new TreeMap<>();
    if (all || wanted.equals("intrinsic")) {
      tags.put("intrinsic", INTRINSICS);
    }
    if (wanted.equals("intrinsic")) {
      return tags;
    }
    for (Attribute attribute : attributes(filter, range, deadline)) {
      String name = attribute.scope().name().toLowerCase(Locale.ROOT);
      if (all || name.equals(wanted)) {
        tags.computeIfAbsent(name, _ -> new TreeSet<>()).add(attribute.key());
      }
    }
    return tags;
  }

  private static boolean isScope(String scope) {
    return List.of("none", "intrinsic", "span", "resource", "event", "link", "instrumentation")
        .contains(scope);
  }

  private Set<Attribute> attributes(@Nullable String filter, TimeRange range, Deadline deadline) {
    FieldExpr condition = condition(filter);
    if (condition == null) {
      return source.attributes(fetch(new SpanPredicate.Any(), null, range, deadline));
    }
    Set<Attribute> attributes = new HashSet<>();
    matching(
        condition, null, range, deadline, span -> attributes.addAll(Attribute.of(span.span())));
    return attributes;
  }

  List<TagValue> values(String tag, @Nullable String filter, TimeRange range, Deadline deadline) {
    SpanField field = field(tag);
    FieldExpr condition = condition(filter);
    Set<Object> values = new HashSet<>();
    Consumer<FetchedSpan> collect =
        span -> {
          if (values.size() < MAX_VALUES) {
            valuesOf(span, field, values);
          }
        };
    matching(
        condition == null ? new dev.prguard.traceql.tree.Literal.BoolLiteral(true) : condition,
        field,
        range,
        deadline,
        collect);
    List<TagValue> list = new ArrayList<>();
    values.forEach(value -> list.add(tagValue(value, condition == null)));
    list.sort(Comparator.comparing(TagValue::type).thenComparing(TagValue::value));
    return list;
  }

  private static SpanField field(String tag) {
    try {
      RootExpr root = TraceQlParser.parse("{ " + tag + " != nil }");
      if (root instanceof RootExpr.SpansQuery(Pipeline pipeline, _)
          && pipeline.stages().size() == 1
          && pipeline.stages().getFirst()
              instanceof Pipeline.SpansetFilter(FieldExpr.Binary(FieldExpr.Field field, _, _))) {
        TraceQlValidator.validate(root);
        return field.field();
      }
    } catch (TraceQlSyntaxException e) {
      throw TraceQlEngine.refused("error parsing tag: " + e.getMessage());
    }
    throw TraceQlEngine.refused("error parsing tag: " + tag);
  }

  private static void valuesOf(FetchedSpan span, SpanField field, Set<Object> values) {
    SpanRecord of = span.span();
    switch (field) {
      case Attribute(Scope scope, String key) -> {
        switch (scope) {
          case SPAN -> add(of.attributes(), key, values);
          case RESOURCE -> add(of.resource(), key, values);
          case INSTRUMENTATION -> add(of.scope().attributes(), key, values);
          case EVENT -> of.events().forEach(event -> add(event.attributes(), key, values));
          case LINK -> of.links().forEach(link -> add(link.attributes(), key, values));
          case ANY -> {
            add(of.attributes(), key, values);
            add(of.resource(), key, values);
          }
        }
      }
      case Intrinsic intrinsic -> {
        switch (intrinsic) {
          case EVENT_NAME -> of.events().forEach(event -> values.add(event.name()));
          case LINK_TRACE_ID -> of.links().forEach(link -> values.add(link.traceId()));
          case LINK_SPAN_ID -> of.links().forEach(link -> values.add(link.spanId()));
          case EVENT_TIME_SINCE_START ->
              of.events()
                  .forEach(event -> values.add(new Nanos(event.timeNanos() - of.startNanos())));
          case DURATION,
              NAME,
              STATUS,
              STATUS_MESSAGE,
              KIND,
              CHILD_COUNT,
              SPAN_ID,
              PARENT_SPAN_ID,
              NESTED_SET_LEFT,
              NESTED_SET_RIGHT,
              NESTED_SET_PARENT,
              TRACE_ID,
              TRACE_DURATION,
              TRACE_ROOT_NAME,
              TRACE_ROOT_SERVICE,
              INSTRUMENTATION_NAME,
              INSTRUMENTATION_VERSION -> {
            Object value = span.intrinsic(intrinsic);
            if (value != null) {
              values.add(value);
            }
          }
        }
      }
    }
  }

  private static void add(
      Map<String, dev.prguard.trace.AttributeValue> attributes, String key, Set<Object> values) {
    dev.prguard.trace.AttributeValue value = attributes.get(key);
    if (value != null) {
      values.addAll(Value.visible(value));
    }
  }

  /// @param unfiltered Tempo then reads durations off its columns, as ints
  private static TagValue tagValue(Object value, boolean unfiltered) {
    return switch (value) {
      case String text -> new TagValue("string", text);
      case Long number -> new TagValue("int", Long.toString(number));
      case Double number -> new TagValue("float", GoFloat.format(number));
      case Boolean flag -> new TagValue("bool", Boolean.toString(flag));
      case Nanos(long nanos) ->
          unfiltered
              ? new TagValue("int", Long.toString(nanos))
              : new TagValue("duration", GoDuration.format(nanos));
      case Enum<?> word -> new TagValue("keyword", Value.word(word));
      default -> new TagValue("string", value.toString());
    };
  }

  /// The condition of a plain filter; what is none, or does not parse, is ignored as Tempo does.
  private static @Nullable FieldExpr condition(@Nullable String filter) {
    if (filter == null || filter.isBlank()) {
      return null;
    }
    try {
      RootExpr root = TraceQlParser.parse(filter);
      TraceQlValidator.validate(root);
      return root instanceof RootExpr.SpansQuery(Pipeline pipeline, _)
              && pipeline.stages().size() == 1
              && pipeline.stages().getFirst() instanceof Pipeline.SpansetFilter(FieldExpr condition)
          ? condition
          : null;
    } catch (TraceQlSyntaxException e) {
      return null;
    }
  }

  private void matching(
      FieldExpr condition,
      @Nullable SpanField field,
      TimeRange range,
      Deadline deadline,
      Consumer<FetchedSpan> consumer) {
    Expr compiled = Expr.of(condition);
    Conditions conditions = new Conditions();
    conditions.filter(compiled);
    FirstPass pass = new FirstPass(conditions);
    Set<SpanField> fields = null;
    if (field != null) {
      fields =
          new HashSet<>(
              FieldsOf.query(
                  new RootExpr.SpansQuery(
                      new Pipeline(List.of(new Pipeline.SpansetFilter(condition))), List.of())));
      fields.add(field);
    }
    source.fetch(
        fetch(new Planner(conditions).hint(compiled), fields, range, deadline),
        of -> {
          deadline.check();
          TraceContext trace = new TraceContext(of.spans());
          for (int i = 0; i < of.spans().size(); i++) {
            FetchedSpan span = pass.fetch(of.spans().get(i), trace, i);
            if (span != null && Boolean.TRUE.equals(compiled.eval(span))) {
              consumer.accept(span);
            }
          }
          return true;
        });
  }

  private static SpanFetch fetch(
      SpanPredicate candidates,
      @Nullable Set<SpanField> fields,
      TimeRange range,
      Deadline deadline) {
    return new SpanFetch(
        new SpanWindow.Overlaps(Grid.nanos(range.start()), Grid.nanos(range.end())),
        candidates,
        List.of(),
        Grouping.WHOLE_TRACES,
        fields,
        deadline.at());
  }
}
