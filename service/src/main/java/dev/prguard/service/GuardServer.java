package dev.prguard.service;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.server.AbstractHttpService;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.encoding.EncodingService;
import dev.prguard.insight.prometheus.SpanMetrics;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.traceql.engine.QuantileMode;
import dev.prguard.traceql.engine.TraceQlEngine;
import dev.prguard.traceql.engine.TraceQlEngine.Options;
import dev.prguard.traceql.engine.TraceQlEngine.PushDown;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The server: OTLP in, Tempo's API and the page out, one store. Every port answers everything; the
/// two OTLP ports are where senders look by default.
public final class GuardServer implements AutoCloseable {
  /// The share of the heap for columns of blocks: a quarter. Spans that are in no block yet take
  /// most of the rest, some 5 KB each.
  private static final int COLUMNS_OF_HEAP = 4;

  private static final int MAX_LINE_BYTES = 160 << 10;
  private static final int MAX_HEADER_BYTES = 32 << 10;
  private static final int MAX_CONNECTIONS = 1000;
  private static final long REQUEST_TIMEOUT_MARGIN_MS = 5_000 + QueryPool.PATIENCE.toMillis();
  private static final long IDLE_TIMEOUT_MS = 120_000;
  private static final long STOP_MS = 2_500;

  private final EmbeddedSpanStore store;
  private final SpanMetrics metrics = new SpanMetrics();
  private final SpanIntake intake;
  private final QueryPool pool;
  private final Housekeeping housekeeping;
  private final Server server;
  private final List<Integer> ports;

  private GuardServer(
      EmbeddedSpanStore store,
      ServiceSettings settings,
      InetAddress address,
      @Nullable TlsKeyPair tls,
      Consumer<String> log)
      throws IOException {
    this.store = store;
    this.intake = new SpanIntake(store, metrics, Runtime.getRuntime().maxMemory() / 16);
    // Before anybody asks.
    intake.backlog(store.status().uncompactedBytes());
    this.pool = new QueryPool(intake::isTooFarBehind, QueryPool.PATIENCE, log);
    this.housekeeping = new Housekeeping(store, settings.owed(), intake::backlog, log);
    this.server = build(settings, address, tls);
    try {
      server.start().join();
    } catch (CompletionException e) {
      closeParts();
      throw new IOException("cannot listen on " + settings.bind() + ": " + reason(e), e.getCause());
    }
    List<Integer> bound = new ArrayList<>();
    server.activePorts().values().forEach(port -> bound.add(port.localAddress().getPort()));
    this.ports = List.copyOf(bound);
  }

  private static String reason(CompletionException e) {
    Throwable cause = e.getCause();
    return cause == null || cause.getMessage() == null ? "failed" : cause.getMessage();
  }

