package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.flow.CallPattern.Found;
import dev.prguard.review.rules.flow.FlowModel.Sink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Matches calls against the rules' sinks and keeps the hits, one a rule and line.
final class Sinks {

  private final FlowModel model;
  private final Set<String> modules;
  private final Map<String, Hit> hits = new LinkedHashMap<>();
  private final Map<String, Hit> steps = new LinkedHashMap<>();

  Sinks(FlowModel model, Set<String> modules) {
    this.model = model;
    this.modules = modules;
  }

  List<Hit> hits() {
    List<Hit> all = new ArrayList<>(hits.values());
    for (Hit step : steps.values()) {
      boolean arrives =
          hits.values().stream()
              .anyMatch(hit -> hit.rule() == step.rule() && hit.path().contains(step.line()));
      boolean again =
          steps.values().stream()
              .anyMatch(hit ->
                  hit.rule() == step.rule()
                      && hit.line() > step.line()
                      && hit.path().contains(step.line()));
      if (!arrives && !again) {
        all.add(step);
      }
    }
    return all;
  }

  /// Whether the name is one of a sink, whatever the arguments.
  boolean check(CallSite site, Env env) {
    List<PatternIndex.Entry<Sink>> entries = model.sinks(site);
    env.effort().spend(entries.size() >> 2);
    boolean named = false;
    for (PatternIndex.Entry<Sink> entry : entries) {
      named |= !entry.pattern().key().equals("*");
      Sink sink = entry.meaning();
      if (!imports(sink)) {
        continue;
      }
      Found found = entry.pattern().check(site, env, sink.scope());
      if (found != null) {
        add(sink, site.line(), site.endLine(), found.taint());
      }
    }
    return named;
  }

  /// A name that is read where the rules object to it.
  void read(String name, int line) {
    for (PatternIndex.Entry<Sink> entry : model.reads(name)) {
      if (imports(entry.meaning())) {
        add(entry.meaning(), line, line, null);
      }
    }
  }

  /// `return=(0=..., in=/marks of the function/)`.
  void returned(Value value, String marks, int line, Env env) {
    check(
        new CallSite(
            "return=",
            false,
            Value.UNKNOWN,
            List.of(value),
            Map.of("in", Value.constant(marks)),
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
    Hit hit =
        new Hit(
            sink.rule(),
            line,
            endLine,
            taint == null ? List.of() : taint.through(line).lines(),
            taint == null ? "" : taint.source(),
            sink.suspect());
    (sink.step() ? steps : hits)
        .merge(
            sink.rule() + ":" + line,
            hit,
            (old, now) -> old.suspect() && !now.suspect() ? now : old);
  }
}
