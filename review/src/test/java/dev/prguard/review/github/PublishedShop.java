package dev.prguard.review.github;

import dev.prguard.review.change.Change;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Finding.Category;
import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.result.Finding.Source;
import dev.prguard.review.result.Fingerprint;
import dev.prguard.review.result.PublishReceipt;
import dev.prguard.review.result.Severity;
import dev.prguard.testkit.FakeGitHub;
import dev.prguard.testkit.TestRepository;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// A pull request of a small shop with something to find, and a publisher of what was found.
final class PublishedShop implements AutoCloseable {
  static final String SQL = "    cursor.execute('SELECT * FROM t WHERE id=' + id)";
  static final String CHECK = "    require_login()";

  final TestRepository repository;
  final FakeGitHub github;
  final SteppedTime time = new SteppedTime();

  Function<Finding, String> comment = finding -> "**" + finding.title() + "**";
  Function<PublishReceipt, String> summary = receipt -> "posted " + receipt.posted();
  Set<String> committable = new HashSet<>();
  Set<Source> finished = EnumSet.allOf(Source.class);
  OwnAccount account = new OwnAccount(null);

  PublishedShop(Path folder) {
    this(repository(folder));
  }

  /// On a repository that other tests use too, and none changes.
  PublishedShop(TestRepository repository) {
    this.repository = repository;
    github = FakeGitHub.start(repository, "main", "feature");
  }

  static TestRepository repository(Path folder) {
    TestRepository repository = TestRepository.create(folder);
    String start = "import db\n" + "x = 1\n".repeat(10) + "def load(id):\n";
    repository
        .write("shop.py", start + CHECK + "\n    pass\n")
        .write("logo.bin", new byte[] {0, 1, 2})
        .commit("base");
    repository.git("checkout", "-q", "-b", "feature");
    repository
        .write("shop.py", start + SQL + "\n    a = 1\n    b = 2\n")
        .write("new.py", "eval(input())\nexec(input())\n")
        .write("logo.bin", new byte[] {0, 1, 3})
        .commit("change");
    return repository;
  }

  static Finding finding(String path, Side side, int line, int endLine, String rule) {
    return new Finding(
        path,
        side,
        line,
        endLine,
        rule,
        "Title of " + rule,
        "Message",
        Severity.HIGH,
        Category.SECURITY,
        "CWE-89",
        rule.startsWith("model") ? Source.MODEL : Source.RULE,
        "quote",
        Fingerprint.of(rule, path, rule, 0),
        null);
  }

  static Finding sql() {
    return finding("shop.py", Side.NEW, 13, 13, "sql");
  }

  static Finding removedCheck() {
    return finding("shop.py", Side.OLD, 13, 13, "removed-check");
  }

  static Finding eval() {
    return finding("new.py", Side.NEW, 1, 2, "eval");
  }

  static Finding whole() {
    return finding("new.py", Side.NEW, 0, 0, "whole-file");
  }

  static List<Finding> all() {
    return List.of(sql(), removedCheck(), eval(), whole());
  }

  PullRequestUrl url() {
    return PullRequestUrl.parse(github.pullUrl());
  }

  GitHubClient client(String token) {
    return new GitHubClient(
        github.api(),
        token,
        time,
        time::pause,
        new GitHubClient.Limits(Duration.ofSeconds(60), Duration.ofSeconds(10), 32 << 20));
  }

  Change fetch() {
    return new GitHubChangeSource(url(), client(FakeGitHub.TOKEN)).fetch();
  }

  PublishReceipt publish(List<Finding> findings) {
    return publish(fetch(), findings);
  }

  PublishReceipt publish(Change change, List<Finding> findings) {
    return publish(change, findings, FakeGitHub.TOKEN);
  }

  PublishReceipt publish(Change change, List<Finding> findings, String token) {
    return new GitHubReviewPublisher(url(), client(token), account)
        .publish(
            new PublishRequest(
                change.pullRequest(),
                change.diff(),
                change.head(),
                change.base(),
                findings,
                comment,
                committable,
                summary,
                finished));
  }

  @Override
  public void close() {
    github.close();
  }
}
