package dev.prguard.service;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.CodedOutputStream;
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
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueries.InstantQuery;
import dev.prguard.trace.query.TraceQueries.MetricsAnswer;
import dev.prguard.trace.query.TraceQueries.RangeQuery;
import dev.prguard.trace.query.TraceQueries.Search;
import dev.prguard.trace.query.TraceQueries.SearchAnswer;
import dev.prguard.trace.query.TraceQueries.TagValue;
import dev.prguard.trace.query.TraceQueryException;
import dev.prguard.traceql.answer.TempoJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Tempo's HTTP API, as far as its clients use it: Grafana's data source, tempo-cli, tempo-vulture.
final class TempoApi {
  /// What clients take us for, to know what they may ask.
  static final String TEMPO_VERSION = "3.0.3";

  private static final String PROTOBUF = "application/protobuf";
  private static final int DEFAULT_LIMIT = 20;

  /// Tempo's default and maximum.
  private static final int EXEMPLARS = 100;

  private final TraceQueries queries;

  /// The same with the quantiles that the server was not started with.
  private final TraceQueries otherQueries;

  private final String otherQuantiles;
  private final QueryPool pool;

  /// @param otherQuantiles the value of the parameter `quantiles` that asks for `otherQueries`
  TempoApi(TraceQueries queries, TraceQueries otherQueries, String otherQuantiles, QueryPool pool) {
    this.queries = queries;
    this.otherQueries = otherQueries;
    this.otherQuantiles = otherQuantiles;
    this.pool = pool;
  }

  @FunctionalInterface
  private interface Question {
    HttpResponse answer(ServiceRequestContext ctx, HttpRequest req, TempoParameters params)
        throws IOException;
  }

  @FunctionalInterface
  private interface Document {
    void write(OutputStream out) throws IOException;
  }

  void routes(ServerBuilder server) {
    server
        .service("/api/traces/{traceID}", query(this::traceV1))
        .service("/api/v2/traces/{traceID}", query(this::traceV2))
        .service("/api/search", query(this::search))
        .service("/api/search/tags", query(this::tagsV1))
        .service("/api/v2/search/tags", query(this::tags))
        .service("/api/search/tag/{tag}/values", query(this::tagValuesV1))
        .service("/api/v2/search/tag/{tag}/values", query(this::tagValues))
        .service("/api/metrics/query_range", query(this::range))
        .service("/api/metrics/query", query(this::instant))
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

  private static HttpResponse json(Document document) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
    document.write(out);
    return HttpResponse.of(HttpStatus.OK, MediaType.JSON, HttpData.wrap(out.toByteArray()));
  }

  private static boolean wantsProtobuf(HttpRequest req) {
    return req.headers().get(HttpHeaderNames.ACCEPT, "").contains(PROTOBUF);
  }

  private static HttpResponse protobuf(HttpStatus status, byte[] message) {
    return HttpResponse.of(
        ResponseHeaders.of(status, HttpHeaderNames.CONTENT_TYPE, PROTOBUF), HttpData.wrap(message));
  }

  private List<SpanRecord> spans(ServiceRequestContext ctx, TempoParameters params) {
    String id = String.valueOf(ctx.pathParam("traceID"));
    for (int i = 0; i < id.length(); i++) {
      if (Character.digit(id.charAt(i), 16) < 0 || id.charAt(i) > 'f') {
        throw new BadRequestException(
            "trace IDs can only contain hex characters: invalid character '%c' at position %d"
                .formatted(id.charAt(i), i + 1));
      }
    }
    if (id.length() > 32) {
      throw new BadRequestException("trace IDs can't be larger than 128 bits");
    }
    params.tagRange();
    return queries.trace(id);
  }

