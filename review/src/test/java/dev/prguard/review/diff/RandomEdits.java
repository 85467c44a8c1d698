package dev.prguard.review.diff;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Files of this project and nasty ones, and random edits of them. Bytes are held one a char.
final class RandomEdits {
  private static final List<String> NASTY_LINES =
      List.of(
          "",
          " ",
          "-- x",
          "++ y",
          "- ",
          "--- a/x",
          "+++ b/x",
          "@@ -1,3 +1,3 @@",
          "diff --git a/x b/x",
          "\\ No newline at end of file",
          "os.system(x)  # \\ no newline at end of file",
          "-- ",
          "GIT binary patch",
          "form\ffeed",
          "nel\u0085latin-1",
          bytes("u2028 \u2028 u2029 \u2029 nel \u0085 bom \ufeff"),
          "carriage\rreturn",
          "crlf\r",
          "\r",
          "\u00ff\u00fe broken \u00c3",
          "@generated",
          "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001",
          "rename from x",
          "tab\tand\u000bvertical");

  private static final List<String> NAMES =
      List.of(
          "plain%d.txt",
          "with space %d.py",
          "a/b/%d b/c",
          "b/%d",
          "quote\"%d\".txt",
          "back\\slash%d",
          "tab\t%d",
          "line\nfeed%d",
          "ünïcode%d.java",
          "漢字 %d",
          "-dash%d",
          " and %d and x");

  private final Random random;
  private final List<String> texts;
  private int made;

  RandomEdits(Random random) {
    this.random = random;
    this.texts = projectSources();
  }

  private static String bytes(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  private static List<String> projectSources() {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      List<String> sources = new ArrayList<>();
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).sorted().toList()) {
        sources.add(new String(Files.readAllBytes(file), ISO_8859_1));
      }
      return sources;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// How many edits were made so far.
  int made() {
    return made;
  }

  /// A file's path: each of the nasty kinds in turn.
  String name(int number) {
    return "d" + number % 7 + "/" + NAMES.get(number % NAMES.size()).formatted(number);
  }

  /// A new file: real text or nasty lines, empty, with or without a newline at its end.
  String file() {
    return switch (random.nextInt(12)) {
      case 0 -> "";
      case 1 -> "one line, no newline";
      case 2 -> join(nasty(random.nextInt(40)));
      default -> {
        String text = texts.get(random.nextInt(texts.size()));
        List<String> lines = lines(text);
        int from = random.nextInt(lines.size());
        int to = Math.min(lines.size(), from + 1 + random.nextInt(250));
        List<String> part = new ArrayList<>(lines.subList(from, to));
        if (random.nextInt(4) == 0) {
          part.replaceAll(line -> line + "\r");
        }
        yield join(part);
      }
    };
  }

  /// The text after one to nine edits.
  String edit(String text) {
    List<String> lines = lines(text);
    int edits = 1 + random.nextInt(9);
    made += edits;
    for (; edits > 0; edits--) {
      int at = random.nextInt(lines.size() + 1);
      int until = Math.min(lines.size(), at + random.nextInt(4));
      switch (random.nextInt(6)) {
        case 0 -> lines.subList(at, until).clear();
        case 1 -> lines.subList(at, until).replaceAll(line -> line + " changed");
        case 2 -> lines.addAll(at, List.copyOf(lines.subList(at, until)));
        default -> lines.addAll(at, nasty(1 + random.nextInt(3)));
      }
    }
    return join(lines);
  }

  private List<String> nasty(int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(NASTY_LINES.get(random.nextInt(NASTY_LINES.size())));
    }
    return lines;
  }

  private static List<String> lines(String text) {
    return new ArrayList<>(
        text.isEmpty()
            ? List.of()
            : List.of(
                (text.endsWith("\n") ? text.substring(0, text.length() - 1) : text)
                    .split("\n", -1)));
  }

  private String join(List<String> lines) {
    String text = String.join("\n", lines);
    return lines.isEmpty() || random.nextInt(5) == 0 ? text : text + "\n";
  }
}
