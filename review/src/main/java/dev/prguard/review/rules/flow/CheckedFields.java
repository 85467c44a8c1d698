package dev.prguard.review.rules.flow;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.ClassCode;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import dev.prguard.review.rules.code.Stmt;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Classes that describe what a handler takes: what their fields can be was checked before the
/// handler runs, so a number among them is one.
final class CheckedFields {

  private static final Set<String> CHECKED =
      Set.of(
          "bool",
          "Literal",
          "UUID",
          "UUID4",
          "date",
          "datetime",
          "Decimal",
          "PositiveInt",
          "LocalDate",
          "LocalDateTime",
          "Instant",
          "OffsetDateTime",
          "ZonedDateTime",
          "Duration");

  private static final Pattern GETTER = Pattern.compile("(?:get|is)([A-Z])(\\w*)");

  /// Arguments of `Field` that say how large a number may be.
  private static final Set<String> BOUNDS = Set.of("le", "lt");

  /// The same of how long a text or list may be.
  private static final Set<String> LENGTHS = Set.of("max_length", "max_items");

  /// How pydantic makes an object of a text or map.
  private static final Set<String> MODELLED =
      Set.of("model_validate", "model_validate_json", "parse_obj", "parse_raw");

  /// How a schema of marshmallow does.
  private static final Set<String> LOADS = Set.of("load", "loads");

  private static final int MAX_DEPTH = 2;

  private final Evaluator all;
  final FormFields forms;
  private final Decorated marks;

  CheckedFields(Evaluator all) {
    this.all = all;
    forms = new FormFields(all);
    marks = new Decorated(all);
  }

  /// A parameter's value, with what is known of its fields.
  Value of(Value value, Function.Param param, Function function) {
    if (all.language == ParsedLanguage.PYTHON) {
      if (param.name().equals("event") && all.definitions.made(param.type()) == null) {
        // What AWS hands over is a map: as a text it has no line breaks, what it holds may.
        return Value.holding(all.newShape(Shape.MAP.withAny(value))).withName(param.name());
      }
      FieldForm form = forms.given(function, param);
      if (form == null) {
        // name: Annotated[str, Query(...)], or name: str = Query(...)
        Expr otherwise = param.otherwise();
        form = told(null, otherwise == null ? param.marks() : List.of(otherwise));
      }
      if (form != null) {
        return form.of(value, param.name(), all);
      }
    }
    if (all.language != ParsedLanguage.PYTHON) {
      // Java's constraints of fields are only asked about where the parameter says so.
      FieldForm form =
          all.definitions.script()
                  || param.marks().stream().map(Decorated::name).anyMatch(VALIDATED::contains)
              ? marks.of(param.type())
              : null;
      for (Expr mark : param.marks()) {
        FieldForm said =
            marks.said(Decorated.name(mark), mark instanceof Expr.Call call ? call : null);
        form = said == null ? form : said;
      }
      // What stands in the path of an address is a text.
      Value sent =
          param.marks().stream().map(Decorated::name).anyMatch("Param"::equals)
              ? value.cleared(FieldForm.text(all.model))
              : value;
      return form == null ? sent : form.of(sent, value.name(), all);
    }
    ClassCode code = all.definitions.made(param.type());
    return code == null ? value : withFields(value, param.name(), code, MAX_DEPTH);
  }

  private Value withFields(Value value, String name, ClassCode code, int depth) {
    FieldForm.Fields form = forms.of(code.name());
    if (form != null) {
      return form.of(value, name, all);
    }
    Shape shape = Shape.MAP;
    for (Stmt each : code.fields()) {
      Field field = Field.of(each);
      if (field == null) {
        continue;
      }
      Value one = value.withName(name + '.' + field.name);
      ClassCode listed = all.definitions.made(field.listOf());
      if (listed != null && depth > 0 && hasChecked(listed)) {
        Value held = withFields(one, one.name() + "[]", listed, depth - 1);
        shape = shape.with(field.name, one.withShape(all.newShape(new Shape(Map.of(), held, -1))));
        continue;
      }
      FieldForm known = form(field, code);
      if (known != null) {
        Value held = known.of(one, one.name(), all);
        boolean bound = known instanceof FieldForm.Harmless && says(field.given, BOUNDS);
        shape = shape.with(field.name, bound ? held.withTaints(List.of()) : held);
      } else if (says(field.given, LENGTHS)) {
        shape = shape.with(field.name, one.cleared(FlowModel.BOUND));
      }
    }
    return shape.entries().isEmpty() ? value : value.withShape(all.newShape(shape));
  }

  /// What its type, what it is given and the methods that look at it say of a field; null for no
  /// more than that it is a text.
  private @Nullable FieldForm form(Field field, ClassCode code) {
    FieldForm form = typed(field.type);
    if (form == null && field.type.startsWith("list[")) {
      FieldForm held = typed(field.listOf());
      form = held == null ? null : new FieldForm.Each(held);
    }
    FieldForm told = told(form, field.given);
    for (Function method : code.methods()) {
      for (String mark : List.of("validator", "field_validator")) {
        if (FormFields.validated(method, mark).contains(field.name)) {
          told =
              new FieldForm.Checked(
                  told == null ? new FieldForm.Any() : told, method, FieldForm.By.GIVES);
          break;
        }
      }
    }
    return told;
  }

  private @Nullable FieldForm typed(String type) {
    if (all.definitions.isEnum(type)) {
      return new FieldForm.Listed();
    }
    return isChecked(type)
        ? new FieldForm.Harmless()
        : ADDRESSES.contains(type) ? forms.address() : null;
  }

