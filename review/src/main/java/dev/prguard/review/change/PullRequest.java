package dev.prguard.review.change;

import org.jspecify.annotations.Nullable;

/// What is reviewed, as far as the source knows it; unknown strings are empty. All text is hostile
/// input.
///
/// @param url the pull request's page; for a local source `file:` and the path; empty for standard
///   input
/// @param repository `owner/repo`, or the folder's name for a local source
/// @param number null when it is not a pull request of a forge
/// @param headSha commit id of the head, empty when there is none (a diff file)
/// @param baseSha commit id that the diff starts from, empty when there is none
public record PullRequest(
    String url,
    String repository,
    String owner,
    String repo,
    @Nullable Long number,
    String author,
    String title,
    String body,
    String headRef,
    String headSha,
    String baseRef,
    String baseSha) {}
