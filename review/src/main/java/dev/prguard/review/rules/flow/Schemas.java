package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.Function;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Schemas that are put together by calls: of zod, joi, yup, valibot, superstruct, TypeBox and
/// express-validator.
///
/// Source: zod's documentation, "Defining schemas" and "Basic usage"; joi's and yup's of
/// `validate`; valibot's of `pipe` and `parse`.
final class Schemas {

  private static final Pattern MADE =
      Pattern.compile(
          "^(?:(?:zod\\.|joi\\.|@hapi/joi\\.|celebrate\\.|yup\\.)?(?:z|zod|joi|Joi|yup|Yup)"
              + "|superstruct|valibot(?:\\.v)?|@sinclair/typebox\\.Type|express-validator)\\.");

  private static final Set<String> OBJECTS =
      Set.of("object", "Object", "strictObject", "looseObject", "type", "keys", "shape");

  /// What leaves the fields of a schema what they are.
  private static final Set<String> KEEPS =
      Set.of(
          "strict",
          "strip",
          "passthrough",
          "loose",
          "readonly",
          "partial",
          "required",
          "describe",
          "brand",
          "optional",
          "nullable",
          "nullish",
          "default",
          "unknown",
          "noUnknown",
          "options",
          "defined",
          "meta",
          "min",
          "max",
          "length",
          "nonempty");

  private static final Set<String> PARSES =
      Set.of(
          "parse",
          "parseAsync",
          "validate",
          "validateSync",
          "validateAsync",
          "cast",
          "create",
          "mask",
          "Decode");

  /// What these give holds the value besides an error; joi's `validate` does, too.
  private static final Set<String> TRIES = Set.of("safeParse", "safeParseAsync");

  private static final Pattern JOI =
      Pattern.compile("^(?:joi\\.|@hapi/joi\\.|celebrate\\.)?(?:joi|Joi)\\.");

  /// One of what the schema lists.
  private static final Pattern LISTED =
      Pattern.compile(
          "(?i)\\.(?:enum|enums|nativeEnum|picklist|literal)\\(\\)"
              + "|\\.(?:valid|equal|oneOf|isIn|allowOnly)\\(\\)");

  private static final Pattern HARMLESS =
      Pattern.compile(
          "\\.(?:(?:coerce\\.)?(?:[nN]umber|[bB]igint|BigInt|[bB]oolean|[dD]ate|int|Integer|integer|int32|float32|float64)"
              + "|uuid|guid|cuid2?|ulid|nanoid|stringbool|iso\\.\\w+|datetime|date|time|isoDate|isoTimestamp)\\(\\)"
              + "|\\.(?:refine|superRefine|transform|pipe|check|custom|customSanitizer|test|hex|isoDate|token|alphanum|digits|hexadecimal)\\(\\)"
              + "|\\.(?:isInt|isUUID|isNumeric|isBoolean|isFloat|isDecimal|isISO8601|isDate|isMongoId|isAlpha|isAlphanumeric"
              + "|isHexadecimal|isHash|isPort|isSlug|isLocale|isCurrency|isPostalCode|isMobilePhone|toInt|toFloat|custom)\\(\\)");

  private static final Pattern ANY =
      Pattern.compile(
          "\\.(?:any|unknown|record|mixed|Any|Unknown|Record)\\(\\)|\\.object\\(\\)(?:\\.\\w+\\(\\))*$");

  private static final Pattern ADDRESS =
      Pattern.compile("\\.(?:ip|ipv4|ipv6|cidr|hostname|domain|isIP|isFQDN)\\(\\)");

  /// The keys that a call of tRPC's `input` keeps its schema by, and one of express-validator its
  /// field.
  static final String INPUT = "input schema";

  static final String FIELD = "field of a request";

  /// Where a chain of express-validator looks.
  static final Map<String, List<String>> CHAINS =
      Map.of(
          "express-validator.body()", List.of("body"),
          "express-validator.query()", List.of("query"),
          "express-validator.param()", List.of("params"),
          "express-validator.header()", List.of("headers"),
          "express-validator.check()", List.of("body", "query", "params"));

  /// What has been said of a schema up to a function that looks at it, and that function.
  private static final String BEFORE = "schema before";

  private static final String BY = "looked at by";

  /// How functions that a schema is given say what they find.
  private static final Map<String, FieldForm.By> LOOKS =
      Map.of(
          "refine", FieldForm.By.SAYS,
          "check", FieldForm.By.SAYS,
          "test", FieldForm.By.SAYS,
          "custom", FieldForm.By.SAYS,
          "transform", FieldForm.By.GIVES,
          "customSanitizer", FieldForm.By.GIVES);

  /// Where express-validator makes sure that it is a text, and no object.
  private static final Pattern TEXT =
      Pattern.compile(
          "\\.(?:isString|isEmail|isURL|isIn|isAscii|isJWT|isBase64|toString|isDataURI|trim|escape)\\(\\)");

