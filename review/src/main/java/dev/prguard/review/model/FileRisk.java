package dev.prguard.review.model;

import com.google.re2j.Pattern;
import dev.prguard.review.diff.FileDiff;
import java.util.Locale;

/// Which file a reviewer with little time would read first. It decides the order only; nothing is
/// left out for being harmless.
final class FileRisk {
  private static final Pattern ACCESS =
      Pattern.compile(
          "auth|login|session|token|secret|passw|credential|permission|acl|role|crypt|security|sso|saml|jwt|csrf|cors|middleware|admin");
  private static final Pattern PIPELINE =
      Pattern.compile(
          "(^|/)(\\.github/|\\.gitlab-ci|\\.circleci/|jenkinsfile|dockerfile|docker-compose|makefile|action\\.ya?ml|azure-pipelines|\\.pre-commit|\\.gitattributes|\\.npmrc|\\.gitmodules)|\\.(tf|sh|ps1|service)$");
  private static final Pattern DEPENDENCIES =
      Pattern.compile(
          "(^|/)(package(-lock)?\\.json|yarn\\.lock|pnpm-lock\\.yaml|requirements[^/]*\\.txt|pyproject\\.toml|poetry\\.lock|uv\\.lock|pipfile(\\.lock)?|setup\\.(py|cfg)|pom\\.xml|build\\.gradle(\\.kts)?|go\\.(mod|sum)|cargo\\.(toml|lock)|gemfile(\\.lock)?|composer\\.(json|lock))$");
  private static final Pattern QUIET =
      Pattern.compile("(^|/)(docs?|tests?|__tests__|spec|fixtures)/|\\.(md|rst|txt|svg|css)$");

  private FileRisk() {}

  /// The higher, the sooner.
  static int of(FileDiff file) {
    String path = file.path().toLowerCase(Locale.ROOT);
    int risk = 0;
    if (PIPELINE.matcher(path).find()) {
      risk += 40;
    }
    if (ACCESS.matcher(path).find()) {
      risk += 40;
    }
    if (DEPENDENCIES.matcher(path).find()) {
      risk += 30;
    }
    if (file.deletedLines() > file.addedLines()) {
      risk += 20;
    }
    if (QUIET.matcher(path).find()) {
      risk -= 10;
    }
    return risk;
  }
}
