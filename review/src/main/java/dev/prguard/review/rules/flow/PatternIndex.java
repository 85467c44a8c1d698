package dev.prguard.review.rules.flow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Patterns by the last part of their name, each with what it stands for.
final class PatternIndex<T> {

  record Entry<T>(CallPattern pattern, T meaning) {}

  private final Map<String, List<Entry<T>>> byKey = new HashMap<>();
  private final List<Entry<T>> any = new ArrayList<>();

  /// Those for any name that say in a condition which.
  private final List<Entry<T>> told = new ArrayList<>();

  private final List<Entry<T>> patterns = new ArrayList<>();

  /// Names repeat within a file and over the files of a change.
  static final int MAX_NAMES = 20_000;

  private final Map<String, List<Entry<T>>> called = new ConcurrentHashMap<>();
  private final Map<String, List<Entry<T>>> read = new ConcurrentHashMap<>();

  /// All, in the order in which they came.
  List<Entry<T>> all() {
    return patterns;
  }

  void add(String text, T meaning) {
    for (CallPattern pattern : CallPattern.parse(text)) {
      Entry<T> entry = new Entry<>(pattern, meaning);
      patterns.add(entry);
      for (String key : pattern.keys()) {
        (!key.equals("*")
                ? byKey.computeIfAbsent(key, _ -> new ArrayList<>())
                : pattern.tellsName() ? told : any)
            .add(entry);
      }
    }
  }

  /// Those whose name is that of the call; of their conditions only what they say of the name is
  /// looked at.
  ///
  /// @param wild whether patterns for any name count as well
  List<Entry<T>> of(CallSite site, boolean wild, Env env) {
    String key = (site.making() ? "new " : wild ? "* " : "") + site.name();
    List<Entry<T>> known = called.get(key);
    if (known == null) {
      known =
          of(site.name(), true, site.making(), wild).stream()
              .filter(entry -> entry.pattern().holds("callee", site, env))
              .toList();
      if (called.size() < MAX_NAMES) {
        called.put(key, known);
      }
    }
    return known;
  }

  /// Those of a name that is read.
  List<Entry<T>> ofRead(String name) {
    List<Entry<T>> known = read.get(name);
    if (known == null) {
      known = of(name, false, false);
      if (read.size() < MAX_NAMES) {
        read.put(name, known);
      }
    }
    return known;
  }

  /// Those whose name is the given one; their conditions are not looked at.
  List<Entry<T>> of(String name, boolean call, boolean making) {
    return of(name, call, making, true);
  }

  /// @param wild whether patterns for any name count as well
  List<Entry<T>> of(String name, boolean call, boolean making, boolean wild) {
    String key = name.substring(name.lastIndexOf('.') + 1);
    List<Entry<T>> known = byKey.getOrDefault(key, List.of());
    List<Entry<T>> others = wild ? any : List.of();
    if (known.isEmpty() && others.isEmpty() && told.isEmpty()) {
      return List.of();
    }
    List<Entry<T>> found = null;
    for (List<Entry<T>> list : List.of(known, told, others)) {
      for (Entry<T> entry : list) {
        CallPattern pattern = entry.pattern();
        if (pattern.isCall() == call && pattern.isMaking() == making && pattern.matches(name)) {
          if (found == null) {
            found = new ArrayList<>(2);
          }
          found.add(entry);
        }
      }
    }
    return found == null ? List.of() : found;
  }
}
