package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Function;
import dev.prguard.review.rules.code.Stmt;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions that are gone through, the innermost first: what else they speak of. That a
/// function which keeps a text also keeps whose it is, or compares its digest, can be far from the
/// call that a rule objects to.
final class Surroundings {

  private static final int MAX_FILE_TEXT = 40_000;

  private Collection<Function> whole = List.of();
  private Collection<Stmt> outside = List.of();
  private @Nullable String fileText;
  private final Deque<Function> functions = new ArrayDeque<>();
  private final IdentityHashMap<Function, String> mentions = new IdentityHashMap<>();

  /// Answers, by what is asked: a rule may object to every line of a file.
  private final IdentityHashMap<Function, Map<Expression, Boolean>> spoken =
      new IdentityHashMap<>();

  private final Map<Expression, Boolean> spokenInFile = new HashMap<>();

  void enter(Function function) {
    functions.push(function);
  }

  void leave() {
    functions.pop();
  }

  /// The one that is run, or null outside of all.
  @Nullable Function innermost() {
    return functions.peek();
  }

  /// The file that they are in.
  void file(Collection<Function> all, Collection<Stmt> statements) {
    whole = all;
    outside = statements;
    fileText = null;
    spokenInFile.clear();
  }

  /// Whether anything in the file has a name or constant that matches.
  boolean fileMentions(Expression pattern) {
    return spokenInFile.computeIfAbsent(pattern, each -> each.find(fileText()));
  }

  private String fileText() {
    String text = fileText;
    if (text == null) {
      StringBuilder said = new StringBuilder();
      for (Stmt each : outside) {
        if (each instanceof Stmt.Import(String _, String path)) {
          said.append("import=").append(path).append(',');
        }
        if (said.length() <= MAX_FILE_TEXT) {
          said.append(Mentions.of(each));
        }
      }
      for (Function each : whole) {
        if (said.length() > MAX_FILE_TEXT) {
          break;
        }
        said.append("name=").append(each.name()).append(',');
        said.append("mark=").append(Names.marks(each)).append(',');
        each.params().forEach(param -> said.append("name=").append(param.name()).append(','));
        said.append(text(each));
      }
      text = said.toString();
      fileText = text;
    }
    return text;
  }

  /// Whether one of them has a name or constant that matches.
  boolean mention(Expression pattern) {
    for (Function function : functions) {
      Map<Expression, Boolean> known = spoken.computeIfAbsent(function, _ -> new HashMap<>());
      if (known.computeIfAbsent(pattern, each -> each.find(text(function)))) {
        return true;
      }
    }
    return false;
  }

  private String text(Function function) {
    return mentions.computeIfAbsent(function, each -> Mentions.of(each.body()));
  }

  /// What must be spoken of, or must not, see [FlowSpec.Around].
  record Condition(
      @Nullable Expression file, @Nullable Expression unless, @Nullable Expression unlessInFile) {

    static Condition of(FlowSpec.Around around) {
      return new Condition(
          expression(around.file()),
          expression(around.unless()),
          expression(around.unlessInFile()));
    }

    private static @Nullable Expression expression(@Nullable String source) {
      return source == null ? null : new Expression(source);
    }

    boolean holdsIn(Surroundings code) {
      return (unless == null || !code.mention(unless))
          && (unlessInFile == null || !code.fileMentions(unlessInFile))
          && (file == null || code.fileMentions(file));
    }
  }
}
