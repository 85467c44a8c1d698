package dev.prguard.review.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.result.Finding;
import dev.prguard.review.rules.RuleCatalog;
import dev.prguard.review.rules.RuleScan;
import dev.prguard.review.rules.RuleScanner;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a secret leaves behind that was in the branch for a while.
class SecretHistoryTest {
  // Made up of two alphabets in turn, so that it cannot be anybody's.
  private static final String KEY = "AKIA" + "QB3ZRC4YSD5XTE6W";
  private static final String OTHER = "AKIA" + "ZC4YSD5XTE6WQB3R";

  @TempDir Path temp;
  private TestRepository repository;

  @BeforeEach
  void createRepository() {
    repository = TestRepository.init(temp.resolve("shop"));
    repository.write("app.py", "x = 1\nold = '" + OTHER + "'\n");
    repository.git("add", ".");
    repository.git("commit", "-q", "-m", "start");
    repository.git("checkout", "-q", "-b", "feature");
  }

  private void commit(String file, String text) {
    repository.write(file, text);
    repository.git("add", ".");
    repository.git("commit", "-q", "-m", "change");
  }

  private RuleScan scan() {
    Change change = new GitChangeSource(repository.folder, null, null, false).fetch();
    return new RuleScanner(RuleCatalog.bundled()).scan(change);
  }

  @Test
  void secretAddedAndRemoved_isToldWithItsCommit() {
    commit("conf/local.py", "y = 2\nkey = '" + KEY + "'\n");
    String commit = repository.git("rev-parse", "HEAD").strip();
    commit("conf/local.py", "y = 2\n");

    List<Finding> findings = scan().findings();

    assertThat(findings)
        .singleElement()
        .satisfies(f -> {
          assertThat(f.rule()).isEqualTo("secret.aws-access-key");
          assertThat(f.path()).isEqualTo("conf/local.py");
          assertThat(f.line()).isZero();
          assertThat(f.message()).contains("Commit " + commit.substring(0, 12), "line 2");
          assertThat(f.toString()).doesNotContain(KEY);
        });
  }

  @Test
  void secretThatStays_isToldOnce() {
    commit("a.py", "key = '" + KEY + "'\n");
    commit("a.py", "y = 2\nkey = '" + KEY + "'\n");

    assertThat(scan().findings()).singleElement().satisfies(f -> assertThat(f.line()).isEqualTo(2));
  }

  @Test
  void secretThatTheBaseHadAlready_isNotOfThisChange() {
    commit("app.py", "x = 1\n");
    commit("app.py", "x = 1\nold = '" + OTHER + "'\n");
    commit("b.py", "z = 1\n");

    assertThat(scan().findings()).isEmpty();
  }

  @Test
  void secretCommitted_butTakenOutOfTheWorkingTree_isTold() {
    commit("a.py", "key = '" + KEY + "'\n");
    repository.write("a.py", "y = 2\n");

    Change change = new GitChangeSource(repository.folder, null, null, true).fetch();

    assertThat(new RuleScanner(RuleCatalog.bundled()).scan(change).findings())
        .singleElement()
        .satisfies(f ->
            assertThat(f.title()).isEqualTo("AWS access key in the code of an earlier commit"));
  }

  @Test
  void commitsOverTheLimit_areNamedAsNotSeen() {
    commit("a.py", "a = 1\n");
    commit("b.py", "b = 1\n");
    commit("c.py", "c = 1\n");

    Commits commits =
        new GitHistory(Git.open(repository.folder), 2).between("main", "feature", false);

    assertThat(commits.diffs()).hasSize(2);
    assertThat(commits.diffs().getLast().diff().files().getFirst().path()).isEqualTo("c.py");
    assertThat(commits.limit()).isEqualTo("of the single commits only the newest 2 were looked at");
  }
}
