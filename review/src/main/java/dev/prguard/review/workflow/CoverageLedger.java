package dev.prguard.review.workflow;

import dev.prguard.review.change.Change;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.Hunk;
import dev.prguard.review.model.HunkKey;
import dev.prguard.review.result.Coverage;
import dev.prguard.review.result.Coverage.FileCoverage;
import dev.prguard.review.result.Coverage.HunkCoverage;
import dev.prguard.review.result.Coverage.Look;
import dev.prguard.review.result.Coverage.Seen;
import dev.prguard.review.result.ReviewStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Who looked at what, file by file and hunk by hunk, and what may be claimed of it.
final class CoverageLedger {
  private CoverageLedger() {}

  /// @param ruleLooks by path
  /// @param modelLooks by hunk; a hunk without an entry was not sent
  /// @param modelAsked whether a model was configured
  static Coverage of(
      Change change,
      Map<String, Look> ruleLooks,
      Map<HunkKey, Look> modelLooks,
      boolean modelAsked) {
    List<FileCoverage> files = new ArrayList<>();
    for (FileDiff file : change.diff().files()) {
      Look rules = ruleLooks.getOrDefault(file.path(), Look.no("rules did not run"));
      List<HunkCoverage> hunks = new ArrayList<>();
      List<Look> looks = new ArrayList<>();
      for (int i = 0; i < file.hunks().size(); i++) {
        Hunk hunk = file.hunks().get(i);
        Look model =
            modelAsked
                ? modelLooks.getOrDefault(new HunkKey(file.path(), i), Look.no("not sent"))
                : Look.notApplicable("no model configured");
        looks.add(model);
        hunks.add(new HunkCoverage(hunk.newStart(), hunk.newCount(), rules, model));
      }
      Look model = modelAsked ? whole(looks) : Look.notApplicable("no model configured");
      files.add(new FileCoverage(file.path(), rules, model, hunks));
    }
    for (Change.Gap gap : change.gaps()) {
      Look no = Look.no(gap.reason());
      files.add(
          new FileCoverage(
              gap.path(),
              no,
              modelAsked ? no : Look.notApplicable("no model configured"),
              List.of()));
    }
    return new Coverage(files);
  }

  /// `reviewed` only when everything that was asked to look saw everything; an empty change was
  /// reviewed by nobody.
  static ReviewStatus status(Coverage coverage) {
    boolean rulesSawSomething = false;
    boolean whole = true;
    for (FileCoverage file : coverage.files()) {
      rulesSawSomething |= file.rules().seen() != Seen.NO;
      whole &= isWhole(file.rules()) && isWhole(file.model());
    }
    if (!rulesSawSomething) {
      return ReviewStatus.NOT_REVIEWED;
    }
    return whole ? ReviewStatus.REVIEWED : ReviewStatus.PARTIAL;
  }

  private static boolean isWhole(Look look) {
    return switch (look.seen()) {
      case YES, NOT_APPLICABLE -> true;
      case PARTLY, NO -> false;
    };
  }

  private static Look whole(List<Look> hunks) {
    if (hunks.isEmpty()) {
      return Look.notApplicable("no changed lines");
    }
    List<Look> missing = hunks.stream().filter(look -> !isWhole(look)).toList();
    if (missing.isEmpty()) {
      return Look.YES;
    }
    String reason = missing.getFirst().reason();
    String first = reason == null ? "not seen" : reason;
    return missing.size() == hunks.size() && missing.stream().allMatch(m -> m.seen() == Seen.NO)
        ? Look.no(first)
        : Look.partly(missing.size() + " of " + hunks.size() + " hunks: " + first);
  }
}
