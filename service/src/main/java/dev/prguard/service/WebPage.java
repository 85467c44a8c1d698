package dev.prguard.service;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.AbstractHttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/// The page's own files, a fixed list of resources. They hold nothing that is secret, so that the
/// form for the token can be shown without one.
final class WebPage {
  /// Nothing from elsewhere, nothing inline, no frame around it.
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none';"
          + " frame-ancestors 'none'";

  private static final List<String> FILES =
      List.of(
          "page.css",
          "app.js",
          "elements.js",
          "format.js",
          "chart.js",
          "overview.js",
          "reviews.js",
          "trace.js",
          "spans.js",
          "review.js",
          "grafana.js",
          "query.js",
          "report.js",
          "alerts.js",
          "icon.svg");

  private WebPage() {}

  static void routes(ServerBuilder server) {
    server.service("/", file("index.html"));
    server.service("/favicon.ico", file("icon.svg"));
    for (String name : FILES) {
      server.service("/static/" + name, file(name));
    }
  }

  private static AbstractHttpService file(String name) {
    HttpData content = HttpData.wrap(read(name));
    ResponseHeaders headers =
        ResponseHeaders.of(
            HttpStatus.OK,
            HttpHeaderNames.CONTENT_TYPE,
            type(name),
            HttpHeaderNames.CONTENT_SECURITY_POLICY,
            POLICY,
            HttpHeaderNames.CACHE_CONTROL,
            "no-cache");
    return new AbstractHttpService() {
      @Override
      protected HttpResponse doGet(ServiceRequestContext ctx, HttpRequest req) {
        return HttpResponse.of(headers, content);
      }
    };
  }

  private static MediaType type(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "html" -> MediaType.HTML_UTF_8;
      case "css" -> MediaType.CSS_UTF_8;
      case "svg" -> MediaType.SVG_UTF_8;
      default -> MediaType.JAVASCRIPT_UTF_8;
    };
  }

  private static byte[] read(String name) {
    try (InputStream in =
        Objects.requireNonNull(WebPage.class.getResourceAsStream("page/" + name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