  private static final Pattern BOUNDED =
      Pattern.compile("\\.(?:max|lte|lt|less|Integer|isInt)\\(\\)");

  private static final Set<String> PATTERNS = Set.of("regex", "pattern", "matches");

  private final Evaluator all;

  Schemas(Evaluator all) {
    this.all = all;
  }

  /// Whether it is a schema, or a part of one.
  static boolean isSchema(Value value) {
    return MADE.matcher(value.name()).find();
  }

  /// The schema that is made, or what has gone through it; null for any other call.
  @Nullable Value call(CallSite site) {
    if (isCheck(site.method())) {
      return parsed(site);
    }
    String method = site.method();
    String name = site.name() + "()";
    Value first = site.args().isEmpty() ? Value.UNKNOWN : site.args().getFirst();
    if (method.equals("valid") && first.text() != null) {
      // c.req.valid("json")
      Shape request = all.env().shape(site.receiver().shape());
      String part = Handed.VALID + first.text();
      return request != null && request.has(part) ? request.get(part) : null;
    }
    if (method.equals("compile")) {
      return new JsonSchemas(all).compiled(site);
    }
    if (method.equals("json") && site.args().isEmpty()) {
      // c.req.json(), of which a validator has seen the same.
      Shape request = all.env().shape(site.receiver().shape());
      return request != null && request.has(Handed.VALID + "json")
          ? request.get(Handed.VALID + "json")
          : null;
    }
    if (site.name().equals("express-validator.matchedData")) {
      return matched(first);
    }
    if (method.equals("input") && isSchema(first)) {
      return Value.holding(all.newShape(Shape.MAP.with(INPUT, first))).withName(name);
    }
    if (!MADE.matcher(site.name()).find()) {
      return null;
    }
    if (name.startsWith("express-validator.")) {
      return chained(site, method, name, first);
    }
    if (OBJECTS.contains(method)) {
      return all.env().shape(first.shape()) == null ? null : first.withName(name);
    }
    if (PATTERNS.contains(method)) {
      Value expression = all.patterns.expression(first) == null ? second(site) : first;
      return all.patterns.expression(expression) == null
          ? null
          : Value.named(name).withShape(expression.shape());
    }
    if (method.equals("custom") && site.args().isEmpty()) {
      return Value.named("zod.z.any()");
    }
    if (LOOKS.containsKey(method) && isSchema(site.receiver())) {
      for (Value each : site.args()) {
        if (each.function() != null) {
          Shape looked = Shape.MAP.with(BEFORE, site.receiver()).with(BY, each.withName(method));
          return Value.holding(all.newShape(looked)).withName(name);
        }
      }
    }
    if (name.startsWith("@sinclair/typebox.Type.String(")
        && all.env().shape(first.shape()) != null) {
      Shape options = all.env().shape(first.shape());
      String pattern = options == null ? null : options.get("pattern").text();
      return pattern == null
          ? new JsonSchemas(all).named(first, name)
          : Value.holding(all.newShape(all.patterns.with(Shape.MAP, pattern))).withName(name);
    }
    if (method.equals("pipe") && all.env().shape(site.receiver().shape()) == null) {
      return piped(site, name);
    }
    if (method.equals("array") || method.equals("Array") || method.equals("items")) {
      return isSchema(first)
          ? Value.holding(all.newShape(new Shape(Map.of(), first, -1))).withName(name)
          : null;
    }
    if (method.equals("union") || method.equals("Union")) {
      Shape ways = all.env().shape(first.shape());
      boolean listed =
          ways != null
              && ways.entries().values().stream().allMatch(each -> form(each).isHarmless());
      return listed ? Value.named(name.replaceFirst("(?i)union\\(\\)$", "enum()")) : null;
    }
    Value receiver = site.receiver();
    Shape held = all.env().shape(receiver.shape());
    if (held == null) {
      return null;
    }
    boolean fields = all.patterns.expression(receiver) == null && !receiver.name().endsWith("]");
    return fields && KEEPS.contains(method) ? receiver : fields ? null : receiver.withName(name);
  }

  /// One call of a chain: the field that it is about stays.
  private @Nullable Value chained(CallSite site, String method, String name, Value first) {
    if (CHAINS.containsKey(name)) {
      return first.text() == null
          ? null
          : Value.holding(all.newShape(Shape.MAP.with(FIELD, first))).withName(name);
    }
    Shape chain = all.env().shape(site.receiver().shape());
    if (chain == null) {
      return null;
    }
    String expression = PATTERNS.contains(method) ? all.patterns.expression(first) : null;
    Shape grown = expression == null ? chain : all.patterns.with(chain, expression);
    return Value.holding(all.newShape(grown)).withName(name);
  }

