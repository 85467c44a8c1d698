package dev.prguard.review.rules.links;

import dev.prguard.review.rules.links.Links.Sketch;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Finds files of a change by what imports call them.
final class Paths {

  private static final List<String> SCRIPT_ENDINGS =
      List.of(".js", ".ts", ".tsx", ".jsx", ".mjs", ".cjs", ".mts", ".cts");

  private final List<Sketch> files;
  private final Map<String, Integer> byPath = new HashMap<>();

  /// By the last part of the path: `db.py`, `Db.java`, the folder of `__init__.py`.
  private final Map<String, List<Integer>> byName = new HashMap<>();

  /// Of Go and Java, whose files see those of the same folder.
  private final Map<String, List<Integer>> byFolder = new HashMap<>();

  private final Map<String, List<String>> goFolders = new HashMap<>();

  /// By folder: the files that define a class, function or method of a name.
  private final Map<String, Map<String, List<Integer>>> defined = new HashMap<>();

  Paths(List<Sketch> files) {
    this.files = files;
    for (int i = 0; i < files.size(); i++) {
      String path = files.get(i).path();
      byPath.put(path, i);
      byName.computeIfAbsent(name(path), _ -> new ArrayList<>(1)).add(i);
      ParsedLanguage language = files.get(i).language();
      if (language == ParsedLanguage.GO || language == ParsedLanguage.JAVA) {
        String folder = language + " " + folderOf(path);
        List<Integer> there = byFolder.computeIfAbsent(folder, _ -> new ArrayList<>());
        if (there.isEmpty() && language == ParsedLanguage.GO) {
          String own = folderOf(path);
          goFolders
              .computeIfAbsent(own.substring(own.lastIndexOf('/') + 1), _ -> new ArrayList<>())
              .add(own);
        }
        there.add(i);
        define(defined.computeIfAbsent(folder, _ -> new HashMap<>()), i);
      }
    }
  }

  /// `a/b` of `a/b/c.py`.
  private static String folderOf(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /// The file that an import means; null when there is none, or more than one.
  @Nullable Integer of(Sketch from, String target) {
    return switch (from.language()) {
      case PYTHON -> python(from, target);
      case JAVASCRIPT, TYPESCRIPT, TSX -> script(from, target);
      case JAVA -> suffix(target.replace('.', '/') + ".java");
      default -> null;
    };
  }

  private @Nullable Integer python(Sketch from, String target) {
    int dots = 0;
    while (dots < target.length() && target.charAt(dots) == '.') {
      dots++;
    }
    String path = target.substring(dots).replace('.', '/');
    String folder = folderOf(from.path());
    if (dots > 0) {
      for (int i = 1; i < dots; i++) {
        folder = folderOf(folder);
      }
      return module(folder, path);
    }
    Integer found = null;
    for (String root = folder; ; root = folderOf(root)) {
      Integer here = module(root, path);
      if (here != null) {
        if (found != null && !found.equals(here)) {
          return null;
        }
        found = here;
      }
      if (root.isEmpty()) {
        break;
      }
    }
    if (found == null) {
      found = module("src", path);
    }
    if (found == null && path.indexOf('/') > 0) {
      found = suffix(path + ".py");
    }
    return found;
  }

  private @Nullable Integer module(String folder, String path) {
    String start = folder.isEmpty() || path.isEmpty() ? folder + path : folder + '/' + path;
    Integer file = byPath.get(start + ".py");
    Integer package_ = byPath.get(start.isEmpty() ? "__init__.py" : start + "/__init__.py");
    return file == null ? package_ : package_ == null ? file : null;
  }

  private @Nullable Integer script(Sketch from, String target) {
    Deque<String> parts = new ArrayDeque<>();
    String folder = folderOf(from.path());
    for (String part : (folder + '/' + target).split("/", -1)) {
      if (part.equals("..")) {
        if (parts.isEmpty()) {
          return null;
        }
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    String path = String.join("/", parts);
    Integer exact = byPath.get(path);
    if (exact != null) {
      return exact;
    }
    // TypeScript names the file that it is compiled to.
    String stem = path.endsWith(".js") ? path.substring(0, path.length() - 3) : path;
    Set<Integer> found = new LinkedHashSet<>();
    for (String ending : SCRIPT_ENDINGS) {
      for (String each : List.of(stem + ending, path + ending, path + "/index" + ending)) {
        Integer file = byPath.get(each);
        if (file != null) {
          found.add(file);
        }
      }
    }
    return found.size() == 1 ? found.iterator().next() : null;
  }

  /// The only file whose path ends so.
  private @Nullable Integer suffix(String end) {
    Integer found = null;
    for (int each : byName.getOrDefault(name(end), List.of())) {
      String path = files.get(each).path();
      if (path.equals(end) || path.endsWith('/' + end)) {
        if (found != null) {
          return null;
        }
        found = each;
      }
    }
    return found;
  }

  private void define(Map<String, List<Integer>> names, int file) {
    Sketch sketch = files.get(file);
    if (sketch.language() == ParsedLanguage.JAVA) {
      String name = name(sketch.path());
      names
          .computeIfAbsent(name.substring(0, name.lastIndexOf('.')), _ -> new ArrayList<>(1))
          .add(file);
      return;
    }
    for (String function : sketch.functions().keySet()) {
      List<Integer> there =
          names.computeIfAbsent(
              function.substring(function.indexOf('.') + 1), _ -> new ArrayList<>(1));
      if (there.isEmpty() || there.getLast() != file) {
        there.add(file);
      }
    }
  }

  /// The folder of the package that an import of Go means: the one with whose whole path the import
  /// ends, else the only one with which it has its last two parts in common; empty for none.
  String goFolder(String target) {
    String best = null;
    String only = null;
    int alike = 0;
    String above = name(folderOf(target));
    for (String folder : goFolders.getOrDefault(name(target), List.of())) {
      if ((target.equals(folder) || target.endsWith('/' + folder))
          && (best == null || folder.length() > best.length())) {
        best = folder;
      }
      if (!above.isEmpty() && above.equals(name(folderOf(folder)))) {
        only = folder;
        alike++;
      }
    }
    String found = best != null ? best : alike == 1 ? only : null;
    return found == null ? "" : ParsedLanguage.GO + " " + found;
  }

  /// The folder of a file of Go or Java.
  static String folder(Sketch file) {
    return file.language() + " " + folderOf(file.path());
  }

  List<Integer> files(String folder) {
    return byFolder.getOrDefault(folder, List.of());
  }

  /// The files of a folder that define something of a name.
  List<Integer> defining(String folder, String name) {
    return defined.getOrDefault(folder, Map.of()).getOrDefault(name, List.of());
  }

  /// The packages of more than one file.
  Map<String, List<Integer>> packages() {
    Map<String, List<Integer>> several = new TreeMap<>(byFolder);
    several.values().removeIf(there -> there.size() < 2);
    return several;
  }

  Set<String> names(String folder) {
    return defined.getOrDefault(folder, Map.of()).keySet();
  }
}
