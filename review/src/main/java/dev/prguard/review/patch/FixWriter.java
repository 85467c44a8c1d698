package dev.prguard.review.patch;

import java.util.List;
import java.util.Map;

/// Writes fixes that no rule knows: the model. Whatever it answers is only a proposal and is proven
/// like any other fix.
@FunctionalInterface
public interface FixWriter {

  /// Proposes fixes. A model that fails or answers badly gives fewer entries, or none: reporting
  /// that is the writer's task, and the mechanical fixes go on without it.
  ///
  /// @return fingerprint of the finding → replacement of its lines `line`..`endLine`, without a
  ///   final newline; entries that nobody asked for are ignored
  Map<String, String> replacements(List<FixRequest> requests);
}
