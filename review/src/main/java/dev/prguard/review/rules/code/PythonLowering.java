package dev.prguard.review.rules.code;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.Expr.Arg;
import dev.prguard.review.rules.code.Expr.Assign;
import dev.prguard.review.rules.code.Expr.Binary;
import dev.prguard.review.rules.code.Expr.Call;
import dev.prguard.review.rules.code.Expr.Comprehension;
import dev.prguard.review.rules.code.Expr.Conditional;
import dev.prguard.review.rules.code.Expr.Entries;
import dev.prguard.review.rules.code.Expr.Entry;
import dev.prguard.review.rules.code.Expr.Index;
import dev.prguard.review.rules.code.Expr.Items;
import dev.prguard.review.rules.code.Expr.Lambda;
import dev.prguard.review.rules.code.Expr.Literal;
import dev.prguard.review.rules.code.Expr.Member;
import dev.prguard.review.rules.code.Expr.Name;
import dev.prguard.review.rules.code.Expr.Slice;
import dev.prguard.review.rules.code.Expr.Text;
import dev.prguard.review.rules.code.Expr.Unary;
import dev.prguard.review.rules.code.Function.Param;
import dev.prguard.review.syntax.SyntaxNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Python: expressions. Statements are in [PythonStatements].
final class PythonLowering extends Lowering {

  /// Of a date it would have a percent sign in it.
  private static final Pattern LIST_OF =
      Pattern.compile(
          "(?:\\w+\\.)?(?:list|List|tuple|Tuple|set|Set|Sequence|Iterable|conlist)[\\[(]\\s*(\\w+)");

  private static final Pattern NUMBER = Pattern.compile(":[^%{}]*[bdeEfFgGnoxX%]");

  private final PythonStatements statements = new PythonStatements(this);

  @Override
  Stmt statement(SyntaxNode node) {
    return statements.statement(node);
  }

  List<Param> params(@Nullable SyntaxNode list) {
    List<Param> params = new ArrayList<>();
    for (SyntaxNode each : list == null ? List.<SyntaxNode>of() : list.children()) {
      SyntaxNode name =
          switch (each.kind()) {
            case "identifier" -> each;
            case "default_parameter", "typed_default_parameter" -> each.child("name");
            case "typed_parameter", "list_splat_pattern", "dictionary_splat_pattern" ->
                each.children().isEmpty() ? null : each.children().getFirst();
            default -> null;
          };
      if (name != null) {
        SyntaxNode type = each.child("type");
        params.add(
            new Param(
                name.text().replace("*", ""),
                name.text().startsWith("**") || each.text().startsWith("**")
                    ? Param.OTHERS
                    : declared(type),
                told(type),
                isInjected(type)
                    ? new Call(
                        new Name("Depends", each.line()),
                        List.of(),
                        false,
                        each.line(),
                        each.endLine())
                    : optional(each.child("value")),
                each.line()));
      }
    }
    return params;
  }

  private static final Pattern ANNOTATED =
      Pattern.compile("(?s)(?:typing\\.|t\\.)?Annotated\\[\\s*([\\w.]+)[^,]*,(.*)");

  /// `Annotated[User, Depends(current_user)]` is a `User`.
  private static String declared(@Nullable SyntaxNode type) {
    if (type == null) {
      return "";
    }
    String written = OPTIONAL.matcher(type.text()).replaceAll("$1");
    Matcher annotated = ANNOTATED.matcher(written);
    return simpleType(annotated.matches() ? annotated.group(1) : written);
  }

  /// `date | None` and `Optional[date]` are a `date`.
  private static final Pattern OPTIONAL =
      Pattern.compile("(?s)^(?:\\w+\\.)?Optional\\[(.*)\\]$|\\s*\\|\\s*None\\b|\\bNone\\s*\\|\\s*");

  /// What a type says besides its name: the calls in `Annotated[str, Query(max_length=9)]`, and
  /// `constr(max_length=9)`.
  private List<Expr> told(@Nullable SyntaxNode type) {
    if (type == null || type.children().isEmpty()) {
      return List.of();
    }
    SyntaxNode written = type.children().getFirst();
    if (written.is("call")) {
      return List.of(expression(written));
    }
    SyntaxNode list = written.first("type_parameter");
    if (list == null || !ANNOTATED.matcher(written.text()).matches()) {
      return List.of();
    }
    return list.children().stream().skip(1).map(this::single).toList();
  }

  /// As `user: User = Depends(current_user)` is.
  private static boolean isInjected(@Nullable SyntaxNode type) {
    if (type == null) {
      return false;
    }
    Matcher annotated = ANNOTATED.matcher(type.text());
    return annotated.matches() && INJECTS.matcher(annotated.group(2)).find();
  }