  /// Opens the store and listens.
  ///
  /// @param log takes a line for people, from any thread
  /// @throws IOException when an address cannot be listened on, in one line
  /// @throws IllegalArgumentException in one line, when the settings would open the store to
  ///   anybody, or the certificate and the key are none
  public static GuardServer start(ServiceSettings settings, Consumer<String> log)
      throws IOException {
    InetAddress address = InetAddress.getByName(settings.bind());
    if (!Access.isLoopback(address) && settings.token() == null) {
      throw new IllegalArgumentException(
          "--bind " + settings.bind() + " opens the store to others: set PR_GUARD_TOKEN");
    }
    TlsKeyPair tls = settings.tls() == null ? null : TlsFiles.read(settings.tls(), log);
    EmbeddedSpanStore store =
        EmbeddedSpanStore.open(
            settings.dataFolder(), Runtime.getRuntime().maxMemory() / COLUMNS_OF_HEAP);
    try {
      return new GuardServer(store, settings, address, tls, log);
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private Server build(ServiceSettings settings, InetAddress address, @Nullable TlsKeyPair tls) {
    TraceQueries tempo = engine(settings, QuantileMode.TEMPO_BUCKETS);
    TraceQueries exact = engine(settings, QuantileMode.EXACT);
    boolean isTempo = settings.quantiles() == QuantileMode.TEMPO_BUCKETS;
    boolean secure = tls != null;
    SessionProtocol protocol = secure ? SessionProtocol.HTTPS : SessionProtocol.HTTP;
    ServerBuilder builder = Server.builder();
    for (int port : List.of(settings.port(), settings.otlpHttpPort(), settings.otlpGrpcPort())) {
      builder.port(new ServerPort(new InetSocketAddress(address, port), protocol));
    }
    if (tls != null) {
      builder.tls(tls);
    }
    builder
        .service("/v1/traces", new OtlpReceiver(intake))
        .service(OtlpGrpcReceiver.PATH, new OtlpGrpcReceiver(intake))
        .service("/ready", readyService())
        .service("/metrics", metricsService());
    TempoQuestions questions =
        new TempoQuestions(
            isTempo ? tempo : exact, isTempo ? exact : tempo, isTempo ? "exact" : "tempo");
    new TempoApi(questions, pool).routes(builder);
    new TempoStreaming(questions, pool).routes(builder);
    new PageApi(exact, pool, settings).routes(builder);
    WebPage.routes(builder);
    return builder
        .decorator(delegate -> new Access(delegate, settings.token(), secure))
        .decorator(GuardServer::withCautiousHeaders)
        .decorator(EncodingService.newDecorator())
        .maxRequestLength(OtlpReceiver.MAX_BODY_BYTES)
        .requestTimeoutMillis(settings.queryTimeout().toMillis() + REQUEST_TIMEOUT_MARGIN_MS)
        .idleTimeoutMillis(IDLE_TIMEOUT_MS)
        .maxNumConnections(MAX_CONNECTIONS)
        .http1MaxInitialLineLength(MAX_LINE_BYTES)
        .http1MaxHeaderSize(MAX_HEADER_BYTES)
        .http2MaxHeaderListSize(MAX_LINE_BYTES + MAX_HEADER_BYTES)
        .verboseResponses(false)
        .disableServerHeader()
        .disableDateHeader()
        .gracefulShutdownTimeoutMillis(0, STOP_MS)
        .build();
  }

  /// A browser takes answers for what they say they are, and keeps and tells nothing.
  private static HttpService withCautiousHeaders(HttpService delegate) {
    return delegate.decorate((next, ctx, req) -> {
      ctx.mutateAdditionalResponseHeaders(headers -> {
        headers.set(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff");
        headers.set(HttpHeaderNames.REFERRER_POLICY, "no-referrer");
        headers.set("x-frame-options", "SAMEORIGIN");
        headers.set("cross-origin-resource-policy", "same-origin");
      });
      return next.serve(ctx, req);
    });
  }

  private TraceQueries engine(ServiceSettings settings, QuantileMode mode) {
    return new TraceQlEngine(
        store, new Options(settings.queryTimeout(), mode, PushDown.ON), InstantSource.system());
  }

  private AbstractHttpService readyService() {
    return new AbstractHttpService() {
      @Override
      protected HttpResponse doGet(ServiceRequestContext ctx, HttpRequest req) {
        return intake.isTooFarBehind()
            ? QueryPool.text(HttpStatus.SERVICE_UNAVAILABLE, "compacting\n")
            : QueryPool.text(HttpStatus.OK, "ready\n");
      }
    };
  }

  private AbstractHttpService metricsService() {
    return new AbstractHttpService() {
      @Override
      protected HttpResponse doGet(ServiceRequestContext ctx, HttpRequest req) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 << 10);
        metrics.write(out);
        out.writeBytes(ownMetrics().getBytes(StandardCharsets.UTF_8));
        return HttpResponse.of(
            HttpStatus.OK,
            MediaType.parse(SpanMetrics.contentType()),
            HttpData.wrap(out.toByteArray()));
      }
    };
  }

  private String ownMetrics() {
    return metric("pr_guard_spans_received_total", "counter", "Spans stored.", intake.received())
        + metric(
            "pr_guard_spans_rejected_total",
            "counter",
            "Spans without valid ids.",
            intake.rejected())
        + metric(
            "pr_guard_ingest_refused_total",
            "counter",
            "Requests that were told to come again.",
            intake.refusedRequests())
        + metric(
            "pr_guard_ingest_bytes",
            "gauge",
            "Bytes of requests under way.",
            intake.bytesInFlight())
        + metric("pr_guard_queries_running", "gauge", "Queries under way.", pool.running())
        + metric(
            "pr_guard_compactions_total", "counter", "Compactions.", housekeeping.compactions());
  }

  private static String metric(String name, String type, String help, long value) {
    return "# HELP %1$s %3$s\n# TYPE %1$s %2$s\n%1$s %4$d\n".formatted(name, type, help, value);
  }

  SpanIntake intake() {
    return intake;
  }

  /// The port of Tempo's API and the page.
  public int port() {
    return ports.get(0);
  }

  public int otlpHttpPort() {
    return ports.get(1);
  }

  public int otlpGrpcPort() {
    return ports.get(2);
  }

  /// Answers what was asked, keeps what was taken in, and ends; within five seconds.
  @Override
  public void close() {
    server.stop().join();
    closeParts();
    store.close();
  }

  private void closeParts() {
    pool.close();
    intake.close();
    housekeeping.close();
  }
}
