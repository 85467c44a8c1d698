package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a condition proves of the variables that it looks at.
final class Guards {

  /// The kinds of harm that a value does no more when it is known to equal another.
  private static final long BY_EQUALITY = ~1L;

  /// The same where a form is checked: what is well written may still be the wrong thing to do.
  static final long BY_FORM = BY_EQUALITY & ~FlowModel.ACT;

  /// The page's own.
  private static final Pattern OWN_HOST =
      Pattern.compile("(^|\\.)(location|nextUrl)\\.(origin|host|hostname)$");

  private static final String PROTO = "__proto__";
  private static final Set<String> ORDERS = Set.of(">", ">=", "<", "<=");
  private static final Set<String> SAME = Set.of("==", "===", "is");
  private static final Set<String> DIFFERENT = Set.of("!=", "!==", "is not");

  private static final int MAX_PRESENCE = 1_000;

  private final Evaluator all;
  private final Examined subject;
  private final Predicates predicates;
  final Approvals approvals;
  private final Beginnings beginnings;

  /// What a variable of Go was looked up by.
  private final Map<String, Expr.Index> presence = new HashMap<>();

  Guards(Evaluator all) {
    this.all = all;
    subject = new Examined(all);
    beginnings = new Beginnings(all, this);
    predicates = new Predicates(all, this);
    approvals = new Approvals(all);
  }

  /// What is known behind a call that comes back only when something holds, or never.
  void after(Expr called) {
    if (called instanceof Expr.Call call && all.language == ParsedLanguage.PYTHON) {
      new JsonSchemas(all).after(call);
    }
    Expr sure = Names.asserted(called);
    if (sure != null) {
      assume(sure, true);
    }
    if (Names.neverReturns(called)) {
      all.env().die();
    }
  }

  /// Takes over into the state that the test came out true, or false.
  void assume(Expr test, boolean truth) {
    switch (test) {
      case Expr.Unary(String operator, Expr operand, int _)
          when operator.equals("!") || operator.equals("not") ->
          assume(operand, !truth);
      case Expr.Binary(String operator, Expr left, Expr right, int _) ->
          binary(operator, left, right, truth);
      case Expr.Call call -> call(call, truth);
      // What an address of the inside is not: ip.is_private, of Python.
      case Expr.Member(Expr object, String name, int _)
          when truth ? name.equals("is_global") : INSIDE.contains(name) ->
          clear(object, all.model.kind("url"));
      case Expr.Index index -> {
        if (truth && all.language == ParsedLanguage.GO) {
          contains(index.object(), index.index(), true);
        }
      }
      case Expr.Member member -> approvals.answered(member, truth);
      case Expr.Name name -> {
        approvals.answered(name, truth);
        Expr.Index index = truth ? presence.get(name.name()) : null;
        if (index != null) {
          contains(index.object(), index.index(), true);
        }
      }
      default -> {}
    }
  }

  /// Go's `value, ok := list[item]`: either of the two says later whether the item is there.
  void assigned(Expr.Assign assign) {
    if (all.language != ParsedLanguage.GO) {
      return;
    }
    for (Expr target : Examined.parts(assign.target())) {
      if (target instanceof Expr.Name(String name, int _)) {
        if (assign.value() instanceof Expr.Index index && presence.size() < MAX_PRESENCE) {
          presence.put(name, index);
        } else {
          presence.remove(name);
        }
      }
    }
  }

  private void binary(String operator, Expr left, Expr right, boolean truth) {
    boolean and = operator.equals("&&") || operator.equals("and");
    boolean or = operator.equals("||") || operator.equals("or");
    if (and || or) {
      if (and == truth) {
        assume(left, truth);
        assume(right, truth);
      } else {
        // One of the two: only what both prove is known.
        Env start = all.env();
        all.env(start.copy());
        assume(left, truth);
        Env one = all.env();
        all.env(start.copy());
        assume(right, truth);
        one.join(all.env(), false);
        all.env(one);
      }
    } else if (operator.equals("in") || operator.equals("not in")) {
      contains(right, left, truth == operator.equals("in"));
    } else if (SAME.contains(operator) || DIFFERENT.contains(operator)) {
      boolean equal = truth == SAME.contains(operator);
      comparison(left, right, equal);
      comparison(right, left, equal);
    } else if (ORDERS.contains(operator)) {
      // That a number is not negative says nothing of how large it is.
      boolean leftIsLess = operator.startsWith("<") == truth;
      clear(left, FlowModel.ACT | (leftIsLess ? FlowModel.BOUND : 0));
      clear(right, FlowModel.ACT | (leftIsLess ? 0 : FlowModel.BOUND));
      // indexOf(x) >= 0, strings.Index(x, y) > -1
      assume(left, truth == operator.startsWith(">"));
    }
  }