  /// The fields of all parts of a request that were looked at.
  private @Nullable Value matched(Value request) {
    Shape parts = all.env().shape(request.shape());
    if (parts == null) {
      return null;
    }
    Shape shape = Shape.MAP;
    for (List<String> each : CHAINS.values()) {
      Shape held = each.size() > 1 ? null : all.env().shape(parts.get(each.getFirst()).shape());
      if (held != null) {
        for (Map.Entry<Object, Value> field : held.entries().entrySet()) {
          shape = shape.with(field.getKey(), field.getValue());
        }
      }
    }
    return shape.entries().isEmpty()
        ? null
        : Value.holding(all.newShape(shape)).withName("matchedData()");
  }

  private static Value second(CallSite site) {
    return site.args().size() > 1 ? site.args().get(1) : Value.UNKNOWN;
  }

  /// valibot's `pipe(string(), regex(/^a+$/))`: all of it holds.
  private @Nullable Value piped(CallSite site, String name) {
    StringBuilder names = new StringBuilder(name);
    int shape = 0;
    for (Value each : site.args()) {
      names.append('.').append(each.name().substring(each.name().lastIndexOf('.') + 1));
      shape = all.env().shape(each.shape()) == null ? shape : each.shape();
    }
    return site.args().stream().anyMatch(each -> each.function() != null)
        ? null
        : Value.named(names.toString().replace(".pipe()", "")).withShape(shape);
  }

  private static boolean isCheck(String method) {
    return PARSES.contains(method) || TRIES.contains(method);
  }

  /// The schema that something is held against; null where none is known.
  private @Nullable Value schema(CallSite site) {
    if (site.args().isEmpty() || !isCheck(site.method())) {
      return null;
    }
    if (isSchema(site.receiver())) {
      return site.receiver();
    }
    for (Value each : site.args()) {
      if (site.args().size() > 1 && isSchema(each)) {
        return each;
      }
    }
    return null;
  }

  private @Nullable Value parsed(CallSite site) {
    Value schema = schema(site);
    if (schema == null || isOpen(schema)) {
      return null;
    }
    Value sent = site.args().getFirst();
    sent = sent.equals(schema) || isSchema(sent) ? site.args().get(1) : sent;
    String name = site.name() + "()";
    Value given = Heap.whole(sent, all.env()).derived().withShape(0);
    String within =
        TRIES.contains(site.method())
            ? "data"
            : site.method().equals("validate") && JOI.matcher(schema.name()).find() ? "value" : "";
    FieldForm form = form(schema);
    if (within.isEmpty()) {
      return form.of(given, name, all);
    }
    Value held = form.of(given, name + '.' + within, all);
    return given.withName(name).withShape(all.newShape(Shape.MAP.with(within, held)));
  }

  /// Whether a schema of which no field is known was made elsewhere.
  private boolean isOpen(Value schema) {
    return all.env().shape(schema.shape()) == null && form(schema) instanceof FieldForm.Any;
  }

  /// Kinds of harm that the call does not keep a text from, although it checks a form; 0 for a
  /// schema of which nothing is known.
  long leaves(CallSite site) {
    Value schema = schema(site);
    return schema == null || isOpen(schema) ? 0 : FieldForm.harms(all.model);
  }

  FieldForm form(Value schema) {
    return form(schema, 0);
  }

  /// @param depth of schemas within schemas, which may be within themselves
  private FieldForm form(Value schema, int depth) {
    all.spend(1);
    if (depth > JsonSchemas.MAX_DEPTH) {
      return new FieldForm.Any();
    }
    String type = schema.name();
    String expression = all.patterns.expression(schema);
    if (LISTED.matcher(type).find()) {
      return new FieldForm.Listed();
    }
    if (expression != null) {
      return new FieldForm.Text(all.patterns.of(expression, TextPattern.Reach.PART));
    }
    Shape shape = all.env().shape(schema.shape());
    if (shape != null && shape.has(BY)) {
      Function by = shape.get(BY).function();
      FieldForm.By how = LOOKS.get(shape.get(BY).name());
      FieldForm before = form(shape.get(BEFORE), depth + 1);
      return by == null || how == null ? before : new FieldForm.Checked(before, by, how);
    }
    if (HARMLESS.matcher(type).find()) {
      return new FieldForm.Harmless(BOUNDED.matcher(type).find());
    }
    if (shape != null && shape.has(FIELD)) {
      return ADDRESS.matcher(type).find()
          ? all.fields.forms.address()
          : TEXT.matcher(type).find() ? all.fields.forms.text() : new FieldForm.Any();
    }
    if (shape != null && shape.entries().isEmpty()) {
      return new FieldForm.Each(form(shape.rest(), depth + 1));
    }
    if (shape != null) {
      Map<String, FieldForm> fields = new LinkedHashMap<>();
      shape
          .entries()
          .forEach((key, value) -> fields.put(String.valueOf(key), form(value, depth + 1)));
      return new FieldForm.Fields(fields);
    }
    if (!isSchema(schema) || ANY.matcher(type).find()) {
      return new FieldForm.Any();
    }
    return ADDRESS.matcher(type).find() ? all.fields.forms.address() : all.fields.forms.text();
  }
}
