package dev.prguard.review.rules;

import dev.prguard.review.change.Change;
import dev.prguard.review.change.FileContents;
import dev.prguard.review.change.PullRequest;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.FileDiff.Status;
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
    Status status =
        before == null ? Status.ADDED : after == null ? Status.DELETED : Status.MODIFIED;
    return new FileDiff(
        status,
        before == null ? null : path,
        after == null ? null : path,
        "100644",
        "100644",
        false,
        LineDiff.hunks(before == null ? "" : before, after == null ? "" : after));
  }
}
