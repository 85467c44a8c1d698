package dev.prguard.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What git says changed between two commits, in the words of GitHub's files API.
final class FakeDiff {
  private static final Pattern HUNK =
      Pattern.compile("@@ -(\\d+)(?:,(\\d+))? \\+(\\d+)(?:,(\\d+))? @@.*");

  /// @param status `added`, `modified`, `removed`, `renamed`
  /// @param previous empty when the path is the same
  /// @param patch empty for a binary file or one without changed lines
  /// @param left lines in hunks by old number
  /// @param right lines in hunks by new number
  record File(
      String path,
      String status,
      String previous,
      String sha,
      String patch,
      int additions,
      int deletions,
      Map<Integer, String> left,
      Map<Integer, String> right) {}

  private FakeDiff() {}

  static List<File> between(TestRepository repository, String from, String to) {
    String[] raw =
        repository.git("diff", "--raw", "-z", "-M", "--no-abbrev", from, to).split("\0", -1);
    List<String> patches = patches(repository, from, to);
    List<File> files = new ArrayList<>();
    for (int i = 0; i < raw.length && raw[i].startsWith(":"); ) {
      String[] fields = raw[i].substring(1).split(" ", -1);
      String letter = fields[4].substring(0, 1);
      boolean renamed = letter.equals("R");
      String path = raw[i + (renamed ? 2 : 1)];
      String status =
          switch (letter) {
            case "A" -> "added";
            case "D" -> "removed";
            case "R" -> "renamed";
            default -> "modified";
          };
      files.add(
          file(
              path,
              status,
              renamed ? raw[i + 1] : "",
              letter.equals("D") ? fields[2] : fields[3],
              patches.get(files.size())));
      i += renamed ? 3 : 2;
    }
    return files;
  }

  /// The text of each file's hunks, in the order of the diff.
  private static List<String> patches(TestRepository repository, String from, String to) {
    String all =
        new String(
            repository.run(new byte[0], "diff", "-M", "--no-color", from, to),
            StandardCharsets.UTF_8);
    List<String> patches = new ArrayList<>();
    for (String file : all.split("(?md)^diff --git ", -1)) {
      int hunks = file.indexOf("\n@@ ");
      String patch = hunks < 0 ? "" : file.substring(hunks + 1);
      // GitHub leaves out the last LF.
      patches.add(patch.endsWith("\n") ? patch.substring(0, patch.length() - 1) : patch);
    }
    patches.removeFirst();
    return patches;
  }

  private static File file(String path, String status, String previous, String sha, String patch) {
    Map<Integer, String> left = new LinkedHashMap<>();
    Map<Integer, String> right = new LinkedHashMap<>();
    int additions = 0;
    int deletions = 0;
    int oldLine = 0;
    int newLine = 0;
    int oldLeft = 0;
    int newLeft = 0;
    for (String line : patch.isEmpty() ? new String[0] : patch.split("\n", -1)) {
      if (oldLeft == 0 && newLeft == 0) {
        Matcher hunk = HUNK.matcher(line);
        if (hunk.matches()) {
          oldLine = Integer.parseInt(hunk.group(1));
          oldLeft = hunk.group(2) == null ? 1 : Integer.parseInt(hunk.group(2));
          newLine = Integer.parseInt(hunk.group(3));
          newLeft = hunk.group(4) == null ? 1 : Integer.parseInt(hunk.group(4));
        }
        continue;
      }
      if (line.startsWith("\\")) {
        continue;
      }
      if (!line.startsWith("+")) {
        left.put(oldLine++, line.substring(1));
        oldLeft--;
        deletions += line.startsWith("-") ? 1 : 0;
      }
      if (!line.startsWith("-")) {
        right.put(newLine++, line.substring(1));
        newLeft--;
        additions += line.startsWith("+") ? 1 : 0;
      }
    }
    return new File(path, status, previous, sha, patch, additions, deletions, left, right);
  }
}