  /// An unknown trace is 404 here, and an empty answer in the second version.
  private HttpResponse traceV1(ServiceRequestContext ctx, HttpRequest req, TempoParameters params)
      throws IOException {
    List<SpanRecord> spans = spans(ctx, params);
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

  private HttpResponse traceV2(ServiceRequestContext ctx, HttpRequest req, TempoParameters params)
      throws IOException {
    List<SpanRecord> spans = spans(ctx, params);
    if (wantsProtobuf(req)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
      CodedOutputStream message = CodedOutputStream.newInstance(out);
      message.writeByteArray(1, OtlpSpans.encode(spans));
      message.flush();
      return protobuf(HttpStatus.OK, out.toByteArray());
    }
    return json(out -> {
      try (JsonGenerator json = TracesJson.FACTORY.createGenerator(out)) {
        json.writeStartObject();
        json.writeFieldName("trace");
        TracesJson.write(
            OtlpSpans.toTracesData(spans), "resourceSpans", TracesJson.Dialect.PROTO3, json);
        json.writeObjectFieldStart("metrics");
        json.writeEndObject();
        json.writeEndObject();
      }
    });
  }

  private HttpResponse search(ServiceRequestContext ctx, HttpRequest req, TempoParameters params)
      throws IOException {
    String text = params.query();
    boolean byTags = text.isEmpty();
    if (byTags) {
      text =
          TagQuery.traceQl(
              params.text("tags"),
              params.optionalDuration("minDuration"),
              params.optionalDuration("maxDuration"));
    }
    SearchAnswer answer =
        queries.search(
            new Search(
                text,
                params.searchRange(Instant.now()),
                params.limit(DEFAULT_LIMIT),
                params.spansPerSet()));
    SearchAnswer shown = byTags ? withoutSpans(answer) : answer;
    return json(out -> TempoJson.search(shown, out));
  }

  /// A search by tags lists traces alone.
  private static SearchAnswer withoutSpans(SearchAnswer answer) {
    return new SearchAnswer(
        answer.traces().stream()
            .map(trace ->
                new TraceQueries.FoundTrace(
                    trace.traceId(),
                    trace.rootServiceName(),
                    trace.rootTraceName(),
                    trace.startNanos(),
                    trace.durationMillis(),
                    List.of(),
                    trace.serviceStats()))
            .toList());
  }

  private HttpResponse tags(ServiceRequestContext ctx, HttpRequest req, TempoParameters params)
      throws IOException {
    SortedMap<String, SortedSet<String>> tags =
        queries.tags(params.text("scope"), params.text("q"), params.tagRange());
    return json(out -> TempoJson.tags(tags, out));
  }

  private HttpResponse tagsV1(ServiceRequestContext ctx, HttpRequest req, TempoParameters params)
      throws IOException {
    SortedSet<String> names = new TreeSet<>();
    for (Map.Entry<String, SortedSet<String>> scope :
        queries.tags(params.text("scope"), params.text("q"), params.tagRange()).entrySet()) {
      names.addAll(scope.getValue());
    }
    return json(out -> strings("tagNames", names, out));
  }

  private HttpResponse tagValues(ServiceRequestContext ctx, HttpRequest req, TempoParameters params)
      throws IOException {
    List<TagValue> values =
        queries.tagValues(
            String.valueOf(ctx.pathParam("tag")), params.text("q"), params.tagRange());
    return json(out -> TempoJson.tagValues(values, out));
  }

  /// The first version names attributes without their scope.
  private HttpResponse tagValuesV1(
      ServiceRequestContext ctx, HttpRequest req, TempoParameters params) throws IOException {
    String tag = String.valueOf(ctx.pathParam("tag"));
    List<TagValue> values;
    try {
      values = queries.tagValues(tag, params.text("q"), params.tagRange());
    } catch (TraceQueryException e) {
      String attribute = "." + '"' + tag.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
      values = queries.tagValues(attribute, params.text("q"), params.tagRange());
    }
    SortedSet<String> texts = new TreeSet<>();
    values.forEach(value -> texts.add(value.value()));
    return json(out -> strings("tagValues", texts, out));
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

  private HttpResponse range(ServiceRequestContext ctx, HttpRequest req, TempoParameters params)
      throws IOException {
    int exemplars = Math.clamp(params.integer("exemplars", EXEMPLARS), 0, EXEMPLARS);
    MetricsAnswer answer =
        asked(params.text("quantiles"))
            .range(
                new RangeQuery(
                    params.query(), params.metricsRange(Instant.now()), params.step(), exemplars));
    return json(out -> TempoJson.range(answer, out));
  }

  private HttpResponse instant(ServiceRequestContext ctx, HttpRequest req, TempoParameters params)
      throws IOException {
    MetricsAnswer answer =
        asked(params.text("quantiles"))
            .instant(new InstantQuery(params.query(), params.metricsRange(Instant.now())));
    return json(out -> TempoJson.instant(answer, out));
  }

  private TraceQueries asked(@Nullable String quantiles) {
    if (quantiles != null && !quantiles.equals("exact") && !quantiles.equals("tempo")) {
      throw new BadRequestException(
          "invalid quantiles: " + quantiles + " (expected: exact or tempo)");
    }
    return otherQuantiles.equals(quantiles) ? otherQueries : queries;
  }
}
