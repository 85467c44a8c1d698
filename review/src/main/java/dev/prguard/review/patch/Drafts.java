package dev.prguard.review.patch;

import java.util.List;

/// The fixes to prove, best first.
///
/// @param issuesTotal findings of the review
/// @param issuesSafe findings that the policy lets be patched
public record Drafts(int issuesTotal, int issuesSafe, List<Draft> drafts) {

  public Drafts {
    drafts = List.copyOf(drafts);
  }
}
