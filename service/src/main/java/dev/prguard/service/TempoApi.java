package dev.prguard.service;

import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.AbstractHttpService;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.prguard.service.QueryPool.BadRequestException;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import dev.prguard.trace.otlp.TracesJson;
import dev.prguard.traceql.answer.TempoJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Function;

/// Tempo's HTTP API, as far as its clients use it: Grafana's data source, tempo-cli, tempo-vulture.
final class TempoApi {
  /// What clients take us for, to know what they may ask.
  static final String TEMPO_VERSION = "3.0.3";

  private static final String PROTOBUF = "application/protobuf";

  private final TempoQuestions questions;
  private final QueryPool pool;

  TempoApi(TempoQuestions questions, QueryPool pool) {
    this.questions = questions;
    this.pool = pool;
  }

  @FunctionalInterface
  private interface Question {
    HttpResponse answer(ServiceRequestContext ctx, HttpRequest req, TempoParameters params)
        throws IOException;
  }

  @FunctionalInterface
  private interface Document<T> {
    void write(T answer, OutputStream out) throws IOException;
  }

  void routes(ServerBuilder server) {
    server
        .service("/api/traces/{traceID}", query(this::traceV1))
        .service("/api/v2/traces/{traceID}", query(this::traceV2))
        .service(
            "/api/search",
            query((ctx, req, params) ->
                answer(req, questions.search(params), TempoJson::search, TempoMessages::search)))
        .service(
            "/api/search/tags",
            query((ctx, req, params) ->
                answer(
                    req,
                    questions.tagNames(params),
                    (names, out) -> strings("tagNames", names, out),
                    TempoMessages::texts)))
        .service(
            "/api/v2/search/tags",
            query((ctx, req, params) ->
                answer(req, questions.tags(params), TempoJson::tags, TempoMessages::tags)))
        .service(
            "/api/search/tag/{tag}/values",
            query((ctx, req, params) ->
                answer(
                    req,
                    questions.tagTexts(tag(ctx), params),
                    (texts, out) -> strings("tagValues", texts, out),
                    TempoMessages::texts)))
        .service(
            "/api/v2/search/tag/{tag}/values",
            query((ctx, req, params) ->
                answer(
                    req,
                    questions.tagValues(tag(ctx), params),
                    TempoJson::tagValues,
                    TempoMessages::tagValues)))
        .service(
            "/api/metrics/query_range",
            query((ctx, req, params) ->
                answer(req, questions.range(params), TempoJson::range, TempoMessages::range)))
        .service(
            "/api/metrics/query",
            query((ctx, req, params) ->
                answer(req, questions.instant(params), TempoJson::instant, TempoMessages::instant)))
        .service("/api/echo", fixed(MediaType.PLAIN_TEXT_UTF_8, "echo"))
        .service(
            "/api/status/buildinfo",
            fixed(
                MediaType.JSON,
                "{\"version\":\"%s\",\"revision\":\"\",\"branch\":\"\",\"buildUser\":\"\",\"buildDate\":\"\",\"goVersion\":\"\"}"
                    .formatted(TEMPO_VERSION)));
  }

  static HttpService fixed(MediaType type, String text) {
    return (ctx, req) -> HttpResponse.of(HttpStatus.OK, type, HttpData.ofUtf8(text));
  }

  private HttpService query(Question question) {
    return new AbstractHttpService() {
      @Override
      protected HttpResponse doGet(ServiceRequestContext ctx, HttpRequest req) {
        QueryParams params = ctx.queryParams();
        return pool.run(ctx, () -> question.answer(ctx, req, new TempoParameters(params)));
      }
    };
  }

  /// Grafana escapes names of tags twice, and Tempo reads them twice.
  private static String tag(ServiceRequestContext ctx) {
    String tag = String.valueOf(ctx.pathParam("tag"));
    try {
      return URLDecoder.decode(tag, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadRequestException("please provide a non-empty tagName that can be unescaped");
    }
  }

  private static <T> HttpResponse answer(
      HttpRequest req, T answer, Document<T> json, Function<T, List<byte[]>> parts)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
    if (!wantsProtobuf(req)) {
      json.write(answer, out);
      return HttpResponse.of(HttpStatus.OK, MediaType.JSON, HttpData.wrap(out.toByteArray()));
    }
    // Messages one behind the other are one message with all their elements.
    parts.apply(answer).forEach(out::writeBytes);
    return protobuf(HttpStatus.OK, out.toByteArray());
  }

  private static boolean wantsProtobuf(HttpRequest req) {
    return req.headers().get(HttpHeaderNames.ACCEPT, "").contains(PROTOBUF);
  }

  private static HttpResponse protobuf(HttpStatus status, byte[] message) {
    return HttpResponse.of(
        ResponseHeaders.of(status, HttpHeaderNames.CONTENT_TYPE, PROTOBUF), HttpData.wrap(message));
  }

  private static String traceId(ServiceRequestContext ctx) {
    return String.valueOf(ctx.pathParam("traceID"));
  }

  /// An unknown trace is 404 here, and an empty answer in the second version.
  private HttpResponse traceV1(ServiceRequestContext ctx, HttpRequest req, TempoParameters params)
      throws IOException {
    List<SpanRecord> spans = questions.trace(traceId(ctx), params);
    HttpStatus status = spans.isEmpty() ? HttpStatus.NOT_FOUND : HttpStatus.OK;
    if (wantsProtobuf(req)) {
      return protobuf(status, OtlpSpans.encode(spans));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
    try (JsonGenerator json = TracesJson.FACTORY.createGenerator(out)) {
      TracesJson.write(OtlpSpans.toTracesData(spans), "batches", TracesJson.Dialect.PROTO3, json);
    }
    return HttpResponse.of(status, MediaType.JSON, HttpData.wrap(out.toByteArray()));
  }

  /// `TraceByIDResponse`. A trace here is always whole: no status and no message.
  private HttpResponse traceV2(ServiceRequestContext ctx, HttpRequest req, TempoParameters params)
      throws IOException {
    List<SpanRecord> spans = questions.trace(traceId(ctx), params);
    if (wantsProtobuf(req)) {
      return protobuf(
          HttpStatus.OK,
          new ProtoMessage()
              .message(1, OtlpSpans.encode(spans))
              .message(2, new ProtoMessage())
              .toBytes());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
    try (JsonGenerator json = TracesJson.FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeFieldName("trace");
      TracesJson.write(
          OtlpSpans.toTracesData(spans), "resourceSpans", TracesJson.Dialect.PROTO3, json);
      json.writeObjectFieldStart("metrics");
      json.writeEndObject();
      json.writeEndObject();
    }
    return HttpResponse.of(HttpStatus.OK, MediaType.JSON, HttpData.wrap(out.toByteArray()));
  }

  private static void strings(String field, SortedSet<String> texts, OutputStream out)
      throws IOException {
    try (JsonGenerator json = TracesJson.FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeArrayFieldStart(field);
      for (String text : texts) {
        json.writeString(text);
      }
      json.writeEndArray();
      json.writeObjectFieldStart("metrics");
      json.writeEndObject();
      json.writeEndObject();
    }
  }
}
