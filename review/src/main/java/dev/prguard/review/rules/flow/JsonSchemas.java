package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.Expr;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /// The key that what ajv compiles keeps its schema by.
  private static final String COMPILED = "compiled schema";

  /// A function that `ajv.compile(schema)` makes; null for any other call.
  @Nullable Value compiled(CallSite site) {
    Value schema = site.args().isEmpty() ? Value.UNKNOWN : site.args().getFirst();
    return site.method().equals("compile")
            && AJV.matcher(site.receiver().name()).find()
            && form(schema) instanceof FieldForm.Fields
        ? Value.holding(all.newShape(Shape.MAP.with(COMPILED, schema))).withName("ajv.compile()")
        : null;
  }

  private static final Pattern AJV = Pattern.compile("(?i)(?:^|\\.)ajv\\b");

  /// `if (!validate(req.body)) return;`: what was sent is of the schema from here on.
  void assume(Expr.Call call) {
    if (!(call.callee() instanceof Expr.Name(String name, int _)) || call.args().size() != 1) {
      return;
    }
    Value function = all.env().get(name);
    Shape held = function == null ? null : all.env().shape(function.shape());
    if (held == null || !held.has(COMPILED)) {
      return;
    }
    FieldForm form = form(held.get(COMPILED));
    switch (call.args().getFirst().value()) {
      case Expr.Name(String sent, int _) -> {
        Value now = all.env().get(sent);
        if (now != null) {
          all.env().set(sent, form.of(Heap.whole(now, all.env()).derived(), now.name(), all));
        }
      }
      case Expr.Member(Expr.Name(String owner, int _), String part, int line) -> {
        Value of = all.env().get(owner);
        if (of != null) {
          Value sent = all.expressions.memberOf(of, part, line, true);
          Shape parts = all.env().shape(of.shape());
          Shape shape = parts == null ? new Shape(Map.of(), of.withShape(0), -1) : parts;
          Value checked = form.of(sent.derived(), owner + '.' + part, all);
          all.env().set(owner, of.withShape(all.newShape(shape.with(part, checked))));
        }
      }
      default -> {}
    }
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
