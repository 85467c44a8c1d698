package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.ClassCode;
import dev.prguard.review.rules.code.Function;
import dev.prguard.review.rules.code.Stmt;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a file defines and imports.
final class Definitions {

  /// Calls within calls that are gone into.
  private static final int MAX_DEPTH = 4;

  private final ParsedLanguage language;
  private final Map<String, Function> functions = new HashMap<>();
  private final Map<String, ClassCode> classes = new HashMap<>();
  final StructFields structFields = new StructFields();
  private final Map<String, String> imports = new HashMap<>();
  private final Set<String> modules = new HashSet<>();
  private final Set<Function> running;

  /// The classes that the methods of a script are of.
  private final IdentityHashMap<Function, Value> owners = new IdentityHashMap<>();

  Definitions(ParsedLanguage language, List<Stmt> statements) {
    this(language, statements, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  /// Those of another file that calls of this one lead into.
  Definitions(ParsedLanguage language, List<Stmt> statements, Definitions caller) {
    this(language, statements, caller.running);
  }

  private Definitions(ParsedLanguage language, List<Stmt> statements, Set<Function> running) {
    this.language = language;
    this.running = running;
    collect(statements);
  }

  private void collect(List<Stmt> statements) {
    for (Stmt each : statements) {
      switch (each) {
        case Stmt.Define(Function function) ->
            functions.putIfAbsent(
                function.receiver() == null
                    ? function.name()
                    : function.receiver().type() + '.' + function.name(),
                function);
        case Stmt.DefineClass(ClassCode code) -> collect(code);
        case Stmt.Block(List<Stmt> inner) -> collect(inner);
        case Stmt.Import(String alias, String path) -> imported(alias, path);
        default -> {}
      }
    }
  }

  private void collect(ClassCode code) {
    if (language == ParsedLanguage.GO) {
      structFields.collect(code);
      return;
    }
    classes.putIfAbsent(code.name(), code);
    for (Function method : code.methods()) {
      functions.putIfAbsent(code.name() + '.' + method.name(), method);
      if (script()) {
        owners.put(method, Value.named(code.name()));
      }
    }
    code.inner().forEach(this::collect);
  }

  Collection<Function> functions() {
    return functions.values();
  }

  /// A class within a function stands for its name from here on.
  void local(ClassCode code) {
    classes.remove(code.name());
    code.methods().forEach(method -> functions.remove(code.name() + '.' + method.name()));
    collect(code);
  }

  /// Whether names of values are told by their declared types.
  boolean typed() {
    return language == ParsedLanguage.JAVA || language == ParsedLanguage.GO;
  }

  /// Whether it is JavaScript or TypeScript.
  boolean script() {
    return switch (language) {
      case JAVASCRIPT, TYPESCRIPT, TSX -> true;
      default -> false;
    };
  }

  void imported(String alias, String written) {
    String path = written.startsWith("node:") ? written.substring(5) : written;
    modules.add(path);
    if (!alias.startsWith("\0")) {
      imports.put(alias, path);
    }
  }

  Set<String> modules() {
    return modules;
  }

  @Nullable String imported(String alias) {
    return imports.get(alias);
  }

  @Nullable Function function(String name) {
    return functions.get(name);
  }

  /// A method by its class, or by the type that it was declared for.
  @Nullable Function method(String type, String name) {
    return type.isEmpty() ? null : method(type.substring(type.lastIndexOf('.') + 1), name, 0);
  }

  /// Its own, or that of a class of the file that it extends.
  private @Nullable Function method(String type, String name, int depth) {
    Function own = functions.get(type + '.' + name);
    ClassCode code = own != null || depth == MAX_DEPTH ? null : classes.get(type);
    if (code == null) {
      return own;
    }
    for (String base : code.bases()) {
      Function inherited = method(base, name, depth + 1);
      if (inherited != null) {
        return inherited;
      }
    }
    return null;
  }

  /// The class whose method this is, in a script.
  @Nullable Value owner(Function function) {
    return owners.get(function);
  }

  /// A class of a Python file that is called to make an object.
  @Nullable ClassCode made(String name) {
    return language == ParsedLanguage.PYTHON ? classes.get(name) : null;
  }

  /// A class of the file.
  @Nullable ClassCode type(String name) {
    return classes.get(name);
  }

  /// Whether all of its objects are written in the file.
  boolean isEnum(String name) {
    ClassCode code = classes.get(name);
    return code != null && code.bases().stream().anyMatch(ENUMS::contains);
  }

  private static final Set<String> ENUMS =
      Set.of("Enum", "StrEnum", "IntEnum", "enum.Enum", "enum.StrEnum", "enum.IntEnum");

  boolean isClass(String name) {
    return classes.containsKey(name);
  }

  /// Whether a function may be gone into now: not when it is running, nor too deep.
  boolean enter(Function function) {
    if (running.size() >= MAX_DEPTH || running.contains(function)) {
      return false;
    }
    running.add(function);
    return true;
  }

  void leave(Function function) {
    running.remove(function);
  }
}
