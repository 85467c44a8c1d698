package dev.prguard.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Delivery over gRPC, against a real gRPC server.
class OtlpGrpcTest {
  private static final Duration FLUSH = Duration.ofSeconds(5);
  private static final ExportTraceServiceResponse TAKEN =
      ExportTraceServiceResponse.getDefaultInstance();

  private final DurableTestStore store = new DurableTestStore();
  private final List<ExportTraceServiceRequest> requests =
      Collections.synchronizedList(new ArrayList<>());
  private volatile Metadata headers = new Metadata();
  private @Nullable Server server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.shutdownNow();
    }
  }

  /// @param answers to each request, from 0: a response, or a status to fail with
  private String start(ServerCredentials credentials, IntFunction<Object> answers)
      throws IOException {
    AtomicInteger number = new AtomicInteger();
    TraceServiceGrpc.TraceServiceImplBase service =
        new TraceServiceGrpc.TraceServiceImplBase() {
          @Override
          public void export(
              ExportTraceServiceRequest request,
              StreamObserver<ExportTraceServiceResponse> observer) {
            requests.add(request);
            switch (answers.apply(number.getAndIncrement())) {
              case ExportTraceServiceResponse response -> {
                observer.onNext(response);
                observer.onCompleted();
              }
              case Status status -> observer.onError(status.asRuntimeException());
              case StatusRuntimeException e -> observer.onError(e);
              default -> {
                // Hangs.
              }
            }
          }
        };
    ServerInterceptor seeing =
        new ServerInterceptor() {
          @Override
          public <Q, A> ServerCall.Listener<Q> interceptCall(
              ServerCall<Q, A> call, Metadata sent, ServerCallHandler<Q, A> next) {
            headers = sent;
            return next.startCall(call, sent);
          }
        };
    server =
        OkHttpServerBuilder.forPort(0, credentials)
            .addService(ServerInterceptors.intercept(service, seeing))
            .build()
            .start();
    return "127.0.0.1:" + server.getPort();
  }

  private String start(IntFunction<Object> answers) throws IOException {
    return start(io.grpc.InsecureServerCredentials.create(), answers);
  }

  private FlushResult send(String url, int spans, Map<String, String> more) {
    return send(url, spans, more, FLUSH);
  }

  private FlushResult send(String url, int spans, Map<String, String> more, Duration timeout) {
    Map<String, String> env = new HashMap<>(more);
    env.put("OTEL_EXPORTER_OTLP_ENDPOINT", url);
    env.put("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    Telemetry telemetry = Telemetry.start(TelemetryConfig.from(env, "1.2.3"), store, null);
    for (int i = 0; i < spans; i++) {
      telemetry.tracer().spanBuilder("span-" + i).startSpan().end();
    }
    return telemetry.close(timeout);
  }

  private List<SpanRecord> received() throws IOException {
    List<SpanRecord> spans = new ArrayList<>();
    for (ExportTraceServiceRequest request : requests) {
      spans.addAll(OtlpSpans.decode(request.toByteArray()).spans());
    }
    return spans;
  }

  @Test
  void healthyReceiver_hasEverySpanOnceAsStored_withHeadersAndGzip() throws IOException {
    String host = start(n -> TAKEN);

    FlushResult result =
        send(
            "http://" + host,
            600,
            Map.of(
                "OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Basic%20a+b=,x-scope=team",
                "OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"));

    assertThat(result.line())
        .isEqualTo("telemetry: recorded 600, delivered 600 to " + host + ", rejected 0, kept 0");
    assertThat(received()).containsExactlyInAnyOrderElementsOf(store.spans());
    assertThat(headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER)))
        .isEqualTo("Basic a+b=");
    assertThat(headers.get(Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER)))
        .isEqualTo("gzip");
  }

  @Test
  void partialSuccess_countsTheRejected() throws IOException {
    String host =
        start(n ->
            ExportTraceServiceResponse.newBuilder()
                .setPartialSuccess(
                    ExportTracePartialSuccess.newBuilder()
                        .setRejectedSpans(1)
                        .setErrorMessage("too old"))
                .build());
    FlushResult result = send("http://" + host, 3, Map.of());
    assertThat(result.delivered()).isEqualTo(2);
    assertThat(result.rejected()).isEqualTo(1);
    assertThat(result.error()).isEqualTo("too old");
  }

  @Test
  void unavailableTwice_isDeliveredByRetry() throws IOException {
    String host = start(n -> n < 2 ? Status.UNAVAILABLE : TAKEN);
    assertThat(send("http://" + host, 3, Map.of()).delivered()).isEqualTo(3);
    assertThat(requests).hasSize(3);
  }

  @Test
  void exhaustedWithADelay_isTriedAgainAfterIt() throws IOException {
    com.google.rpc.Status slowDown =
        com.google.rpc.Status.newBuilder()
            .setCode(Status.Code.RESOURCE_EXHAUSTED.value())
            .addDetails(
                Any.pack(
                    RetryInfo.newBuilder()
                        .setRetryDelay(
                            com.google.protobuf.Duration.newBuilder().setNanos(700_000_000))
                        .build()))
            .build();
    String host = start(n -> n == 0 ? StatusProto.toStatusRuntimeException(slowDown) : TAKEN);
    long start = System.nanoTime();
    assertThat(send("http://" + host, 2, Map.of()).delivered()).isEqualTo(2);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(600));
  }

  @Test
  void wrongKey_keepsEverySpan_andAsksOnce() throws IOException {
    String host = start(n -> Status.UNAUTHENTICATED.withDescription("bad\ntoken"));
    FlushResult result = send("http://" + host, 3, Map.of());
    assertThat(result.kept()).isEqualTo(3);
    assertThat(result.error()).isEqualTo("gRPC UNAUTHENTICATED: bad token");
    assertThat(requests).hasSize(1);
  }

  @Test
  void invalidArgument_isRejected_andTooLargeIsSplit() throws IOException {
    String host = start(n -> Status.INVALID_ARGUMENT);
    assertThat(send("http://" + host, 2, Map.of()).rejected()).isEqualTo(2);
    stop();
    requests.clear();
    host =
        start(n ->
            n == 0
                ? Status.RESOURCE_EXHAUSTED.withDescription("received message larger than max")
                : TAKEN);
    store.newRun();
    assertThat(send("http://" + host, 4, Map.of()).delivered()).isEqualTo(4);
    assertThat(requests).hasSize(3);
  }

  @Test
  void nobodyThere_andHanging_areBounded() throws IOException {
    FlushResult down = send("http://127.0.0.1:9", 2, Map.of());
    assertThat(down.kept()).isEqualTo(2);
    assertThat(down.error()).isEqualTo("connection refused");

    String host = start(n -> "hang");
    store.newRun();
    long start = System.nanoTime();
    FlushResult hanging = send("http://" + host, 2, Map.of(), Duration.ofSeconds(1));
    assertThat(hanging.kept()).isEqualTo(2);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void mutualTls_isTrustedByItsAuthority_andByNothingElse(@TempDir Path folder) throws Exception {
    TestCertificates certificates = TestCertificates.in(folder);
    ServerCredentials credentials =
        io.grpc.TlsServerCredentials.newBuilder()
            .keyManager(certificates.certificate().toFile(), certificates.key().toFile())
            .trustManager(certificates.certificate().toFile())
            .clientAuth(io.grpc.TlsServerCredentials.ClientAuth.REQUIRE)
            .build();
    String host = start(credentials, n -> TAKEN).replace("127.0.0.1", "localhost");
    Map<String, String> files =
        Map.of(
            "OTEL_EXPORTER_OTLP_CERTIFICATE", certificates.certificate().toString(),
            "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", certificates.certificate().toString(),
            "OTEL_EXPORTER_OTLP_CLIENT_KEY", certificates.key().toString());

    assertThat(send("https://" + host, 2, files).delivered()).isEqualTo(2);

    store.newRun();
    FlushResult unknown = send("https://" + host, 2, Map.of());
    assertThat(unknown.delivered()).isZero();
    assertThat(unknown.kept()).isEqualTo(2);
  }
}
