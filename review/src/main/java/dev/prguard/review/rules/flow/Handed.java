package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Functions that were given to calls, and what has looked at their requests before them:
/// `app.post("/x", validate(schema), handler)`, `app.get("/x", { schema: { querystring } },
/// handler)`, `procedure.input(schema).query(handler)`.
final class Handed {

  /// What holds a part of a request against a schema, by its name.
  private static final Pattern CHECKS =
      Pattern.compile("(?i)valid|celebrate|checkSchema|checkBody|parseBody|^check");

  private static final Pattern PART =
      Pattern.compile("(?i)(query|params?|body|json|form|headers?)");

  /// Parts of a request as the libraries call them, by what a handler reads.
  private static final Map<String, String> PARTS =
      Map.ofEntries(
          Map.entry("body", "body"),
          Map.entry("json", "body"),
          Map.entry("form", "body"),
          Map.entry("query", "query"),
          Map.entry("querystring", "query"),
          Map.entry("params", "params"),
          Map.entry("param", "params"),
          Map.entry("headers", "headers"),
          Map.entry("header", "headers"),
          Map.entry("input", "input"),
          Map.entry("valid", "valid"));

  /// The name that Hono gives a part by, under which it is kept beside.
  static final String VALID = "valid ";

  private final Evaluator all;

  /// Functions with the names of the calls that they were given to.
  private final IdentityHashMap<Function, Set<String>> names = new IdentityHashMap<>();

  private final IdentityHashMap<Function, Map<String, FieldForm>> checks = new IdentityHashMap<>();

  Handed(Evaluator all) {
    this.all = all;
  }

  /// The calls that a function was given to.
  Set<String> to(Function function) {
    return names.getOrDefault(function, Set.of());
  }

  void given(Expr.Call call, CallSite site) {
    List<Function> functions = new ArrayList<>(1);
    site.args().forEach(arg -> functions(arg, functions));
    site.named().values().forEach(arg -> functions(arg, functions));
    if (functions.isEmpty()) {
      return;
    }
    for (Function each : functions) {
      names.computeIfAbsent(each, _ -> new LinkedHashSet<>(2)).add(site.name());
    }
    if (all.definitions.script()) {
      Map<String, FieldForm> forms = new HashMap<>();
      input(site.receiver(), forms);
      for (Expr.Arg arg : call.args()) {
        checked(arg.value(), forms);
      }
      site.args().forEach(arg -> options(arg, forms));
      Map<String, Map<String, FieldForm>> chains = new LinkedHashMap<>();
      site.args().forEach(arg -> chain(arg, chains));
      StringBuilder said = new StringBuilder();
      functions.forEach(each -> said.append(Mentions.of(each.body())));
      // Chains of express-validator only note what they find; somebody has to look.
      boolean looked =
          !chains.isEmpty()
              && (said.indexOf("name=validationResult,") >= 0
                  || said.indexOf("name=matchedData,") >= 0
                  || call.args().stream()
                      .anyMatch(arg -> CHECKS.matcher(Names.dotted(arg.value())).find()));
      if (looked) {
        chains.forEach((part, fields) -> forms.put(part, new FieldForm.Fields(fields)));
      }
      for (Function each : functions) {
        if (!forms.isEmpty()) {
          checks.put(each, forms);
        }
      }
    }
  }

  private void functions(Value value, List<Function> found) {
    if (value.function() != null) {
      found.add(value.function());
      return;
    }
    Shape shape = all.env().shape(value.shape());
    if (shape != null && shape.isList()) {
      for (Value each : shape.entries().values()) {
        if (each.function() != null) {
          found.add(each.function());
        }
      }
    }
  }

  /// `validate(schema)`, `zValidator("json", schema)`, `celebrate({ body: schema })`, or a list of
  /// these.
  private void checked(Expr arg, Map<String, FieldForm> forms) {
    if (arg instanceof Expr.Items(List<Expr> items, int _)) {
      items.forEach(each -> checked(each, forms));
    }
    if (!(arg instanceof Expr.Call call)) {
      return;
    }
    String name = Names.dotted(call.callee());
    name = name.substring(name.lastIndexOf('.') + 1);
    if (!CHECKS.matcher(name).find() || name.contains("()")) {
      return;
    }
    var said = PART.matcher(name);
    String part = said.find() ? said.group(1) : "body";
    for (Expr.Arg each : call.args()) {
      Expr written = each.value();
      Value value =
          written instanceof Expr.Call
              ? all.expressions.evaluate(written)
              : all.expressions.quietly(written);
      String text = value.text();
      if (text != null) {
        part = text;
      }
      schema(value, part, forms);
    }
  }

