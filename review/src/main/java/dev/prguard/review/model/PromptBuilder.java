package dev.prguard.review.model;

import dev.prguard.review.change.PullRequest;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.Hunk;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/// Makes the prompts of one review. All that comes from the change stands between fences that carry
/// a random word of this run, with secrets redacted and invisible characters made visible.
///
/// A group looks like this to the model:
///
///     <<<UNTRUSTED 5f3c...
///     title: Speed up login
///     FILE "src/login.py" (modified)
///     @@ def login
///        12   | user = find(name)
///         -14 - | if not check(password):
///        13 + | if password == user.password:
///     UNTRUSTED 5f3c...>>>
final class PromptBuilder {
  static final int MAX_LINE_CHARS = 2_000;
  private static final int MAX_TITLE_CHARS = 300;
  private static final int MAX_BODY_CHARS = 2_000;
  private static final int MAX_PATH_CHARS = 500;
  private static final int MAX_SECTION_CHARS = 200;

  /// Git cuts the text behind `@@` at 80 bytes.
  private static final int CUT_SECTION_CHARS = 60;

  /// Longer than a secret on one line; see [#redacted].
  private static final int SECRET_CHARS = 4_096;

  private final UnaryOperator<String> redactor;
  private final String nonce;
  private final int maxOutputTokens;
  private final Map<HunkKey, List<String>> shownByHunk = new ConcurrentHashMap<>();

  /// @param redactor takes secrets out of text; keeps its lines
  PromptBuilder(UnaryOperator<String> redactor, int maxOutputTokens) {
    this(redactor, maxOutputTokens, nonce());
  }

  PromptBuilder(UnaryOperator<String> redactor, int maxOutputTokens, String nonce) {
    this.redactor = redactor;
    this.maxOutputTokens = maxOutputTokens;
    this.nonce = nonce;
  }

  private static String nonce() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  Prompt review(PullRequest pullRequest, FileGroup group) {
    StringBuilder user = new StringBuilder(4096);
    user.append("Review this part of a pull request.\n").append(open());
    field(user, "title", pullRequest.title(), MAX_TITLE_CHARS);
    field(user, "description", pullRequest.body(), MAX_BODY_CHARS);
    String lastPath = null;
    for (FileGroup.Piece piece : group.pieces()) {
      if (!piece.file().path().equals(lastPath)) {
        lastPath = piece.file().path();
        user.append("FILE \"")
            .append(shownPath(piece.file().path()))
            .append("\" (")
            .append(piece.file().status().name().toLowerCase(Locale.ROOT))
            .append(")\n");
      }
      piece(user, piece);
    }
    user.append(close()).append("Answer with the JSON object only.\n");
    return new Prompt(
        ReviewInstructions.system(nonce),
        user.toString(),
        ReviewInstructions.SCHEMA,
        maxOutputTokens);
  }

  private void field(StringBuilder out, String name, String value, int maxChars) {
    if (!value.isBlank()) {
      String text = shown(redacted(value.strip(), maxChars));
      out.append(name).append(": ").append(text.replace("\n", "\n    ")).append('\n');
    }
  }

  private void piece(StringBuilder out, FileGroup.Piece piece) {
    Hunk hunk = piece.file().hunks().get(piece.hunkIndex());
    out.append("@@ ").append(shown(redacted(section(hunk), MAX_SECTION_CHARS))).append('\n');
    List<String> texts = shownLines(piece.key(), hunk);
    long oldLine = hunk.oldStart();
    long newLine = hunk.newStart();
    for (int i = 0; i < piece.to(); i++) {
      DiffLine.Kind kind = hunk.lines().get(i).kind();
      if (i >= piece.from()) {
        String gutter = kind == DiffLine.Kind.DELETED ? "-" + oldLine : Long.toString(newLine);
        out.append(" ".repeat(Math.max(0, 7 - gutter.length())))
            .append(gutter)
            .append(' ')
            .append(kind.marker())
            .append(" | ")
            .append(texts.get(i))
            .append('\n');
      }
      oldLine += kind == DiffLine.Kind.ADDED ? 0 : 1;
      newLine += kind == DiffLine.Kind.DELETED ? 0 : 1;
    }
  }

