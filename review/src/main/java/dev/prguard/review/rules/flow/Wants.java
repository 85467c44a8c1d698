package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.words.NeededText;
import dev.prguard.review.rules.words.WordTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What the conditions of a pattern want of the text in which it matches, besides its name.
///
/// @param any of each list one word must be there
/// @param values of each list one word must be there, or come from a file of the program's own
/// @param texts the same, in whatever case and as a part of a word
/// @param tainted whether it takes a source
record Wants(
    List<List<String>> any, List<List<String>> values, List<List<String>> texts, boolean tainted) {

  private static final Set<String> ANY_ARGUMENT = Set.of("*", "this", "argc", "callee");
  private static final String MARKS = "@(\\w+\\.)*(";
  private static final Set<ArgTest> TAINTED = Set.of(ArgTest.Word.TAINTED, ArgTest.Word.SHELL);

  static Wants of(CallPattern pattern) {
    List<List<String>> any = new ArrayList<>();
    List<List<String>> values = new ArrayList<>();
    List<List<String>> texts = new ArrayList<>();
    boolean tainted = false;
    boolean made = FlowNeeds.isMade(pattern.key());
    for (CallPattern.Condition condition : pattern.conditions()) {
      // What a method or a branch comes down to is no word of the text, see Bodies and Branches.
      boolean summary =
          (pattern.key().equals("method=") || pattern.key().equals("decides="))
              && !condition.keys().contains("0");
      if (summary || condition.tests().contains(ArgTest.Word.ABSENT)) {
        continue;
      }
      List<String> keys = new ArrayList<>();
      for (String key : condition.keys()) {
        boolean named = !made && !ANY_ARGUMENT.contains(key) && !Character.isDigit(key.charAt(0));
        List<String> words = named ? WordTable.split(key) : List.of();
        if (words.isEmpty()) {
          keys.clear();
          break;
        }
        keys.add(words.getLast());
      }
      if (!keys.isEmpty()) {
        any.add(keys);
      }
      // Of what is called on, the engine names the parts itself: the path of an open file.
      boolean own = condition.keys().contains("this");
      for (String key : own ? List.<String>of() : condition.path()) {
        List<String> words = WordTable.split(key);
        if (!words.isEmpty() && !Character.isDigit(key.charAt(0))) {
          any.add(List.of(words.getLast()));
        }
      }
      if (made && condition.keys().equals(List.of("in"))) {
        any.add(marks(condition.tests()));
      }
      tainted |= TAINTED.containsAll(condition.tests());
      List<String> exact = exact(condition.tests());
      List<String> wanted = texts(condition.tests(), made);
      if (!exact.isEmpty()) {
        values.add(exact);
      } else if (!wanted.isEmpty()) {
        texts.add(wanted);
      }
    }
    return new Wants(any, values, texts, tainted);
  }

  /// `@A`, `@B` of `@(\w+\.)*(A|B)`, `@AX`, `@BX` of `@(\w+\.)*(A|B)X`, `@` of any other that
  /// begins with it; none for another expression.
  private static List<String> marks(List<ArgTest> tests) {
    if (tests.size() != 1
        || !(tests.getFirst() instanceof ArgTest.Like(Expression pattern))
        || !pattern.source().startsWith("@")) {
      return List.of();
    }
    String source = pattern.source();
    if (!source.startsWith(MARKS)) {
      return List.of("@");
    }
    int end = source.indexOf(')', MARKS.length());
    String names = source.substring(MARKS.length(), end);
    String rest = source.substring(end + 1);
    rest =
        rest.endsWith("\\b") || rest.endsWith("$") ? rest.replaceFirst("(\\\\b|\\$)$", "") : rest;
    if (!rest.chars().allMatch(c -> WordTable.isWord((char) c))) {
      return List.of("@");
    }
    String last = rest;
    return Stream.of(names.split("\\|")).map(name -> '@' + name + last).toList();
  }

  /// `A`, `B` of `^(A|B)$`; none for another expression.
  private static List<String> exact(ArgTest test) {
    if (test instanceof ArgTest.Exactly(String text) && !text.isEmpty()) {
      return text.chars().allMatch(c -> WordTable.isWord((char) c)) ? List.of(text) : List.of();
    }
    if (!(test instanceof ArgTest.Like(Expression pattern))) {
      return List.of();
    }
    String source = pattern.source();
    if (!source.startsWith("^") || !source.endsWith("$") || source.length() < 3) {
      return List.of();
    }
    String inside = source.substring(1, source.length() - 1);
    boolean group = inside.startsWith("(") && inside.endsWith(")");
    inside = group ? inside.substring(1, inside.length() - 1) : inside;
    boolean words =
        inside.chars().allMatch(c -> (group && c == '|') || WordTable.isWord((char) c))
            && inside.indexOf('$') < 0;
    return words ? List.of(inside.split("\\|")) : List.of();
  }

  private static List<String> exact(List<ArgTest> tests) {
    List<String> all = new ArrayList<>();
    for (ArgTest test : tests) {
      List<String> exact = exact(test);
      if (exact.isEmpty()) {
        return List.of();
      }
      all.addAll(exact);
    }
    return all;
  }

  /// Texts of which one must be there for one of the tests to hold; empty when none must.
  private static List<String> texts(List<ArgTest> tests, boolean made) {
    List<String> texts = new ArrayList<>();
    for (ArgTest test : tests) {
      List<String> needed =
          switch (test) {
            case ArgTest.Like(Expression pattern) -> pattern.needed();
            case ArgTest.Says(Expression pattern) -> pattern.needed();
            case ArgTest.Origin(Expression pattern) -> pattern.needed();
            case ArgTest.Exactly(String text) -> List.of(text);
            default -> null;
          };
      if (needed == null) {
        return List.of();
      }
      boolean name = test instanceof ArgTest.Origin || made;
      for (String each : needed) {
        // Names and texts may be put together at dots and blanks, hardly ever within a word.
        String longest = "";
        for (String word : WordTable.split(each)) {
          longest = word.length() > longest.length() ? word : longest;
        }
        boolean plain = !name && each.chars().allMatch(c -> c == '-' || WordTable.isWord((char) c));
        String telling = longest.isEmpty() || plain ? each : longest;
        if (!NeededText.isTelling(telling)) {
          return List.of();
        }
        texts.add(telling);
      }
    }
    return texts;
  }
}