  private void comparison(Expr compared, Expr other, boolean equal) {
    Value value = all.expressions.quietly(other);
    Expr one = Examined.asWritten(compared);
    if (!equal && PROTO.equals(value.text())) {
      clear(one, all.model.kind("proto"));
    }
    if (!equal
        && one instanceof Expr.Index(Expr container, Expr item, int _)
        && (value.constants().equals(List.of(Value.NULL))
            || (other instanceof Expr.Name(String nothing, int _)
                && nothing.equals("undefined")))) {
      contains(container, item, true);
    }
    if (!equal
        && one instanceof Expr.Index(Expr container, Expr at, int _)
        && Long.valueOf(1).equals(all.expressions.quietly(at).single())
        && ("/".equals(value.text()) || "\\".equals(value.text()))) {
      // path[1] != '/'
      clear(container, all.model.kind("redirect"));
    }
    if (equal && one instanceof Expr.Call call && !value.isConstant() && value.taints().isEmpty()) {
      // commonpath([path, root]) == root, where the root is not known here
      long kinds = all.model.guard(all.expressions.site(call), all.env());
      if (kinds != 0 && kinds != FlowModel.ALL) {
        call.args().forEach(arg -> Examined.parts(arg.value()).forEach(each -> clear(each, kinds)));
        // intent.getComponent().getPackageName().equals(getPackageName())
        clear(one, kinds);
      }
    }
    if (equal && Examined.isHost(one) && OWN_HOST.matcher(value.name()).find()) {
      // url.origin === location.origin
      clear(one, BY_EQUALITY);
    }
    if (value.single() instanceof Boolean wanted) {
      assume(one, equal == wanted);
    } else if (value.constants().equals(List.of(0L)) || value.constants().equals(List.of(-1L))) {
      assume(one, !equal);
    } else if (value.isConstant() && equal && !value.constants().contains(Value.NULL)) {
      long kinds =
          one instanceof Expr.Call call
              ? all.model.guard(all.expressions.site(call), all.env())
              : 0;
      if (one instanceof Expr.Unary(String operator, Expr operand, int _)
          && operator.equals("typeof")) {
        if ("string".equals(value.text())) {
          clear(operand, all.model.kind("nosql") | all.model.kind("proto"));
        }
      } else if (one instanceof Expr.Call call && kinds != 0) {
        // commonpath([path, root]) == root
        for (Expr.Arg arg : call.args()) {
          Examined.parts(arg.value()).forEach(each -> clear(each, kinds));
        }
      } else if (one instanceof Expr.Call call && Names.dotted(call.callee()).equals("input")) {
        // input(f"Delete {name}?") == "y"
        call.args()
            .forEach(
                arg -> Examined.parts(arg.value()).forEach(each -> clear(each, FlowModel.ACT)));
      } else {
        clear(one, BY_EQUALITY);
      }
    }
  }

  /// `item in container`: a fixed list proves everything, a character that is not there some.
  private void contains(Expr container, Expr item, boolean inside) {
    Value list = all.expressions.quietly(container);
    if (inside) {
      boolean fixed =
          Heap.isConstant(list, all.env())
              || (container instanceof Expr.Name(String name, int _) && Names.isConstant(name))
              || (container instanceof Expr.Member(Expr _, String field, int _)
                  && Names.isConstant(field))
              || (container instanceof Expr.Call call
                  && Names.isConstant(Names.dotted(call.callee())));
      if (list.taints().isEmpty()) {
        // What is there, whatever it is, was put there by the program itself.
        clear(item, fixed ? BY_EQUALITY : all.model.kind("dispatch"));
      }
    } else {
      String text = all.expressions.quietly(item).text();
      if (text != null) {
        clear(container, without(text));
      }
      Shape shape = all.env().shape(list.shape());
      if (shape != null
          && shape.entries().values().stream().anyMatch(each -> PROTO.equals(each.text()))) {
        clear(item, all.model.kind("proto"));
      }
    }
  }

  /// What a text can no longer do when it lacks another.
  private long without(String text) {
    return switch (text) {
      case "..", "../", "..\\", "/" -> all.model.kind("path");
      case "'", "\"" ->
          all.model.kind("sql")
              | all.model.kind("xpath")
              | all.model.kind("code")
              | all.model.kind("ldap");
      case "<", "<script" -> all.model.kind("html");
      case ";", "&", "|" -> 0;
      case "\n", "\r" -> all.model.kind("header") | all.model.kind("log");
      default -> 0;
    };
  }

