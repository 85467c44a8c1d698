package dev.prguard.review.model;

import dev.prguard.review.change.Change;
import dev.prguard.review.change.PullRequest;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.DiffLine.Kind;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.Hunk;
import dev.prguard.review.diff.PullRequestDiff;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Changes and answers for tests of what a model is shown and says.
final class TestChanges {
  static final FileDiff LOGIN =
      file(
          "login.py",
          " user = find(name)",
          "-if not check(password):",
          "+if password == \"hunter2\":",
          "+    eval(name)",
          " return user",
          "+    eval(name)");

  private TestChanges() {}

  private static DiffLine line(Kind kind, String text) {
    String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return new DiffLine(kind, bytes, true);
  }

  static FileDiff file(String path, String... marked) {
    List<DiffLine> lines = new ArrayList<>();
    int before = 0;
    int after = 0;
    for (String text : marked) {
      Kind kind =
          switch (text.charAt(0)) {
            case '+' -> Kind.ADDED;
            case '-' -> Kind.DELETED;
            default -> Kind.CONTEXT;
          };
      before += kind == Kind.ADDED ? 0 : 1;
      after += kind == Kind.DELETED ? 0 : 1;
      lines.add(line(kind, text.substring(1)));
    }
    return new FileDiff(
        FileDiff.Status.MODIFIED,
        path,
        path,
        null,
        null,
        false,
        List.of(new Hunk(10, before, 10, after, "", lines)));
  }

  static Change change(String title, FileDiff... files) {
    return change(title, "", "b", files);
  }

  static Change change(String title, String body, String branch, FileDiff... files) {
    PullRequest pull =
        new PullRequest(
            "https://github.com/o/r/pull/1",
            "o/r",
            "o",
            "r",
            1L,
            "eve",
            title,
            body,
            branch,
            "h",
            "main",
            "s");
    byte[] head =
        "import os\nsafe = 1\n\n\n\n\n\n\n\nuser = find(name)\n".getBytes(StandardCharsets.UTF_8);
    return new Change(
        pull,
        new PullRequestDiff(List.of(files), 100),
        path -> path.equals("login.py") ? Optional.of(head) : Optional.empty(),
        path -> Optional.empty(),
        List.of());
  }

  static String redact(String text) {
    return text.replace("hunter2", "[REDACTED]");
  }

  static String finding(String path, int line, String quote) {
    return "{\"path\":\"%s\",\"line\":%d,\"end_line\":%d,\"quote\":%s,\"rule\":\"code-injection\",\"severity\":\"high\",\"cwe\":\"CWE-95\",\"title\":\"T\",\"message\":\"M\"}"
        .formatted(path, line, line, ModelTestBed.quoted(quote));
  }

  static String answer(String... findings) {
    return "{\"findings\":[" + String.join(",", findings) + "],\"count\":" + findings.length + "}";
  }
}
