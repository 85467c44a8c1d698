package dev.prguard.review.github;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.review.change.ChangeSourceException;
import dev.prguard.review.github.GitHubException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Talks to one GitHub server, and to no other: the token goes to the API's host only, a redirect
/// or a page link to another host is refused. Rate limits are waited out within a budget. Reads are
/// repeated after a failure of the server or the wire; writes never are, because they may have
/// happened (a rate limit is told before anything is done, so a write waits for it like a read).
///
/// Safe for use by many threads.
public final class GitHubClient {

  /// @param maxWait most time that all requests together wait for rate limits
  /// @param request most time for one exchange, body included
  /// @param maxBodyBytes longest body that is read
  public record Limits(Duration maxWait, Duration request, int maxBodyBytes) {
    public static final Limits DEFAULT =
        new Limits(Duration.ofSeconds(60), Duration.ofSeconds(30), 32 << 20);

    /// These limits, with no wait longer than `patience` and no exchange given less than 1 s.
    Limits within(Duration patience) {
      Duration exchange = patience.compareTo(LEAST) < 0 ? LEAST : patience;
      return new Limits(
          maxWait.compareTo(patience) < 0 ? maxWait : patience,
          request.compareTo(exchange) < 0 ? request : exchange,
          maxBodyBytes);
    }

    private static final Duration LEAST = Duration.ofSeconds(1);
  }

  /// The items of all pages that were read.
  ///
  /// @param more whether GitHub has more than was asked for
  record Items(List<JsonNode> nodes, boolean more) {}

  private static final String JSON = "application/vnd.github+json";
  private static final String RAW = "application/vnd.github.raw+json";

  static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final int MAX_TRIES = 3;
  private static final int MAX_REDIRECTS = 3;
  private static final int MAX_PAGES = 200;
  private static final int MAX_TOKEN = 1_000;

  private final URI api;
  private final URI graphQl;
  private final @Nullable String token;
  private final Clock clock;
  private final Consumer<Duration> pause;
  private final Limits limits;
  private final WaitBudget waits;
  private final GitHubErrors errors;
  private final HttpClient http;

