package dev.prguard.review.change;

import dev.prguard.review.change.ChangeSourceException.Category;
import dev.prguard.review.change.GitRevisions.Revision;
import dev.prguard.review.diff.DiffLimits;
import dev.prguard.review.diff.PullRequestDiff;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A change in a git repository on this machine: from where the head left the base, up to the head
/// or to what is in the working tree.
public final class GitChangeSource implements ChangeSource {
  private static final int MAX_MESSAGE_BYTES = 64 << 10;

  private final Path repository;
  private final @Nullable String base;
  private final @Nullable String head;
  private final boolean uncommitted;

  /// @param repository the repository or a folder in it
  /// @param base branch, tag or commit that the change is made against; null for the default branch
  /// @param head branch, tag or commit with the change; null for what is checked out
  /// @param uncommitted whether changes that are not committed belong to the change
  public GitChangeSource(
      Path repository, @Nullable String base, @Nullable String head, boolean uncommitted) {
    this.repository = repository;
    this.base = base;
    this.head = head;
    this.uncommitted = uncommitted;
  }

  @Override
  public Change fetch() {
    if (uncommitted && head != null) {
      throw new ChangeSourceException(
          Category.INPUT,
          "--uncommitted goes with what is checked out; leave out --head " + OneLine.of(head));
    }
    Git git = Git.open(repository);
    if (uncommitted && git.bare()) {
      throw new ChangeSourceException(
          Category.INPUT, git.directory() + ": a bare repository has no uncommitted changes");
    }
    GitRevisions revisions = new GitRevisions(git);
    Optional<Revision> to = head == null ? revisions.head() : Optional.of(revisions.named(head));
    if (to.isEmpty() && !uncommitted) {
      throw new ChangeSourceException(
          Category.INPUT,
          git.directory() + ": no commits yet; review what is there with --uncommitted");
    }
    Revision from =
        base != null || to.isPresent()
            ? base == null ? revisions.defaultBranch() : revisions.named(base)
            : new Revision("", revisions.emptyTree());
    String start = to.isPresent() ? revisions.mergeBase(from, to.get()) : from.id();
    return change(git, from, to, start);
  }

  private Change change(Git git, Revision from, Optional<Revision> to, String start) {
    GitBlobs blobs = new GitBlobs(git);
    FileContents before = blobs.at(start);
    PullRequestDiff diff;
    FileContents after;
    List<Change.Gap> gaps = List.of();
    if (uncommitted) {
      WorkingTree.Snapshot snapshot =
          new WorkingTree(git, DiffLimits.DEFAULT).compare(start, before);
      diff = snapshot.diff();
      after = snapshot.head();
      gaps = snapshot.gaps();
    } else {
      String end = to.orElseThrow().id();
      after = blobs.at(end);
      GitDiff gitDiff = new GitDiff(git, DiffLimits.DEFAULT, Map.of(), List.of(start, end));
      diff = gitDiff.withHiddenText(gitDiff.read(), before, after);
    }
    Commits commits =
        to.isPresent()
            ? new GitHistory(git).between(start, to.get().id(), uncommitted)
            : Commits.NONE;
    return new Change(pullRequest(git, from, to, start), diff, after, before, gaps, commits);
  }

  private PullRequest pullRequest(Git git, Revision from, Optional<Revision> to, String start) {
    GitOrigin origin =
        GitOrigin.of(
            git.run(MAX_MESSAGE_BYTES, "config", "--get", "remote.origin.url").text(),
            git.directory());
    String headId = to.map(Revision::id).orElse("");
    String[] message = {"", "", ""};
    if (to.isPresent()) {
      Git.Result log =
          git.run(
              MAX_MESSAGE_BYTES,
              "log",
              "-1",
              "--no-show-signature",
              "--no-color",
              "--encoding=UTF-8",
              "--format=%an%x00%s%x00%b",
              headId);
      String[] parts = new String(log.output(), StandardCharsets.UTF_8).split("\0", 3);
      System.arraycopy(parts, 0, message, 0, parts.length);
    }
    return new PullRequest(
        "file:" + git.directory(),
        origin.repository(),
        origin.owner(),
        origin.repo(),
        null,
        message[0],
        message[1],
        message[2].strip(),
        to.map(Revision::name).orElse(""),
        headId,
        from.name(),
        to.isPresent() ? start : "");
  }
}
