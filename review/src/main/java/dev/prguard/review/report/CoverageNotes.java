package dev.prguard.review.report;

import dev.prguard.review.result.Coverage;
import dev.prguard.review.result.Coverage.FileCoverage;
import dev.prguard.review.result.Coverage.HunkCoverage;
import dev.prguard.review.result.Coverage.Look;
import dev.prguard.review.result.Coverage.Seen;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The coverage ledger in short: how many files were seen, and every exception with its reason.
///
/// @param rules how many files the rules saw
/// @param model how many files the model saw
/// @param gaps what was not seen, or not whole, in the order of the diff
record CoverageNotes(Count rules, Count model, List<Gap> gaps) {
  private static final int MAX_RANGES = 200;

  CoverageNotes {
    gaps = List.copyOf(gaps);
  }

  /// @param seen files seen whole
  /// @param asked files that could be seen; 0 when nobody was asked
  /// @param notAsked why nobody was asked, empty when somebody was or no reason is known
  record Count(int seen, int asked, String notAsked) {
    /// `3 of 5 files`, or the reason why there is no number.
    String words() {
      if (asked == 0) {
        return notAsked.isEmpty() ? "nothing to look at" : "not asked (" + notAsked + ")";
      }
      return seen + " of " + files(asked);
    }
  }

  /// @param lines `lines 3-9, 40-44`, empty for the whole file
  /// @param who `rules`, `model`, or `rules and model`
  /// @param verdict `not looked at` or `looked at in part`
  record Gap(String path, String lines, String who, String verdict, String reason) {}

  static CoverageNotes of(Coverage coverage) {
    List<Gap> gaps = new ArrayList<>();
    for (FileCoverage file : coverage.files()) {
      gaps.addAll(gaps(file));
    }
    return new CoverageNotes(
        count(coverage, FileCoverage::rules, HunkCoverage::rules),
        count(coverage, FileCoverage::model, HunkCoverage::model),
        gaps);
  }

  static String files(int count) {
    return count == 1 ? "1 file" : count + " files";
  }

  private static Count count(
      Coverage coverage, Function<FileCoverage, Look> ofFile, Function<HunkCoverage, Look> ofHunk) {
    int seen = 0;
    int asked = 0;
    String notAsked = "";
    for (FileCoverage file : coverage.files()) {
      Look look = ofFile.apply(file);
      if (look.seen() == Seen.NOT_APPLICABLE) {
        String reason = look.reason();
        if (notAsked.isEmpty() && reason != null) {
          notAsked = reason;
        }
        continue;
      }
      asked++;
      if (whole(look) && file.hunks().stream().map(ofHunk).allMatch(CoverageNotes::whole)) {
        seen++;
      }
    }
    return new Count(seen, asked, notAsked);
  }

  private static boolean whole(Look look) {
    return look.seen() == Seen.YES || look.seen() == Seen.NOT_APPLICABLE;
  }

  private static List<Gap> gaps(FileCoverage file) {
    Map<String, Gap> gaps = new LinkedHashMap<>();
    note(gaps, file, "", file.rules(), file.model());
    for (HunkCoverage hunk : file.hunks()) {
      // What the file's own entry says already is not said again of each hunk.
      Look rules = hunk.rules().equals(file.rules()) ? Look.YES : hunk.rules();
      Look model = hunk.model().equals(file.model()) ? Look.YES : hunk.model();
      note(gaps, file, range(hunk), rules, model);
    }
    return List.copyOf(gaps.values());
  }

  private static void note(
      Map<String, Gap> gaps, FileCoverage file, String range, Look rules, Look model) {
    if (rules.equals(model)) {
      note(gaps, file, range, "rules and model", rules);
    } else {
      note(gaps, file, range, "rules", rules);
      note(gaps, file, range, "model", model);
    }
  }

  private static void note(
      Map<String, Gap> gaps, FileCoverage file, String range, String who, Look look) {
    if (whole(look)) {
      return;
    }
    String verdict = look.seen() == Seen.NO ? "not looked at" : "looked at in part";
    String told = look.reason();
    String reason = told == null ? "no reason was given" : told;
    String lines = range.isEmpty() ? "" : "lines " + range;
    gaps.merge(
        String.join("\0", who, verdict, reason, range.isEmpty() ? "file" : "lines"),
        new Gap(file.path(), lines, who, verdict, reason),
        (old, added) ->
            new Gap(old.path(), join(old.lines(), range), who, old.verdict(), old.reason()));
  }

  private static String join(String lines, String range) {
    if (lines.length() < MAX_RANGES) {
      return lines + ", " + range;
    }
    return lines.endsWith("…") ? lines : lines + ", …";
  }

  private static String range(HunkCoverage hunk) {
    int last = hunk.newStart() + Math.max(1, hunk.newCount()) - 1;
    return last == hunk.newStart() ? Integer.toString(last) : hunk.newStart() + "-" + last;
  }
}
