package dev.prguard.review.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the patch agent made. Only proven fixes are in `unifiedDiff` and `fixes`.
///
/// @param issuesTotal findings of the review
/// @param issuesSafe findings that the policy lets be patched
/// @param issuesPatched findings whose fix was proven
/// @param unifiedDiff text that `git apply` takes on the head, null when nothing was proven
/// @param rejected fixes that were made and not proven, with the check that failed
/// @param pullRequestUrl the draft pull request that offers the patch, null when there is none
public record PatchOutcome(
    int issuesTotal,
    int issuesSafe,
    int issuesPatched,
    @Nullable String unifiedDiff,
    List<Fix> fixes,
    List<Rejection> rejected,
    @Nullable String pullRequestUrl) {

  public static final PatchOutcome NONE =
      new PatchOutcome(0, 0, 0, null, List.of(), List.of(), null);

  public PatchOutcome {
    fixes = List.copyOf(fixes);
    rejected = List.copyOf(rejected);
  }

  /// The same, offered by a draft pull request.
  public PatchOutcome offeredBy(String url) {
    return new PatchOutcome(
        issuesTotal, issuesSafe, issuesPatched, unifiedDiff, fixes, rejected, url);
  }

  /// Whether any fix was made, proven or not.
  public boolean generated() {
    return !fixes.isEmpty() || !rejected.isEmpty();
  }

  public boolean verified() {
    return !fixes.isEmpty();
  }

  /// A proven fix: lines `line`..`endLine` of the head become `replacement` (no final newline).
  ///
  /// @param checks what was proven, in the order of the checks
  public record Fix(
      String fingerprint,
      String path,
      int line,
      int endLine,
      String replacement,
      Finding.Source source,
      List<String> checks) {
    public Fix {
      checks = List.copyOf(checks);
    }
  }

  public record Rejection(String fingerprint, String path, int line, String check, String reason) {}
}
