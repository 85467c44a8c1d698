package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import dev.prguard.review.rules.words.WordTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The rules and the library knowledge of one language, ready to match. Immutable once built.
public final class FlowModel {

  /// Harm by the size of a number: only a comparison clears it.
  static final long BOUND = 2L;

  /// What a conversion to a number clears: all kinds but two, as one made from a guessable number
  /// is as guessable, and one that is too large stays so.
  static final long ALL = ~3L;

  /// Kinds that the code itself clears, see [Guards] and [Places].
  private static final List<String> GUARDED =
      List.of(
          "path",
          "url",
          "redirect",
          "agency",
          "sql",
          "xpath",
          "code",
          "ldap",
          "html",
          "header",
          "log",
          "nosql",
          "proto",
          "dispatch",
          "scheme");

  /// @param suspect whether a match is only likely a problem
  /// @param step whether it only counts when no sink follows
  record Sink(int rule, ArgTest.Scope scope, boolean suspect, boolean step, List<String> imports) {}

  private record ParamSource(String kind, String name, String of, long label) {}

  private final Map<String, Long> labels = new HashMap<>();
  private final Map<String, Long> kinds = new HashMap<>();
  private final PatternIndex<Long> sources = new PatternIndex<>();
  private final PatternIndex<Long> sanitizers = new PatternIndex<>();
  private final PatternIndex<Long> guards = new PatternIndex<>();
  private final PatternIndex<Boolean> lookups = new PatternIndex<>();
  private final PatternIndex<Sink> sinks = new PatternIndex<>();
  private final List<ParamSource> params = new ArrayList<>();
  private final FlowNeeds needs;

  /// @param rules by their position in the caller's list
  /// @throws IllegalArgumentException when a pattern cannot be read
  public FlowModel(LanguageSpec language, Map<Integer, FlowSpec> rules) {
    needs = new FlowNeeds(language.written());
    bit(kinds, "random");
    bit(kinds, "bound");
    GUARDED.forEach(kind -> bit(kinds, kind));
    for (List<LanguageSpec.Clears> some : List.of(language.sanitizers(), language.guards())) {
      some.forEach(each ->
          each.kinds().stream()
              .filter(kind -> !kind.equals("all"))
              .forEach(kind -> bit(kinds, kind)));
    }
    rules.values().stream()
        .filter(spec -> !spec.sanitizers().isEmpty())
        .forEach(spec -> bit(kinds, spec.kind()));
    for (LanguageSpec.Source source : language.sources()) {
      long label = bit(labels, source.label());
      source.at().forEach(text -> sources.add(text, label));
      source.params().forEach(text -> params.add(param(text, label)));
    }
    language.sanitizers().forEach(each -> clears(each, sanitizers));
    language.guards().forEach(each -> clears(each, guards));
    language.lookups().forEach(text -> lookups.add(text, true));
    rules.forEach((rule, spec) -> {
      long from = 0;
      for (String label : spec.from()) {
        from |= bit(labels, label);
      }
      // What is only cleared with all else needs no bit of its own.
      long kind = kinds.containsKey(spec.kind()) ? kind(spec.kind()) : bit(kinds, "other");
      ArgTest.Scope scope = new ArgTest.Scope(from, kind);
      spec.sinks()
          .forEach(text -> sinks.add(text, new Sink(rule, scope, false, false, spec.imports())));
      spec.suspects()
          .forEach(text -> sinks.add(text, new Sink(rule, scope, true, false, spec.imports())));
      spec.steps()
          .forEach(text -> sinks.add(text, new Sink(rule, scope, false, true, spec.imports())));
      spec.sanitizers().forEach(text -> sanitizers.add(text, kind));
    });
    sources.all().forEach(each -> needs.source(each.pattern(), each.meaning()));
    params.forEach(each -> {
      switch (each.kind()) {
        case "in", "@" -> needs.mark(each.name(), each.label());
        case "of" -> needs.source(List.of(each.name(), each.of()), each.label());
        default -> needs.source(WordTable.split(each.name()), each.label());
      }
    });
    sinks.all().forEach(each -> needs.sink(each.pattern(), each.meaning()));
    needs.done();
  }

