package dev.prguard.review.github;

import dev.prguard.review.change.PullRequest;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// A proven patch to offer as a draft pull request.
///
/// @param pullRequest the one that the patch is for, with the head that it was proven on
/// @param files whole new bytes of changed files, by path; each is a file of the head already
/// @param title of the draft, one line
/// @param body Markdown, everything untrusted in it escaped
public record PatchRequest(
    PullRequest pullRequest, Map<String, byte[]> files, String title, String body) {

  public PatchRequest {
    files = Collections.unmodifiableMap(new TreeMap<>(files));
  }
}
