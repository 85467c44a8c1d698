package dev.prguard.review.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prguard.review.change.ChangeSourceException;
import dev.prguard.review.change.ChangeSourceException.Category;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PullRequestUrlTest {

  @ParameterizedTest
  @CsvSource({
    "https://github.com/o/r/pull/7, https://api.github.com, https://github.com/o/r/pull/7",
    "https://github.com/o/r/pull/7/files, https://api.github.com, https://github.com/o/r/pull/7",
    "https://github.com/o/r/pull/7?w=1#discussion_r1, https://api.github.com, https://github.com/o/r/pull/7",
    "HTTPS://GitHub.com/Some.Owner/a_b-c.d/pull/7/, https://api.github.com, https://github.com/Some.Owner/a_b-c.d/pull/7",
    "https://acme.ghe.com/o/r/pull/7, https://api.acme.ghe.com, https://acme.ghe.com/o/r/pull/7",
    "https://evil.example.ghe.com.evil/o/r/pull/7, https://evil.example.ghe.com.evil/api/v3, https://evil.example.ghe.com.evil/o/r/pull/7",
    "https://git.example.org/o/r/pull/7, https://git.example.org/api/v3, https://git.example.org/o/r/pull/7",
    "https://git.example.org:8443/o/r/pull/7, https://git.example.org:8443/api/v3, https://git.example.org:8443/o/r/pull/7",
    "http://127.0.0.1:8080/o/r/pull/7, http://127.0.0.1:8080/api/v3, http://127.0.0.1:8080/o/r/pull/7",
    "http://localhost:8080/o/r/pull/7/commits, http://localhost:8080/api/v3, http://localhost:8080/o/r/pull/7"
  })
  void parse_pullRequestUrl_knowsApiAndPage(String text, String api, String page) {
    PullRequestUrl url = PullRequestUrl.parse(text);
    assertThat(url.api()).hasToString(api);
    assertThat(url.page()).isEqualTo(page);
    assertThat(url.number()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not a url",
        "github.com/o/r/pull/7",
        "ftp://github.com/o/r/pull/7",
        "https:///o/r/pull/7",
        "https://github.com/o/r",
        "https://github.com/o/r/issues/7",
        "https://github.com/o/r/pull/",
        "https://github.com/o/r/pull/0",
        "https://github.com/o/r/pull/seven",
        "https://github.com/o/r/pull/99999999999999999999",
        "https://github.com/o/../pull/7",
        "https://github.com/o/%2e%2e/pull/7",
        "https://github.com/o/r%2Fx/pull/7",
        "http://github.com/o/r/pull/7",
        "http://127.0.0.1.evil.example/o/r/pull/7"
      })
  void parse_anythingElse_isRefusedWithAnExample(String text) {
    assertThatThrownBy(() -> PullRequestUrl.parse(text))
        .isInstanceOfSatisfying(
            ChangeSourceException.class, e -> assertThat(e.category()).isEqualTo(Category.INPUT))
        .hasMessageContaining("https://github.com/owner/repository/pull/7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://secret@github.com/o/r/pull/7", "https://u:secret@github.com/o/r/pull/7"})
  void parse_credentialsInTheUrl_areRefusedAndNotRepeated(String text) {
    assertThatThrownBy(() -> PullRequestUrl.parse(text))
        .hasMessageContaining("GITHUB_TOKEN")
        .hasMessageNotContaining("secret@")
        .hasMessageNotContaining(":secret");
  }
}
