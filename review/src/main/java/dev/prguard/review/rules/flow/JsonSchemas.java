package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Schemas of JSON, written out as objects: of Fastify's routes, ajv and Python's jsonschema.
///
/// Source: JSON Schema 2020-12, "Validation": an expression need not fit the whole text, and
/// `format` is not held against anything unless that was asked for.
final class JsonSchemas {

  private static final Set<String> NUMBERS = Set.of("integer", "number", "boolean", "null");

  /// Formats that leave no harm where they are checked, as ajv and Fastify do.
  private static final Set<String> FORMATS =
      Set.of("uuid", "date", "date-time", "time", "duration");

  private static final Set<String> ASKS =
      Set.of("jsonschema.validate", "fastjsonschema.validate", "jsonschema.validators.validate");

  static final int MAX_DEPTH = 6;

  private final Evaluator all;

  JsonSchemas(Evaluator all) {
    this.all = all;
  }

  /// `jsonschema.validate(body, SCHEMA)` only comes back when the schema is kept.
  void after(Expr.Call call) {
    if (call.args().size() < 2
        || !(call.args().getFirst().value() instanceof Expr.Name(String name, int _))
        || !ASKS.contains(all.expressions.site(call).name())) {
      return;
    }
    Value sent = all.env().get(name);
    FieldForm form = form(all.expressions.quietly(call.args().get(1).value()));
    if (sent != null && form instanceof FieldForm.Fields) {
      Value whole = Heap.whole(sent, all.env()).derived();
      all.env().set(name, form.of(whole, sent.name(), all));
    }
  }

  FieldForm form(Value schema) {
    return form(schema, 0);
  }

  private FieldForm form(Value schema, int depth) {
    all.spend(1);
    Shape shape = all.env().shape(schema.shape());
    if (shape == null || depth > MAX_DEPTH) {
      return new FieldForm.Any();
    }
    String type = shape.get("type").text();
    String pattern = shape.get("pattern").text();
    if (shape.has("enum") || shape.has("const")) {
      return new FieldForm.Listed();
    }
    if (type != null && NUMBERS.contains(type)) {
      return new FieldForm.Harmless();
    }
    if (shape.has("properties")) {
      return fields(shape.get("properties"), depth);
    }
    if (shape.has("items")) {
      return new FieldForm.Each(form(shape.get("items"), depth + 1));
    }
    if (pattern != null) {
      return new FieldForm.Text(all.patterns.of(pattern, TextPattern.Reach.PART));
    }
    String format = shape.get("format").text();
    if (format != null && all.definitions.script()) {
      if (FORMATS.contains(format)) {
        return new FieldForm.Harmless();
      }
      if (format.startsWith("ip")) {
        return all.fields.forms.address();
      }
    }
    return "string".equals(type)
        ? new FieldForm.Text(FieldForm.text(all.model))
        : new FieldForm.Any();
  }

  /// A schema of TypeBox that says its format: `Type.String({ format: "uuid" })`.
  Value named(Value options, String name) {
    Shape shape = all.env().shape(options.shape());
    String format = shape == null ? null : shape.get("format").text();
    return Value.named(format != null && FORMATS.contains(format) ? name + ".uuid()" : name);
  }

  private FieldForm fields(Value properties, int depth) {
    Shape shape = all.env().shape(properties.shape());
    Map<String, FieldForm> fields = new LinkedHashMap<>();
    if (shape != null) {
      shape
          .entries()
          .forEach((key, value) -> fields.put(String.valueOf(key), form(value, depth + 1)));
    }
    return new FieldForm.Fields(fields);
  }
}
