package dev.prguard.review.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prguard.review.github.GitHubException.Kind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which account the token writes as. Only that account's comments are believed to be ours: anyone
/// can write a text that looks like our marker.
///
/// @param appLogin the account of a GitHub App's token (`github-actions[bot]`), used when GitHub
///   does not tell; nobody else can have a name with brackets. Null when the token is a person's
public record OwnAccount(@Nullable String appLogin) {

  /// Inside GitHub Actions the token is the Actions app's.
  public static OwnAccount of(Map<String, String> environment) {
    return new OwnAccount(
        "true".equals(environment.get("GITHUB_ACTIONS")) ? "github-actions[bot]" : null);
  }

  /// The account as GitHub tells it.
  ///
  /// @param id 0 for an app, known by its login
  record Identity(long id, String login) {

    /// Whether a comment's `user` is this account.
    boolean wrote(JsonNode comment) {
      JsonNode user = comment.path("user");
      return id > 0
          ? user.path("id").asLong() == id
          : user.path("login").asText("").equals(login)
              && user.path("type").asText("").equals("Bot");
    }
  }

  /// @throws GitHubException when the account cannot be known
  Identity identify(GitHubClient client) {
    try {
      JsonNode user = client.get("/user");
      return identity(user.path("id").asLong(), user.path("login").asText(""));
    } catch (GitHubException e) {
      // The token of an app has no user.
      if (e.kind() != Kind.FORBIDDEN && e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
    }
    try {
      JsonNode viewer =
          client
              .graphQl(
                  "query { viewer { databaseId login } }", GitHubClient.MAPPER.createObjectNode())
              .path("viewer");
      return identity(viewer.path("databaseId").asLong(), viewer.path("login").asText(""));
    } catch (GitHubException e) {
      if (appLogin != null && !e.mayHaveHappened() && e.kind() != Kind.RATE_LIMITED) {
        return new Identity(0, appLogin);
      }
      throw new GitHubException(
          e.kind(), "cannot tell which comments are our own: " + e.getMessage());
    }
  }

  private static Identity identity(long id, String login) {
    if (id <= 0 || login.isEmpty()) {
      throw new GitHubException(Kind.MALFORMED, "GitHub told an account without id or login");
    }
    return login.endsWith("[bot]") ? new Identity(0, login) : new Identity(id, login);
  }
}
