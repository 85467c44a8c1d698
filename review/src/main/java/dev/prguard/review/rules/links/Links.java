package dev.prguard.review.rules.links;

import dev.prguard.review.rules.flow.OtherFiles.Place;
import dev.prguard.review.rules.links.ImportLines.Wanted;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which files of a change lead to which others, by what they import. Immutable once built.
public final class Links {

  /// Imports of imports that are looked at.
  private static final int MAX_HOPS = 3;

  private static final int MAX_REACH = 12;

  /// A name that more files define than that is not looked for.
  private static final int MAX_DEFINING = 8;

  /// Functions of one file that others may call.
  private static final int MAX_FUNCTIONS = 300;

  /// What a file imports and defines, see [#sketch].
  public record Sketch(
      String path, ParsedLanguage language, List<Wanted> wanted, Map<String, Integer> functions) {
    public Sketch {
      wanted = List.copyOf(wanted);
      functions = Map.copyOf(functions);
    }
  }

  private final List<Sketch> files;
  private final Paths paths;

  /// For each file the file that a name's beginning leads to; [#SEVERAL] where that is not certain.
  private final List<Map<String, Integer>> keys = new ArrayList<>();

  private static final Integer SEVERAL = -1;

  private final List<BitSet> targets = new ArrayList<>();

  /// @param lines all of the file
  public static Sketch sketch(String path, ParsedLanguage language, List<String> lines) {
    Map<String, Integer> functions = new LinkedHashMap<>();
    if (language == ParsedLanguage.GO && !path.endsWith("_test.go")) {
      for (int i = 0; i < lines.size() && functions.size() < MAX_FUNCTIONS; i++) {
        String name = ImportLines.goFunction(lines.get(i));
        if (!name.isEmpty()) {
          functions.putIfAbsent(name, i + 1);
        }
      }
    }
    return new Sketch(path, language, ImportLines.of(language, lines), functions);
  }

  public Links(List<Sketch> files) {
    this.files = List.copyOf(files);
    paths = new Paths(this.files);
    for (int i = 0; i < this.files.size(); i++) {
      Sketch file = this.files.get(i);
      Map<String, Integer> leads = new HashMap<>();
      BitSet all = new BitSet();
      for (Wanted each : file.wanted()) {
        if (file.language() == ParsedLanguage.GO) {
          paths.files(paths.goFolder(each.target())).forEach(all::set);
        } else {
          Integer target = paths.of(file, each.target());
          if (target != null && target != i) {
            leads.merge(each.key(), target, (a, b) -> a.equals(b) ? a : SEVERAL);
            all.set(target);
          }
        }
      }
      all.clear(i);
      keys.add(leads);
      targets.add(all);
    }
  }

  /// Files of one package, which see one another without imports.
  ///
  /// @param names of the classes, functions and methods that they define
  public record Folder(List<Integer> files, List<String> names) {}

  public List<Folder> packages() {
    List<Folder> all = new ArrayList<>();
    paths
        .packages()
        .forEach((folder, there) ->
            all.add(new Folder(there, paths.names(folder).stream().sorted().toList())));
    return all;
  }

  /// Tells which of the names of its package stand in a file.
  public void uses(int file, List<String> names) {
    Sketch sketch = files.get(file);
    String folder = Paths.folder(sketch);
    for (String name : names) {
      List<Integer> defining = paths.defining(folder, name);
      if (defining.size() != 1 || defining.getFirst() == file) {
        continue;
      }
      targets.get(file).set(defining.getFirst());
      if (sketch.language() == ParsedLanguage.JAVA) {
        keys.get(file).putIfAbsent(name, defining.getFirst());
      }
    }
  }

  /// The files that a file leads to, and those that they lead to, up to a bound.
  public BitSet reach(int file) {
    BitSet reach = new BitSet();
    Deque<Integer> next = new ArrayDeque<>(List.of(file));
    for (int hop = 0; hop < MAX_HOPS; hop++) {
      Deque<Integer> further = new ArrayDeque<>();
      for (int each : next) {
        BitSet mine = targets.get(each);
        for (int i = mine.nextSetBit(0); i >= 0; i = mine.nextSetBit(i + 1)) {
          if (reach.cardinality() < MAX_REACH && i != file && !reach.get(i)) {
            reach.set(i);
            further.add(i);
          }
        }
      }
      next = further;
    }
    return reach;
  }

  /// The files that a file leads to itself.
  public BitSet targets(int file) {
    return (BitSet) targets.get(file).clone();
  }

  /// See [dev.prguard.review.rules.flow.OtherFiles#find].
  public @Nullable Place find(int from, String name) {
    if (files.get(from).language() == ParsedLanguage.GO) {
      return go(from, name);
    }
    Map<String, Integer> leads = keys.get(from);
    if (leads.isEmpty()) {
      return null;
    }
    for (int end = name.length(); end > 0; end = name.lastIndexOf('.', end - 1)) {
      Integer target = leads.get(name.substring(0, end));
      if (target != null) {
        if (target.equals(SEVERAL)) {
          return null;
        }
        String rest = end == name.length() ? "" : name.substring(end + 1);
        // The only class that others see is named as the file is.
        return files.get(from).language() == ParsedLanguage.JAVA
            ? new Place(target, name.substring(0, end) + '.' + rest, 0)
            : new Place(target, rest, 0);
      }
    }
    return null;
  }

  /// `pkg.Name`, `Name` of the same package, `Type.Name` of a type of either.
  private @Nullable Place go(int from, String name) {
    Sketch file = files.get(from);
    int dot = name.lastIndexOf('.');
    String method = name.substring(dot + 1);
    if (dot < 0) {
      return function(from, Paths.folder(file), name);
    }
    String owner = name.substring(0, dot);
    Set<String> near = new LinkedHashSet<>();
    near.add(Paths.folder(file));
    for (Wanted each : file.wanted()) {
      String folder = paths.goFolder(each.target());
      if (each.key().equals(owner)) {
        return function(from, folder, method);
      }
      near.add(folder);
    }
    String type = owner.substring(owner.lastIndexOf('.') + 1);
    return type.isEmpty() ? null : method(from, near, type, method);
  }

  private @Nullable Place function(int from, String folder, String name) {
    Place found = null;
    for (int file : some(folder, name)) {
      Integer line = files.get(file).functions().get(name);
      if (line != null) {
        if (found != null) {
          return null;
        }
        found = new Place(file, name, line);
      }
    }
    return found == null || found.file() == from ? null : found;
  }

  private List<Integer> some(String folder, String name) {
    List<Integer> defining = paths.defining(folder, name);
    return defining.size() > MAX_DEFINING ? List.of() : defining;
  }

  /// A field `store` is taken to be of the only type `Store`, or `UserStore`, that has the method.
  private @Nullable Place method(int from, Set<String> near, String type, String method) {
    Place found = null;
    for (String folder : near) {
      for (int file : some(folder, method)) {
        for (Map.Entry<String, Integer> each : files.get(file).functions().entrySet()) {
          String name = each.getKey();
          int dot = name.indexOf('.');
          if (dot > 0
              && name.substring(dot + 1).equals(method)
              && name.regionMatches(true, dot - type.length(), type, 0, type.length())) {
            if (found != null) {
              return null;
            }
            found = new Place(file, name, each.getValue());
          }
        }
      }
    }
    return found == null || found.file() == from ? null : found;
  }
}
