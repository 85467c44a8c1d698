package dev.prguard.review.patch;

import dev.prguard.review.patch.FileLines.Edit;
import dev.prguard.review.patch.PatchVerifier.Candidate;
import dev.prguard.review.result.Finding.Category;
import dev.prguard.review.result.Finding.Source;
import dev.prguard.review.syntax.ParsedLanguage;
import dev.prguard.review.syntax.Token;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Holds back fixes of the model that do more than they are for. Its author may be obeying the pull
/// request's author: a "fix" of a long line could take an authorisation check away and still parse.
///
/// A style fix must leave the code as it is, token by token, each in its place of the syntax tree.
/// A security fix may exchange names and values in its lines, and nothing else: the code around
/// keeps its place, branches, operators and checks stay, nothing is imported, run or fetched.
final class MeaningGuard {

  /// Keywords and operators that decide what runs. A fix may not have more or fewer of them.
  private static final Set<String> CONTROL =
      Set.of(
          "if",
          "elif",
          "else",
          "unless",
          "return",
          "raise",
          "throw",
          "try",
          "catch",
          "except",
          "finally",
          "assert",
          "for",
          "while",
          "do",
          "switch",
          "case",
          "match",
          "break",
          "continue",
          "goto",
          "pass",
          "yield",
          "await",
          "defer",
          "go",
          "and",
          "or",
          "not",
          "in",
          "is",
          "is not",
          "not in",
          "!",
          "&&",
          "||",
          "?",
          "??",
          "==",
          "!=",
          "===",
          "!==",
          "<",
          ">",
          "<=",
          ">=",
          "@",
          "lambda",
          "=>",
          "->",
          "del",
          "delete",
          "global",
          "nonlocal",
          "with",
          "import",
          "from",
          "class",
          "def",
          "function",
          "func");

  private static final Set<String> TRUTH = Set.of("true", "false", "none", "null", "nil");

  /// A name with one of these in it may be a check: none of them may go.
  private static final List<String> CHECKS =
      List.of(
          "auth",
          "permi",
          "role",
          "admin",
          "login",
          "csrf",
          "xsrf",
          "verif",
          "valid",
          "sanit",
          "escap",
          "encod",
          "assert",
          "forbid",
          "deny",
          "denied",
          "allow",
          "secur",
          "check",
          "requir",
          "ensure",
          "guard",
          "restrict",
          "nonce",
          "sign",
          "hmac",
          "limit",
          "protect");

  /// A name with one of these in it may run or fetch something: none of them may come.
  private static final List<String> POWERS =
      List.of(
          "eval",
          "exec",
          "system",
          "popen",
          "spawn",
          "subprocess",
          "process",
          "runtime",
          "import",
          "require",
          "getattr",
          "setattr",
          "reflect",
          "invoke",
          "compile",
          "pickle",
          "marshal",
          "yaml",
          "socket",
          "request",
          "urlopen",
          "http",
          "fetch",
          "curl",
          "wget",
          "open",
          "write",
          "unlink",
          "remove",
          "delete",
          "chmod",
          "environ",
          "getenv",
          "function",
          "ctypes",
          "unsafe",
          "native");

  private final SyntaxChecker syntax;
  private final String path;
  private final FileLines old;
  private final byte[] oldBytes;

  /// Of the whole file, read at the first use.
  private @Nullable Code oldCode;

  private @Nullable BlankChange blankChange;

  MeaningGuard(SyntaxChecker syntax, String path, FileLines old) {
    this.syntax = syntax;
    this.path = path;
    this.old = old;
    this.oldBytes = old.bytes();
  }

  /// Whether these fixes are held to a meaning: not a rule's own security fix, which is there to
  /// change what the code does, and not in a file without a grammar, where fixes have been held to
  /// whitespace already.
  ///
  /// @param candidates in order of their lines, to be applied together
  boolean guards(List<Candidate> candidates) {
    return ParsedLanguage.of(path) != ParsedLanguage.NONE
        && (isLayout(candidates) || isModels(candidates));
  }

  private static boolean isLayout(List<Candidate> candidates) {
    return candidates.stream().allMatch(c -> c.draft().finding().category() == Category.STYLE);
  }

  /// Each fix was judged alone before it is judged with others.
  private static boolean isModels(List<Candidate> candidates) {
    return candidates.size() == 1 && candidates.getFirst().draft().author() == Source.MODEL;
  }

  /// Why the fixes may mean something else; empty when they do not, or are not guarded.
  Optional<String> objection(List<Candidate> candidates) {
    if (!guards(candidates)) {
      return Optional.empty();
    }
    List<Edit> edits = candidates.stream().map(Candidate::edit).toList();
    byte[] newBytes = old.with(edits).bytes();
    return Optional.ofNullable(
        switch (ParsedLanguage.of(path)) {
          case NONE -> null;
          case JSON, YAML -> data(newBytes);
          case PYTHON, JAVASCRIPT, TYPESCRIPT, TSX, JAVA, GO ->
              isLayout(candidates) ? layout(newBytes) : security(edits.getFirst(), newBytes);
        });
  }

  private @Nullable String data(byte[] newBytes) {
    Optional<List<String>> before = syntax.data(path, oldBytes);
    // Data that did not parse before was held to whitespace as well.
    return before.isEmpty() || before.equals(syntax.data(path, newBytes))
        ? null
        : "the fix changes the data";
  }

  /// Whether the edit changes blanks between tokens and nothing else; false also where the tokens
  /// could not be had.
  boolean isBlankChange(Edit edit) {
    Code code = oldCode();
    if (code == null) {
      return false;
    }
    BlankChange blanks = blankChange;
    if (blanks == null) {
      blanks = new BlankChange(ParsedLanguage.of(path), old, oldBytes, code.tokens);
      blankChange = blanks;
    }
    return blanks.is(edit);
  }

