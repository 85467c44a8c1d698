package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import dev.prguard.review.rules.words.WordTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// Which parameters, and results, of a program's own functions come from outside; the forms are in
/// [LanguageSpec.Source].
final class ParamSources {

  /// @param patterns of a name that is matched as one
  /// @param names of `named`, in small letters
  private record Source(
      String kind,
      String name,
      String of,
      long label,
      List<CallPattern> patterns,
      Set<String> names) {
    Source(String kind, String name, String of, long label) {
      this(
          kind,
          name,
          of,
          label,
          PATTERNS.contains(kind) ? CallPattern.parse(name) : List.of(),
          kind.equals("named")
              ? Set.copyOf(List.of(name.toLowerCase(Locale.ROOT).split("\\|")))
              : Set.of());
    }

    boolean matches(String dotted) {
      for (CallPattern pattern : patterns) {
        if (pattern.matches(dotted)) {
          return true;
        }
      }
      return false;
    }

    boolean marks(List<Expr> marks) {
      for (Expr mark : marks) {
        if (matches(Names.dotted(mark instanceof Expr.Call call ? call.callee() : mark))) {
          return true;
        }
      }
      return false;
    }
  }

  private static final Set<String> PATTERNS =
      Set.of("in", "any", "@", "given", "others", "handed", "returned");

  private final List<Source> sources = new ArrayList<>();

  void add(String text, long label) {
    sources.add(source(text, label));
  }

  /// Says what must be written in a text for one of them to be there.
  void tell(FlowNeeds needs) {
    sources.forEach(each -> {
      switch (each.kind()) {
        case "in", "any", "returned", "@" -> needs.mark(each.name(), each.label());
        case "handed", "given", "others" ->
            CallPattern.parse(each.name()).forEach(name -> needs.source(name, each.label()));
        case "of" -> needs.source(written(each.name(), each.of()), each.label());
        case "with" -> needs.source(written(each.of(), each.name()), each.label());
        case "named" -> needs.anyOf(List.of(each.name().split("\\|")), each.label());
        default -> needs.source(WordTable.split(each.name()), each.label());
      }
    });
  }

  /// What is taken apart at once has no name in the text.
  private static List<String> written(String one, String other) {
    return Stream.of(one, other).filter(name -> !name.startsWith("\0")).toList();
  }

  private static Source source(String text, long label) {
    if (text.startsWith("in @")) {
      return new Source("in", text.substring(4), "", label);
    }
    if (text.startsWith("any in @")) {
      return new Source("any", text.substring(8), "", label);
    }
    if (text.startsWith("handed to ")) {
      return new Source("handed", text.substring(10), "", label);
    }
    if (text.startsWith("returned by @")) {
      return new Source("returned", text.substring(13), "", label);
    }
    if (text.startsWith("@")) {
      return new Source("@", text.substring(1), "", label);
    }
    if (text.startsWith("given to ")) {
      return new Source("given", text.substring(9), "", label);
    }
    if (text.startsWith("others given to ")) {
      return new Source("others", text.substring(16), "", label);
    }
    if (text.startsWith("named ")) {
      return new Source("named", text.substring(6), "", label);
    }
    int with = text.indexOf(" with ");
    if (with > 0) {
      return new Source("with", text.substring(0, with), text.substring(with + 6), label);
    }
    if (text.startsWith("after ")) {
      return new Source("after", text.substring(6), "", label);
    }
    if (text.startsWith("last :")) {
      return new Source("last", text.substring(6), "", label);
    }
    if (text.startsWith(":")) {
      return new Source(":", text.substring(1), "", label);
    }
    int of = text.indexOf(" of ");
    if (of < 0) {
      throw new IllegalArgumentException(
          "params: " + text + " (expected: see LanguageSpec.Source)");
    }
    return new Source("of", text.substring(0, of), text.substring(of + 4), label);
  }

  /// Labels of what a function is called with from outside.
  ///
  /// @param handed names of the calls that were given it
  long of(Function function, Function.Param param, Set<String> handed) {
    boolean harmless = isHarmless(param) || isConverted(function, param.name());
    String name = param.name().toLowerCase(Locale.ROOT);
    long bits = 0;
    for (Source source : sources) {
      if (harmless && !source.kind().equals("any") && !source.kind().equals("handed")) {
        continue;
      }
      boolean is =
          switch (source.kind()) {
            case "in", "any" -> source.marks(function.marks()) && !param.name().equals("self");
            case "handed" ->
                !Names.isSelf(param.name()) && handed.stream().anyMatch(source::matches);
            case "returned" -> false;
            case "@" -> source.marks(param.marks());
            case "given", "others" ->
                param.equals(function.params().getFirst()) == source.kind().equals("given")
                    && !function.givenTo().isEmpty()
                    && source.matches(function.givenTo());
            case "named" -> source.names().contains(name);
            case "with" ->
                param.name().equals(source.name())
                    && function.params().stream()
                        .anyMatch(other ->
                            other.name().equals(source.of()) || other.type().equals(source.of()));
            case "last" ->
                param.equals(function.params().getLast()) && param.type().equals(source.name());
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

  /// Labels of what comes back from a function, whatever is in it.
  long returned(Function function) {
    long bits = 0;
    for (Source source : sources) {
      if (source.kind().equals("returned") && source.marks(function.marks())) {
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
        || isPiped(param)
        || (param.otherwise() instanceof Expr.Call call
            && INJECTED.contains(Names.dotted(call.callee())));
  }

  /// `@Param("id", ParseIntPipe)`, `@Query("sort", new ParseEnumPipe(Sort))`, of Nest.
  static boolean isPiped(Function.Param param) {
    return param.marks().stream().anyMatch(ParamSources::isPipe);
  }

  private static boolean isPipe(Expr mark) {
    return mark instanceof Expr.Call call
        && call.args().stream()
            .map(arg -> arg.value() instanceof Expr.Call made ? made.callee() : arg.value())
            .anyMatch(pipe -> PIPES.contains(Names.dotted(pipe)));
  }

  private static final Set<String> PIPES =
      Set.of(
          "ParseIntPipe",
          "ParseFloatPipe",
          "ParseBoolPipe",
          "ParseUUIDPipe",
          "ParseEnumPipe",
          "ParseDatePipe",
          "ParseMongoIdPipe",
          "ParseObjectIdPipe");

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
}
