package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Schemas of zod, joi and yup: what has gone through one holds numbers, dates and listed texts
/// where the schema says so. Of all other fields it says nothing here: any text may be in a text.
///
/// Source: zod's documentation, "Defining schemas" and "Basic usage"; joi's and yup's of
/// `validate`.
final class Schemas {

  private static final Set<String> MAKES = Set.of("object", "strictObject", "looseObject");

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
          "nullable");

  private static final Set<String> PARSES =
      Set.of("parse", "parseAsync", "validate", "validateSync", "validateAsync");

  /// What these give holds the value besides an error; joi's `validate` does, too.
  private static final Set<String> TRIES = Set.of("safeParse", "safeParseAsync");

  private static final Pattern JOI = Pattern.compile("^(?:joi|Joi)\\.");
  private static final Pattern ZOD =
      Pattern.compile("^(?:zod\\.|yup\\.)?(?:z|zod|joi|Joi|yup|Yup)\\.");

  /// One of what the schema lists.
  private static final Pattern LISTED =
      Pattern.compile(
          "^(?:zod\\.|yup\\.)?(?:z|zod|joi|Joi|yup|Yup)\\.(?:enum|nativeEnum|literal)\\(\\)|\\.(?:valid|equal|oneOf)\\(\\)");

  /// What any text can harm, also one that a schema has let through.
  private static final List<String> OF_TEXTS =
      List.of(
          "sql",
          "html",
          "shell",
          "ldap",
          "xpath",
          "code",
          "template",
          "path",
          "url",
          "redirect",
          "script",
          "prompt");

  /// A number, a date or the number of something, which as a text does no harm, or a text whose
  /// form the program has looked at by itself.
  private static final Pattern NUMBER =
      Pattern.compile(
          "^(?:zod\\.|yup\\.)?(?:z|zod|joi|Joi|yup|Yup)\\.(?:(?:coerce\\.)?(?:number|bigint|boolean|date|int|int32|float32|float64)"
              + "|uuid|guid|cuid2?|ulid|nanoid|stringbool|iso\\.\\w+)\\(\\)"
              + "|^(?:zod\\.|yup\\.)?(?:z|zod|joi|Joi|yup|Yup)\\.string\\(\\).*\\.(?:uuid|guid|cuid2?|ulid|nanoid|datetime|date|time)\\(\\)"
              + "|\\.(?:refine|superRefine|regex|transform|pipe|pattern|matches|hex|isoDate|token|alphanum)\\(\\)");

  private final Evaluator all;

  Schemas(Evaluator all) {
    this.all = all;
  }

  /// The schema that is made, or what has gone through it; null for any other call.
  @Nullable Value call(CallSite site) {
    String method = site.method();
    if (MAKES.contains(method)) {
      return site.args().size() == 1
              && ZOD.matcher(site.name()).find()
              && all.env().shape(site.args().getFirst().shape()) != null
          ? site.args().getFirst().withName(site.name() + "()")
          : null;
    }
    boolean keeps = KEEPS.contains(method);
    if (!keeps && !isCheck(method)) {
      return null;
    }
    Value schema = site.receiver();
    Shape fields = all.env().shape(schema.shape());
    if (fields == null || !ZOD.matcher(schema.name()).find()) {
      return null;
    }
    if (keeps) {
      return schema;
    }
    if (site.args().isEmpty()) {
      return null;
    }
    String name = site.name() + "()";
    Value given = Heap.whole(site.args().getFirst(), all.env()).derived().withShape(0);
    String within =
        TRIES.contains(method)
            ? "data"
            : method.equals("validate") && JOI.matcher(schema.name()).find() ? "value" : "";
    Value parsed = parsed(given, fields, within.isEmpty() ? name : name + '.' + within);
    return within.isEmpty()
        ? parsed
        : given.withName(name).withShape(all.newShape(Shape.MAP.with(within, parsed)));
  }

  private static boolean isCheck(String method) {
    return PARSES.contains(method) || TRIES.contains(method);
  }

  /// Kinds of harm that the call does not keep a text from, although it checks a form; 0 for a
  /// schema of which nothing is known.
  long leaves(CallSite site) {
    if (!isCheck(site.method())
        || !ZOD.matcher(site.receiver().name()).find()
        || all.env().shape(site.receiver().shape()) == null) {
      return 0;
    }
    long kinds = 0;
    for (String kind : OF_TEXTS) {
      kinds |= all.model.kind(kind);
    }
    return kinds;
  }

  private Value parsed(Value given, Shape fields, String name) {
    Shape shape = new Shape(Map.of(), given, -1);
    for (Map.Entry<Object, Value> each : fields.entries().entrySet()) {
      String type = each.getValue().name();
      String field = name + '.' + each.getKey();
      Shape inner = all.env().shape(each.getValue().shape());
      if (LISTED.matcher(type).find()) {
        shape = shape.with(each.getKey(), Value.named(field).known());
      } else if (NUMBER.matcher(type).find()) {
        shape = shape.with(each.getKey(), given.withName(field).number(true));
      } else if (inner != null && ZOD.matcher(type).find()) {
        shape = shape.with(each.getKey(), parsed(given, inner, field));
      }
    }
    return given.withName(name).withShape(all.newShape(shape));
  }
}
