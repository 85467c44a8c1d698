package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.ClassCode;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Stmt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Fields of a class that marks speak about: decorators of class-validator, annotations of Jakarta
/// Bean Validation.
///
/// Source: class-validator's "Validation decorators"; Jakarta Bean Validation 3.1, "Built-in
/// constraint definitions": `@Pattern` is about the whole text.
final class Decorated {

  private static final Pattern NUMBER =
      Pattern.compile(
          "^(?:Is(?:Int|Number|Positive|Negative|Boolean|Date|DateString|ISO8601|RFC3339|UUID|MongoId|NumberString"
              + "|Numeric|Alpha|Alphanumeric|Hexadecimal|HexColor|Hash|Port|Decimal|BooleanString|Latitude|Longitude"
              + "|PhoneNumber|MobilePhone|ISO31661Alpha[23]|ISO4217CurrencyCode|Locale|Octal|ULID|Divisible\\w*)"
              + "|Digits|Positive|PositiveOrZero|Past|PastOrPresent|Future|FutureOrPresent|UUID)$");

  private static final Set<String> LISTED = Set.of("IsIn", "IsEnum", "Equals");

  private static final Set<String> ADDRESSES = Set.of("IsIP", "IsFQDN");

  /// What leaves any text, of class-validator; another decorator of such a name is one of the
  /// program's own, which is taken to check what it is there to check.
  private static final Pattern TEXT =
      Pattern.compile(
          "^Is(?:String|Email|Url|URL|Ascii|Base64|DataURI|ByteLength|Lowercase|Uppercase|MimeType|MagnetURI)$"
              + "|^(?:Min|Max|)Length$");

  /// What leaves whatever was sent.
  private static final Set<String> ANY =
      Set.of(
          "IsNotEmpty",
          "IsEmpty",
          "IsOptional",
          "IsDefined",
          "IsArray",
          "IsObject",
          "IsJSON",
          "IsNotIn",
          "IsNotEmptyObject",
          "IsInstance",
          "ValidateNested",
          "ValidateIf");

  private static final Pattern CHECK = Pattern.compile("^(?:Is[A-Z]|Validate$|Validate[A-Z]\\w*$)");

  private static final int MAX_DEPTH = 3;

  private final Evaluator all;

  Decorated(Evaluator all) {
    this.all = all;
  }

  /// A field, with the marks that stand before it.
  ///
  /// @param type as declared
  record Field(String name, String type, List<Expr> marks) {

    static @Nullable Field of(Stmt statement) {
      List<Expr> marks = new ArrayList<>();
      for (Stmt part :
          statement instanceof Stmt.Block(List<Stmt> parts) ? parts : List.of(statement)) {
        if (part
            instanceof
            Stmt.Evaluate(Expr.Assign(Expr.Name(String name, int _), _, _, String type, int _))) {
          return new Field(name, type, marks);
        }
        if (part instanceof Stmt.Evaluate(Expr mark)) {
          marks.add(mark);
        }
      }
      return null;
    }
  }

  /// What the marks of a class say of its fields; null when there are none.
  FieldForm.@Nullable Fields of(String type) {
    return of(type, 0);
  }

  private FieldForm.@Nullable Fields of(String type, int depth) {
    all.spend(1);
    ClassCode code = all.definitions.type(type);
    if (code == null || depth > MAX_DEPTH) {
      return null;
    }
    Map<String, FieldForm> fields = new LinkedHashMap<>();
    for (Stmt each : code.fields()) {
      Field field = Field.of(each);
      if (field == null || field.marks().isEmpty()) {
        continue;
      }
      FieldForm form = form(field, depth);
      if (form != null) {
        fields.put(field.name(), form);
      }
    }
    return fields.isEmpty() ? null : new FieldForm.Fields(fields);
  }

  /// Null where no mark says anything.
  private @Nullable FieldForm form(Field field, int depth) {
    FieldForm form = null;
    boolean list = false;
    for (Expr each : field.marks()) {
      String name = name(each);
      Expr.Call call = each instanceof Expr.Call made ? made : null;
      FieldForm said =
          switch (name) {
            case "Type" -> nested(call, depth);
            // What is within is only asked about where this says so.
            case "Valid" -> of(field.type(), depth + 1);
            default -> said(name, call);
          };
      if (said != null) {
        form = form == null ? said : stricter(form, said);
      }
      list |= name.equals("IsArray") || (call != null && isEach(call));
    }
    return form == null
        ? null
        : list && !(form instanceof FieldForm.Fields) ? new FieldForm.Each(form) : form;
  }

  /// Of two things that are both said of a field, the one that leaves less.
  private static FieldForm stricter(FieldForm one, FieldForm other) {
    return rank(other) > rank(one) ? other : one;
  }

  private static int rank(FieldForm form) {
    return switch (form) {
      case FieldForm.Any() -> 0;
      case FieldForm.Text(long clears) -> Long.bitCount(clears);
      default -> Long.SIZE + 1;
    };
  }

  /// What a mark says, of a field or of a parameter; null for nothing.
  @Nullable FieldForm said(String name, Expr.@Nullable Call call) {
    if (NUMBER.matcher(name).find()) {
      return new FieldForm.Harmless();
    }
    if (LISTED.contains(name)) {
      return new FieldForm.Listed();
    }
    if (ADDRESSES.contains(name)) {
      return all.fields.forms.address();
    }
    if (name.equals("Matches") && call != null && !call.args().isEmpty()) {
      return all.fields.forms.pattern(call.args().getFirst().value(), TextPattern.Reach.PART);
    }
    if (name.equals("Pattern") && call != null) {
      for (Expr.Arg arg : call.args()) {
        if (arg.name().equals("regexp") || arg.name().equals("value")) {
          return all.fields.forms.pattern(arg.value(), TextPattern.Reach.WHOLE);
        }
      }
    }
    if (TEXT.matcher(name).find()) {
      return all.fields.forms.text();
    }
    if (ANY.contains(name)) {
      return new FieldForm.Any();
    }
    return CHECK.matcher(name).find() ? new FieldForm.Harmless() : null;
  }

  /// `@Type(() => Item)`
  private @Nullable FieldForm nested(Expr.@Nullable Call call, int depth) {
    if (call != null
        && !call.args().isEmpty()
        && call.args().getFirst().value() instanceof Expr.Lambda(var function, int _)
        && function.body() instanceof Stmt.Return(Expr.Name(String type, int _), int _)) {
      return type.equals("Number") || type.equals("Date") || type.equals("Boolean")
          ? new FieldForm.Harmless()
          : of(type, depth + 1);
    }
    return null;
  }

  private static boolean isEach(Expr.Call call) {
    for (Expr.Arg arg : call.args()) {
      if (arg.value() instanceof Expr.Entries(List<Expr.Entry> entries, int _, int _)
          && entries.stream()
              .anyMatch(entry ->
                  entry.key() instanceof Expr.Literal(Object key, int _)
                      && "each".equals(key)
                      && entry.value() instanceof Expr.Literal(Object yes, int _)
                      && Boolean.TRUE.equals(yes))) {
        return true;
      }
    }
    return false;
  }

  static String name(Expr mark) {
    String name = Names.dotted(mark instanceof Expr.Call call ? call.callee() : mark);
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
