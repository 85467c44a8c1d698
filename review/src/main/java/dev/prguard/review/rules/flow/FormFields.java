package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.ClassCode;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import dev.prguard.review.rules.code.Stmt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Fields that a Python class says by calls: of forms and serializers of Django, of marshmallow and
/// of WTForms; and what validators say, which pydantic, attrs and msgspec have as well.
///
/// Source: the documentation of "Form fields" and "Validators" (Django), "Serializer fields"
/// (Django REST framework), "Fields" and "Validators" (marshmallow, WTForms, attrs).
final class FormFields {

  /// What a class of a form extends, by the end of its name.
  private static final Pattern FORM =
      Pattern.compile("(?:^|\\.)\\w*(?:Form|Serializer|Schema)$|(?:^|\\.)Form$");

  private static final Pattern NUMBER =
      Pattern.compile(
          "^(?:Small|Big|Positive|Strict)*(?:Integer|Int|Float|Decimal|Number|Boolean|Bool|NullBoolean|Date|DateTime"
              + "|NaiveDateTime|AwareDateTime|Time|Duration|TimeDelta|UUID|Slug|Month|Week|Year)(?:Field)?(?:Range)?$");

  private static final Pattern LISTED =
      Pattern.compile(
          "^(?:(?:Typed|Multiple|TypedMultiple|NullBoolean|Select|SelectMultiple|Radio|Filtered)*(?:Choice|Select|SelectMultiple|Radio)Field"
              + "|Enum(?:Field)?|Model(?:Multiple)?ChoiceField|(?:PrimaryKey|Slug)RelatedField|OneOf|AnyOf|In|in_|Literal|Constant)$");

  private static final Pattern ADDRESS =
      Pattern.compile(
          "^(?:(?:Generic)?IP(?:v[46])?(?:Any)?(?:Address|Network|Interface)?(?:Field)?|IPAddress)$");

  private static final Set<String> ANY =
      Set.of(
          "Dict",
          "JSONField",
          "Raw",
          "DictField",
          "Mapping",
          "FileField",
          "ImageField",
          "JSON",
          "MultipleFileField",
          "HStoreField",
          "Field",
          "ReadOnlyField",
          "SerializerMethodField");

  private static final Set<String> LISTS =
      Set.of("List", "DelimitedList", "ListField", "FieldList", "Tuple", "Set", "SimpleArrayField");

  /// Patterns by what of the text they look at: marshmallow and WTForms ask with `re.match`, Django
  /// and pydantic search, attrs takes the whole.
  private static final Map<String, TextPattern.Reach> PATTERNS =
      Map.of(
          "Regexp", TextPattern.Reach.START,
          "Match", TextPattern.Reach.START,
          "RegexValidator", TextPattern.Reach.PART,
          "RegexField", TextPattern.Reach.PART,
          "regex", TextPattern.Reach.PART,
          "matches_re", TextPattern.Reach.WHOLE);

  private static final Set<String> VALIDATORS = Set.of("validate", "validators", "validator");

  private static final int MAX_DEPTH = 4;

  private final Evaluator all;

  /// Schemas within schemas, which may be within themselves.
  private int within;

  FormFields(Evaluator all) {
    this.all = all;
  }

  /// What a class of the file says of its fields; null when it is none of a form, or says nothing.
  FieldForm.@Nullable Fields of(String name) {
    ClassCode code = all.definitions.made(name.substring(name.lastIndexOf('.') + 1));
    if (code == null || within >= MAX_DEPTH || !isForm(code, 0)) {
      return null;
    }
    Map<String, FieldForm> fields = new LinkedHashMap<>();
    within++;
    fields(code, fields, 0);
    within--;
    return fields.isEmpty() ? null : new FieldForm.Fields(fields);
  }

  private boolean isForm(ClassCode code, int depth) {
    all.spend(1);
    for (String base : code.bases()) {
      ClassCode above = depth == MAX_DEPTH ? null : all.definitions.made(base);
      if (above == null ? FORM.matcher(base).find() : isForm(above, depth + 1)) {
        return true;
      }
    }
    return false;
  }