  private void call(Expr.Call call, boolean truth) {
    predicates.assume(call, truth);
    Expr receiver =
        call.callee() instanceof Expr.Member(Expr object, String _, int _) ? object : null;
    String method =
        call.callee() instanceof Expr.Member(Expr _, String name, int _)
            ? name
            : call.callee() instanceof Expr.Name(String name, int _) ? name : "";
    List<Expr> examined = new ArrayList<>();
    if (receiver != null) {
      examined.add(receiver);
    }
    call.args().forEach(arg -> examined.add(arg.value()));
    switch (method) {
      case "contains",
          "includes",
          "has",
          "containsKey",
          "indexOf",
          "Contains",
          "find",
          "hasOwnProperty",
          "hasOwn" -> {
        if (receiver != null && call.args().size() == 1) {
          contains(receiver, call.args().getFirst().value(), truth);
        } else if (call.args().size() == 2) {
          contains(call.args().get(0).value(), call.args().get(1).value(), truth);
        }
      }
      case "call" -> {
        // Object.prototype.hasOwnProperty.call(container, item)
        if (call.args().size() == 2
            && receiver instanceof Expr.Member(Expr _, String name, int _)
            && name.equals("hasOwnProperty")) {
          contains(call.args().get(0).value(), call.args().get(1).value(), truth);
        }
      }
      case "compare_digest" -> {
        if (truth) {
          examined.forEach(this::signed);
        }
      }
      case "equals", "equalsIgnoreCase" -> {
        if (truth && receiver != null && call.args().size() == 1) {
          comparison(receiver, call.args().getFirst().value(), true);
          comparison(call.args().getFirst().value(), receiver, true);
        }
      }
      default -> {
        CallSite site = all.expressions.site(call);
        long kinds = all.patterns.proven(site, all.model.guard(site, all.env()), truth);
        if (Beginnings.STARTS.contains(method) && !examined.isEmpty()) {
          beginnings.starts(examined, kinds, truth);
        } else if (truth && approvals.isQuestion(kinds)) {
          approvals.given();
        } else if (kinds != 0) {
          long proven = kinds == FlowModel.ALL ? BY_FORM : kinds;
          for (Expr each : examined) {
            // confirm(f"Refund {order}?")
            List<Expr> about =
                each instanceof Expr.Text(List<Expr> parts, int _) ? parts : List.of(each);
            about.forEach(part -> clear(part, proven));
          }
        }
      }
    }
  }

  /// What a signature was made of comes from who has the key: `payload` in `hmac.new(KEY, payload,
  /// "sha256").digest()`.
  private void signed(Expr expression) {
    switch (expression) {
      case Expr.Name _ ->
          all.env().clearAlike(all.expressions.quietly(expression), FlowModel.PICKLE);
      case Expr.Member(Expr object, String _, int _) -> {
        if (object instanceof Expr.Call) {
          signed(object);
        }
      }
      case Expr.Call call -> {
        signed(call.callee());
        for (Expr.Arg arg : call.args()) {
          signed(arg.value());
          clear(arg.value(), FlowModel.PICKLE);
        }
      }
      default -> {}
    }
  }

  private static final Set<String> INSIDE =
      Set.of("is_private", "is_loopback", "is_link_local", "is_reserved");

  /// The variable that an expression is about.
  void clear(Expr examined, long kinds) {
    if (kinds == 0) {
      return;
    }
    if (kinds == BY_EQUALITY && Examined.isHost(examined)) {
      // A known host says where the whole address leads, not what else is in it.
      all.env().clearAlike(all.expressions.quietly(Examined.origin(examined)), places());
    }
    if (kinds == BY_EQUALITY
        && examined instanceof Expr.Member(Expr object, String part, int _)
        && part.equals("protocol")) {
      // A known scheme is not javascript:
      clear(object, all.model.kind("scheme"));
    }
    String name = subject.variable(examined);
    Value value = name == null ? null : all.env().get(name);
    if (name != null && value != null) {
      if (kinds != BY_EQUALITY) {
        all.sinks.examined(value, kinds);
      }
      Value safe = value.cleared(kinds);
      if (safe.taints().isEmpty()
          && !safe.isConstant()
          && (kinds == BY_EQUALITY
              || kinds == FlowModel.PICKLE
              || (all.definitions.script() && (kinds & FlowModel.ALL) != 0))) {
        // Not known to come from outside, and looked at.
        safe = safe.withTaint(new Taint(0, 0, "", null, kinds));
      }
      all.env().set(name, safe);
      long place =
          name.endsWith("()")
              ? 0
              : kinds & (all.model.kind("path") | all.model.kind("url") | all.model.kind("intent"));
      // That it equals something says nothing of others from the same place.
      if (place != 0 && kinds != BY_EQUALITY && !isField(examined)) {
        all.env().clearAlike(value, place);
        if (all.language == ParsedLanguage.GO) {
          all.expressions.members.cleared(value, place);
        }
      }
    }
  }

  /// `job.name`: says nothing of `job.file`, though both come from the same place.
  private boolean isField(Expr examined) {
    return all.definitions.script()
        && examined instanceof Expr.Member(Expr.Name(String owner, int _), String _, int _)
        && !Expressions.SELF.contains(owner);
  }

  private long places() {
    return all.model.kind("url") | all.model.kind("redirect") | all.model.kind("agency");
  }
}
