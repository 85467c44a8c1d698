package dev.prguard.cli;

import com.google.protobuf.CodedOutputStream;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.testkit.TestHttpServer.Request;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import dev.prguard.trace.query.SpanSource;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueries.InstantQuery;
import dev.prguard.trace.query.TraceQueries.RangeQuery;
import dev.prguard.trace.query.TraceQueries.Search;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import dev.prguard.trace.query.TraceQueryException;
import dev.prguard.traceql.answer.TempoJson;
import dev.prguard.traceql.engine.QuantileMode;
import dev.prguard.traceql.engine.TraceQlEngine;
import dev.prguard.traceql.engine.TraceQlEngine.Options;
import dev.prguard.traceql.engine.TraceQlEngine.PushDown;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A Tempo as far as its answers go: the engine behind its API, with Tempo's default limits on
/// ranges and its quantiles.
final class EngineTempo {
  private static final Duration LONGEST_METRICS = Duration.ofHours(24);
  private static final Duration LONGEST_SEARCH = Duration.ofDays(7);

  private final TraceQueries queries;

  private EngineTempo(TraceQueries queries) {
    this.queries = queries;
  }

  static TestHttpServer start(SpanSource spans) {
    Options options = new Options(Duration.ofMinutes(1), QuantileMode.TEMPO_BUCKETS, PushDown.ON);
    EngineTempo tempo = new EngineTempo(new TraceQlEngine(spans, options, InstantSource.system()));
    return TestHttpServer.start(tempo::answer);
  }

  private Answer answer(Request request) {
    try {
      return answered(request);
    } catch (TraceQueryException e) {
      int status = e.reason() == TraceQueryException.Reason.REFUSED ? 400 : 500;
      return text(status, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return text(500, String.valueOf(e.getMessage()));
    }
  }

  private static Answer text(int status, String text) {
    return Answer.bytes(status, "text/plain", text.getBytes(StandardCharsets.UTF_8));
  }

  private Answer answered(Request request) throws IOException {
    Map<String, String> got = parameters(request.target());
    String path = request.path();
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    String query = got.getOrDefault("q", "");
    if (path.startsWith("/api/v2/traces/")) {
      List<SpanRecord> spans = queries.trace(path.substring("/api/v2/traces/".length()));
      return Answer.bytes(200, "application/protobuf", traceById(spans));
    }
    TimeRange range =
        new TimeRange(time(got.getOrDefault("start", "")), time(got.getOrDefault("end", "")));
    switch (path) {
      case "/api/search" -> {
        require(range, LONGEST_SEARCH);
        int limit = Integer.parseInt(got.get("limit"));
        Search search = new Search(query, range, limit, Integer.parseInt(got.get("spss")));
        TempoJson.search(queries.search(search), json);
      }
      case "/api/metrics/query_range" -> {
        require(range, LONGEST_METRICS);
        String step = got.get("step");
        Duration by = step == null ? null : Duration.parse("PT" + step.toUpperCase(Locale.ROOT));
        TempoJson.range(queries.range(new RangeQuery(query, range, by, 0)), json);
      }
      case "/api/metrics/query" -> {
        require(range, LONGEST_METRICS);
        TempoJson.instant(queries.instant(new InstantQuery(query, range)), json);
      }
      case "/api/v2/search/tags" ->
          TempoJson.tags(queries.tags(got.get("scope"), got.get("q"), range), json);
      default -> {
        String tag = path.replace("/api/v2/search/tag/", "").replace("/values", "");
        String name = URLDecoder.decode(tag, StandardCharsets.UTF_8);
        TempoJson.tagValues(queries.tagValues(name, got.get("q"), range), json);
      }
    }
    return Answer.bytes(200, "application/json", json.toByteArray());
  }

  /// `TraceByIDResponse`.
  static byte[] traceById(List<SpanRecord> spans) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeByteArray(1, OtlpSpans.encode(spans));
    out.flush();
    return bytes.toByteArray();
  }

  private static void require(TimeRange range, Duration longest) {
    Duration length = Duration.between(range.start(), range.end());
    if (length.compareTo(longest) > 0) {
      throw new TraceQueryException(
          TraceQueryException.Reason.REFUSED,
          "range specified by start and end exceeds " + longest.toHours() + "h0m0s. received");
    }
  }

  private static Instant time(String text) {
    return text.length() > 10
        ? Instant.EPOCH.plusNanos(Long.parseLong(text))
        : Instant.ofEpochSecond(Long.parseLong(text));
  }

  private static Map<String, String> parameters(String target) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : target.substring(target.indexOf('?') + 1).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }
}