  private void fields(ClassCode code, Map<String, FieldForm> fields, int depth) {
    for (String base : code.bases()) {
      ClassCode above = depth == MAX_DEPTH ? null : all.definitions.made(base);
      if (above != null) {
        fields(above, fields, depth + 1);
      }
    }
    for (Stmt each : code.fields()) {
      if (each
          instanceof
          Stmt.Evaluate(
              Expr.Assign(Expr.Name(String name, int _), String _, Expr.Call made, _, int _))) {
        fields.put(name, form(made, 0));
      }
    }
    for (Function method : code.methods()) {
      for (String way : List.of("clean_", "validate_")) {
        String field = method.name().startsWith(way) ? method.name().substring(way.length()) : "";
        if (fields.containsKey(field)) {
          fields.put(field, checked(fields.get(field), method));
        }
      }
      for (String field : validated(method, "validates")) {
        fields.computeIfPresent(
            field, (_, form) -> new FieldForm.Checked(form, method, FieldForm.By.RAISES));
      }
    }
  }

  /// A method for one field: of WTForms it gets the field and not its value.
  private static FieldForm checked(FieldForm form, Function method) {
    String last = method.params().isEmpty() ? "" : method.params().getLast().name();
    return last.equals("field")
        ? new FieldForm.Harmless()
        : new FieldForm.Checked(form, method, FieldForm.By.GIVES);
  }

  /// The fields that a method is marked to look at: `@field_validator("slug")`.
  static List<String> validated(Function method, String mark) {
    for (Expr each : method.marks()) {
      if (each instanceof Expr.Call call && Names.dotted(call.callee()).endsWith(mark)) {
        return call.args().stream()
            .filter(arg -> arg.name().isEmpty())
            .map(arg ->
                arg.value() instanceof Expr.Literal(Object text, int _) ? String.valueOf(text) : "")
            .toList();
      }
    }
    return List.of();
  }

  /// What a field is that a call makes.
  FieldForm form(Expr made, int depth) {
    all.spend(1);
    if (!(made instanceof Expr.Call call) || depth > MAX_DEPTH) {
      return new FieldForm.Any();
    }
    String name = last(call);
    FieldForm form = kind(call, name, depth);
    for (Expr.Arg arg : call.args()) {
      if (VALIDATORS.contains(arg.name())) {
        form = validated(form, arg.value());
      }
    }
    return form;
  }

  private FieldForm kind(Expr.Call call, String name, int depth) {
    if (NUMBER.matcher(name).find()) {
      return new FieldForm.Harmless();
    }
    if (LISTED.matcher(name).find()) {
      boolean open = call.args().stream().anyMatch(arg -> arg.name().equals("validate_choice"));
      return open ? text() : new FieldForm.Listed();
    }
    if (PATTERNS.containsKey(name)) {
      return pattern(call, name);
    }
    if (ADDRESS.matcher(name).find()) {
      return address();
    }
    if (LISTS.contains(name)) {
      for (Expr.Arg arg : call.args()) {
        if (arg.name().isEmpty() || arg.name().equals("child")) {
          return new FieldForm.Each(form(arg.value(), depth + 1));
        }
      }
    }
    if (name.equals("Nested") && !call.args().isEmpty()) {
      return nested(call.args().getFirst().value());
    }
    FieldForm inner = of(name);
    return inner != null ? inner : ANY.contains(name) ? new FieldForm.Any() : text();
  }

  private FieldForm nested(Expr schema) {
    FieldForm form =
        switch (schema) {
          case Expr.Call call -> of(last(call));
          case Expr.Name(String name, int _) -> of(name);
          case Expr.Literal(Object name, int _) -> of(String.valueOf(name));
          default -> null;
        };
    return form == null ? new FieldForm.Any() : form;
  }

  /// What validators say of a field besides its own kind; of a list they speak as a whole.
  FieldForm validated(FieldForm form, Expr validators) {
    if (form instanceof FieldForm.Each) {
      return form;
    }
    FieldForm result = form;
    List<Expr> some =
        validators instanceof Expr.Items(List<Expr> items, int _) ? items : List.of(validators);
    for (Expr each : some) {
      result =
          each instanceof Expr.Call call
              ? validated(result, call)
              : by(result, each, FieldForm.By.RAISES);
    }
    return result;
  }

  private FieldForm validated(FieldForm form, Expr.Call call) {
    String name = last(call);
    if (LISTED.matcher(name).find()) {
      return new FieldForm.Listed();
    }
    if (PATTERNS.containsKey(name)) {
      return pattern(call, name);
    }
    return switch (name) {
      case "UUID" -> new FieldForm.Harmless();
      case "IPAddress" -> address();
      case "AfterValidator" ->
          call.args().isEmpty()
              ? form
              : by(form, call.args().getFirst().value(), FieldForm.By.GIVES);
      case "and_", "All" -> {
        FieldForm result = form;
        for (Expr.Arg arg : call.args()) {
          result = validated(result, arg.value());
        }
        yield result;
      }
      default -> form;
    };
  }

