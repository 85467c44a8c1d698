package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.ClassCode;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import dev.prguard.review.rules.code.Program;
import dev.prguard.review.rules.code.Stmt;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a file has to offer to others, by name.
final class TopLevel {

  private static final int MAX_DEPTH = 4;

  sealed interface Found {}

  /// @param owner the class whose method it is
  record Callable(Function function, @Nullable ClassCode owner) implements Found {}

  /// Something of a further file.
  record Imported(String name) implements Found {}

  /// Nothing, or more than one thing.
  record Unknown() implements Found {}

  static final TopLevel NOTHING =
      new TopLevel(
          new Program(ParsedLanguage.NONE, List.of()),
          new Definitions(ParsedLanguage.NONE, List.of()));

  private static final Found UNKNOWN = new Unknown();

  private final ParsedLanguage language;
  private final List<Stmt> statements;
  private final Definitions definitions;
  private final Map<String, List<Function>> functions = new HashMap<>();
  private final Map<String, ClassCode> classes = new HashMap<>();

  /// Variables that get one value.
  private final Map<String, Expr> variables = new HashMap<>();

  /// Of CommonJS, by name; `default` for what the file itself stands for.
  private final Map<String, Expr> exports = new HashMap<>();

  TopLevel(Program program, Definitions definitions) {
    language = program.language();
    statements = program.statements();
    this.definitions = definitions;
    collect(statements);
  }

  List<Stmt> statements() {
    return statements;
  }

  private void collect(List<Stmt> some) {
    for (Stmt each : some) {
      switch (each) {
        case Stmt.Define(Function function) ->
            functions.computeIfAbsent(function.name(), _ -> new ArrayList<>()).add(function);
        case Stmt.DefineClass(ClassCode code) -> classes.putIfAbsent(code.name(), code);
        case Stmt.Block(List<Stmt> inner) -> collect(inner);
        case Stmt.Evaluate(Expr.Assign assign) -> assigned(assign);
        default -> {}
      }
    }
  }

  private void assigned(Expr.Assign assign) {
    Expr value = assign.value();
    while (value instanceof Expr.Assign inner) {
      assigned(inner);
      value = inner.value();
    }
    String target = Names.dotted(assign.target());
    if (assign.target() instanceof Expr.Name) {
      variables.merge(target, value, (_, _) -> Expr.nothing(0));
    }
    if (target.equals("module.exports")) {
      exports.put("default", value);
      if (value instanceof Expr.Entries(List<Expr.Entry> entries, int _, int _)) {
        for (Expr.Entry entry : entries) {
          if (entry.key() instanceof Expr.Literal(Object key, int _)
              && key instanceof String name) {
            exports.put(name, entry.value());
          }
        }
      }
    } else if (target.startsWith("module.exports.") || target.startsWith("exports.")) {
      exports.put(target.substring(target.indexOf("exports.") + 8), value);
    }
  }

  /// @param rest a name as it goes on behind the file's own
  /// @param line where that is defined, 0 when that is not known
  /// @param args how many the call has
  Found find(String rest, int line, int args) {
    if (line != 0) {
      return at(rest.substring(rest.lastIndexOf('.') + 1), line);
    }
    return switch (language) {
      case JAVA -> ofClass(rest, args);
      case JAVASCRIPT, TYPESCRIPT, TSX -> {
        int dot = rest.indexOf('.');
        String first = dot < 0 ? rest : rest.substring(0, dot);
        Expr exported = exports.get(first.isEmpty() ? "default" : first);
        yield exported == null
            ? named(rest, args, MAX_DEPTH)
            : value(exported, dot < 0 ? "" : rest.substring(dot + 1), args, MAX_DEPTH);
      }
      default -> named(rest, args, MAX_DEPTH);
    };
  }

  private Found at(String name, int line) {
    for (Function function : functions.getOrDefault(name, List.of())) {
      if (function.line() == line) {
        return new Callable(function, null);
      }
    }
    return UNKNOWN;
  }

  /// `Name.method` of the only class that has the method, where the file is named as the class.
  private Found ofClass(String rest, int args) {
    int dot = rest.indexOf('.');
    ClassCode code = dot < 0 ? null : classes.get(rest.substring(0, dot));
    return code == null ? UNKNOWN : method(code, rest.substring(dot + 1), args);
  }

  private Found named(String path, int args, int depth) {
    int dot = path.indexOf('.');
    String first = dot < 0 ? path : path.substring(0, dot);
    String rest = dot < 0 ? "" : path.substring(dot + 1);
    String imported = definitions.imported(first);
    List<Function> some = functions.getOrDefault(first, List.of());
    ClassCode code =
        classes.get(first.endsWith("()") ? first.substring(0, first.length() - 2) : first);
    Expr variable = variables.get(first);
    int meanings =
        some.size()
            + (imported == null ? 0 : 1)
            + (code == null ? 0 : 1)
            + (variable == null ? 0 : 1);
    if (meanings != 1) {
      return UNKNOWN;
    }
    if (imported != null) {
      return new Imported(rest.isEmpty() ? imported : imported + '.' + rest);
    }
    if (code != null) {
      return method(code, rest, args);
    }
    if (variable != null) {
      return value(variable, rest, args, depth - 1);
    }
    return rest.isEmpty() ? new Callable(some.getFirst(), null) : UNKNOWN;
  }

  private Found value(Expr value, String rest, int args, int depth) {
    if (depth <= 0) {
      return UNKNOWN;
    }
    return switch (value) {
      case Expr.Lambda(Function function, int _) when rest.isEmpty() ->
          new Callable(function, null);
      case Expr.Name(String name, int _) ->
          named(rest.isEmpty() ? name : name + '.' + rest, args, depth);
      case Expr.Member member -> {
        String name = Names.dotted(member);
        yield named(rest.isEmpty() ? name : name + '.' + rest, args, depth);
      }
      case Expr.Entries(List<Expr.Entry> entries, int _, int _) -> {
        int dot = rest.indexOf('.');
        String first = dot < 0 ? rest : rest.substring(0, dot);
        Expr held = null;
        for (Expr.Entry entry : entries) {
          if (entry.key() instanceof Expr.Literal(Object key, int _) && first.equals(key)) {
            held = entry.value();
          }
        }
        yield held == null
            ? UNKNOWN
            : value(held, dot < 0 ? "" : rest.substring(dot + 1), args, depth - 1);
      }
      case Expr.Call call when call.callee() instanceof Expr.Name(String type, int _) ->
          classes.containsKey(type) ? named(type + '.' + rest, args, depth) : UNKNOWN;
      default -> UNKNOWN;
    };
  }

  private static Found method(ClassCode code, String name, int args) {
    List<Function> some =
        code.methods().stream().filter(method -> method.name().equals(name)).toList();
    if (some.size() > 1) {
      some = some.stream().filter(method -> method.params().size() == args).toList();
    }
    return some.size() == 1 ? new Callable(some.getFirst(), code) : UNKNOWN;
  }

  /// Whether it has no body of its own.
  static boolean isAbstract(Function function) {
    return function.body() instanceof Stmt.Leave || Bodies.isEmpty(function);
  }
}
