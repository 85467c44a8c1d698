package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the methods of texts and collections do, in all languages at once: they go by the same
/// names.
final class Library {

  private static final Set<String> WRAPPERS =
      Set.of("String", "Integer", "Long", "Boolean", "Double", "Float", "Character", "Objects");

  /// Conversions that leave a number what it is.
  private static final Set<String> MODES = Set.of("os.FileMode", "fs.FileMode");

  /// What makes a query of a text.
  private static final Set<String> QUERIES = Set.of("text", "sqlalchemy.text");

  private final Evaluator all;
  private final TextMethods texts;
  private final Parts parts;
  private final Buffers buffers;
  private final ContainerMethods containers;
  private final PropertyFiles files;
  private final NewCollections collections;
  private final FixedCollections fixed;

  private final BuiltIns builtIns;

  Library(Evaluator all) {
    this.all = all;
    builtIns = new BuiltIns(all);

    texts = new TextMethods(all);
    parts = new Parts(all);
    buffers = new Buffers(all, texts, parts);
    files = new PropertyFiles(all);
    collections = new NewCollections(all);
    fixed = new FixedCollections(all);
    containers = new ContainerMethods(all, texts, fixed);
  }

  private Env env() {
    return all.env();
  }

  /// The result, or null for a call that is nothing special.
  @Nullable Value call(Expr.Call call, CallSite site) {
    Value made = collections.make(call, site);
    if (made != null) {
      return made;
    }
    if (MODES.contains(site.name()) && site.args().size() == 1) {
      return site.args().getFirst();
    }
    if (QUERIES.contains(site.name())
        && !site.args().isEmpty()
        && site.args().getFirst().isConstant()) {
      return site.args().getFirst();
    }
    if (site.name().equals("fmt.Fprintf") && site.args().size() > 1) {
      // Into a strings.Builder or bytes.Buffer.
      Value into = site.args().getFirst();
      Shape held = env().shape(into.shape());
      if (held != null && held.has(Buffers.TEXT)) {
        Value text =
            all.expressions
                .formats()
                .with(site.args().get(1), site.args().subList(2, site.args().size()), Map.of());
        return text == null
            ? null
            : buffers.call(into.shape(), held, "WriteString", List.of(text), into);
      }
    }
    if (site.name().equals("os.tmpdir")) {
      // Which folder it is does not matter, only that all share it.
      return Value.constant("/tmp/");
    }
    Value schema = all.definitions.script() ? all.schemas.call(site) : null;
    if (schema != null) {
      return schema;
    }
    if (!(call.callee() instanceof Expr.Member member)) {
      return builtIns.call(site);
    }
    String owner = site.receiver().name();
    Value number = owner.isEmpty() ? null : NumberMethods.call(owner, site.method(), site.args());
    if (number != null) {
      return number;
    }
    Value loaded = files.call(site);
    if (loaded != null) {
      return loaded;
    }
    Value receiver = site.receiver();
    String method = site.method();
    Shape shape = env().shape(receiver.shape());
    if (shape != null) {
      Value result = onShape(receiver, shape, method, site);
      if (result != null) {
        if (method.equals("append")
            && member.object() instanceof Expr.Name(String name, int line)) {
          all.expressions.named(name, site.args(), line);
        }
        return result;
      }
    }
    if (receiver.text() != null) {
      Value result = texts.call(String.valueOf(receiver.text()), method, site);
      if (result != null) {
        return result.withTaints(Value.join(result.taints(), receiver.taints()));
      }
    }
    if (!receiver.exact().isEmpty()) {
      Value result = parts.call(receiver, method, site.args());
      if (result != null) {
        return result;
      }
    }
    return onAny(receiver, member, method, site);
  }

  private @Nullable Value onShape(Value receiver, Shape shape, String method, CallSite site) {
    return shape.has(Buffers.TEXT)
        ? buffers.call(receiver.shape(), shape, method, site.args(), receiver)
        : containers.call(receiver, shape, method, site);
  }

