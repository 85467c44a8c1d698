package dev.prguard.service;

import com.linecorp.armeria.common.Cookie;
import com.linecorp.armeria.common.Cookies;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Who may ask. Without a token only this machine: the name in `Host` must be a name of the
/// loopback, or a page of another site whose name was pointed here (DNS rebinding) could read the
/// answers. With a token every request must bring it, as a bearer, as the password of basic
/// authentication, or as the page's cookie. A request that another site's page made is refused
/// either way.
final class Access extends SimpleDecoratingHttpService {
  private static final String COOKIE = "pr_guard_session";
  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final int COOKIE_SECONDS = 30 * 24 * 3600;

  private final @Nullable String token;
  private final boolean secure;

  /// What the cookie holds: not the token itself.
  private final String session;

  /// @param secure whether the ports speak TLS
  Access(HttpService delegate, @Nullable String token, boolean secure) {
    super(delegate);
    this.token = token;
    this.secure = secure;
    this.session = token == null ? "" : session(token);
  }

  private static String session(String token) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of()
          .formatHex(mac.doFinal("pr-guard page".getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JVM has HmacSHA256", e);
    }
  }

  /// Whether an address is one of this machine's own that no other reaches.
  static boolean isLoopback(InetAddress address) {
    return address.isLoopbackAddress();
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest req) throws Exception {
    RequestHeaders headers = req.headers();
    String authority = headers.authority() == null ? "" : headers.authority();
    if (token == null && !LOOPBACK_NAMES.contains(hostOf(authority))) {
      return text(
          HttpStatus.FORBIDDEN,
          "this server answers to the names of this machine alone (localhost, 127.0.0.1, [::1])");
    }
    if (isOfAnotherSite(headers, authority)) {
      return text(HttpStatus.FORBIDDEN, "requests of other sites are refused");
    }
    if (token == null || ctx.path().equals("/ready")) {
      return unwrap().serve(ctx, req);
    }
    if (ctx.path().equals("/login")) {
      return login(req);
    }
    if (isAllowed(headers)) {
      return unwrap().serve(ctx, req);
    }
    return ctx.path().equals("/") || ctx.path().startsWith("/static/")
        ? unwrap().serve(ctx, req)
        : HttpResponse.of(
            ResponseHeaders.of(
                HttpStatus.UNAUTHORIZED,
                HttpHeaderNames.WWW_AUTHENTICATE,
                "Bearer",
                HttpHeaderNames.CONTENT_TYPE,
                MediaType.PLAIN_TEXT_UTF_8),
            com.linecorp.armeria.common.HttpData.ofUtf8("a token is needed"));
  }

  private static String hostOf(String authority) {
    String host =
        authority.startsWith("[")
            ? authority.substring(0, authority.indexOf(']') + 1)
            : authority.replaceFirst(":[0-9]*$", "");
    return host.toLowerCase(Locale.ROOT);
  }

  private static boolean isOfAnotherSite(RequestHeaders headers, String authority) {
    String origin = headers.get(HttpHeaderNames.ORIGIN);
    if (origin != null && !origin.replaceFirst("^https?://", "").equalsIgnoreCase(authority)) {
      return true;
    }
    String site = headers.get("sec-fetch-site", "none");
    boolean navigation = headers.get("sec-fetch-mode", "").equals("navigate");
    return (site.equals("cross-site") || site.equals("same-site")) && !navigation;
  }

  private boolean isAllowed(RequestHeaders headers) {
    String authorization = headers.get(HttpHeaderNames.AUTHORIZATION, "");
    if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return isToken(authorization.substring(7).strip());
    }
    if (authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
      try {
        byte[] pair = Base64.getDecoder().decode(authorization.substring(6).strip());
        String text = new String(pair, StandardCharsets.UTF_8);
        return isToken(text.substring(text.indexOf(':') + 1));
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
    Cookies cookies = headers.cookies();
    for (Cookie cookie : cookies) {
      if (cookie.name().equals(COOKIE)) {
        return same(cookie.value(), session);
      }
    }
    return false;
  }

  private boolean isToken(String text) {
    return token != null && same(text, token);
  }

  /// In a time that tells nothing of where they differ, or of how long they are.
  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(digest(one), digest(other));
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JVM has SHA-256", e);
    }
  }

  /// The page's form: the token becomes a cookie that scripts cannot read and other sites do not
  /// send.
  private HttpResponse login(HttpRequest req) {
    return HttpResponse.of(
        req.aggregate()
            .thenApply(body -> {
              String given = QueryParams.fromQueryString(body.contentUtf8()).get("token", "");
              if (!isToken(given.strip())) {
                return text(HttpStatus.UNAUTHORIZED, "not the token");
              }
              Cookie cookie =
                  Cookie.secureBuilder(COOKIE, session)
                      .secure(secure)
                      .httpOnly(true)
                      .sameSite("Strict")
                      .path("/")
                      .maxAge(COOKIE_SECONDS)
                      .build();
              return HttpResponse.of(
                  ResponseHeaders.of(
                      HttpStatus.SEE_OTHER,
                      HttpHeaderNames.LOCATION,
                      "/",
                      HttpHeaderNames.SET_COOKIE,
                      cookie.toSetCookieHeader()));
            }));
  }

  private static HttpResponse text(HttpStatus status, String message) {
    return HttpResponse.of(status, MediaType.PLAIN_TEXT_UTF_8, message);
  }
}