  /// What a file must have in it to be worth reading as code.
  public FlowNeeds needs() {
    return needs;
  }

  private void clears(LanguageSpec.Clears each, PatternIndex<Long> index) {
    long bits = 0;
    for (String kind : each.kinds()) {
      bits |= kind.equals("all") ? ALL : bit(kinds, kind);
    }
    for (String text : each.by()) {
      index.add(text, bits);
    }
  }

  private static long bit(Map<String, Long> names, String name) {
    Long known = names.get(name);
    if (known != null) {
      return known;
    }
    if (names.size() >= 63) {
      // No bit left: nothing clears this kind, nothing has this label.
      return 0;
    }
    long bit = 1L << names.size();
    names.put(name, bit);
    return bit;
  }

  private static ParamSource param(String text, long label) {
    if (text.startsWith("in @")) {
      return new ParamSource("in", text.substring(4), "", label);
    }
    if (text.startsWith("@")) {
      return new ParamSource("@", text.substring(1), "", label);
    }
    if (text.startsWith("given to ")) {
      return new ParamSource("given", text.substring(9), "", label);
    }
    if (text.startsWith("named ")) {
      return new ParamSource("named", text.substring(6), "", label);
    }
    int with = text.indexOf(" with ");
    if (with > 0) {
      return new ParamSource("with", text.substring(0, with), text.substring(with + 6), label);
    }
    if (text.startsWith("after ")) {
      return new ParamSource("after", text.substring(6), "", label);
    }
    if (text.startsWith(":")) {
      return new ParamSource(":", text.substring(1), "", label);
    }
    int of = text.indexOf(" of ");
    if (of < 0) {
      throw new IllegalArgumentException(
          "params: " + text + " (expected: see LanguageSpec.Source)");
    }
    return new ParamSource("of", text.substring(0, of), text.substring(of + 4), label);
  }

  long kind(String name) {
    return kinds.getOrDefault(name, 0L);
  }

  /// Labels of what is read or called, 0 for none.
  long source(String name, boolean call, boolean making) {
    long bits = 0;
    for (PatternIndex.Entry<Long> entry : sources.of(name, call, making)) {
      bits |= entry.meaning();
    }
    return bits;
  }

  long source(CallSite site, Env env) {
    long bits = 0;
    for (PatternIndex.Entry<Long> entry : sources.of(site.name(), true, site.making())) {
      if (entry.pattern().check(site, env, NOTHING) != null) {
        bits |= entry.meaning();
      }
    }
    return bits;
  }

  private static final ArgTest.Scope NOTHING = new ArgTest.Scope(0, 0);

  long sanitizer(CallSite site, Env env) {
    return cleared(sanitizers, site, env);
  }

  long guard(CallSite site, Env env) {
    return cleared(guards, site, env);
  }

  private static long cleared(PatternIndex<Long> index, CallSite site, Env env) {
    long bits = 0;
    for (PatternIndex.Entry<Long> entry : index.of(site.name(), true, site.making())) {
      if (entry.pattern().check(site, env, NOTHING) != null) {
        bits |= entry.meaning();
      }
    }
    return bits;
  }

  boolean isLookup(CallSite site) {
    return !lookups.of(site.name(), true, site.making()).isEmpty();
  }

  List<PatternIndex.Entry<Sink>> sinks(CallSite site) {
    // What is said of any call is said of its named arguments.
    boolean wild = site.making() || !site.named().isEmpty();
    return sinks.of(site.name(), true, site.making(), wild);
  }

  List<PatternIndex.Entry<Sink>> reads(String name) {
    return sinks.of(name, false, false);
  }