  /// path.join(a, b): a text of several, only known when all are.
  static @Nullable Value together(List<Value> args) {
    Value sum = Value.constant("");
    boolean lists = false;
    for (Value each : args) {
      lists |= each.shape() != 0;
      sum = Operations.concat(sum, each);
    }
    return lists || args.isEmpty() ? null : args.size() == 1 ? args.getFirst() : sum;
  }

  /// Something that may be there: a list of one.
  private @Nullable Value optional(Value owner, List<Value> args) {
    return args.size() == 1 && owner.name().endsWith("Optional")
        ? Value.holding(all.newShape(Shape.LIST.add(args.getFirst()))).withName("Optional")
        : null;
  }

  private @Nullable Value onAny(Value receiver, Expr.Member member, String method, CallSite site) {
    List<Value> args = site.args();
    return switch (method) {
      case "format", "Sprintf", "Sprint", "Sprintln", "Errorf" -> {
        if (!args.isEmpty() && member.object() instanceof Expr.Name) {
          yield all.expressions
              .formats()
              .with(args.getFirst(), args.subList(1, args.size()), Map.of());
        }
        yield null;
      }
      case "asList", "of", "List" -> {
        String owner = receiver.name();
        if (owner.endsWith("Map")) {
          yield fixed.call(receiver, method, args);
        }
        if (owner.endsWith("Optional")) {
          yield optional(receiver, args);
        }
        if (owner.endsWith("Arrays") || owner.endsWith("List") || owner.endsWith("Set")) {
          if (args.size() == 1 && env().shape(args.getFirst().shape()) != null) {
            yield args.getFirst();
          }
          Shape shape = Shape.LIST;
          for (Value each : args) {
            shape = shape.add(each);
          }
          yield Value.holding(all.newShape(shape));
        }
        yield null;
      }
      case "valueOf", "toString", "String" -> {
        boolean wrapper = WRAPPERS.contains(receiver.name());
        Value first = args.size() == 1 ? args.getFirst() : Value.UNKNOWN;
        yield wrapper && first.isConstant()
            ? BuiltIns.stringOf(first)
            : wrapper && first.isNumber() ? first : null;
      }
      case "from" ->
          receiver.name().equals("Buffer") && !args.isEmpty() && args.getFirst().isConstant()
              ? args.getFirst()
              : null;
      case "ofNullable" -> optional(receiver, args);
      // What a number or a date is written as.
      case "isoformat", "strftime", "toISOString", "toFixed" ->
          receiver.isNumber() ? receiver : null;
      case "reverse", "sort", "shuffle" -> {
        // Collections.reverse(list)
        Shape list = args.isEmpty() ? null : env().shape(args.getFirst().shape());
        if (list != null && receiver.name().endsWith("Collections")) {
          env()
              .shape(
                  args.getFirst().shape(),
                  method.equals("reverse") ? ListMethods.turned(list) : ListMethods.mixed(list));
        }
        yield null;
      }
      case "encode" ->
          receiver.name().equals("TextEncoder") && !args.isEmpty() && args.getFirst().isConstant()
              ? args.getFirst()
              : fixed.call(receiver, method, args);
      case "promisify" -> args.isEmpty() ? null : args.getFirst();
      case "concat" -> args.size() == 1 ? Operations.concat(receiver, args.getFirst()) : null;
      case "join", "Join" -> {
        if (receiver.isNumber() && args.size() <= 1) {
          // A list of numbers.
          yield receiver;
        }
        if (args.size() <= 1
            && !receiver.taints().isEmpty()
            && (args.isEmpty() || args.getFirst().text() != null)) {
          // parts.join(" ")
          yield receiver.builtText();
        }
        yield together(args);
      }
      case "equals",
          "startsWith",
          "endsWith",
          "startswith",
          "endswith",
          "isEmpty",
          "matches",
          "test",
          "hasMoreElements",
          "hasNext",
          "containsKey",
          "isdigit",
          "isalnum",
          "isnumeric",
          "indexOf",
          "lastIndexOf",
          "compareTo",
          "hashCode",
          "exists",
          "isFile",
          "has" ->
          Value.UNKNOWN;
      default -> fixed.call(receiver, method, args);
    };
  }
}
