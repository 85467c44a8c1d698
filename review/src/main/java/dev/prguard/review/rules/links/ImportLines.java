package dev.prguard.review.rules.links;

import dev.prguard.review.rules.words.WordTable;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.ArrayList;
import java.util.List;

/// What a file says of the others that it needs, read from its lines. What looks like an import in
/// a text or comment counts as well: it only leads to a file that nothing is called in.
final class ImportLines {

  /// More is written by a tool.
  private static final int MAX = 200;

  private static final int MAX_LINES_OF_ONE = 60;

  /// @param key what names of things of the file begin with, once imports are resolved
  /// @param target the file, as the language names it
  record Wanted(String key, String target) {}

  private final List<Wanted> wanted = new ArrayList<>();
  private final List<String> lines;

  private ImportLines(List<String> lines) {
    this.lines = lines;
  }

  static List<Wanted> of(ParsedLanguage language, List<String> lines) {
    ImportLines imports = new ImportLines(lines);
    boolean open = false;
    for (int i = 0; i < lines.size() && imports.wanted.size() < MAX; i++) {
      String line = lines.get(i);
      switch (language) {
        case PYTHON -> imports.python(line.strip(), i);
        case JAVASCRIPT, TYPESCRIPT, TSX -> imports.script(line);
        case JAVA -> imports.java(line);
        case GO -> {
          boolean starts = line.startsWith("import");
          open = (open || (starts && line.indexOf('(') > 0)) && line.indexOf(')') < 0;
          if (open || starts) {
            imports.go(line);
          }
        }
        case JSON, YAML, NONE -> {}
      }
    }
    return List.copyOf(imports.wanted);
  }

  private void add(String key, String target) {
    if (!target.isEmpty() && target.length() < 300) {
      wanted.add(new Wanted(key, target));
    }
  }

  private void python(String line, int at) {
    if (line.startsWith("import ")) {
      for (String each : code(line.substring(7)).split(",", -1)) {
        String name = first(each.strip());
        add(name, name);
      }
      return;
    }
    int names = line.startsWith("from ") ? line.indexOf(" import") : -1;
    if (names < 0) {
      return;
    }
    String module = line.substring(5, names).strip();
    boolean dots = module.chars().allMatch(c -> c == '.');
    if (!dots) {
      add(module, module);
    }
    String list = code(line.substring(names + 7));
    for (int i = at + 1;
        list.indexOf('(') >= 0
            && list.indexOf(')') < 0
            && i < lines.size()
            && i < at + MAX_LINES_OF_ONE;
        i++) {
      list += code(lines.get(i));
    }
    for (String each : list.replace("(", "").replace(")", "").split(",", -1)) {
      String name = first(each.strip());
      if (!name.isEmpty() && !name.equals("*") && wanted.size() < MAX) {
        add(module + '.' + name, dots ? module + name : module + '.' + name);
      }
    }
  }

  private static String code(String line) {
    int comment = line.indexOf('#');
    return comment < 0 ? line : line.substring(0, comment);
  }

  /// Up to the first blank.
  private static String first(String text) {
    int end = 0;
    while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    return text.substring(0, end);
  }

  private void script(String line) {
    for (String word : List.of("from", "require")) {
      for (int at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1)) {
        int quote = at + word.length();
        while (quote < line.length() && " \t(".indexOf(line.charAt(quote)) >= 0) {
          quote++;
        }
        if (quote < line.length() && "'\"`".indexOf(line.charAt(quote)) >= 0) {
          int end = line.indexOf(line.charAt(quote), quote + 1);
          if (end > quote + 1 && line.charAt(quote + 1) == '.') {
            String module = line.substring(quote + 1, end);
            add(module, module);
          }
        }
      }
    }
  }

  private void java(String line) {
    if (!line.startsWith("import ")) {
      return;
    }
    String path = line.substring(7).strip();
    boolean fixed = path.startsWith("static ");
    path = fixed ? path.substring(7).strip() : path;
    int end = path.indexOf(';');
    path = end < 0 ? path : path.substring(0, end).strip();
    int dot = path.lastIndexOf('.');
    if (fixed && dot > 0) {
      path = path.substring(0, dot);
      dot = path.lastIndexOf('.');
    }
    add(path.substring(dot + 1), path);
  }

  private void go(String line) {
    int quote = line.indexOf('"');
    int end = quote < 0 ? -1 : line.indexOf('"', quote + 1);
    if (end < 0) {
      return;
    }
    String path = line.substring(quote + 1, end);
    String package_ = path;
    String last = path.substring(path.lastIndexOf('/') + 1);
    if (isVersion(last) && path.length() > last.length()) {
      package_ = path.substring(0, path.length() - last.length() - 1);
      last = package_.substring(package_.lastIndexOf('/') + 1);
    }
    add(last, package_);
  }

  private static boolean isVersion(String segment) {
    return segment.length() > 1
        && segment.charAt(0) == 'v'
        && segment.chars().skip(1).allMatch(Character::isDigit);
  }

  /// `Name` or `Type.Name` of a function of Go that starts in a line; empty when none does.
  static String goFunction(String line) {
    if (!line.startsWith("func ")) {
      return "";
    }
    String rest = line.substring(5).strip();
    String type = "";
    if (rest.startsWith("(")) {
      int end = rest.indexOf(')');
      List<String> words = end < 0 ? List.of() : WordTable.split(rest.substring(1, end));
      if (words.isEmpty()) {
        return "";
      }
      type = (words.size() > 1 ? words.get(1) : words.getFirst()) + '.';
      rest = rest.substring(end + 1).strip();
    }
    List<String> words = WordTable.split(rest.substring(0, Math.min(rest.length(), 200)));
    return words.isEmpty() ? "" : type + words.getFirst();
  }
}
