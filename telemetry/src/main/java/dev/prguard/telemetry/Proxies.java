package dev.prguard.telemetry;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The proxy that the environment names, in the form that curl and most command-line tools read:
/// `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, in upper or lower case. `HTTP_PROXY`
/// counts in lower case only, as for curl: a CGI server sets the other one from a request's header.
final class Proxies {
  private static final int DEFAULT_PORT = 80;

  private Proxies() {}

  /// @return null where the way to `target` has no proxy
  /// @throws IllegalArgumentException naming the variable at fault
  static @Nullable InetSocketAddress of(Variables variables, URI target) {
    boolean tls = "https".equals(target.getScheme());
    for (String name :
        tls
            ? new String[] {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}
            : new String[] {"http_proxy", "all_proxy", "ALL_PROXY"}) {
      String value = variables.get(name);
      if (value != null) {
        return isDirect(variables, target.getHost()) ? null : address(variables, name, value);
      }
    }
    return null;
  }

  private static InetSocketAddress address(Variables variables, String name, String value) {
    try {
      URI uri = new URI(value.contains("://") ? value : "http://" + value);
      if (uri.getHost() != null
          && uri.getRawUserInfo() == null
          && "http".equalsIgnoreCase(uri.getScheme())) {
        return InetSocketAddress.createUnresolved(
            uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw variables.bad(name, value, "http://HOST:PORT, without user");
  }

  private static boolean isDirect(Variables variables, String host) {
    String list = variables.get("no_proxy");
    list = list == null ? variables.get("NO_PROXY", "") : list;
    String name = host.toLowerCase(Locale.ROOT);
    for (String entry : list.toLowerCase(Locale.ROOT).split(",", -1)) {
      String suffix = entry.strip();
      suffix = suffix.startsWith(".") ? suffix.substring(1) : suffix;
      if (suffix.equals("*")
          || (!suffix.isEmpty() && (name.equals(suffix) || name.endsWith("." + suffix)))) {
        return true;
      }
    }
    return false;
  }
}
