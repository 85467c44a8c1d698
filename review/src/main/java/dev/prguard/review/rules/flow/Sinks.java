package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.flow.CallPattern.Found;
import dev.prguard.review.rules.flow.FlowModel.Sink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Matches calls against the rules' sinks and keeps the hits, one a rule and line.
final class Sinks {

  private final FlowModel model;
  private Set<String> modules;
  private boolean away;
  final Surroundings around = new Surroundings();
  private final Map<String, Hit> hits = new LinkedHashMap<>();
  private final Map<String, Hit> steps = new LinkedHashMap<>();

  /// Kinds that a condition has cleared, by the line of the source and the rule's kind.
  private final Map<Integer, Long> examined = new HashMap<>();

  private final Map<String, Long> stepKinds = new HashMap<>();
  private final Map<Integer, Long> hitKinds = new HashMap<>();

  /// What stands for a setting among those of an object, before its line.
  static final String SET_AT = "set at ";

  /// Settings that turned out to do no harm, by rule and line.
  private final Set<String> withdrawn = new HashSet<>();

  /// Where a path is only made: what counts is whether it is looked at before it is used.
  private static final Set<String> PATHS =
      Set.of("File", "Paths.get", "java.nio.file.Paths.get", "Path.of", "java.nio.file.Path.of");

  private static final Set<String> RESOLVES = Set.of("resolve", "resolveSibling");

  private final Map<String, Long> made = new HashMap<>();

  private record Called(String name, boolean making, boolean unnamed) {}

  /// The sinks of a name.
  ///
  /// @param imported those whose library the file uses
  /// @param count of all
  /// @param making whether a path is made
  /// @param arrivals those where values may arrive, imported or not
  private record Candidates(
      List<PatternIndex.Entry<Sink>> imported,
      int count,
      boolean making,
      List<CallPattern> arrivals) {}

  private static final int KEPT_NAMES = 4_000;

  private final Map<Called, Candidates> names = new HashMap<>();
  private int importedThen;

  Sinks(FlowModel model, Set<String> modules) {
    this.model = model;
    this.modules = modules;
  }

  /// Another file is being gone through.
  ///
  /// @param imported what it imports
  /// @param other whether it is not the one that is looked at
  void in(Set<String> imported, boolean other) {
    modules = imported;
    away = other;
    names.clear();
  }

  List<Hit> hits() {
    List<Hit> all = new ArrayList<>();
    Set<String> handedBack = new HashSet<>();
    for (Hit hit : hits.values()) {
      made.keySet().stream().filter(key -> isHandedBack(hit, key)).forEach(handedBack::add);
    }
    handedBack.forEach(made::remove);
    for (Hit hit : hits.values()) {
      boolean back = withdrawn.contains(hit.rule() + ":" + hit.line()) && hit.path().isEmpty();
      if (back || handedBack.contains(hit.rule() + ":" + hit.line())) {
        continue;
      }
      Long kind = made.get(hit.rule() + ":" + hit.line());
      boolean told =
          kind == null
              && hit.path().stream()
                  .anyMatch(
                      line -> line != hit.line() && made.containsKey(hit.rule() + ":" + line));
      boolean checked =
          kind != null
              && !hit.path().isEmpty()
              && (examined.getOrDefault(hit.path().getFirst(), 0L) & kind) != 0;
      if (!told && !checked) {
        all.add(hit);
      }
    }
    for (Hit step : steps.values()) {
      boolean arrives =
          hits.values().stream()
              .anyMatch(hit ->
                  (hit.rule() == step.rule() || isOfPages(hit, step))
                      && hit.path().contains(step.line()));
      boolean again =
          steps.values().stream()
              .anyMatch(hit ->
                  hit.rule() == step.rule()
                      && hit.line() > step.line()
                      && hit.path().contains(step.line()));
      long kind = stepKinds.getOrDefault(step.rule() + ":" + step.line(), 0L);
      boolean checked =
          !step.path().isEmpty() && (examined.getOrDefault(step.path().getFirst(), 0L) & kind) != 0;
      if (!arrives && !again && !checked) {
        all.add(step);
      }
    }
    return all;
  }

  /// Whether a page that is put together comes out where another rule looks: in a template, say.
  private boolean isOfPages(Hit hit, Hit step) {
    long html = model.kind("html");
    long pages = html | model.kind("script") | model.kind("template");
    return stepKinds.getOrDefault(step.rule() + ":" + step.line(), 0L) == html
        && (hitKinds.getOrDefault(hit.rule(), 0L) & pages) != 0;
  }

  /// Whether a path is used by the caller of the function that makes it: the lines go back and
  /// forth. Then it is the use that is told.
  private static boolean isHandedBack(Hit hit, String making) {
    if (!making.startsWith(hit.rule() + ":")) {
      return false;
    }
    int line = Integer.parseInt(making.substring(making.indexOf(':') + 1));
    int at = hit.path().indexOf(line);
    return at >= 0
        && line != hit.line()
        && (hit.path().subList(0, at).stream().anyMatch(before -> before > line)
            || hit.path().subList(at, hit.path().size()).stream().anyMatch(after -> after < line));
  }

