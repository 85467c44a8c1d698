package dev.prguard.review.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GitOriginTest {

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          https://github.com/acme/shop.git,                  acme/shop,     acme,  shop
          https://me:s3cret@ghe.example.org:8443/acme/shop/, acme/shop,     acme,  shop
          git@github.com:acme/shop.git,                      acme/shop,     acme,  shop
          ssh://git@example.org:22/acme/shop,                acme/shop,     acme,  shop
          https://gitlab.com/a/b/shop.git,                   a/b/shop,      a/b,   shop
          /srv/git/shop.git,                                 folder,        '',    folder
          file:///srv/git/shop.git,                          folder,        '',    folder
          https://x/<script>/y,                              folder,        '',    folder
          '',                                                folder,        '',    folder
          """)
  void of_url_hasNoCredentials(String url, String repository, String owner, String repo) {
    assertThat(GitOrigin.of(url, Path.of("some", "folder")))
        .isEqualTo(new GitOrigin(repository, owner, repo));
  }
}
