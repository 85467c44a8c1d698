package dev.prguard.review.github;

import dev.prguard.review.github.Discussion.Comment;
import dev.prguard.review.github.Discussion.ReviewThread;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The threads of our comments, asked for when first needed. GitHub lets a token with write access
/// to the repository's contents close a thread, which the token of a workflow seldom has; so none
/// of this may be relied on, and every failure means just that the thread stays as it is.
final class ThreadStates {
  private final Discussion discussion;
  private @Nullable Map<Long, ReviewThread> threads;

  ThreadStates(Discussion discussion) {
    this.discussion = discussion;
  }

  /// Whether somebody closed the thread already. That is then their word, to be kept.
  boolean isResolved(Comment comment) {
    ReviewThread thread = thread(comment);
    return thread != null && thread.resolved();
  }

  /// Closes the thread.
  ///
  /// @return whether it is closed now
  boolean close(Comment comment) {
    return set(comment, true);
  }

  /// Opens a thread that an earlier run closed.
  void reopen(Comment comment) {
    set(comment, false);
  }

  private boolean set(Comment comment, boolean resolved) {
    ReviewThread thread = thread(comment);
    if (thread == null) {
      return false;
    }
    try {
      if (thread.resolved() != resolved) {
        discussion.resolve(thread, resolved);
      }
      return true;
    } catch (GitHubException e) {
      return false;
    }
  }

  private @Nullable ReviewThread thread(Comment comment) {
    if (threads == null) {
      try {
        threads = discussion.threads();
      } catch (GitHubException e) {
        threads = Map.of();
      }
    }
    return threads.get(comment.id());
  }
}