  private static final Pattern INJECTS =
      Pattern.compile("^\\s*(?:fastapi\\.)?(?:Depends|Security)\\(");

  @Override
  Expr expression(SyntaxNode node) {
    int line = node.line();
    return switch (node.kind()) {
      case "identifier" -> new Name(node.text(), line);
      case "string" -> string(node);
      case "concatenated_string" -> new Text(expressions(node.children()), line);
      case "integer", "float" -> numberLiteral(node);
      case "true" -> new Literal(true, line);
      case "false" -> new Literal(false, line);
      case "none" -> Expr.nothing(line);
      case "dotted_name" -> dotted(node.text(), line);
      case "attribute" -> member(node, "object", "attribute");
      case "call" -> callOf(node);
      case "subscript" -> subscript(node);
      case "binary_operator", "boolean_operator" -> binary(node);
      case "comparison_operator" -> comparison(node);
      case "not_operator" -> new Unary("not", expressionOr(node.child("argument"), line), line);
      case "unary_operator" ->
          new Unary(text(node.child("operator")), expressionOr(node.child("argument"), line), line);
      case "conditional_expression" ->
          node.children().size() == 3
              ? new Conditional(
                  expression(node.children().get(1)),
                  expression(node.children().get(0)),
                  expression(node.children().get(2)),
                  line)
              : other(node);
      case "list",
          "tuple",
          "set",
          "pattern_list",
          "tuple_pattern",
          "list_pattern",
          "expression_list" ->
          new Items(expressions(node.children()), line);
      case "dictionary" -> dictionary(node);
      case "list_comprehension",
          "set_comprehension",
          "generator_expression",
          "dictionary_comprehension" ->
          comprehension(node);
      case "pair" -> new Items(expressions(node.children()), line);
      case "lambda" ->
          new Lambda(
              new Function(
                  "",
                  params(node.child("parameters")),
                  new Stmt.Return(expressionOr(node.child("body"), line), line),
                  List.of(),
                  line,
                  node.endLine()),
              line);
      case "assignment" -> {
        SyntaxNode right = node.child("right");
        Expr target = expressionOr(node.child("left"), line);
        yield right == null
            ? declaration(target, node.child("type"), line)
            : assign(target, expression(right), fieldType(node.child("type")), line);
      }
      case "augmented_assignment" ->
          new Assign(
              expressionOr(node.child("left"), line),
              text(node.child("operator")),
              expressionOr(node.child("right"), line),
              "",
              line);
      case "named_expression" ->
          assign(
              expressionOr(node.child("name"), line),
              expressionOr(node.child("value"), line),
              "",
              line);
      case "as_pattern" -> {
        SyntaxNode alias = node.child("alias");
        Expr value = single(node);
        yield alias == null ? value : assign(single(alias), value, "", line);
      }
      case "parenthesized_expression", "await", "with_item", "type" -> single(node);
      case "function_definition", "class_definition", "decorated_definition" ->
          new Expr.Other("definition", List.of(), line);
      default -> other(node);
    };
  }

  /// As [#simpleType], but a list says of what: `list[Turn]`.
  private static String fieldType(@Nullable SyntaxNode node) {
    Matcher list = LIST_OF.matcher(node == null ? "" : node.text());
    return list.lookingAt() ? "list[" + list.group(1) + "]" : declared(node);
  }

  /// A field without a value: its name, then what its type says besides its own.
  private Expr declaration(Expr target, @Nullable SyntaxNode type, int line) {
    List<Expr> parts = new ArrayList<>();
    parts.add(target);
    parts.addAll(told(type));
    return new Expr.Other("declaration:" + fieldType(type), parts, line);
  }

  private Expr string(SyntaxNode node) {
    String start = node.children().isEmpty() ? "" : node.children().getFirst().text();
    String prefix = start.toLowerCase(Locale.ROOT);
    boolean raw = prefix.contains("r");
    List<Expr> parts = new ArrayList<>();
    for (SyntaxNode child : node.children()) {
      if (child.is("string_content")) {
        parts.add(Expr.text(raw ? child.text() : unescape(child.text()), child.line()));
      } else if (child.is("interpolation")) {
        parts.add(shown(child));
      }
    }
    if (parts.isEmpty()) {
      return Expr.text("", node.line());
    }
    return parts.size() == 1 && parts.getFirst() instanceof Literal
        ? parts.getFirst()
        : new Text(parts, node.line());
  }

