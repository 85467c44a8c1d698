package dev.prguard.review.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.review.change.Change;
import dev.prguard.testkit.FakeGitHub;
import dev.prguard.testkit.TestHttpServer.Answer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubPatchPublisherTest {
  private static final byte[] FIXED =
      "literal_eval(input())\nexec(input())\r\n\u0085".getBytes(UTF_8);

  private final PublishedShop shop;
  private final String head;

  GitHubPatchPublisherTest(@TempDir Path folder) {
    shop = new PublishedShop(folder);
    shop.repository.git("update-index", "--chmod=+x", "new.py");
    shop.repository.git("commit", "-q", "-m", "executable");
    head = shop.repository.id("feature");
  }

  @AfterEach
  void stop() {
    shop.close();
  }

  private String branch() {
    return "pr-guard/fix-7-" + head.substring(0, 10);
  }

  private PatchPublication publish() {
    return publish(shop.fetch(), Map.of("new.py", FIXED), FakeGitHub.TOKEN);
  }

  private PatchPublication publish(Change change, Map<String, byte[]> files, String token) {
    return new GitHubPatchPublisher(shop.url(), shop.client(token))
        .publish(new PatchRequest(change.pullRequest(), files, "Fix\n1 finding", "What and why"));
  }

  private static String reason(PatchPublication publication) {
    return switch (publication) {
      case PatchPublication.Refused(String reason) -> reason;
      case PatchPublication.Offered offered -> throw new AssertionError(offered.toString());
    };
  }

  @Test
  void publish_patch_isADraftAgainstThePullRequestsOwnBranch() {
    PatchPublication publication = publish();

    ObjectNode draft = shop.github.opened().getFirst();
    assertThat(publication)
        .isEqualTo(new PatchPublication.Offered(draft.path("html_url").asText(), true));
    assertThat(draft.path("draft").asBoolean()).isTrue();
    assertThat(draft.path("title").asText()).isEqualTo("Fix 1 finding");
    assertThat(draft.path("base").path("ref").asText()).isEqualTo("feature");
    assertThat(draft.path("head").path("ref").asText()).isEqualTo(branch());
    assertThat(shop.repository.run(new byte[0], "cat-file", "blob", branch() + ":new.py"))
        .isEqualTo(FIXED);
    assertThat(shop.repository.git("diff", "--raw", "--abbrev=4", head, branch()))
        .startsWith(":100755 100755 ")
        .hasLineCount(1);
    assertThat(shop.repository.id(branch() + "^")).isEqualTo(head);
    assertThat(shop.repository.id("feature")).isEqualTo(head);
  }

  @Test
  void publish_sameAgain_changesNothing() {
    PatchPublication first = publish();
    String tip = shop.repository.id(branch());

    PatchPublication second = publish();

    assertThat(second)
        .isEqualTo(new PatchPublication.Offered(((PatchPublication.Offered) first).url(), false));
    assertThat(shop.repository.id(branch())).isEqualTo(tip);
    assertThat(shop.github.opened()).hasSize(1);
  }

  @Test
  void publish_anotherPatchOfTheSameHead_updatesBranchAndDraft() {
    publish();
    byte[] better = "print()\n".getBytes(UTF_8);

    assertThat(publish(shop.fetch(), Map.of("new.py", better), FakeGitHub.TOKEN))
        .isInstanceOfSatisfying(
            PatchPublication.Offered.class, o -> assertThat(o.created()).isFalse());

    assertThat(shop.repository.run(new byte[0], "cat-file", "blob", branch() + ":new.py"))
        .isEqualTo(better);
    assertThat(shop.repository.id(branch() + "^")).isEqualTo(head);
    assertThat(shop.github.opened()).hasSize(1);
  }

  @Test
  void publish_branchWithCommitsOfOthers_isLeftAlone() {
    publish();
    shop.repository.git("checkout", "-q", "-f", branch());
    shop.repository.write("mine.txt", "mine\n").commit("my own work");
    String tip = shop.repository.id(branch());

    assertThat(reason(publish())).contains("commits of others");
    assertThat(shop.repository.id(branch())).isEqualTo(tip);
  }

  @Test
  void publish_headMovedSince_isRefused() {
    Change change = shop.fetch();
    shop.repository.write("more.py", "print()\n").commit("push");
    assertThat(reason(publish(change, Map.of("new.py", FIXED), FakeGitHub.TOKEN)))
        .contains("was pushed to since");
    assertThat(shop.github.writes()).isEmpty();
  }

  @Test
  void publish_fork_isRefused() {
    shop.github.fromFork();
    assertThat(reason(publish())).contains("fork");
    assertThat(shop.github.writes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"absent.py", "../up.py", ".git/config", ""})
  void publish_pathThatIsNoFileOfTheHead_isRefused(String path) {
    assertThat(reason(publish(shop.fetch(), Map.of(path, FIXED), FakeGitHub.TOKEN)))
        .contains("not a file of the head");
    assertThat(shop.github.writes()).isEmpty();
  }

  @Test
  void publish_noToken_isRefused() {
    assertThat(reason(publish(shop.fetch(), Map.of("new.py", FIXED), ""))).contains("GITHUB_TOKEN");
  }

  @ParameterizedTest
  @CsvSource({
    "/git/blobs, 403",
    "/git/trees, 500",
    "/git/commits, 422",
    "/git/refs, 403",
    "/pulls, 422",
    "/pulls, 502"
  })
  void publish_refusalAtAnyStep_isToldAndTheNextRunFinishes(String path, int status) {
    shop.github.instead(r ->
        r.method().equals("POST") && r.path().endsWith(path)
            ? FakeGitHub.refusal(status, "not today")
            : null);
    assertThat(reason(publish())).contains("not today").doesNotContain(FakeGitHub.TOKEN);

    shop.github.instead(_ -> null);
    assertThat(publish()).isInstanceOf(PatchPublication.Offered.class);
    assertThat(shop.github.opened()).hasSize(1);
  }

  @Test
  void publish_draftOpenedButItsAnswerLost_isFoundAndNotOpenedTwice() {
    shop.github.afterwards(
        r -> r.method().equals("POST") && r.path().endsWith("/pulls") ? new Answer.Reset() : null);

    assertThat(publish()).isInstanceOf(PatchPublication.Offered.class);
    assertThat(shop.github.opened()).hasSize(1);
  }
}
