package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.List;
import java.util.Set;

/// Calls that write into what they are given: `random.nextBytes(iv)`.
final class Fills {

  private Fills() {}

  private static final Set<String> FILLS =
      Set.of(
          "nextBytes",
          "randomFillSync",
          "getRandomValues",
          "ReadFull",
          "Read",
          "readFully",
          "copy",
          "arraycopy",
          "PutUint64",
          "PutUint32");

  /// Calls that read from outside, or from what can be guessed, into what they are given.
  private static final Set<String> READS =
      Set.of(
          "Bind",
          "BindJSON",
          "BindQuery",
          "BindUri",
          "BindXML",
          "BindYAML",
          "BindHeader",
          "BindBody",
          "MustBindWith",
          "ShouldBind",
          "ShouldBindJSON",
          "ShouldBindQuery",
          "ShouldBindUri",
          "ShouldBindXML",
          "ShouldBindYAML",
          "ShouldBindHeader",
          "ShouldBindWith",
          "ShouldBindBodyWith",
          "BodyParser",
          "QueryParser",
          "ParamsParser",
          "ReadJSON",
          "ReadForm",
          "ReadQuery",
          "Decode",
          "Unmarshal",
          "UnmarshalExtJSON",
          "UnmarshalStrict",
          "DecodeJSON",
          "nextBytes");

  /// Takes over into the state what a call reads: `c.Bind(&form)`, `decoder.Decode(&order)`.
  static void read(Expr.Call call, CallSite site, Value result, Evaluator all) {
    Env env = all.env();
    if (VALIDATES.contains(site.method()) && all.language == ParsedLanguage.GO) {
      validated(call, env, all);
      return;
    }
    if (result.taints().isEmpty() || !READS.contains(site.method())) {
      return;
    }
    for (Expr.Arg arg : call.args()) {
      if (arg.value() instanceof Expr.Name(String name, int _)) {
        Value now = env.get(name);
        if (now != null && !now.isConstant() && now.taints().isEmpty()) {
          Value sent = now.withTaints(result.taints());
          boolean asks = site.method().contains("Bind") && !now.name().isEmpty();
          env.set(name, asks ? formed(sent, "binding", all) : sent);
        }
      }
    }
  }

  /// Calls that ask for what the tags of a struct say.
  private static final Set<String> VALIDATES =
      Set.of("Validate", "Struct", "ValidateStruct", "StructCtx");

  private static void validated(Expr.Call call, Env env, Evaluator all) {
    for (Expr.Arg arg : call.args()) {
      Expr given = arg.value();
      Expr plain = given instanceof Expr.Unary(String _, Expr operand, int _) ? operand : given;
      if (plain instanceof Expr.Name(String name, int _)) {
        Value now = env.get(name);
        if (now != null && !now.taints().isEmpty()) {
          env.set(name, formed(now, "validate", all));
        }
      }
    }
  }

  /// A struct that was filled, with what its tags say of the fields.
  private static Value formed(Value sent, String by, Evaluator all) {
    FieldForm.Fields form =
        all.definitions.structFields.form(
            sent.name(), by, all.fields.forms.text(), all.fields.forms.address());
    return form == null ? sent : form.of(sent, sent.name(), all).withTaints(sent.taints());
  }

  /// Takes over into the state that a cursor holds what it has asked for: `cursor.execute(query)`,
  /// `cursor.fetchall()`.
  static void rows(Expr.Call call, CallSite site, Value result, Env env) {
    if (site.method().equals("execute")
        && call.callee() instanceof Expr.Member(Expr.Name(String name, int _), String _, int _)
        && name.startsWith("cur")) {
      Value now = env.get(name);
      if (now != null) {
        env.set(name, now.withTaints(Value.join(now.taints(), result.taints())));
      }
    }
  }

  /// Takes over into the state what a call writes.
  static void run(Expr.Call call, CallSite site, Env env) {
    if (!FILLS.contains(site.method())) {
      return;
    }
    for (Expr.Arg arg : call.args()) {
      Expr base = arg.value();
      while (base instanceof Expr.Slice || base instanceof Expr.Index) {
        base = base instanceof Expr.Slice slice ? slice.object() : ((Expr.Index) base).object();
      }
      if (base instanceof Expr.Name(String name, int _)) {
        Value now = env.get(name);
        if (now != null && (now.name().equals("make()") || now.name().equals("byte[]"))) {
          List<Taint> from = site.receiver().taints();
          for (Value other : site.args()) {
            from = Value.join(from, other.taints());
          }
          env.set(name, now.withName("filled").withTaints(from));
        }
      }
    }
  }
}
