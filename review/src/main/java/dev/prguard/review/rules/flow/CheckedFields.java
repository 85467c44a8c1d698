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

  private static final int MAX_DEPTH = 2;

  private final Evaluator all;

  CheckedFields(Evaluator all) {
    this.all = all;
  }

  /// A parameter's value, with what is known of its fields.
  Value of(Value value, Function.Param param) {
    ClassCode code = all.definitions.made(param.type());
    if (all.language == ParsedLanguage.PYTHON && param.name().equals("event")) {
      // What AWS hands over is a map: as a text it has no line breaks, what it holds may.
      return Value.holding(all.newShape(Shape.MAP.withAny(value))).withName(param.name());
    }
    if (code == null) {
      return value;
    }
    return withFields(value, param.name(), code, MAX_DEPTH);
  }

  private Value withFields(Value value, String name, ClassCode code, int depth) {
    Shape shape = Shape.MAP;
    for (Stmt each : code.fields()) {
      Field field = Field.of(each);
      if (field == null) {
        continue;
      }
      Value one = value.withName(name + '.' + field.name);
      ClassCode listed = all.definitions.made(field.listOf());
      if (isChecked(field.type)) {
        Value number = one.number(true);
        shape =
            shape.with(
                field.name, says(field.given, BOUNDS) ? number.withTaints(List.of()) : number);
      } else if (listed != null && depth > 0 && hasChecked(listed)) {
        Value held = withFields(one, one.name() + "[]", listed, depth - 1);
        shape = shape.with(field.name, one.withShape(all.newShape(new Shape(Map.of(), held, -1))));
      } else if (says(field.given, LENGTHS)) {
        shape = shape.with(field.name, one.cleared(FlowModel.BOUND));
      }
    }
    return shape.entries().isEmpty() ? value : value.withShape(all.newShape(shape));
  }

  private static boolean hasChecked(ClassCode code) {
    return code.fields().stream()
        .map(Field::of)
        .anyMatch(field -> field != null && isChecked(field.type));
  }

  /// A field of a Python class, with what it is by itself.
  private record Field(String name, String type, @Nullable Expr given) {

    static @Nullable Field of(Stmt statement) {
      return switch (statement) {
        case Stmt.Evaluate(Expr.Other(String kind, List<Expr> target, int _))
            when target.size() == 1
                && target.getFirst() instanceof Expr.Name(String name, int _)
                && kind.startsWith("declaration:") ->
            new Field(name, kind.substring("declaration:".length()), null);
        case Stmt.Evaluate(
                Expr.Assign(
                    Expr.Name(String name, int _),
                    String _,
                    Expr given,
                    String type,
                    int _)) ->
            new Field(name, type, given);
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
    if (all.language == ParsedLanguage.PYTHON && MODELLED.contains(site.method())) {
      String name = site.receiver().name();
      ClassCode code = all.definitions.made(name.substring(name.lastIndexOf('.') + 1));
      return code == null ? value : withFields(value, value.name(), code, MAX_DEPTH);
    }
    if (all.language != ParsedLanguage.JAVA
        || value.isConstant()
        || !site.args().isEmpty()
        || site.receiver().name().isEmpty()) {
      return value;
    }
    ClassCode code = all.definitions.type(site.receiver().name());
    if (code == null) {
      return value;
    }
    String type = declared(code, site.method());
    if (type == null) {
      Matcher getter = GETTER.matcher(site.method());
      type =
          getter.matches()
              ? declared(code, getter.group(1).toLowerCase(Locale.ROOT) + getter.group(2))
              : null;
    }
    if (type == null) {
      return value;
    }
    return isChecked(type)
        ? value.withShape(0).number(true)
        : all.definitions.isEnum(type) ? value.withShape(0).known() : value;
  }

  private static @Nullable String declared(ClassCode code, String field) {
    for (Stmt each : code.fields()) {
      for (Stmt part : each instanceof Stmt.Block(List<Stmt> parts) ? parts : List.of(each)) {
        if (part
                instanceof
                Stmt.Evaluate(
                    Expr.Assign(
                        Expr.Name(String name, int _),
                        String _,
                        Expr _,
                        String type,
                        int _))
            && name.equals(field)) {
          return type;
        }
      }
    }
    return null;
  }

  /// Whether what is declared so is a number, a date or one of listed things.
  static boolean isChecked(String type) {
    return CHECKED.contains(type) || TypeNames.NUMBERS.contains(type);
  }

  private static boolean says(@Nullable Expr given, Set<String> what) {
    return given instanceof Expr.Call call
        && call.args().stream().anyMatch(arg -> what.contains(arg.name()));
  }
}
