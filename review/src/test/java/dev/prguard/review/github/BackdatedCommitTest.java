package dev.prguard.review.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.prguard.review.change.Change;
import dev.prguard.review.change.GitChangeSource;
import dev.prguard.review.result.Finding;
import dev.prguard.review.rules.RuleCatalog;
import dev.prguard.review.rules.RuleScanner;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The dates of a commit are its author's to write: reviewers that look only at what is newer than
/// their last comment miss a commit that says it is old.
class BackdatedCommitTest {
  private static final String OLD = "2001-01-01T00:00:00Z";

  private final RuleScanner scanner = new RuleScanner(RuleCatalog.bundled());

  @Test
  void commitDatedBeforeTheFirstReview_isReviewedAndToldLikeAnyOther(@TempDir Path folder) {
    try (PublishedShop shop = new PublishedShop(folder)) {
      shop.publish(PublishedShop.all());
      shop.repository.write("late.py", "import os\nos.system('rm ' + name)\n").commit("late");
      shop.repository.git("commit", "-q", "--amend", "--no-edit", "--date", OLD);
      shop.repository.git(
          "rebase", "-q", "--force-rebase", "--committer-date-is-author-date", "HEAD~1");
      assertThat(shop.repository.git("log", "-1", "--format=%ad %cd", "--date=format:%Y").strip())
          .isEqualTo("2001 2001");

      List<Finding> late = late(shop.fetch());

      assertThat(late)
          .extracting(Finding::rule, Finding::line)
          .contains(tuple("python.command-injection", 2));
      assertThat(shop.publish(late).posted()).isEqualTo(late.size());
      assertThat(
              late(new GitChangeSource(shop.repository.folder(), "main", "feature", false).fetch()))
          .isEqualTo(late);
    }
  }

  private List<Finding> late(Change change) {
    return scanner.scan(change).findings().stream()
        .filter(finding -> finding.path().equals("late.py"))
        .toList();
  }
}
