package dev.prguard.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.zip.GZIPInputStream;

/// An OTLP/HTTP receiver on loopback whose answer to each request, from 0, a test scripts.
final class OtlpTestReceiver implements AutoCloseable {
  private final TestHttpServer server;

  private OtlpTestReceiver(TestHttpServer server) {
    this.server = server;
  }

  static OtlpTestReceiver start(IntFunction<Answer> answers) {
    AtomicInteger number = new AtomicInteger();
    return new OtlpTestReceiver(
        TestHttpServer.start(request -> answers.apply(number.getAndIncrement())));
  }

  static OtlpTestReceiver answering(Function<TestHttpServer.Request, Answer> behaviour) {
    return new OtlpTestReceiver(TestHttpServer.start(behaviour));
  }

  static Answer accept() {
    return Answer.bytes(200, "application/x-protobuf", new byte[0]);
  }

  static Answer partial(long rejected, String message) {
    return Answer.bytes(
        200,
        "application/x-protobuf",
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(rejected)
                    .setErrorMessage(message))
            .build()
            .toByteArray());
  }

  static Answer status(int status) {
    return Answer.bytes(status, "text/plain", new byte[0]);
  }

  String url() {
    return server.uri().toString();
  }

  String host() {
    return server.uri().getAuthority();
  }

  List<TestHttpServer.Request> requests() {
    return server.requests();
  }

  /// The spans of a request, decoded.
  static List<SpanRecord> spans(TestHttpServer.Request request) {
    try {
      byte[] body = request.body();
      Map<String, String> headers = request.headers();
      if (headers.getOrDefault("content-encoding", "").equals("gzip")) {
        body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
      }
      return OtlpSpans.decode(body).spans();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("not OTLP", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The spans of all requests, in order of arrival.
  List<SpanRecord> received() {
    List<SpanRecord> spans = new ArrayList<>();
    requests().forEach(request -> spans.addAll(spans(request)));
    return spans;
  }

  @Override
  public void close() {
    server.close();
  }
}