  private FieldForm by(FieldForm form, Expr function, FieldForm.By how) {
    Function known =
        function instanceof Expr.Name(String name, int _) ? all.definitions.function(name) : null;
    return known == null ? form : new FieldForm.Checked(form, known, how);
  }

  private FieldForm pattern(Expr.Call call, String name) {
    for (Expr.Arg arg : call.args()) {
      if (arg.name().isEmpty() || arg.name().equals("regex")) {
        return pattern(arg.value(), PATTERNS.getOrDefault(name, TextPattern.Reach.PART));
      }
    }
    return text();
  }

  /// A text of such an expression.
  FieldForm pattern(Expr written, TextPattern.Reach reach) {
    Value value = all.expressions.quietly(written);
    String expression = all.patterns.expression(value);
    expression = expression == null ? value.text() : expression;
    return new FieldForm.Text(
        expression == null ? Guards.BY_FORM : all.patterns.of(expression, reach));
  }

  FieldForm text() {
    return new FieldForm.Text(FieldForm.text(all.model));
  }

  /// Of an address of the net: it leads somewhere, and does no other harm.
  FieldForm address() {
    return new FieldForm.Text(
        Guards.BY_FORM & ~(all.model.kind("url") | all.model.kind("redirect")));
  }

  /// What webargs and the like hand to a parameter: `@use_args({"count": fields.Int()})`; null
  /// where no mark says it.
  @Nullable FieldForm given(Function function, Function.Param param) {
    for (Expr mark : function.marks()) {
      if (mark instanceof Expr.Call call && !call.args().isEmpty()) {
        boolean named = last(call).equals("use_kwargs");
        if (named || last(call).equals("use_args") || last(call).equals("arguments")) {
          FieldForm form = fields(call.args().getFirst().value());
          return named && form instanceof FieldForm.Fields(Map<String, FieldForm> fields)
              ? fields.get(param.name())
              : named ? null : form;
        }
      }
    }
    return null;
  }

  /// A schema class, an object of it, or fields written out.
  private @Nullable FieldForm fields(Expr schema) {
    if (schema instanceof Expr.Entries(List<Expr.Entry> entries, int _, int _)) {
      Map<String, FieldForm> fields = new LinkedHashMap<>();
      for (Expr.Entry each : entries) {
        if (each.key() instanceof Expr.Literal(Object key, int _)) {
          fields.put(String.valueOf(key), form(each.value(), 0));
        }
      }
      return new FieldForm.Fields(fields);
    }
    return switch (schema) {
      case Expr.Call call -> of(last(call));
      case Expr.Name(String name, int _) -> of(name);
      default -> null;
    };
  }

  /// A form with what it was sent: `OrderForm(request.POST)`; null when the call makes none.
  @Nullable Value made(CallSite site) {
    FieldForm.Fields form = of(site.name());
    ClassCode code = form == null ? null : all.definitions.made(site.method());
    if (form == null || code == null) {
      return null;
    }
    Value sent = site.named().get("data");
    sent = sent == null && !site.args().isEmpty() ? site.args().getFirst() : sent;
    if (sent == null && code.bases().stream().anyMatch(base -> base.endsWith("FlaskForm"))) {
      // It reads the request by itself.
      sent =
          Value.UNKNOWN.withTaint(
              Taint.at(all.model.label("request"), site.line(), site.name() + "()"));
    }
    if (sent == null) {
      return null;
    }
    Value given = Heap.whole(sent, all.env()).derived();
    Value checked = form.of(given, site.name(), all);
    Shape held = all.env().shape(checked.shape());
    Shape shape = Shape.MAP.with("data", sent).with("initial_data", sent);
    for (Map.Entry<Object, Value> each :
        held == null ? List.<Map.Entry<Object, Value>>of() : held.entries().entrySet()) {
      // form.title.data, of WTForms
      Shape field = Shape.MAP.with("data", each.getValue());
      shape = shape.with(each.getKey(), Value.holding(all.newShape(field)));
    }
    shape = shape.with("cleaned_data", checked).with("validated_data", checked);
    return Value.holding(all.newShape(shape)).withName(site.name());
  }

  static String last(Expr.Call call) {
    String name = Names.dotted(call.callee());
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
