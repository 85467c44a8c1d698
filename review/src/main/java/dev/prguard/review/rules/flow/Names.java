package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Names as they are written.
final class Names {

  /// The variable that says which class the running method is of.
  static final String OWNER = "this class";

  private Names() {}

  /// Calls that never come back: what follows a check that ends in one is checked.
  private static final Set<String> NO_RETURN =
      Set.of(
          "abort",
          "flask.abort",
          "sys.exit",
          "exit",
          "quit",
          "os._exit",
          "os.Exit",
          "log.Fatal",
          "log.Fatalf",
          "log.Fatalln",
          "log.Panic",
          "log.Panicf",
          "panic",
          "process.exit",
          "System.exit",
          "notFound",
          "ctx.throw",
          "context.throw",
          "runtime.Goexit");

  /// Calls that come back only when their first argument holds.
  private static final Set<String> ASSERTIONS =
      Set.of("assert", "assert.ok", "ctx.assert", "context.assert", "invariant");

  /// What methods of Python call the object, or class, that they are called on.
  static boolean isSelf(String name) {
    return name.equals("self") || name.equals("cls");
  }

  /// The texts and names that a mark is given by name: `(produces=text/html)`.
  static String settings(Expr mark) {
    StringBuilder all = new StringBuilder();
    if (mark instanceof Expr.Call call) {
      boolean produces = dotted(call.callee()).endsWith("Produces");
      for (Expr.Arg arg : call.args()) {
        if (produces
            || arg.name().equals("produces")
            || arg.name().equals("content_type")
            || arg.name().equals("response_class")) {
          all.append('(').append(arg.value()).append(')');
        }
      }
    }
    return all.toString();
  }

  /// The names of its marks and its own.
  static String marks(Function function) {
    StringBuilder names = new StringBuilder();
    for (Expr mark : function.marks()) {
      names
          .append('@')
          .append(dotted(mark instanceof Expr.Call call ? call.callee() : mark))
          .append(settings(mark))
          .append(' ');
    }
    return names.append(function.name()).toString();
  }

  /// `deploy(...)` of `from shop.pipeline import deploy`, and not of `from gzip import open` or of
  /// Python's own `Template`, which does nothing but put in values.
  static boolean isTaken(Expr.Call call, String name) {
    return call.callee() instanceof Expr.Name(String written, int _)
        && name.indexOf('.') >= 0
        && !BUILT_IN.contains(written)
        && !name.equals("string.Template")
        && !name.endsWith(written + '.' + written);
  }

  private static final Set<String> BUILT_IN =
      Set.of(
          "open",
          "eval",
          "exec",
          "compile",
          "input",
          "getattr",
          "setattr",
          "print",
          "format",
          "fetch",
          "Function",
          "require",
          "load",
          "loads",
          "run",
          "call",
          "system",
          "text",
          "get",
          "post");

  /// Whether it is a call after which nothing runs.
  static boolean neverReturns(Expr expression) {
    return expression instanceof Expr.Call call && NO_RETURN.contains(dotted(call.callee()));
  }

  /// What holds behind it, when it is a call that makes sure of something.
  static @Nullable Expr asserted(Expr expression) {
    return expression instanceof Expr.Call call
            && !call.args().isEmpty()
            && ASSERTIONS.contains(dotted(call.callee()))
        ? call.args().getFirst().value()
        : null;
  }

  /// `a.b().c`, with `?` for what has no name.
  static String dotted(Expr expression) {
    return switch (expression) {
      case Expr.Name(String name, int _) -> name;
      case Expr.Member(Expr object, String name, int _) -> dotted(object) + "." + name;
      case Expr.Call call -> dotted(call.callee()) + "()";
      case Expr.Cast(String _, Expr value, int _) -> dotted(value);
      default -> "?";
    };
  }

  private static final Pattern FIXED =
      Pattern.compile(
          "_?(allow|valid|whitelist|permitted|known|supported|safe|approved|trusted)\\w*");

  /// `MAX_SIZE`, `allowedHosts`: what it holds, the program has chosen.
  static boolean isConstant(String name) {
    return (name.length() > 1 && name.equals(name.toUpperCase(java.util.Locale.ROOT)))
        || FIXED.matches(name.toLowerCase(java.util.Locale.ROOT));
  }
}
