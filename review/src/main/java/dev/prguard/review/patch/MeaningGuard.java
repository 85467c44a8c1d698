package dev.prguard.review.patch;

import dev.prguard.review.patch.FileLines.Edit;
import dev.prguard.review.result.Finding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  MeaningGuard(SyntaxChecker syntax, String path, FileLines old) {
    this.syntax = syntax;
    this.path = path;
    this.old = old;
  }

  /// Why the fix may mean something else, or null. In a file without a grammar the fix has been
  /// held to whitespace already.
  @Nullable String objection(PatchVerifier.Candidate candidate) {
    byte[] oldBytes = old.bytes();
    byte[] newBytes = old.with(List.of(candidate.edit())).bytes();
    boolean style = candidate.draft().finding().category() == Finding.Category.STYLE;
    return switch (Language.of(path)) {
      case NONE -> null;
      case JSON, YAML -> {
        Optional<List<String>> data = syntax.data(path, oldBytes);
        yield data.equals(syntax.data(path, newBytes)) ? null : "the fix changes the data";
      }
      case PYTHON, JAVASCRIPT, TYPESCRIPT, JAVA, GO ->
          style ? layout(oldBytes, newBytes) : security(candidate.edit(), oldBytes, newBytes);
    };
  }

  private @Nullable String layout(byte[] oldBytes, byte[] newBytes) {
    Optional<List<Token>> before = syntax.tokens(path, oldBytes, 0, 0);
    Optional<List<Token>> after = syntax.tokens(path, newBytes, 0, 0);
    if (before.isEmpty() || after.isEmpty()) {
      return "the meaning could not be checked";
    }
    return new Code(oldBytes, before.get()).sameCode(new Code(newBytes, after.get()))
        ? null
        : "a style fix may not change code";
  }

  private @Nullable String security(Edit edit, byte[] oldBytes, byte[] newBytes) {
    int from = old.offset(edit.line());
    int oldTo = old.offset(edit.endLine() + 1);
    int newTo = oldTo + newBytes.length - oldBytes.length;
    Optional<List<Token>> before = syntax.tokens(path, oldBytes, from, oldTo);
    Optional<List<Token>> after = syntax.tokens(path, newBytes, from, newTo);
    if (before.isEmpty() || after.isEmpty()) {
      return "the meaning could not be checked";
    }
    Code oldCode = new Code(oldBytes, before.get());
    Code newCode = new Code(newBytes, after.get());
    if (!oldCode.outside(from, oldTo).sameCode(newCode.outside(from, newTo))) {
      return "the fix moves code outside its lines";
    }
    return exchange(oldCode.inside(from, oldTo), newCode.inside(from, newTo));
  }

  private static @Nullable String exchange(Code before, Code after) {
    if (!before.tokens.isEmpty() && after.words().isEmpty()) {
      return "the fix deletes the code";
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
    private final StringBuilder comments = new StringBuilder();

    Code(byte[] bytes, List<Token> all) {
      this.bytes = bytes;
      for (Token token : all) {
        if (token.isComment()) {
          comments.append(squeezed(text(token)));
        } else {
          tokens.add(token);
        }
      }
    }

    Code inside(int from, int to) {
      return new Code(bytes, tokens.stream().filter(t -> t.within(from, to)).toList());
    }

    Code outside(int from, int to) {
      return new Code(bytes, tokens.stream().filter(t -> !t.within(from, to)).toList());
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
      if (tokens.size() != other.tokens.size()
          || !comments.toString().contentEquals(other.comments)) {
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