  /// A path as the model sees it, and so as it names it.
  String shownPath(String path) {
    return shown(redacted(path, MAX_PATH_CHARS));
  }

  /// A secret that git cut through is none that a redactor knows: the last word may be one.
  private static String section(Hunk hunk) {
    String section = hunk.section();
    return section.length() < CUT_SECTION_CHARS
        ? section
        : section.substring(0, Math.max(0, section.lastIndexOf(' ')));
  }

  /// Redacts first and clips then, since what is left of a secret that was clipped is not known for
  /// one. A text too long to be redacted whole loses its end, where it may be cut through a secret.
  private String redacted(String text, int maxChars) {
    return afterRedaction(text, redactor.apply(beforeRedaction(text, maxChars)), maxChars);
  }

  private static String beforeRedaction(String text, int maxChars) {
    int most = maxChars + 2 * SECRET_CHARS;
    return text.length() > most ? text.substring(0, most) : text;
  }

  private static String afterRedaction(String text, String redacted, int maxChars) {
    boolean cut = text.length() > maxChars + 2 * SECRET_CHARS;
    int end = cut ? Math.max(0, redacted.length() - SECRET_CHARS) : redacted.length();
    String safe = redacted.substring(0, end);
    return cut && end <= maxChars ? safe + '…' : PlainText.clip(safe, maxChars);
  }

  /// The lines of a hunk as the model sees them. A model quotes what it saw, so its quotes are
  /// compared with these.
  List<String> shownLines(HunkKey key, Hunk hunk) {
    return shownByHunk.computeIfAbsent(
        key, k -> shownLines(hunk.lines().subList(0, FileGroups.sendable(hunk))));
  }

  private List<String> shownLines(List<DiffLine> lines) {
    List<String> whole = lines.stream().map(PromptBuilder::oneLine).toList();
    List<String> raw = whole.stream().map(line -> beforeRedaction(line, MAX_LINE_CHARS)).toList();
    // Together first: a private key spans lines.
    String[] together = redactor.apply(String.join("\n", raw)).split("\n", -1);
    List<String> shown = new ArrayList<>(raw.size());
    for (int i = 0; i < raw.size(); i++) {
      // Should lines have been merged, each goes alone; better a line too short than one astray.
      String redacted = together.length == raw.size() ? together[i] : redactor.apply(raw.get(i));
      shown.add(shown(afterRedaction(whole.get(i), redacted, MAX_LINE_CHARS)));
    }
    return List.copyOf(shown);
  }

  /// Whether the model sees less of the line than there is.
  static boolean clipped(DiffLine line) {
    return line.bytes().length() > MAX_LINE_CHARS && line.text().length() > MAX_LINE_CHARS;
  }

  private static String oneLine(DiffLine line) {
    // A line break of Unicode inside a line of git must not make two lines.
    return line.text().replace('\n', ' ');
  }

  /// Hostile text as the model sees it: what looks like a fence is broken up, what cannot be seen
  /// is spelled out.
  static String shown(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          if (c == '\n' || c == '\t' || !PlainText.hidden(c)) {
            out.appendCodePoint(c);
          } else {
            out.append(String.format(Locale.ROOT, "[U+%04X]", c));
          }
        });
    return neutralised(out.toString());
  }

  private static String neutralised(String text) {
    if (!text.toUpperCase(Locale.ROOT).contains(ReviewInstructions.FENCE_WORD)) {
      return text;
    }
    return text.replace("<<<", "<< <").replace(">>>", ">> >");
  }

  private String open() {
    return "<<<" + ReviewInstructions.FENCE_WORD + ' ' + nonce + '\n';
  }

  private String close() {
    return ReviewInstructions.FENCE_WORD + ' ' + nonce + ">>>\n";
  }
}
