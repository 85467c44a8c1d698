package dev.prguard.review.rules.flow;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.ClassCode;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Stmt;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Fields of Go's structs that hold something of a library: `pool *pgxpool.Pool`. What is called on
/// them goes by that type, behind the name of the field.
final class StructFields {

  private static final String DECLARATION = "declaration:";
  private static final int MAX_TYPE = 80;

  /// A pointer, or an interface that is named for what it does: others are data.
  private static final Pattern SERVICE =
      Pattern.compile(
          "\\*\\w+\\.[A-Z]\\w*"
              + "|\\w+\\.(?:[A-Z]\\w*)?(?i:client|conn|db|pool|tx|store|session|logger|collection|engine|cmdable|request|responsewriter)");

  private final Map<String, String> types = new HashMap<>();

  /// A field's type and what stands behind it: `binding:"required,oneof=asc desc"`.
  private record Declared(String type, String tag) {}

  private final Map<String, Map<String, Declared>> fields = new HashMap<>();

  private static final Pattern RULES = Pattern.compile("(binding|validate):\\\\?\"([^\"]*)\"");

  private static final Pattern NUMBER =
      Pattern.compile(
          "^(?:u?int(?:8|16|32|64)?|float(?:32|64)|bool|time\\.Time|time\\.Duration|uuid\\.UUID)$");

  private static final Pattern LISTED = Pattern.compile("(?:^|,)(?:oneof|eq)=");

  private static final Pattern HARMLESS =
      Pattern.compile(
          "(?:^|,)(?:uuid[345]?(?:_rfc4122)?|numeric|number|alpha|alphanum|hexadecimal|hexcolor|boolean|datetime=[^,]*"
              + "|mongodb|ulid|e164|iso3166_1_alpha[23]|bcp47_language_tag|semver|md5|sha256)(?:,|$)");

  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?:^|,)(?:ip|ipv4|ipv6|cidr|cidrv4|hostname|hostname_rfc1123|fqdn|mac)(?:,|$)");

  private static final Pattern BOUNDED = Pattern.compile("(?:^|,)(?:max|lte|lt)=\\d");

  /// What a struct says of its fields where they are checked; null for no struct of the file.
  ///
  /// @param by the tag that is asked: `binding` by gin when it reads, `validate` by a validator
  FieldForm.@Nullable Fields form(String type, String by, FieldForm text, FieldForm address) {
    Map<String, Declared> declared = fields.get(type.substring(type.lastIndexOf('.') + 1));
    if (declared == null) {
      return null;
    }
    Map<String, FieldForm> forms = new LinkedHashMap<>();
    declared.forEach((name, field) -> {
      Matcher tag = RULES.matcher(field.tag());
      String said = "";
      while (tag.find()) {
        said = tag.group(1).equals(by) ? tag.group(2) : said;
      }
      if (NUMBER.matches(field.type())) {
        forms.put(name, new FieldForm.Harmless(BOUNDED.matcher(said).find()));
      } else if (LISTED.matcher(said).find()) {
        forms.put(name, new FieldForm.Listed());
      } else if (HARMLESS.matcher(said).find()) {
        forms.put(name, new FieldForm.Harmless());
      } else if (ADDRESS.matcher(said).find()) {
        forms.put(name, address);
      } else if (field.type().equals("string")) {
        forms.put(name, text);
      }
    });
    return forms.isEmpty() ? null : new FieldForm.Fields(forms);
  }

  void collect(ClassCode code) {
    for (Stmt field : code.fields()) {
      if (field instanceof Stmt.Evaluate(Expr.Other(String kind, List<Expr> target, int _))
          && kind.startsWith(DECLARATION)
          && target.getFirst() instanceof Expr.Name(String name, int _)) {
        String type = kind.substring(DECLARATION.length());
        String tag =
            target.size() > 1 && target.get(1) instanceof Expr.Literal(Object text, int _)
                ? String.valueOf(text)
                : "";
        fields
            .computeIfAbsent(code.name(), _ -> new LinkedHashMap<>())
            .put(name, new Declared(type, tag));
        if (type.length() <= MAX_TYPE && SERVICE.matches(type)) {
          types.putIfAbsent(
              code.name() + '.' + name, type.substring(type.charAt(0) == '*' ? 1 : 0));
        }
      }
    }
  }

  /// The name of a field with its type, where that is known: `API.pool.pgxpool.Pool`.
  String typed(String owner, String field) {
    String name = owner + '.' + field;
    if (types.isEmpty()) {
      return name;
    }
    String type = types.get(owner.substring(owner.lastIndexOf('.') + 1) + '.' + field);
    return type == null ? name : name + '.' + type;
  }
}
