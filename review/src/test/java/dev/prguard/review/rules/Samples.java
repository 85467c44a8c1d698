package dev.prguard.review.rules;

import dev.prguard.review.change.Change;
import dev.prguard.review.change.FileContents;
import dev.prguard.review.change.PullRequest;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.DiffLine.Kind;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.FileDiff.Status;
import dev.prguard.review.diff.Hunk;
import dev.prguard.review.diff.PullRequestDiff;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Changes and secrets made up for tests.
final class Samples {

  private static final int CONTEXT = 3;
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+):(\\d+)\\}\\}");

  private Samples() {}

  /// Replaces `{{alnum:36}}` and the like by random text.
  static String fill(String template, Random random) {
    return ExampleText.fill(template, random);
  }

  /// The random parts of a filled template, in order.
  static List<String> secrets(String template, String filled) {
    StringBuilder expression = new StringBuilder();
    Matcher matcher = PLACE.matcher(template);
    int end = 0;
    while (matcher.find()) {
      expression.append(Pattern.quote(template.substring(end, matcher.start())));
      expression.append("(.{").append(matcher.group(2)).append("})");
      end = matcher.end();
    }
    expression.append(Pattern.quote(template.substring(end)));
    Matcher filledIn = Pattern.compile(expression.toString(), Pattern.DOTALL).matcher(filled);
    if (!filledIn.matches()) {
      throw new IllegalArgumentException(template);
    }
    List<String> secrets = new ArrayList<>();
    for (int group = 1; group <= filledIn.groupCount(); group++) {
      secrets.add(filledIn.group(group));
    }
    return secrets;
  }

  /// A change of several files, by path: before (null when added) and after (null when deleted).
  static final class ChangeBuilder {
    private final List<FileDiff> files = new ArrayList<>();
    private final Map<String, byte[]> head = new LinkedHashMap<>();
    private final Map<String, byte[]> base = new LinkedHashMap<>();
    private final List<Change.Gap> gaps = new ArrayList<>();

    ChangeBuilder file(String path, @Nullable String before, @Nullable String after) {
      if (before != null) {
        base.put(path, before.getBytes(StandardCharsets.UTF_8));
      }
      if (after != null) {
        head.put(path, after.getBytes(StandardCharsets.UTF_8));
      }
      files.add(Samples.diff(path, before, after));
      return this;
    }

    ChangeBuilder diff(FileDiff diff) {
      files.add(diff);
      return this;
    }

    ChangeBuilder head(String path, byte[] content) {
      head.put(path, content);
      return this;
    }

    ChangeBuilder gap(String path, String reason) {
      gaps.add(new Change.Gap(path, reason));
      return this;
    }

    Change build() {
      FileContents headFiles = path -> Optional.ofNullable(head.get(path));
      FileContents baseFiles = path -> Optional.ofNullable(base.get(path));
      return change(new PullRequestDiff(files, 0), headFiles, baseFiles, gaps);
    }

    /// As a diff file gives it: nothing known but the hunks.
    Change buildWithoutFiles() {
      FileContents none = _ -> Optional.empty();
      return change(new PullRequestDiff(files, 0), none, none, gaps);
    }
  }

  static Change change(
      PullRequestDiff diff, FileContents head, FileContents base, List<Change.Gap> gaps) {
    PullRequest pullRequest =
        new PullRequest("", "acme/shop", "acme", "shop", 1L, "a", "", "", "f", "", "main", "");
    return new Change(pullRequest, diff, head, base, gaps);
  }

  static FileDiff diff(String path, @Nullable String before, @Nullable String after) {
    List<DiffLine> lines = lines(split(before), split(after));
    Status status =
        before == null ? Status.ADDED : after == null ? Status.DELETED : Status.MODIFIED;
    return new FileDiff(
        status,
        before == null ? null : path,
        after == null ? null : path,
        "100644",
        "100644",
        false,
        hunks(lines));
  }

  private static List<String> split(@Nullable String text) {
    return text == null ? List.of() : Segment.linesOf(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Longest common subsequence; small files only.
  private static List<DiffLine> lines(List<String> before, List<String> after) {
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    List<DiffLine> lines = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        lines.add(line(Kind.CONTEXT, before.get(i)));
        i++;
        j++;
      } else if (i < before.size() && (j == after.size() || common[i + 1][j] >= common[i][j + 1])) {
        lines.add(line(Kind.DELETED, before.get(i)));
        i++;
      } else {
        lines.add(line(Kind.ADDED, after.get(j)));
        j++;
      }
    }
    return lines;
  }

  private static DiffLine line(Kind kind, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return new DiffLine(kind, new String(utf8, StandardCharsets.ISO_8859_1), true);
  }

  private static List<Hunk> hunks(List<DiffLine> lines) {
    List<Hunk> hunks = new ArrayList<>();
    int oldLine = 1;
    int newLine = 1;
    int i = 0;
    while (i < lines.size()) {
      int change = i;
      while (change < lines.size() && lines.get(change).kind() == Kind.CONTEXT) {
        change++;
      }
      if (change == lines.size()) {
        break;
      }
      int start = Math.max(i, change - CONTEXT);
      oldLine += start - i;
      newLine += start - i;
      int end = change;
      int quiet = 0;
      while (end < lines.size() && quiet <= 2 * CONTEXT) {
        quiet = lines.get(end).kind() == Kind.CONTEXT ? quiet + 1 : 0;
        end++;
      }
      end -= Math.max(0, quiet - CONTEXT);
      List<DiffLine> part = lines.subList(start, end);
      int olds = (int) part.stream().filter(l -> l.kind() != Kind.ADDED).count();
      int news = (int) part.stream().filter(l -> l.kind() != Kind.DELETED).count();
      hunks.add(new Hunk(olds == 0 ? 0 : oldLine, olds, news == 0 ? 0 : newLine, news, "", part));
      oldLine += olds;
      newLine += news;
      i = end;
    }
    return hunks;
  }
}
