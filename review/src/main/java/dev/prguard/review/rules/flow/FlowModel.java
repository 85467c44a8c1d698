package dev.prguard.review.rules.flow;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The rules and the library knowledge of one language, ready to match. Immutable once built.
public final class FlowModel {

  /// Harm by the size of a number: only a comparison clears it.
  static final long BOUND = 2L;

  /// Harm by what is done: only who decides about it clears it.
  static final long ACT = 4L;

  /// Harm by who made it: only a signature clears it.
  static final long PICKLE = 8L;

  /// What a conversion to a number clears: all kinds but four, as one made from a guessable number
  /// is as guessable, one that is too large stays so, and so does the refund of the wrong order;
  /// what is read from a file may have been put there by anyone.
  static final long ALL = ~15L;

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
          "scheme",
          "script",
          "template");

  /// @param suspect whether a match is only likely a problem
  /// @param step whether it only counts when no sink follows
  /// @param harmless whether a match takes back what settings have told
  record Sink(
      int rule,
      ArgTest.Scope scope,
      boolean suspect,
      boolean step,
      boolean harmless,
      List<String> imports,
      Surroundings.Condition around) {}

  private final Map<String, Long> labels = new HashMap<>();
  private final Map<String, Long> kinds = new HashMap<>();
  private final PatternIndex<Long> sources = new PatternIndex<>();
  private final PatternIndex<Long> sanitizers = new PatternIndex<>();
  private final PatternIndex<Long> guards = new PatternIndex<>();
  private final PatternIndex<Boolean> lookups = new PatternIndex<>();
  private final PatternIndex<Boolean> through = new PatternIndex<>();
  private final PatternIndex<Sink> sinks = new PatternIndex<>();
  private final Map<String, List<PatternIndex.Entry<Sink>>> told = new ConcurrentHashMap<>();
  private final ParamSources params = new ParamSources();
  private final FlowNeeds needs;
  private long deciding;

  /// @param rules by their position in the caller's list
  /// @throws IllegalArgumentException when a pattern cannot be read
  public FlowModel(LanguageSpec language, Map<Integer, FlowSpec> rules) {
    needs = new FlowNeeds(language.written());
    bit(kinds, "random");
    bit(kinds, "bound");
    bit(kinds, "act");
    bit(kinds, "pickle");
    GUARDED.forEach(kind -> bit(kinds, kind));
    for (List<LanguageSpec.Clears> some : List.of(language.sanitizers(), language.guards())) {
      some.forEach(each ->
          each.kinds().stream()
              .filter(kind -> !kind.equals("all") && !kind.equals("form"))
              .forEach(kind -> bit(kinds, kind)));
    }
    rules.values().stream()
        .filter(spec -> !spec.sanitizers().isEmpty())
        .forEach(spec -> bit(kinds, spec.kind()));
    for (LanguageSpec.Source source : language.sources()) {
      long label = bit(labels, source.label());
      source.at().forEach(text -> sources.add(text, label));
      source.params().forEach(text -> params.add(text, label));
    }
    language.sanitizers().forEach(each -> clears(each, sanitizers));
    language.guards().forEach(each -> clears(each, guards));
    language.lookups().forEach(text -> lookups.add(text, true));
    language.through().forEach(text -> through.add(text, true));
    rules.forEach((rule, spec) -> {
      long from = 0;
      for (String label : spec.from()) {
        from |= bit(labels, label);
      }
      // What is only cleared with all else needs no bit of its own.
      long kind = kinds.containsKey(spec.kind()) ? kind(spec.kind()) : bit(kinds, "other");
      ArgTest.Scope scope = new ArgTest.Scope(from, kind);
      List<String> imports = spec.imports();
      Surroundings.Condition around = Surroundings.Condition.of(spec.around());
      Sink sink = new Sink(rule, scope, false, false, false, imports, around);
      Sink suspect = new Sink(rule, scope, true, false, false, imports, around);
      Sink step = new Sink(rule, scope, false, true, false, imports, around);
      Sink harmless = new Sink(rule, scope, false, false, true, imports, around);
      spec.sinks().forEach(text -> sinks.add(text, sink));
      spec.suspects().forEach(text -> sinks.add(text, suspect));
      spec.steps().forEach(text -> sinks.add(text, step));
      spec.harmless().forEach(text -> sinks.add(text, harmless));
      spec.sanitizers().forEach(text -> sanitizers.add(text, kind));
    });
    sources.all().forEach(each -> needs.source(each.pattern(), each.meaning()));
    params.tell(needs);
    sinks
        .all()
        .forEach(each -> {
          needs.sink(each.pattern(), each.meaning());
          deciding |= each.pattern().key().equals("decides=") ? each.meaning().scope().labels() : 0;
        });
    needs.done();
  }

  /// What a file must have in it to be worth reading as code.
  public FlowNeeds needs() {
    return needs;
  }

  /// What a text says, to a model or of a person, whatever its form is.
  private long said() {
    return bit(kinds, "prompt") | bit(kinds, "leak") | bit(kinds, "personal");
  }

  private void clears(LanguageSpec.Clears each, PatternIndex<Long> index) {
    long bits = 0;
    for (String kind : each.kinds()) {
      bits |=
          switch (kind) {
            case "all" -> ALL;
            case "form" -> ALL & ~said();
            default -> bit(kinds, kind);
          };
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

  /// The bit of a label, 0 where no rule and no source has it.
  long label(String name) {
    return labels.getOrDefault(name, 0L);
  }

  long kind(String name) {
    return kinds.getOrDefault(name, 0L);
  }

  /// Labels of what is read or called, 0 for none.
  long source(String name, boolean call, boolean making) {
    long bits = 0;
    for (PatternIndex.Entry<Long> entry :
        call ? sources.of(name, true, making) : sources.ofRead(name)) {
      bits |= entry.meaning();
    }
    return bits;
  }

  long source(CallSite site, Env env) {
    CallSite bare = site.bare();
    long bits = bare == null ? 0 : source(bare, env);
    for (PatternIndex.Entry<Long> entry : sources.of(site, true, env)) {
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

  /// The same of a member that is read.
  long sanitizer(String member) {
    long bits = 0;
    for (PatternIndex.Entry<Long> entry : sanitizers.ofRead(member)) {
      bits |= entry.meaning();
    }
    return bits;
  }

  long guard(CallSite site, Env env) {
    return cleared(guards, site, env);
  }

  private static long cleared(PatternIndex<Long> index, CallSite site, Env env) {
    CallSite bare = site.bare();
    long bits = bare == null ? 0 : cleared(index, bare, env);
    for (PatternIndex.Entry<Long> entry : index.of(site, true, env)) {
      if (entry.pattern().check(site, env, NOTHING) != null) {
        bits |= entry.meaning();
      }
    }
    return bits;
  }

  boolean isThrough(CallSite site) {
    return !through.of(site.name(), true, site.making()).isEmpty();
  }

  boolean isLookup(CallSite site) {
    return !lookups.of(site.name(), true, site.making()).isEmpty();
  }

  /// What rules object to in calls of this name.
  List<PatternIndex.Entry<Sink>> sinks(CallSite site, Env env) {
    // What is said of any call is said of its named arguments.
    return sinks.of(site, site.making() || !site.named().isEmpty(), env);
  }

  /// The same of what is no call, by the name of a variable or what a function is marked with.
  ///
  /// @param key of the argument that has the text
  List<PatternIndex.Entry<Sink>> sinks(CallSite site, String key, String text, Env env) {
    String both = site.name() + text;
    List<PatternIndex.Entry<Sink>> known = told.get(both);
    if (known == null) {
      known =
          sinks(site, env).stream().filter(entry -> entry.pattern().holds(key, site, env)).toList();
      if (told.size() < PatternIndex.MAX_NAMES) {
        told.put(both, known);
      }
    }
    return known;
  }

  /// Labels of what should not decide by itself.
  long deciding() {
    return deciding;
  }

  List<PatternIndex.Entry<Sink>> reads(String name) {
    return sinks.ofRead(name);
  }

  /// What functions are called with, and give back, from outside.
  ParamSources params() {
    return params;
  }
}