  /// Labels of what a function is called with from outside.
  long param(Function function, Function.Param param) {
    if (isHarmless(param) || isConverted(function, param.name())) {
      return 0;
    }
    long bits = 0;
    for (ParamSource source : params) {
      boolean is =
          switch (source.kind()) {
            case "in" -> hasMark(function.marks(), source.name()) && !param.name().equals("self");
            case "@" -> hasMark(param.marks(), source.name());
            case "given" ->
                param.equals(function.params().getFirst())
                    && !function.givenTo().isEmpty()
                    && isNamed(function.givenTo(), source.name());
            case "named" -> isNamed(param, source.name());
            case "with" ->
                param.name().equals(source.name())
                    && function.params().stream()
                        .anyMatch(other ->
                            other.name().equals(source.of()) || other.type().equals(source.of()));
            case "after" -> isAfter(function, param, source.name());
            case ":" ->
                source.name().endsWith("*")
                    ? param
                        .type()
                        .startsWith(source.name().substring(0, source.name().length() - 1))
                    : param.type().equals(source.name());
            default -> param.name().equals(source.name()) && function.name().equals(source.of());
          };
      if (is) {
        bits |= source.label();
      }
    }
    return bits;
  }

  /// Types besides [TypeNames#NUMBERS] whose values are no text, or that the framework itself hands
  /// over.
  private static final Set<String> HARMLESS =
      Set.of(
          "uuid.UUID",
          "LocalDateTime",
          "date",
          "datetime",
          "Decimal",
          "Pageable",
          "Principal",
          "Authentication",
          "Model",
          "ModelMap",
          "BindingResult",
          "RedirectAttributes",
          "HttpSession",
          "HttpServletResponse",
          "Locale",
          "Session",
          "AsyncSession",
          "BackgroundTasks");

  private static final Set<String> INJECTED =
      Set.of("Depends", "fastapi.Depends", "Security", "fastapi.Security", "Inject", "Provide");

  private static boolean isHarmless(Function.Param param) {
    return TypeNames.NUMBERS.contains(param.type())
        || HARMLESS.contains(param.type())
        || (param.otherwise() instanceof Expr.Call call
            && INJECTED.contains(Names.dotted(call.callee())));
  }

  /// Whether the route only takes numbers or the like for it: `/orders/<int:id>`.
  private static boolean isConverted(Function function, String name) {
    for (Expr mark : function.marks()) {
      if (mark instanceof Expr.Call call
          && !call.args().isEmpty()
          && call.args().getFirst().value() instanceof Expr.Literal(Object value, int _)
          && value instanceof String route
          && (route.contains("<int:" + name + ">")
              || route.contains("<float:" + name + ">")
              || route.contains("<uuid:" + name + ">"))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNamed(Function.Param param, String names) {
    for (String name : names.split("\\|", -1)) {
      if (param.name().equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  private static final Set<String> VERBS =
      Set.of("get", "post", "put", "patch", "delete", "dispatch", "retrieve", "destroy");

  /// A parameter behind the request: what the route took from the address. Of a function, or of a
  /// method named as the verb is.
  private static boolean isAfter(Function function, Function.Param param, String request) {
    List<Function.Param> params = function.params();
    int at = params.indexOf(param);
    boolean method = !params.isEmpty() && params.getFirst().name().equals("self");
    int first = method ? 1 : 0;
    return at > first
        && params.get(first).name().equals(request)
        && param.otherwise() == null
        && (!method || VERBS.contains(function.name()))
        && !NOT_ROUTED.contains(param.name());
  }

  private static final Set<String> NOT_ROUTED =
      Set.of(
          "context",
          "template_name",
          "template",
          "view_func",
          "modeladmin",
          "model_admin",
          "message",
          "response",
          "exception",
          "exc",
          "error",
          "call_next",
          "handler",
          "get_response",
          "view",
          "form",
          "queryset",
          "obj",
          "model",
          "user",
          "args",
          "kwargs",
          "client_address",
          "server",
          "db",
          "session");

  private static boolean isNamed(String dotted, String name) {
    return CallPattern.parse(name).stream().anyMatch(pattern -> pattern.matches(dotted));
  }

  private static boolean hasMark(List<Expr> marks, String name) {
    for (Expr mark : marks) {
      String dotted = Names.dotted(mark instanceof Expr.Call call ? call.callee() : mark);
      if (isNamed(dotted, name)) {
        return true;
      }
    }
    return false;
  }
}
