package dev.prguard.cli;

import dev.prguard.store.TempoClient;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--tempo URL`, of every command that can ask a Tempo. The flag comes before `TEMPO_URL`; `none`
/// asks this machine whatever the environment says.
final class TempoOption {
  @Option(
      names = "--tempo",
      paramLabel = "URL",
      description =
          "Ask this Tempo (default: TEMPO_URL; none: this machine). Basic authorization with"
              + " TEMPO_USERNAME and TEMPO_API_KEY, bearer with TEMPO_TOKEN, tenant with"
              + " TEMPO_TENANT.")
  @Nullable String url;

  /// Where a Tempo is, and what it is told about who asks.
  ///
  /// @param headers secrets among them
  /// @param origin what named it, `--tempo` or `TEMPO_URL`
  record Address(URI uri, Map<String, String> headers, String origin) {
    Address {
      headers = Map.copyOf(headers);
    }

    String host() {
      return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    /// @param timeout of one query
    TempoClient client(Duration timeout) {
      return new TempoClient(uri, headers, timeout);
    }

    /// Without what is secret.
    @Override
    public String toString() {
      return host();
    }
  }

  /// @return empty when this machine is to be asked
  /// @throws CommandException when what was named is no address
  Optional<Address> address(Map<String, String> env) {
    String origin = url == null ? "TEMPO_URL" : "--tempo";
    String text = (url == null ? env.getOrDefault("TEMPO_URL", "") : url).strip();
    if (text.equals("none") || (text.isEmpty() && url == null)) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme());
      if (uri.getHost() != null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && (scheme.equals("http") || scheme.equals("https"))) {
        URI bare = new URI(scheme, null, uri.getHost(), uri.getPort(), uri.getPath(), null, null);
        return Optional.of(new Address(bare, headers(uri.getRawUserInfo(), env), origin));
      }
    } catch (URISyntaxException e) {
      // Said below, without the text: it may hold a password.
    }
    throw CommandException.wrongInput(
        origin + ": not an address (expected: http://HOST, https://HOST/PATH or none)");
  }

  private static Map<String, String> headers(@Nullable String userInfo, Map<String, String> env) {
    Map<String, String> headers = new LinkedHashMap<>();
    String user = value(env, "TEMPO_USERNAME");
    String key = value(env, "TEMPO_API_KEY");
    key = key.isEmpty() ? value(env, "TEMPO_PASSWORD") : key;
    String token = plain(env, "TEMPO_TOKEN");
    String pair = user.isEmpty() && key.isEmpty() ? "" : user + ":" + key;
    if (userInfo != null) {
      // What the address says itself was meant for it.
      pair = URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
    if (!pair.isEmpty()) {
      headers.put(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    } else if (!token.isEmpty()) {
      headers.put("Authorization", "Bearer " + token);
    }
    String tenant = plain(env, "TEMPO_TENANT");
    if (!tenant.isEmpty()) {
      headers.put("X-Scope-OrgID", tenant);
    }
    return headers;
  }

  private static String value(Map<String, String> env, String name) {
    return env.getOrDefault(name, "").strip();
  }

  /// @throws CommandException, without the value, when it would not go into a header
  private static String plain(Map<String, String> env, String name) {
    String value = value(env, name);
    if (!value.chars().allMatch(c -> c > 0x1f && c < 0x7f)) {
      throw CommandException.wrongInput(name + ": has a character that no header can hold");
    }
    return value;
  }
}
