package dev.prguard.testkit;

import java.util.Locale;
import java.util.Random;

/// Diffs of a stated size with four planted dangers, for tests and benchmarks of scale. The same
/// seed gives the same text.
public final class LargePullRequest {
  /// A format-valid AWS access key id, made up for this generator, in the last file.
  public static final String SECRET_PATH = "src/zz/last_module.py";

  /// A Java controller that loses its `@PreAuthorize`.
  public static final String REMOVED_CHECK_PATH = "src/api/AdminController.java";

  /// A workflow that checks out and runs the head of a fork with the base's secrets.
  public static final String WORKFLOW_PATH = ".github/workflows/preview.yml";

  /// A lock file whose package now comes from another host.
  public static final String LOCK_PATH = "package-lock.json";

  private LargePullRequest() {}

  /// @param files all in all, the four dangerous ones included
  /// @param addedLines all in all, about
  public static String diff(int files, int addedLines, long seed) {
    Random random = new Random(seed);
    int plain = files - 4;
    int perFile = Math.max(1, addedLines / Math.max(1, plain));
    StringBuilder diff = new StringBuilder(addedLines * 48);
    diff.append(workflow());
    diff.append(lockFile());
    for (int i = 0; i < plain; i++) {
      switch (i % 3) {
        case 0 -> added(diff, "src/mod%03d/service_%04d.py", i, perFile, random, Language.PYTHON);
        case 1 -> added(diff, "web/mod%03d/view_%04d.ts", i, perFile, random, Language.TYPESCRIPT);
        default -> added(diff, "pkg/mod%03d/handler_%04d.go", i, perFile, random, Language.GO);
      }
      if (i == plain / 2) {
        diff.append(removedCheck());
      }
    }
    diff.append(secret());
    return diff.toString();
  }

  private enum Language {
    PYTHON,
    TYPESCRIPT,
    GO
  }

  private static void added(
      StringBuilder diff, String pattern, int i, int lines, Random random, Language language) {
    String path = String.format(Locale.ROOT, pattern, i / 50, i);
    diff.append("diff --git a/").append(path).append(" b/").append(path).append('\n');
    diff.append("new file mode 100644\nindex 0000000..1111111\n--- /dev/null\n+++ b/");
    diff.append(path).append("\n@@ -0,0 +1,").append(lines).append(" @@\n");
    for (int line = 0; line < lines; line++) {
      int n = random.nextInt(1000);
      String name = "value" + line;
      String text =
          switch (language) {
            case PYTHON -> "%s = compute(items[%d], scale=%d)".formatted(name, n, n % 7);
            case TYPESCRIPT -> "const %s = compute(items[%d], %d);".formatted(name, n, n % 7);
            case GO ->
                line == 0
                    ? "package main"
                    : "var %s = compute(items[%d], %d)".formatted(name, n, n % 7);
          };
      diff.append('+').append(text).append('\n');
    }
  }

  private static String secret() {
    return """
    diff --git a/src/zz/last_module.py b/src/zz/last_module.py
    new file mode 100644
    index 0000000..2222222
    --- /dev/null
    +++ b/src/zz/last_module.py
    @@ -0,0 +1,3 @@
    +import os
    +
    +ACCESS_KEY = "AKIA%s"
    """
        // In two parts, so that scanners of this repository do not find a key in it.
        .formatted("Q3EGRIOTB5VXNJ7W");
  }

  private static String removedCheck() {
    return """
    diff --git a/src/api/AdminController.java b/src/api/AdminController.java
    index 3333333..4444444 100644
    --- a/src/api/AdminController.java
    +++ b/src/api/AdminController.java
    @@ -10,7 +10,6 @@ class AdminController {
       private final Accounts accounts;
    \s
       @DeleteMapping("/accounts/{id}")
    -  @PreAuthorize("hasRole('ADMIN')")
       void delete(@PathVariable long id) {
         accounts.delete(id);
       }
    """;
  }

  private static String workflow() {
    return """
    diff --git a/.github/workflows/preview.yml b/.github/workflows/preview.yml
    index 5555555..6666666 100644
    --- a/.github/workflows/preview.yml
    +++ b/.github/workflows/preview.yml
    @@ -1,8 +1,10 @@
     name: preview
    -on: pull_request
    +on: pull_request_target
     jobs:
       preview:
         runs-on: ubuntu-latest
         steps:
           - uses: actions/checkout@v4
    +        with:
    +          ref: ${{ github.event.pull_request.head.sha }}
           - run: make preview
    """;
  }

  private static String lockFile() {
    return """
    diff --git a/package-lock.json b/package-lock.json
    index 7777777..8888888 100644
    --- a/package-lock.json
    +++ b/package-lock.json
    @@ -40,6 +40,6 @@
         "node_modules/left-pad": {
           "version": "1.3.0",
    -      "resolved": "https://npm.example.org/left-pad/-/left-pad-1.3.0.tgz",
    -      "integrity": "sha512-XI5MPzVNApjAyhQzphX8BkmKsKUxD4LdyK24iZeQGinBN9yTQT3bFlCBy/aVx2HrNcqQGsdot8ghrjyrvMCoEA==",
    +      "resolved": "https://mirror.example.net/left-pad/-/left-pad-1.3.0.tgz",
    +      "integrity": "sha512-AAAAPzVNApjAyhQzphX8BkmKsKUxD4LdyK24iZeQGinBN9yTQT3bFlCBy/aVx2HrNcqQGsdot8ghrjyrvMCoEA==",
           "license": "WTFPL"
         },
    """;
  }
}
