package dev.prguard.review.change;

import dev.prguard.review.change.ChangeSourceException.Category;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the commits of a change: what the user named, the default branch, the merge base.
final class GitRevisions {
  private static final int SMALL = 64 << 10;

  private final Git git;

  GitRevisions(Git git) {
    this.git = git;
  }

  /// A branch or other name, and the commit that it stands for.
  record Revision(String name, String id) {}

  /// The commit that the user named.
  ///
  /// @throws ChangeSourceException when there is no such commit
  Revision named(String name) {
    Optional<String> id =
        name.isBlank() || name.startsWith("-") || name.indexOf('\0') >= 0
            ? Optional.empty()
            : commit(name);
    return new Revision(
        name,
        id.orElseThrow(() ->
            new ChangeSourceException(
                Category.INPUT,
                "unknown revision \""
                    + OneLine.of(name)
                    + "\" in "
                    + git.directory()
                    + "; give a branch, tag or commit that this clone has")));
  }

  /// What is checked out; empty when there is no commit yet.
  Optional<Revision> head() {
    Git.Result branch = git.run(SMALL, "symbolic-ref", "--quiet", "--short", "HEAD");
    String name = branch.ok() ? branch.text() : "HEAD";
    return commit("HEAD").map(id -> new Revision(name, id));
  }

  /// The branch that changes are made against.
  ///
  /// @throws ChangeSourceException when none can be told
  Revision defaultBranch() {
    for (String ref : candidates()) {
      Optional<String> id = commit(ref);
      if (id.isPresent()) {
        return new Revision(shortName(ref), id.get());
      }
    }
    throw new ChangeSourceException(
        Category.INPUT,
        git.directory()
            + ": no default branch found (origin/HEAD, main, master); say what to compare with:"
            + " --base REVISION");
  }

  private List<String> candidates() {
    Set<String> names = new LinkedHashSet<>(List.of("main", "master"));
    Git.Result configured = git.run(SMALL, "config", "--get", "init.defaultBranch");
    if (configured.ok()) {
      names.add(configured.text());
    }
    List<String> refs = new ArrayList<>();
    Git.Result origin = git.run(SMALL, "symbolic-ref", "--quiet", "refs/remotes/origin/HEAD");
    if (origin.ok()) {
      refs.add(origin.text());
    }
    for (String name : names) {
      refs.add("refs/remotes/origin/" + name);
      refs.add("refs/heads/" + name);
    }
    return refs;
  }

  private static String shortName(String ref) {
    for (String folder : List.of("refs/remotes/origin/", "refs/heads/")) {
      if (ref.startsWith(folder)) {
        return ref.substring(folder.length());
      }
    }
    return ref;
  }

  /// Where head left base, which is what a forge compares a pull request with; base itself when the
  /// two have no common history.
  ///
  /// @throws ChangeSourceException when the history is cut (shallow clone)
  String mergeBase(Revision base, Revision head) {
    Git.Result found = git.run(SMALL, "merge-base", base.id, head.id);
    if (found.ok()) {
      return found.text();
    }
    if (git.run(SMALL, "rev-parse", "--is-shallow-repository").text().equals("true")) {
      throw new ChangeSourceException(
          Category.INPUT,
          git.directory()
              + ": this shallow clone does not have the commits between "
              + OneLine.of(base.name)
              + " and "
              + OneLine.of(head.name)
              + "; fetch them: git fetch --unshallow");
    }
    return base.id;
  }

  /// The tree without files, as what a change without a base starts from.
  String emptyTree() {
    return git.run(SMALL, "hash-object", "-t", "tree", "--stdin").text();
  }

  private Optional<String> commit(@Nullable String name) {
    Git.Result found =
        git.run(SMALL, "rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}");
    return found.ok() ? Optional.of(found.text()) : Optional.empty();
  }
}
