package dev.prguard.review.github;

import dev.prguard.review.change.ChangeSourceException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The page of a pull request, on github.com or on GitHub Enterprise.
///
/// @param scheme `https`, or `http` for a server on this machine
/// @param host with the port when the URL has one (`127.0.0.1:8080`), in lower case
public record PullRequestUrl(String scheme, String host, String owner, String repo, long number) {

  private static final String EXAMPLE =
      "expected something like https://github.com/owner/repository/pull/7";

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private static final Pattern TENANT = Pattern.compile("[a-z0-9-]+\\.ghe\\.com");

  private static final int MAX_NAME = 100;
  private static final int MAX_DIGITS = 15;

  /// Whether a text is meant as a URL, so that anything else can be taken as a path.
  public static boolean looksLikeUrl(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    return lower.startsWith("https://") || lower.startsWith("http://");
  }

  /// Reads the URL as copied from a browser: a tab of the page (`/files`), a query and a fragment
  /// are let be.
  ///
  /// @throws ChangeSourceException INPUT, when it is no URL or not of a pull request
  public static PullRequestUrl parse(String text) {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      throw bad(text, "is not a URL");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    if (host.isEmpty() || !(scheme.equals("https") || scheme.equals("http"))) {
      throw bad(text, "is not an https URL");
    }
    if (uri.getRawUserInfo() != null) {
      // A token in the URL would end up in spans, reports and comments.
      throw new ChangeSourceException(
          ChangeSourceException.Category.INPUT,
          "A user name or token in the URL is refused; put the token into GITHUB_TOKEN, and "
              + EXAMPLE);
    }
    if (scheme.equals("http") && !LOOPBACK.contains(host)) {
      throw bad(text, "would send the token in clear text (http)");
    }
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    List<String> parts = List.of(path.split("/", -1));
    // "", owner, repo, "pull", number, then a tab of the page
    if (parts.size() < 5
        || !(parts.get(3).equals("pull") || parts.get(3).equals("pulls"))
        || !isName(parts.get(1))
        || !isName(parts.get(2))
        || !isNumber(parts.get(4))) {
      throw bad(text, "is not the URL of a pull request");
    }
    return new PullRequestUrl(
        scheme,
        uri.getPort() < 0 ? host : host + ":" + uri.getPort(),
        parts.get(1),
        parts.get(2),
        Long.parseLong(parts.get(4)));
  }

  /// The root of the REST API: `https://api.github.com`, `https://api.TENANT.ghe.com` of Enterprise
  /// Cloud with data residency, or `https://HOST/api/v3` of Enterprise Server.
  public URI api() {
    if (isPublic()) {
      return URI.create("https://api.github.com");
    }
    return URI.create(isTenant() ? "https://api." + host : origin() + "/api/v3");
  }

  /// The page, without tab, query and fragment.
  public String page() {
    return origin() + "/" + owner + "/" + repo + "/pull/" + number;
  }

  @Override
  public String toString() {
    return page();
  }

  /// `/repos/OWNER/REPO`, below [#api].
  String repositoryPath() {
    return "/repos/" + owner + "/" + repo;
  }

  /// `/repos/OWNER/REPO/pulls/N`, below [#api].
  String pullPath() {
    return repositoryPath() + "/pulls/" + number;
  }

  private boolean isPublic() {
    return scheme.equals("https") && (host.equals("github.com") || host.equals("www.github.com"));
  }

  private boolean isTenant() {
    return scheme.equals("https") && TENANT.matcher(host).matches();
  }

  private String origin() {
    return scheme + "://" + host;
  }

  /// GitHub's own alphabet of names; nothing in it needs escaping in a path.
  private static boolean isName(String part) {
    return !part.isEmpty()
        && part.length() <= MAX_NAME
        && !part.equals(".")
        && !part.equals("..")
        && part.chars()
            .allMatch(c ->
                (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || c == '.');
  }

  private static boolean isNumber(String part) {
    return !part.isEmpty()
        && part.length() <= MAX_DIGITS
        && part.chars().allMatch(c -> c >= '0' && c <= '9')
        && Long.parseLong(part) > 0;
  }

  private static ChangeSourceException bad(String text, String why) {
    String shown = ForeignText.line(text, 200);
    return new ChangeSourceException(
        ChangeSourceException.Category.INPUT, "\"" + shown + "\" " + why + "; " + EXAMPLE);
  }
}
