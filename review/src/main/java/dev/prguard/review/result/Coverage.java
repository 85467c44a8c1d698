package dev.prguard.review.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The ledger of what was looked at: every file and hunk of the change, by rules and by the model,
/// with the reason where not. Nothing is skipped without an entry.
public record Coverage(List<FileCoverage> files) {

  public Coverage {
    files = List.copyOf(files);
  }

  /// @param hunks in the order of the diff; empty for a file without lines (binary, mode only,
  ///   rename only)
  /// @param rules how the rules saw the file as a whole
  /// @param model how the model saw the file as a whole
  public record FileCoverage(String path, Look rules, Look model, List<HunkCoverage> hunks) {
    public FileCoverage {
      hunks = List.copyOf(hunks);
    }
  }

  /// @param newStart first line of the hunk in the new file
  /// @param newCount lines of the hunk in the new file
  public record HunkCoverage(int newStart, int newCount, Look rules, Look model) {}

  /// Whether somebody looked.
  ///
  /// @param reason why not, or what was limited (`line rules only: parse took over 2 s`); null when
  ///   seen whole
  public record Look(Seen seen, @Nullable String reason) {
    public static final Look YES = new Look(Seen.YES, null);

    public static Look no(String reason) {
      return new Look(Seen.NO, reason);
    }

    public static Look partly(String reason) {
      return new Look(Seen.PARTLY, reason);
    }

    /// Nothing was to be seen (a rename without a changed line), or nobody was asked (no model
    /// configured).
    public static Look notApplicable(String reason) {
      return new Look(Seen.NOT_APPLICABLE, reason);
    }
  }

  /// The verdict of a [Look].
  public enum Seen {
    YES,
    PARTLY,
    NO,
    NOT_APPLICABLE
  }
}