  private @Nullable Code oldCode() {
    Code code = oldCode;
    if (code == null) {
      code = syntax.tokens(path, oldBytes, 0, 0).map(t -> new Code(oldBytes, t)).orElse(null);
      oldCode = code;
    }
    return code;
  }

  private @Nullable String layout(byte[] newBytes) {
    Code before = oldCode();
    Code after = syntax.tokens(path, newBytes, 0, 0).map(t -> new Code(newBytes, t)).orElse(null);
    if (before == null || after == null) {
      return "the meaning could not be checked";
    }
    return before.sameCode(after) ? null : "a style fix may not change code";
  }

  private @Nullable String security(Edit edit, byte[] newBytes) {
    int from = old.offset(edit.line());
    int oldTo = old.offset(edit.endLine() + 1);
    int newTo = oldTo + newBytes.length - oldBytes.length;
    Optional<List<Token>> before = syntax.tokens(path, oldBytes, from, oldTo);
    Optional<List<Token>> after = syntax.tokens(path, newBytes, from, newTo);
    if (before.isEmpty() || after.isEmpty()) {
      return "the meaning could not be checked";
    }
    Code oldAll = new Code(oldBytes, before.get());
    Code newAll = new Code(newBytes, after.get());
    if (!oldAll.outside(from, oldTo).sameCode(newAll.outside(from, newTo))) {
      return "the fix moves code outside its lines";
    }
    return exchange(oldAll.inside(from, oldTo), newAll.inside(from, newTo));
  }

  private static @Nullable String exchange(Code before, Code after) {
    if (!before.tokens.isEmpty() && after.words().isEmpty()) {
      return "the fix deletes the code";
    }
    if (!before.commentWords().equals(after.commentWords())) {
      return "the fix changes a comment, which may switch a checker off";
    }
    for (Token token : after.tokens) {
      if (before.tokens.stream().noneMatch(t -> t.place() == token.place())) {
        return "the fix moves code into another block";
      }
    }
    Map<String, Integer> balance = new HashMap<>();
    before.tokens.forEach(t -> balance.merge(before.text(t), 1, Integer::sum));
    after.tokens.forEach(t -> balance.merge(after.text(t), -1, Integer::sum));
    int truth = 0;
    for (Map.Entry<String, Integer> entry : balance.entrySet()) {
      String text = entry.getKey();
      int gone = entry.getValue();
      String lower = text.toLowerCase(Locale.ROOT);
      if (gone != 0 && CONTROL.contains(text)) {
        return "the fix changes what decides the flow: " + text;
      }
      if (TRUTH.contains(lower)) {
        truth += gone;
      }
      if (gone > 0 && isWord(text) && CHECKS.stream().anyMatch(lower::contains)) {
        return "the fix takes a check away";
      }
      if (gone < 0 && isWord(text) && POWERS.stream().anyMatch(lower::contains)) {
        return "the fix brings in a call that runs or fetches something";
      }
      if (gone < 0 && text.contains("://")) {
        return "the fix brings in an address";
      }
    }
    return truth < 0 ? "the fix puts a constant in place of a condition" : null;
  }

  private static boolean isWord(String text) {
    return !text.isEmpty() && Character.isJavaIdentifierStart(text.charAt(0));
  }

  /// Tokens with the text that they are of; comments apart.
  private static final class Code {
    private final byte[] bytes;
    private final List<Token> tokens = new ArrayList<>();
    private final List<Token> comments = new ArrayList<>();

    Code(byte[] bytes, List<Token> all) {
      this.bytes = bytes;
      for (Token token : all) {
        if (token.isComment()) {
          comments.add(token);
        } else {
          tokens.add(token);
        }
      }
    }

    Code inside(int from, int to) {
      return new Code(bytes, all().filter(t -> t.within(from, to)).toList());
    }

    Code outside(int from, int to) {
      return new Code(bytes, all().filter(t -> !t.within(from, to)).toList());
    }

    private Stream<Token> all() {
      return Stream.concat(tokens.stream(), comments.stream());
    }

    /// The words of the comments, without layout.
    String commentWords() {
      return comments.stream().map(t -> squeezed(text(t))).collect(Collectors.joining());
    }

    String text(Token token) {
      return new String(
          bytes, token.start(), token.end() - token.start(), StandardCharsets.ISO_8859_1);
    }

    List<String> words() {
      return tokens.stream().map(this::text).filter(MeaningGuard::isWord).toList();
    }

    /// The same tokens in the same places of the tree, and the same words in the comments.
    boolean sameCode(Code other) {
      if (tokens.size() != other.tokens.size() || !commentWords().equals(other.commentWords())) {
        return false;
      }
      for (int i = 0; i < tokens.size(); i++) {
        Token mine = tokens.get(i);
        Token its = other.tokens.get(i);
        if (mine.place() != its.place()
            || !mine.type().equals(its.type())
            || !text(mine).equals(other.text(its))) {
          return false;
        }
      }
      return true;
    }

    /// A comment without blanks and without what marks it as one at the start of a line.
    private static String squeezed(String comment) {
      StringBuilder text = new StringBuilder();
      for (String line : comment.split("\n", -1)) {
        String words = line.strip();
        int start = 0;
        while (start < words.length() && "#/*".indexOf(words.charAt(start)) >= 0) {
          start++;
        }
        words.substring(start).chars().filter(c -> c > ' ').forEach(c -> text.append((char) c));
      }
      return text.toString();
    }
  }
}