  private void schema(Value value, String part, Map<String, FieldForm> forms) {
    String read = PARTS.get(part.toLowerCase(Locale.ROOT));
    if (Schemas.isSchema(value)) {
      if (read != null) {
        FieldForm form = all.schemas.form(value);
        forms.put(read, form);
        forms.put(VALID + part, form);
      }
      return;
    }
    Shape shape = all.env().shape(value.shape());
    if (shape == null) {
      return;
    }
    for (Map.Entry<Object, Value> each : shape.entries().entrySet()) {
      String key = String.valueOf(each.getKey());
      if (PARTS.containsKey(key.toLowerCase(Locale.ROOT)) && Schemas.isSchema(each.getValue())) {
        schema(each.getValue(), key, forms);
      }
    }
  }

  /// `{ schema: { body, querystring, params } }` of Fastify: schemas of JSON, or of TypeBox.
  private void options(Value arg, Map<String, FieldForm> forms) {
    Shape shape = arg.function() == null ? all.env().shape(arg.shape()) : null;
    Shape schema = shape == null ? null : all.env().shape(shape.get("schema").shape());
    if (schema == null) {
      return;
    }
    for (Map.Entry<Object, Value> each : schema.entries().entrySet()) {
      String part = PARTS.get(String.valueOf(each.getKey()));
      if (part != null) {
        Value value = each.getValue();
        forms.put(
            part,
            Schemas.isSchema(value) ? all.schemas.form(value) : new JsonSchemas(all).form(value));
      }
    }
  }

  /// The schema of tRPC's `input`.
  private void input(Value receiver, Map<String, FieldForm> forms) {
    Shape shape = all.env().shape(receiver.shape());
    if (shape != null && shape.has(Schemas.INPUT)) {
      forms.put("input", all.schemas.form(shape.get(Schemas.INPUT)));
    }
  }

  /// `body("age").isInt()` of express-validator, or a list of such.
  private void chain(Value arg, Map<String, Map<String, FieldForm>> chains) {
    Shape shape = all.env().shape(arg.shape());
    if (shape == null) {
      return;
    }
    if (shape.isList()) {
      shape.entries().values().forEach(each -> chain(each, chains));
      return;
    }
    String field = shape.get(Schemas.FIELD).text();
    if (field == null) {
      return;
    }
    FieldForm form = all.schemas.form(arg);
    String name = arg.name();
    for (Map.Entry<String, List<String>> each : Schemas.CHAINS.entrySet()) {
      if (name.startsWith(each.getKey())) {
        for (String part : each.getValue()) {
          chains.computeIfAbsent(part, _ -> new LinkedHashMap<>()).put(field, form);
        }
      }
    }
  }

  /// The first parameter of a handler, with the parts of the request that were looked at.
  Value param(Function function, Function.Param param, Value value) {
    Map<String, FieldForm> forms = checks.get(function);
    if (forms == null || !param.equals(function.params().getFirst())) {
      return value;
    }
    String name = param.name();
    Shape request = Shape.MAP;
    Shape shape = new Shape(Map.of(), value.withShape(0), -1);
    for (Map.Entry<String, FieldForm> each : forms.entrySet()) {
      String part = each.getKey();
      Value checked = sent(each.getValue(), name + '.' + part, param.line());
      if (part.equals("body") || part.startsWith(VALID)) {
        request = request.with(part, checked);
      }
      shape = shape.with(part, checked);
    }
    // ctx.request.body of Koa, c.req.valid("json") of Hono.
    shape = shape.with("request", Value.holding(all.newShape(request)).withName(name + ".request"));
    shape = shape.with("req", Value.holding(all.newShape(request)).withName(name + ".req"));
    return value.withShape(all.newShape(shape));
  }

  private Value sent(FieldForm form, String name, int line) {
    long labels = all.model.source(name, false, false) | all.model.label("request");
    return form.of(Value.UNKNOWN.withTaint(Taint.at(labels, line, name)), name, all);
  }
}
