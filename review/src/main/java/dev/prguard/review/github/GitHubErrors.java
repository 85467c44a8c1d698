package dev.prguard.review.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prguard.review.github.GitHubException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Says in one line what GitHub did not do, and what helps. Never shows the token.
final class GitHubErrors {
  private static final int MAX_WORDS = 300;

  private final String host;
  private final @Nullable String token;

  GitHubErrors(String host, @Nullable String token) {
    this.host = host;
    this.token = token;
  }

  GitHubException refused(String method, URI uri, HttpResponse<byte[]> response) {
    int status = response.statusCode();
    String said = said(response);
    String asked = method + " " + uri.getRawPath();
    return switch (status) {
      case 401 ->
          error(
              Kind.UNAUTHORIZED,
              token == null
                  ? host + " wants a token (401): set GITHUB_TOKEN"
                  : "GITHUB_TOKEN was refused by "
                      + host
                      + " (401"
                      + said
                      + "): it is wrong, expired or revoked");
      case 403 ->
          error(
              Kind.FORBIDDEN,
              (token == null
                      ? host + " forbids " + asked + " without a token"
                      : "GITHUB_TOKEN may not " + asked + " on " + host)
                  + " (403"
                  + said
                  + ")"
                  + needed(response));
      case 404, 410 ->
          error(
              Kind.NOT_FOUND,
              host
                  + " has no "
                  + uri.getRawPath()
                  + " ("
                  + status
                  + "), or it is private: "
                  + (token == null
                      ? "set GITHUB_TOKEN to a token that may read it"
                      : "GITHUB_TOKEN may not read it"));
      default ->
          status >= 500
              ? error(Kind.SERVER, host + " failed at " + asked + " (" + status + said + ")")
              : error(
                  Kind.UNPROCESSABLE, host + " did not take " + asked + " (" + status + said + ")");
    };
  }

  GitHubException rateLimited(Instant until, boolean authenticated) {
    return error(
        Kind.RATE_LIMITED,
        "the rate limit of "
            + host
            + " is used up; it resets at "
            + until.truncatedTo(ChronoUnit.SECONDS)
            + (authenticated ? "" : ". With GITHUB_TOKEN the limit is higher"));
  }

  GitHubException redirected(String location) {
    return error(
        Kind.REDIRECTED,
        host
            + " says that this has moved to "
            + ForeignText.line(location, MAX_WORDS)
            + "; this is not followed, give the URL of the new place");
  }

  GitHubException malformed(String what) {
    return error(
        Kind.MALFORMED,
        host + " gave an answer that is not GitHub's (" + what + "); is it the right host?");
  }

  GitHubException timeout(Duration limit) {
    return error(Kind.TRANSPORT, host + " did not answer within " + limit.toSeconds() + " s");
  }

  GitHubException transport(IOException e, int maxBytes) {
    String message = e.getMessage() == null ? "" : e.getMessage();
    // The words of HttpResponse.BodyHandlers.limiting; it has no exception of its own.
    if (message.startsWith("body exceeds capacity")) {
      return error(
          Kind.TOO_LARGE, host + " gave an answer of over " + maxBytes + " bytes, not read");
    }
    String why =
        switch (e) {
          case UnknownHostException _ -> "no such host";
          case ConnectException _ -> "cannot connect";
          default -> message.isEmpty() ? e.getClass().getSimpleName() : message;
        };
    return error(
        Kind.TRANSPORT, "no whole answer from " + host + ": " + ForeignText.line(why, MAX_WORDS));
  }

  GitHubException graphQl(JsonNode answer) {
    JsonNode first = answer.path("errors").path(0);
    return error(
        Kind.FORBIDDEN,
        host + " refused: " + ForeignText.line(first.path("message").asText(""), MAX_WORDS));
  }

  private GitHubException error(Kind kind, String message) {
    return new GitHubException(kind, token == null ? message : message.replace(token, "***"));
  }

  /// GitHub's own words, as `: "..."`, or empty.
  private static String said(HttpResponse<byte[]> response) {
    JsonNode body;
    try {
      body = GitHubClient.MAPPER.readTree(response.body());
    } catch (IOException e) {
      return "";
    }
    if (body == null) {
      return "";
    }
    List<String> words = new ArrayList<>();
    words.add(body.path("message").asText(""));
    for (JsonNode error : body.path("errors")) {
      words.add(error.isTextual() ? error.asText() : error.path("message").asText(""));
    }
    words.removeIf(String::isBlank);
    return words.isEmpty()
        ? ""
        : ": \"" + ForeignText.line(String.join("; ", words), MAX_WORDS) + "\"";
  }

  private static String needed(HttpResponse<byte[]> response) {
    String permissions =
        response.headers().firstValue("X-Accepted-GitHub-Permissions").orElse("").strip();
    return permissions.isEmpty()
        ? ""
        : "; it needs " + ForeignText.line(permissions.toLowerCase(Locale.ROOT), MAX_WORDS);
  }
}
