package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Function;
import java.util.List;
import java.util.Map;

/// What a schema says of a value that has gone through it, whichever library the schema is of.
sealed interface FieldForm {

  /// One of what the schema lists.
  record Listed() implements FieldForm {}

  /// A number, a date or the number of something, which as a text does no harm, or a text whose
  /// form the program has looked at by itself.
  ///
  /// @param bounded whether it is said how large it may be
  record Harmless(boolean bounded) implements FieldForm {
    Harmless() {
      this(false);
    }
  }

  /// A text, which can be any of its form.
  ///
  /// @param clears kinds of harm that it does not do
  record Text(long clears) implements FieldForm {}

  /// Whatever was sent.
  record Any() implements FieldForm {}

  /// An object.
  record Fields(Map<String, FieldForm> fields) implements FieldForm {
    public Fields {
      fields = Map.copyOf(fields);
    }
  }

  /// A list of such.
  record Each(FieldForm form) implements FieldForm {}

  /// What a function of the program has looked at.
  record Checked(FieldForm form, Function by, By how) implements FieldForm {}

  /// How a function that looks at a value says what it finds.
  enum By {
    /// It gives what is to be held from then on.
    GIVES,
    /// It raises an error.
    RAISES,
    /// It says yes or no.
    SAYS
  }

  /// What any text can harm, also one that a schema has let through.
  List<String> OF_TEXTS =
      List.of(
          "sql",
          "html",
          "shell",
          "ldap",
          "xpath",
          "code",
          "template",
          "path",
          "url",
          "redirect",
          "scheme",
          "script",
          "prompt",
          "log",
          "header",
          "regex",
          "dispatch",
          "proto");

  /// What only something other than a text can: an object with operators, or of more fields.
  List<String> OF_OBJECTS = List.of("nosql", "mass");

  /// The kinds of harm that are left to what a schema says of each field.
  static long harms(FlowModel model) {
    long kinds = 0;
    for (List<String> some : List.of(OF_TEXTS, OF_OBJECTS)) {
      for (String kind : some) {
        kinds |= model.kind(kind);
      }
    }
    return kinds;
  }

  /// What a text does not do because it is one.
  static long text(FlowModel model) {
    long kinds = 0;
    for (String kind : OF_OBJECTS) {
      kinds |= model.kind(kind);
    }
    return kinds;
  }

  /// Whether nothing that is sent can do harm.
  default boolean isHarmless() {
    return this instanceof Listed || this instanceof Harmless;
  }

  /// What was sent, as it is behind the schema.
  ///
  /// @param name of the result
  default Value of(Value sent, String name, Evaluator all) {
    all.spend(1);
    return switch (this) {
      case Listed() -> Value.named(name).known();
      case Harmless(boolean bounded) -> {
        Value number = sent.withShape(0).withName(name).number(true);
        yield bounded ? number.cleared(FlowModel.BOUND) : number;
      }
      case Text(long clears) -> read(sent.withShape(0).withName(name), all.model).cleared(clears);
      case Any() -> sent.withName(name);
      case Fields(Map<String, FieldForm> fields) -> {
        Shape shape = new Shape(Map.of(), sent, -1);
        for (Map.Entry<String, FieldForm> each : fields.entrySet()) {
          shape =
              shape.with(each.getKey(), each.getValue().of(sent, name + '.' + each.getKey(), all));
        }
        yield Value.holding(all.newShape(shape)).withName(name);
      }
      case Each(FieldForm form) -> {
        Value held = form.of(sent, name + "[]", all);
        yield form.isHarmless()
            ? held.withName(name)
            : Value.holding(all.newShape(new Shape(Map.of(), held, -1))).withName(name);
      }
      case Checked(FieldForm form, Function by, By how) ->
          all.checked(by, form.of(sent, name, all), how).withName(name);
    };
  }

  /// A text that is something by its name, whatever the schema: `form.symptoms`.
  private static Value read(Value text, FlowModel model) {
    long labels = text.taints().isEmpty() ? 0 : model.source(text.name(), false, false);
    return labels == 0
        ? text
        : text.withTaint(Taint.at(labels, text.taints().getFirst().line(), text.name()));
  }
}