  /// @param api root of the REST API, as [PullRequestUrl#api] tells it
  /// @param token null or blank to ask without one, which is enough for public repositories
  /// @param pause sleeps
  /// @throws ChangeSourceException INPUT, when the token cannot be one
  public GitHubClient(
      URI api, @Nullable String token, Clock clock, Consumer<Duration> pause, Limits limits) {
    this.api = api;
    String root = api.toString();
    this.graphQl =
        URI.create(
            (root.endsWith("/v3") ? root.substring(0, root.length() - 2) : root + "/") + "graphql");
    this.token = token == null || token.isBlank() ? null : checked(token.strip());
    this.clock = clock;
    this.pause = pause;
    this.limits = limits;
    this.waits = new WaitBudget(clock, pause, limits.maxWait());
    this.errors = new GitHubErrors(host(), this.token);
    this.http =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limits.request())
            .version(
                "https".equals(api.getScheme())
                    ? HttpClient.Version.HTTP_2
                    : HttpClient.Version.HTTP_1_1)
            .build();
  }

  /// The client of a pull request's server, with real time.
  ///
  /// @param patience usual limits are made shorter where they pass this
  public static GitHubClient of(PullRequestUrl url, @Nullable String token, Duration patience) {
    return new GitHubClient(
        url.api(), token, Clock.systemUTC(), GitHubClient::sleep, Limits.DEFAULT.within(patience));
  }

  private static void sleep(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GitHubException(Kind.TRANSPORT, "interrupted while waiting for GitHub");
    }
  }

  boolean hasToken() {
    return token != null;
  }

  String host() {
    return api.getAuthority();
  }

  /// Waits a moment, before looking whether a write that failed has happened.
  void settle() {
    pause.accept(Duration.ofSeconds(1));
  }

  /// Reads an object or a list.
  ///
  /// @param path below the API's root, with query, escaped
  /// @throws GitHubException when GitHub refuses, fails, or answers something else than JSON
  JsonNode get(String path) {
    return json(exchange("GET", at(path), null, JSON, limits.maxBodyBytes()));
  }

  /// Reads bytes as they are.
  ///
  /// @throws GitHubException TOO_LARGE, when there are more than `maxBytes`; and as for [#get]
  byte[] getRaw(String path, int maxBytes) {
    return exchange("GET", at(path), null, RAW, Math.min(maxBytes, limits.maxBodyBytes())).body();
  }

  /// Reads a list page by page.
  ///
  /// @param maxItems pages are read until there are at least so many
  Items list(String path, int maxItems) {
    List<JsonNode> nodes = new ArrayList<>();
    @Nullable URI next = at(path);
    for (int page = 0; next != null && page < MAX_PAGES && nodes.size() < maxItems; page++) {
      HttpResponse<byte[]> response = exchange("GET", next, null, JSON, limits.maxBodyBytes());
      JsonNode body = json(response);
      if (!body.isArray()) {
        throw errors.malformed("a list was asked for, something else came");
      }
      body.forEach(nodes::add);
      next = nextPage(response);
    }
    boolean more = next != null || nodes.size() > maxItems;
    return new Items(List.copyOf(nodes.subList(0, Math.min(nodes.size(), maxItems))), more);
  }

  /// Writes, once.
  ///
  /// @param method `POST`, `PATCH`, `PUT` or `DELETE`
  /// @return the answer; a missing node when it has no body (204)
  JsonNode write(String method, String path, JsonNode body) {
    HttpResponse<byte[]> response =
        exchange(
            method,
            at(path),
            body.toString().getBytes(StandardCharsets.UTF_8),
            JSON,
            limits.maxBodyBytes());
    return response.statusCode() == 204 ? MissingNode.getInstance() : json(response);
  }

  /// Asks GraphQL, once.
  ///
  /// @return the `data` of the answer
  /// @throws GitHubException FORBIDDEN, when the answer tells errors; and as for [#write]
  JsonNode graphQl(String query, ObjectNode variables) {
    ObjectNode body = MAPPER.createObjectNode().put("query", query);
    body.set("variables", variables);
    JsonNode answer =
        json(
            exchange(
                "POST",
                graphQl,
                body.toString().getBytes(StandardCharsets.UTF_8),
                JSON,
                limits.maxBodyBytes()));
    if (!answer.path("errors").isEmpty()) {
      throw errors.graphQl(answer);
    }
    if (!answer.path("data").isObject()) {
      throw errors.malformed("a GraphQL answer without data");
    }
    return answer.path("data");
  }

  private HttpResponse<byte[]> exchange(
      String method, URI uri, byte @Nullable [] body, String accept, int maxBytes) {
    boolean read = method.equals("GET");
    URI target = uri;
    int redirects = 0;
    int tries = 0;
    while (true) {
      waits.await();
      HttpResponse<byte[]> response;
      tries++;
      try {
        response = once(method, target, body, accept, maxBytes);
      } catch (IOException e) {
        GitHubException failure = errors.transport(e, maxBytes);
        if (!read || tries >= MAX_TRIES || failure.kind() != Kind.TRANSPORT) {
          throw failure;
        }
        pause.accept(backoff(tries));
        continue;
      }
      int status = response.statusCode();
      if (status >= 200 && status < 300) {
        return response;
      }
      @Nullable Instant limit = RateLimit.until(response, clock.instant());
      if (limit != null) {
        if (!waits.block(limit)) {
          throw errors.rateLimited(limit, token != null);
        }
        continue;
      }
      if (status >= 300 && status < 400) {
        target = redirected(method, target, response, ++redirects);
        continue;
      }
      if (read && status >= 502 && status <= 504 && tries < MAX_TRIES) {
        pause.accept(backoff(tries));
        continue;
      }
      throw errors.refused(method, target, response);
    }
  }

  private HttpResponse<byte[]> once(
      String method, URI uri, byte @Nullable [] body, String accept, int maxBytes)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body))
            .header("Accept", accept)
            .header("User-Agent", "pr-guard")
            .header("X-GitHub-Api-Version", "2022-11-28");
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxBytes));
    try {
      // Not HttpRequest.timeout: that ends with the headers, and a body can drip for ever.
      return answer.get(limits.request().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw errors.timeout(limits.request());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GitHubException(Kind.TRANSPORT, "interrupted while asking GitHub");
    } finally {
      answer.cancel(true);
    }
  }

  /// Where a moved thing is now: on this server, or it is refused.
  private URI redirected(String method, URI from, HttpResponse<byte[]> response, int redirects) {
    String location = response.headers().firstValue("Location").orElse("");
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw errors.redirected(location);
    }
    if (!method.equals("GET") || redirects > MAX_REDIRECTS || location.isEmpty() || !ours(to)) {
      throw errors.redirected(location);
    }
    return to;
  }

  private @Nullable URI nextPage(HttpResponse<byte[]> response) {
    for (String header : response.headers().allValues("Link")) {
      for (String link : header.split(",", -1)) {
        int end = link.indexOf('>');
        int start = link.indexOf('<');
        if (start < 0 || end < start || !link.substring(end).contains("rel=\"next\"")) {
          continue;
        }
        try {
          URI next = new URI(link.substring(start + 1, end));
          if (ours(next)) {
            return next;
          }
        } catch (URISyntaxException e) {
          // told below
        }
        throw errors.malformed("its next page is on another host or is no URL");
      }
    }
    return null;
  }

  private boolean ours(URI uri) {
    return Objects.equals(api.getScheme(), uri.getScheme())
        && Objects.equals(api.getAuthority(), uri.getAuthority());
  }

  private JsonNode json(HttpResponse<byte[]> response) {
    try {
      JsonNode node = MAPPER.readTree(response.body());
      if (node != null && node.isContainerNode()) {
        return node;
      }
      throw errors.malformed(response.body().length == 0 ? "empty" : "not an object or a list");
    } catch (JsonProcessingException e) {
      String type = response.headers().firstValue("Content-Type").orElse("");
      throw errors.malformed(type.contains("html") ? "a web page" : "not JSON, or cut off");
    } catch (IOException e) {
      throw errors.malformed("not JSON");
    }
  }

  private URI at(String path) {
    return URI.create(api + path);
  }

  private static Duration backoff(int tries) {
    return Duration.ofMillis(500L << (tries - 1));
  }

  /// A header takes only these; and the exception of a bad header would show the token.
  private static String checked(String token) {
    if (token.length() > MAX_TOKEN || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new ChangeSourceException(
          ChangeSourceException.Category.INPUT,
          "GITHUB_TOKEN is not a token: it has spaces, line ends or other characters that no token"
              + " has");
    }
    return token;
  }
}
