package dev.prguard.review.workflow;

import dev.prguard.review.change.Change;
import dev.prguard.review.diff.DiffApplier;
import dev.prguard.review.diff.DiffParser;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.github.PatchRequest;
import dev.prguard.review.result.PatchOutcome;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// A proven patch as a draft pull request offers it: the whole new files, made from the very text
/// that the user gets.
final class PatchOffer {
  private PatchOffer() {}

  /// @param patch with at least one proven fix
  static PatchRequest of(Change change, PatchOutcome patch) {
    byte[] diff =
        Objects.requireNonNull(patch.unifiedDiff(), "unifiedDiff").getBytes(StandardCharsets.UTF_8);
    Map<String, byte[]> files = new TreeMap<>();
    for (FileDiff file : DiffParser.parse(diff).files()) {
      byte[] head = change.head().read(file.path()).orElseThrow();
      files.put(file.path(), DiffApplier.apply(file, head));
    }
    String fixes = patch.fixes().size() == 1 ? "1 finding" : patch.fixes().size() + " findings";
    return new PatchRequest(
        change.pullRequest(),
        files,
        "Fix " + fixes + " of the review of #" + change.pullRequest().number(),
        "Fixes "
            + fixes
            + ". Each one applies to the exact head, touches only the lines of its finding, leaves a file that parses, "
            + "removes the finding and adds none.");
  }
}