  private @Nullable FieldForm told(@Nullable FieldForm form, List<Expr> given) {
    FieldForm result = form;
    for (Expr each : given) {
      if (!(each instanceof Expr.Call call)) {
        continue;
      }
      for (Expr.Arg arg : call.args()) {
        if (arg.name().equals("pattern") || arg.name().equals("regex")) {
          result = forms.pattern(arg.value(), TextPattern.Reach.PART);
        } else if (arg.name().equals("validator")) {
          result = forms.validated(result == null ? forms.text() : result, arg.value());
        }
      }
      if (FormFields.last(call).equals("AfterValidator")) {
        result = forms.validated(result == null ? new FieldForm.Any() : result, call);
      }
    }
    return result;
  }

  private static final Set<String> ADDRESSES =
      Set.of(
          "IPv4Address",
          "IPv6Address",
          "IPvAnyAddress",
          "IPv4Network",
          "IPv6Network",
          "IPvAnyNetwork");

  private boolean hasChecked(ClassCode code) {
    return code.fields().stream()
        .map(Field::of)
        .anyMatch(field -> field != null && form(field, code) != null);
  }

  /// A field of a Python class, with what it is by itself and what its type says besides.
  private record Field(String name, String type, List<Expr> given) {

    static @Nullable Field of(Stmt statement) {
      return switch (statement) {
        case Stmt.Evaluate(Expr.Other(String kind, List<Expr> parts, int _))
            when !parts.isEmpty()
                && parts.getFirst() instanceof Expr.Name(String name, int _)
                && kind.startsWith("declaration:") ->
            new Field(
                name, kind.substring("declaration:".length()), parts.subList(1, parts.size()));
        case Stmt.Evaluate(
                Expr.Assign(
                    Expr.Name(String name, int _),
                    String _,
                    Expr given,
                    String type,
                    int _)) ->
            new Field(name, type, List.of(given));
        default -> null;
      };
    }

    String listOf() {
      return type.startsWith("list[") ? type.substring(5, type.length() - 1) : "";
    }
  }

  /// What has become an object of a Python class of the file, whose fields were checked; or what a
  /// method without arguments gives, when it is named as a field of a Java class of the file that
  /// holds numbers or one of listed things.
  Value got(CallSite site, Value value) {
    return switch (all.language) {
      case PYTHON -> loaded(site, value);
      case JAVA -> component(site, value);
      default -> value;
    };
  }

  private Value loaded(CallSite site, Value value) {
    String name = site.receiver().name();
    if (LOADS.contains(site.method())) {
      FieldForm.Fields form =
          site.args().isEmpty() || !name.endsWith("()")
              ? null
              : forms.of(name.substring(0, name.length() - 2));
      return form == null
          ? value
          : form.of(
              Heap.whole(site.args().getFirst(), all.env()).derived(), site.name() + "()", all);
    }
    String made = MODELLED.contains(site.method()) ? name : "";
    Value type = site.named().get("type");
    if (type != null && site.name().startsWith("msgspec.") && site.method().equals("decode")) {
      made = type.name();
    }
    ClassCode code = all.definitions.made(made.substring(made.lastIndexOf('.') + 1));
    return code == null ? value : withFields(value, value.name(), code, MAX_DEPTH);
  }

  private Value component(CallSite site, Value value) {
    if (value.isConstant() || !site.args().isEmpty() || site.receiver().name().isEmpty()) {
      return value;
    }
    Shape known = all.env().shape(site.receiver().shape());
    if (known != null && known.get(site.method()).name().endsWith('.' + site.method())) {
      return known.get(site.method());
    }
    ClassCode code = all.definitions.type(site.receiver().name());
    if (code == null) {
      return value;
    }
    Decorated.Field field = declared(code, site.method());
    if (field == null) {
      Matcher getter = GETTER.matcher(site.method());
      field =
          getter.matches()
              ? declared(code, getter.group(1).toLowerCase(Locale.ROOT) + getter.group(2))
              : null;
    }
    if (field == null) {
      return value;
    }
    if (known != null && known.has(field.name())) {
      return known.get(field.name());
    }
    String type = field.type();
    if (isChecked(type)) {
      return value.withShape(0).number(true);
    }
    if (all.definitions.isEnum(type)) {
      return value.withShape(0).known();
    }
    Value given = all.definitions.type(type) == null ? value : value.withName(type);
    for (Function method : code.methods()) {
      if (method.name().equals(code.name()) && method.params().isEmpty()) {
        return all.checked(compact(method, field), given, FieldForm.By.RAISES);
      }
    }
    return given;
  }

  /// The compact constructor of a record, as what looks at one of its components.
  private static Function compact(Function constructor, Decorated.Field field) {
    return new Function(
        constructor.name(),
        List.of(new Function.Param(field.name(), "", List.of(), null, constructor.line())),
        constructor.body(),
        List.of(),
        constructor.line(),
        constructor.endLine());
  }

  private static final Set<String> VALIDATED = Set.of("Valid", "Validated");

  private static Decorated.@Nullable Field declared(ClassCode code, String name) {
    for (Stmt each : code.fields()) {
      Decorated.Field field = Decorated.Field.of(each);
      if (field != null && field.name().equals(name)) {
        return field;
      }
    }
    return null;
  }

  /// Whether what is declared so is a number, a date or one of listed things.
  static boolean isChecked(String type) {
    return CHECKED.contains(type) || TypeNames.NUMBERS.contains(type);
  }

  private static boolean says(List<Expr> given, Set<String> what) {
    return given.stream()
        .anyMatch(each ->
            each instanceof Expr.Call call
                && call.args().stream().anyMatch(arg -> what.contains(arg.name())));
  }
}