  /// `{value!r}` and `{value:05d}` are `repr(value)` and a number.
  private Expr shown(SyntaxNode interpolation) {
    int line = interpolation.line();
    Expr value = expressionOr(interpolation.child("expression"), line);
    String form = "";
    for (SyntaxNode child : interpolation.children()) {
      if (child.is("type_conversion") && !child.text().equals("!s")) {
        form = "repr";
      } else if (child.is("format_specifier") && NUMBER.matcher(child.text()).matches()) {
        form = "float";
      }
    }
    return form.isEmpty()
        ? value
        : new Call(new Name(form, line), List.of(new Arg("", value, false)), false, line, line);
  }

  private Expr callOf(SyntaxNode node) {
    List<Arg> args = new ArrayList<>();
    SyntaxNode list = node.child("arguments");
    if (list != null && list.is("generator_expression")) {
      args.add(new Arg("", comprehension(list), false));
    } else if (list != null) {
      for (SyntaxNode each : list.children()) {
        switch (each.kind()) {
          case "keyword_argument" ->
              args.add(
                  new Arg(
                      text(each.child("name")),
                      expressionOr(each.child("value"), each.line()),
                      false));
          case "list_splat" -> args.add(new Arg("", single(each), true));
          case "dictionary_splat" -> args.add(new Arg("**", single(each), true));
          default -> args.add(new Arg("", expression(each), false));
        }
      }
    }
    Expr callee = expressionOr(node.child("function"), node.line());
    int line = callee instanceof Member member ? memberLine(node, member) : node.line();
    return new Call(callee, args, false, line, node.endLine());
  }

  /// In a chain of calls over several lines, a call is where its name is.
  private static int memberLine(SyntaxNode call, Member member) {
    SyntaxNode function = call.child("function");
    SyntaxNode attribute = function == null ? null : function.child("attribute");
    return attribute == null ? member.line() : attribute.line();
  }

  private Expr subscript(SyntaxNode node) {
    Expr object = expressionOr(node.child("value"), node.line());
    SyntaxNode index = node.child("subscript");
    if (index != null && index.is("slice")) {
      Expr[] ends = new Expr[2];
      String text = index.text();
      String step = text.replace(" ", "");
      if (step.equals("::-1")) {
        // A method of its own: everything backwards.
        return new Call(
            new Member(object, "[::-1]", node.line()),
            List.of(),
            false,
            node.line(),
            node.endLine());
      }
      int colon = -1;
      for (SyntaxNode child : index.children()) {
        int at = child.start() - index.start();
        colon = colonBefore(text, at, colon);
        ends[colon >= 0 ? 1 : 0] = expression(child);
      }
      return new Slice(object, ends[0], ends[1], node.line());
    }
    return new Index(object, expressionOr(index, node.line()), node.line());
  }

  private static int colonBefore(String text, int at, int known) {
    if (known >= 0) {
      return known;
    }
    int colon = text.substring(0, Math.min(at, text.length())).stripTrailing().length() - 1;
    return colon >= 0 && text.charAt(colon) == ':' ? colon : -1;
  }

  private Expr comparison(SyntaxNode node) {
    Expr result = null;
    Expr left = null;
    String operator = "";
    for (SyntaxNode child : node.children()) {
      if (child.field().equals("operators")) {
        operator = operator.isEmpty() ? child.text() : operator + " " + child.text();
        continue;
      }
      Expr right = expression(child);
      if (left != null) {
        Expr pair = new Binary(operator, left, right, node.line());
        result = result == null ? pair : new Binary("and", result, pair, node.line());
      }
      left = right;
      operator = "";
    }
    return result == null ? other(node) : result;
  }

  private Expr dictionary(SyntaxNode node) {
    List<Entry> entries = new ArrayList<>();
    for (SyntaxNode each : node.children()) {
      if (each.is("pair")) {
        entries.add(
            new Entry(
                expressionOr(each.child("key"), each.line()),
                expressionOr(each.child("value"), each.line())));
      } else {
        entries.add(new Entry(null, single(each)));
      }
    }
    return new Entries(entries, node.line(), node.endLine());
  }

  private Expr comprehension(SyntaxNode node) {
    SyntaxNode body = node.child("body");
    Expr result =
        body != null && body.is("pair")
            ? new Expr.Other("sequence", expressions(body.children()), node.line())
            : expressionOr(body, node.line());
    for (SyntaxNode each : node.children().reversed()) {
      if (each.is("if_clause")) {
        result = new Conditional(single(each), result, Expr.nothing(node.line()), node.line());
      }
      if (each.is("for_in_clause")) {
        result =
            new Comprehension(
                result,
                optional(each.child("left")),
                expressionOr(each.child("right"), each.line()),
                node.line());
      }
    }
    return result;
  }
}