  /// Whether the name is one of a sink, whatever the arguments.
  boolean check(CallSite site, Env env) {
    CallSite bare = site.bare();
    boolean arrived = bare != null && check(bare, env);
    return one(site, env) || arrived;
  }

  private boolean one(CallSite site, Env env) {
    Candidates candidates = candidates(site, env);
    env.effort().spend(candidates.count >> 2);
    for (PatternIndex.Entry<Sink> entry : candidates.imported) {
      Sink sink = entry.meaning();
      Found found = entry.pattern().check(site, env, sink.scope());
      if (found != null && sink.harmless()) {
        withdraw(sink.rule(), site.receiver(), env);
        site.args().forEach(arg -> withdraw(sink.rule(), arg, env));
        site.named().values().forEach(arg -> withdraw(sink.rule(), arg, env));
      } else if (found != null) {
        if (candidates.making && !sink.step() && found.taint() != null) {
          made.put(sink.rule() + ":" + site.line(), sink.scope().kind());
        }
        add(sink, site.line(), site.endLine(), found.taint());
      }
    }
    for (CallPattern pattern : candidates.arrivals) {
      if (pattern.isArrival(site, env)) {
        return true;
      }
    }
    return false;
  }

  /// What was told of a setting is taken back.
  private void withdraw(int rule, Value set, Env env) {
    Shape shape = env.shape(set.shape());
    if (shape == null) {
      return;
    }
    for (Value each : shape.entries().values()) {
      if (each.name().startsWith(SET_AT)) {
        withdrawn.add(rule + ":" + each.name().substring(SET_AT.length()));
      }
    }
  }

  /// Code calls the same names over and over, and assigns to the same variables.
  private Candidates candidates(CallSite site, Env env) {
    if (names.size() > KEPT_NAMES || importedThen != modules.size()) {
      names.clear();
      importedThen = modules.size();
    }
    String key = site.name().equals("var=") ? "1" : site.name().equals("return=") ? "in" : "";
    Value fixed = key.isEmpty() ? null : CallPattern.argument(key, site);
    String text = fixed == null ? null : fixed.text();
    return names.computeIfAbsent(
        new Called(
            text == null ? site.name() : site.name() + text, site.making(), site.named().isEmpty()),
        _ -> {
          List<PatternIndex.Entry<Sink>> all =
              text == null ? model.sinks(site, env) : model.sinks(site, key, text, env);
          // A step hands its value on, and so does the making of a path or address, or a search in
          // a text.
          boolean making = PATHS.contains(site.name()) || RESOLVES.contains(site.method());
          boolean arrival =
              !making && !model.isThrough(site) && !site.receiver().name().startsWith("RegExp(");
          return new Candidates(
              all.stream().filter(entry -> imports(entry.meaning())).toList(),
              all.size(),
              making,
              !arrival
                  ? List.of()
                  : all.stream()
                      .filter(entry ->
                          !entry.meaning().step()
                              && !entry.pattern().key().equals("*")
                              && entry.pattern().mayBeArrival())
                      .map(PatternIndex.Entry::pattern)
                      .toList());
        });
  }

  /// A condition on a value: a step that it has made is not reported for itself.
  void examined(Value value, long kinds) {
    for (Taint taint : value.taints()) {
      examined.merge(taint.line(), kinds, (a, b) -> a | b);
    }
  }

  /// A name that is read where the rules object to it.
  void read(String name, int line) {
    for (PatternIndex.Entry<Sink> entry : model.reads(name)) {
      if (imports(entry.meaning())) {
        add(entry.meaning(), line, line, null);
      }
    }
  }

  /// `return=(0=..., name=/as it is written, where it is a name/, in=/marks of the function/,
  /// imports=/modules of the file/)`.
  void returned(Value value, String name, String marks, int line, Env env) {
    check(
        new CallSite(
            "return=",
            false,
            Value.UNKNOWN,
            List.of(value),
            Map.of(
                "name",
                Value.constant(name),
                "in",
                Value.constant(marks),
                "imports",
                Value.constant(String.join(" ", modules))),
            line,
            line),
        env);
  }

  private boolean imports(Sink sink) {
    if (sink.imports().isEmpty()) {
      return true;
    }
    for (String wanted : sink.imports()) {
      for (String module : modules) {
        if (module.equals(wanted)
            || module.startsWith(wanted + ".")
            || module.startsWith(wanted + "/")) {
          return true;
        }
      }
    }
    return false;
  }

  private void add(Sink sink, int line, int endLine, @Nullable Taint taint) {
    if (!sink.around().holdsIn(around)) {
      return;
    }
    Hit hit =
        new Hit(
            sink.rule(),
            line,
            endLine,
            taint == null ? List.of() : taint.through(line).lines(),
            taint == null ? "" : taint.source(),
            sink.suspect());
    if (sink.step()) {
      stepKinds.put(sink.rule() + ":" + line, sink.scope().kind());
    } else {
      hitKinds.put(sink.rule(), sink.scope().kind());
    }
    (sink.step() ? steps : hits)
        .merge(
            // Of a function that many call, the change may have a part in some of the ways only.
            sink.rule() + ":" + line + (away && taint != null ? ":" + taint.line() : ""),
            hit,
            (old, now) -> old.suspect() && !now.suspect() ? now : old);
  }
}
