package dev.prguard.review.github;

import static dev.prguard.review.github.PublishedShop.all;
import static dev.prguard.review.github.PublishedShop.eval;
import static dev.prguard.review.github.PublishedShop.finding;
import static dev.prguard.review.github.PublishedShop.removedCheck;
import static dev.prguard.review.github.PublishedShop.sql;
import static dev.prguard.review.github.PublishedShop.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.review.change.Change;
import dev.prguard.review.diff.PullRequestDiff;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.result.Finding.Source;
import dev.prguard.review.result.PublishReceipt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitHubReviewPublisherTest {
  private final PublishedShop shop;

  GitHubReviewPublisherTest(@TempDir Path folder) {
    shop = new PublishedShop(folder);
  }

  @AfterEach
  void stop() {
    shop.close();
  }

  private static void assertCounts(
      PublishReceipt receipt, int posted, int updated, int folded, int failed) {
    assertThat(List.of(receipt.posted(), receipt.updated(), receipt.folded(), receipt.failed()))
        .as("posted, updated, folded, failed; %s", receipt.errors())
        .containsExactly(posted, updated, folded, failed);
  }

  private ObjectNode commentOf(Finding finding) {
    return shop.github.lineComments().stream()
        .filter(c -> c.path("body").asText().contains(finding.fingerprint()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void publish_findings_hangOnTheirLinesAndOneSummary() {
    PublishReceipt receipt = shop.publish(all());

    assertCounts(receipt, 3, 0, 1, 0);
    assertThat(receipt.errors()).isEmpty();
    assertThat(shop.github.reviews()).hasSize(1);
    assertThat(shop.github.reviews().getFirst().path("commit_id").asText())
        .isEqualTo(shop.repository.id("feature"));
    assertThat(commentOf(sql()).path("line").asInt()).isEqualTo(13);
    assertThat(commentOf(sql()).path("side").asText()).isEqualTo("RIGHT");
    assertThat(commentOf(removedCheck()).path("side").asText()).isEqualTo("LEFT");
    assertThat(commentOf(removedCheck()).path("line").asInt()).isEqualTo(13);
    assertThat(commentOf(eval()).path("start_line").asInt()).isEqualTo(1);
    assertThat(commentOf(eval()).path("line").asInt()).isEqualTo(2);
    assertThat(shop.github.issueComments())
        .singleElement()
        .satisfies(c -> {
          assertThat(c.path("body").asText())
              .contains("posted 3")
              .contains("Title of whole-file")
              .contains("about the file as a whole");
          assertThat(c.path("html_url").asText()).isEqualTo(receipt.summaryUrl());
          assertThat((long) c.path("body").asText().length()).isEqualTo(receipt.summaryLength());
        });
  }

  @Test
  void publish_secondRun_updatesAndRepeatsNothing() {
    shop.publish(all());
    shop.comment = finding -> "better words for " + finding.title();
    shop.summary = _ -> "second";

    PublishReceipt receipt = shop.publish(all());

    assertCounts(receipt, 0, 3, 1, 0);
    assertThat(shop.github.lineComments()).hasSize(3);
    assertThat(shop.github.reviews()).hasSize(1);
    assertThat(commentOf(sql()).path("body").asText()).contains("better words");
    assertThat(shop.github.issueComments())
        .singleElement()
        .satisfies(c -> assertThat(c.path("body").asText()).contains("second"));
  }

  @Test
  void publish_sameWordsAgain_editNoComment() {
    shop.publish(all());
    int before = shop.github.writes().size();
    shop.publish(all());
    assertThat(shop.github.writes().subList(before, shop.github.writes().size()))
        .singleElement()
        .satisfies(w -> assertThat(w.path()).contains("/issues/comments/"));
  }

  @Test
  void publish_linesMovedByAPush_keepTheirComments() {
    shop.publish(all());
    shop.repository
        .write("new.py", "import os\nimport sys\neval(input())\nexec(input())\n")
        .commit("push");

    PublishReceipt receipt =
        shop.publish(List.of(sql(), removedCheck(), finding("new.py", Side.NEW, 3, 4, "eval")));

    assertCounts(receipt, 0, 3, 0, 0);
    assertThat(shop.github.lineComments()).hasSize(3);
  }

  @Test
  void publish_fixedFinding_isResolved() {
    shop.publish(all());
    long fixed = commentOf(sql()).path("id").asLong();

    PublishReceipt receipt = shop.publish(List.of(removedCheck(), eval(), whole()));
    PublishReceipt again = shop.publish(List.of(removedCheck(), eval(), whole()));

    assertThat(receipt.resolved()).isEqualTo(1);
    assertThat(again.resolved()).isZero();
    assertThat(shop.github.isResolved(fixed)).isTrue();
    assertThat(commentOf(sql()).path("body").asText())
        .contains("**Resolved:**")
        .contains("Title of sql");
    assertThat(shop.github.isResolved(commentOf(eval()).path("id").asLong())).isFalse();
  }

  @Test
  void publish_fixedFindingThatComesBack_isOpenAgainInItsThread() {
    shop.publish(all());
    shop.publish(List.of(eval()));

    PublishReceipt receipt = shop.publish(all());

    assertCounts(receipt, 0, 3, 1, 0);
    assertThat(shop.github.lineComments()).hasSize(3);
    assertThat(shop.github.isResolved(commentOf(sql()).path("id").asLong())).isFalse();
    assertThat(commentOf(sql()).path("body").asText()).doesNotContain("Resolved");
  }

  @Test
  void publish_threadClosedByAPerson_staysClosed() {
    shop.publish(all());
    shop.github.setResolved(commentOf(sql()).path("id").asLong(), true);

    shop.publish(all());

    assertThat(shop.github.isResolved(commentOf(sql()).path("id").asLong())).isTrue();
  }

  @Test
  void publish_threadsThatMayNotBeClosed_sayResolvedInTheComment() {
    shop.publish(all());
    shop.github.mayNotResolve();

    PublishReceipt receipt = shop.publish(List.of());

    assertThat(receipt.resolved()).isEqualTo(3);
    assertThat(commentOf(sql()).path("body").asText()).contains("**Resolved:**");
  }

  @Test
  void publish_reviewThatWasNotWhole_resolvesNothing() {
    shop.publish(all());
    shop.finished = Set.of(Source.MODEL);
    assertThat(shop.publish(List.of()).resolved()).isZero();
  }

  @Test
  void publish_modelFindingNotSaidAgain_isResolvedOnlyWhenItsLineIsGone() {
    Finding said = finding("new.py", Side.NEW, 1, 1, "model.eval");
    shop.publish(List.of(said));

    assertThat(shop.publish(List.of()).resolved()).isZero();
    shop.repository.write("new.py", "print()\n").commit("push");
    assertThat(shop.publish(List.of()).resolved()).isEqualTo(1);
  }

  @Test
  void publish_markersForgedByOthers_areIgnored() {
    shop.github.addForeignLineComment(
        "shop.py", "<!-- pr-guard:finding:" + sql().fingerprint() + ":v1 -->\nAll good!");
    shop.github.addForeignComment("<!-- pr-guard:summary:v1 -->\nReviewed, no findings.");

    PublishReceipt receipt = shop.publish(all());

    assertCounts(receipt, 3, 0, 1, 0);
    assertThat(shop.github.lineComments()).hasSize(4);
    assertThat(shop.github.issueComments()).hasSize(2);
    assertThat(shop.github.issueComments().getFirst().path("body").asText())
        .contains("no findings");
  }

  @Test
  void publish_markerInsideOurOwnText_isIgnored() {
    shop.comment = _ -> "quoted: <!-- pr-guard:finding:" + eval().fingerprint() + ":v1 -->\nhello";
    shop.publish(List.of(sql()));

    assertCounts(shop.publish(List.of(sql(), eval())), 1, 1, 0, 0);
  }

  @Test
  void publish_tokenOfAnApp_knowsItsCommentsAgain() {
    shop.github.asApp();
    shop.publish(all());
    assertCounts(shop.publish(all()), 0, 3, 1, 0);
    assertThat(shop.github.issueComments()).hasSize(1);
  }

  @Test
  void publish_wrongLines_areFoldedAndNeverPosted() {
    List<Finding> wrong = new ArrayList<>();
    wrong.add(finding("shop.py", Side.NEW, 2, 2, "outside-the-hunk"));
    wrong.add(finding("shop.py", Side.NEW, 900, 900, "beyond-the-end"));
    wrong.add(finding("absent.py", Side.NEW, 1, 1, "no-such-file"));
    wrong.add(finding("logo.bin", Side.NEW, 1, 1, "binary"));
    wrong.add(finding("new.py", Side.OLD, 1, 1, "no-old-side"));

    assertCounts(shop.publish(wrong), 0, 0, 5, 0);
    assertThat(shop.github.lineComments()).isEmpty();
    assertThat(shop.github.reviews()).isEmpty();
  }

  @Test
  void publish_diffThatIsNotOfThisHead_isNotProvenAndFolded() {
    Change change = shop.fetch();
    shop.repository.write("shop.py", "nothing\n" + "of that\n".repeat(30)).commit("other");
    Change other = shop.fetch();
    Change mixed =
        new Change(
            change.pullRequest(),
            new PullRequestDiff(change.diff().files(), 1),
            other.head(),
            other.base(),
            List.of());

    PublishReceipt receipt = shop.publish(mixed, List.of(sql()));

    assertCounts(receipt, 0, 0, 1, 0);
  }

  @Test
  void publish_rangeBeyondTheHunk_isNarrowedUnlessItCarriesASuggestion() {
    Finding wide = finding("new.py", Side.NEW, 2, 9, "wide");
    Finding exact = finding("new.py", Side.NEW, 1, 9, "exact");
    shop.committable.add(exact.fingerprint());

    PublishReceipt receipt = shop.publish(List.of(wide, exact));

    assertCounts(receipt, 1, 0, 1, 0);
    assertThat(commentOf(wide).path("line").asInt()).isEqualTo(2);
    assertThat(commentOf(wide).path("start_line").isNull()).isTrue();
  }

  @Test
  void publish_headMovedSince_commentsOnTheReviewedCommitAndSaysSo() {
    Change change = shop.fetch();
    shop.publish(List.of(eval()));
    String reviewed = shop.repository.id("feature");
    shop.repository.write("more.py", "print()\n").commit("push");

    PublishReceipt receipt = shop.publish(change, List.of(sql()));

    assertCounts(receipt, 1, 0, 0, 0);
    assertThat(receipt.errors()).singleElement().asString().contains(reviewed);
    assertThat(receipt.resolved()).isZero();
    assertThat(commentOf(sql()).path("commit_id").asText()).isEqualTo(reviewed);
    assertThat(shop.github.issueComments().getFirst().path("body").asText())
        .contains("was pushed to since");
  }

  @Test
  void publish_overTheLimit_foldsTheRest() {
    shop.repository.write("many.py", "eval(x)\n".repeat(80)).commit("many");
    List<Finding> many = new ArrayList<>();
    for (int i = 1; i <= 70; i++) {
      many.add(finding("many.py", Side.NEW, i, i, "rule" + i));
    }
    assertCounts(shop.publish(many), 50, 0, 20, 0);
    assertThat(shop.github.lineComments()).hasSize(50);
  }

  @Test
  void publish_sameFingerprintTwice_isOneComment() {
    assertCounts(shop.publish(List.of(sql(), sql())), 1, 0, 1, 0);
    assertCounts(shop.publish(List.of(sql(), sql())), 0, 1, 1, 0);
  }

  @Test
  void publish_textsThatAreTooLong_areCutVisibly() {
    shop.comment = _ -> "😀".repeat(60_000);
    shop.summary = _ -> "s".repeat(100_000);

    assertCounts(shop.publish(all()), 3, 0, 1, 0);
    assertThat(commentOf(sql()).path("body").asText()).contains("This comment was cut");
    assertThat(shop.github.issueComments().getFirst().path("body").asText())
        .contains("This comment was cut");
    assertCounts(shop.publish(all()), 0, 3, 1, 0);
  }

  @Test
  void publish_commentDeletedByAPerson_isPostedAgain() {
    shop.publish(all());
    shop.github.deleteLineComment(commentOf(sql()).path("id").asLong());
    assertCounts(shop.publish(all()), 1, 2, 1, 0);
  }

  @Test
  void publish_anotherPullRequest_isRefused() {
    Change change = shop.fetch();
    PullRequestUrl other =
        PullRequestUrl.parse(shop.github.pullUrl().replace("/pull/7", "/pull/8"));
    PublishRequest request =
        new PublishRequest(
            change.pullRequest(),
            change.diff(),
            change.head(),
            change.base(),
            all(),
            shop.comment,
            Set.of(),
            shop.summary,
            Set.of());
    GitHubReviewPublisher publisher =
        new GitHubReviewPublisher(other, shop.client("t"), shop.account);
    assertThatThrownBy(() -> publisher.publish(request))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(shop.github.writes()).isEmpty();
  }
}
