package dev.prguard.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.store.TempoStage.Metric;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueryException;
import dev.prguard.trace.query.TraceQueryException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A Grafana Tempo over HTTP, by its own API. Thread-safe. A range longer than it takes (24 h for
/// metrics, 7 days for searches by default) is asked in pieces where that gives the same answer.
public final class TempoClient implements TraceQueries, AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String JSON = "application/json";
  private static final Pattern MOST_SPANS =
      Pattern.compile("spans per span set exceeds (\\d{1,9})");

  /// Field 1, length-delimited.
  private static final int TRACE_TAG = 1 << 3 | 2;

  private final TempoHttp http;
  private final Duration timeout;

  /// What it said it takes at most; null until it refused more.
  private volatile @Nullable Duration longestMetrics;

  private volatile @Nullable Duration longestSearch;
  private volatile int mostSpans;

  /// Whether it counts the interval that is added before the start.
  private volatile boolean countsExtraStep;

  /// @param base address of the query API, under which `/api/...` is
  /// @param headers such as `Authorization`; their values are in no message
  public TempoClient(URI base, Map<String, String> headers) {
    this(base, headers, TIMEOUT);
  }

  /// @param timeout of one query, all its pieces together
  public TempoClient(URI base, Map<String, String> headers, Duration timeout) {
    this.http = new TempoHttp(base, headers);
    this.timeout = timeout;
  }

  @Override
  public SearchAnswer search(Search search) {
    long deadline = deadline(timeout);
    Duration known = longestSearch;
    if (known == null) {
      try {
        return searchWhole(search, deadline);
      } catch (TraceQueryException e) {
        known = longest(e, search.range());
        longestSearch = known;
      }
    }
    if (length(search.range()).compareTo(known) <= 0) {
      return searchWhole(search, deadline);
    }
    // A trace that lies in two windows is found in both, whole.
    Map<String, FoundTrace> found = new LinkedHashMap<>();
    for (TimeRange window : TempoPieces.windows(search.range(), known).reversed()) {
      if (found.size() < search.limit()) {
        searchWhole(
                new Search(search.query(), window, search.limit(), search.spansPerSet()), deadline)
            .traces()
            .forEach(trace -> found.putIfAbsent(trace.traceId(), trace));
      }
    }
    return new SearchAnswer(
        found.values().stream()
            .sorted(Comparator.comparingLong(FoundTrace::startNanos).reversed())
            .limit(search.limit())
            .toList());
  }

  private SearchAnswer searchWhole(Search search, long deadline) {
    int spans = search.spansPerSet();
    int most = mostSpans;
    if (most > 0 && (spans == 0 || spans > most)) {
      spans = most;
    }
    try {
      return searchOnce(search, spans, deadline);
    } catch (TraceQueryException e) {
      Matcher limit = MOST_SPANS.matcher(String.valueOf(e.getMessage()));
      // Who asks for all gets as many as there may be; `matched` tells how many there were.
      if (search.spansPerSet() != 0 || e.reason() != Reason.REFUSED || !limit.find()) {
        throw e;
      }
      mostSpans = Math.max(1, Integer.parseInt(limit.group(1)));
      return searchOnce(search, mostSpans, deadline);
    }
  }

  private SearchAnswer searchOnce(Search search, int spans, long deadline) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("q", search.query());
    parameters.put("start", Long.toString(search.range().start().getEpochSecond()));
    parameters.put("end", Long.toString(search.range().end().getEpochSecond()));
    parameters.put("limit", Integer.toString(search.limit()));
    parameters.put("spss", Integer.toString(spans));
    return ask("/api/search", parameters, deadline, TempoAnswers::search);
  }

  @Override
  public MetricsAnswer range(RangeQuery query) {
    long deadline = deadline(timeout);
    Duration known = longestMetrics;
    Duration step = query.step() == null ? TempoPieces.defaultStep(query.range()) : query.step();
    Duration added = countsExtraStep ? step.multipliedBy(2) : Duration.ZERO;
    if (known == null || length(query.range()).plus(added).compareTo(known) <= 0) {
      try {
        return rangeOnce(query, query.range(), query.step(), deadline);
      } catch (TraceQueryException e) {
        known = longest(e, query.range());
        longestMetrics = known;
      }
    }
    TempoStage stage = TempoStage.of(query.query());
    if (stage.metric() == Metric.OTHER || stage.second()) {
      throw TempoPieces.notExact(
          "what chooses among series, compares them or joins two queries", known);
    }
    boolean shortened = countsExtraStep;
    requireSteps(query.range(), step, shortened ? known.minus(step) : known);
    try {
      return joined(query, step, shortened ? known.minus(step) : known, stage.metric(), deadline);
    } catch (TraceQueryException e) {
      if (shortened
          || TempoPieces.maximum(String.valueOf(e.getMessage())).isEmpty()
          || known.minus(step).compareTo(step) < 0) {
        throw e;
      }
      countsExtraStep = true;
      return joined(query, step, known.minus(step), stage.metric(), deadline);
    }
  }

  private MetricsAnswer joined(
      RangeQuery query, Duration step, Duration longest, Metric metric, long deadline) {
    List<TimeRange> pieces = TempoPieces.ranges(query.range(), step, longest);
    int exemplars = Math.ceilDiv(query.exemplars(), Math.max(1, pieces.size()));
    RangeQuery part = new RangeQuery(query.query(), query.range(), step, exemplars);
    List<MetricsAnswer> answers = new ArrayList<>();
    for (TimeRange piece : pieces) {
      answers.add(rangeOnce(part, piece, step, deadline));
    }
    return TempoPieces.joinRanges(pieces, step, answers, metric);
  }

  private static void requireSteps(TimeRange range, Duration step, Duration longest) {
    if (step.isNegative() || step.isZero() || step.compareTo(longest) > 0) {
      throw TempoPieces.notExact("a step of " + step, longest);
    }
    if (length(range).dividedBy(step) > TempoPieces.MAX_INTERVALS) {
      throw new TraceQueryException(
          Reason.REFUSED,
          "step too small: more than " + TempoPieces.MAX_INTERVALS + " intervals in this range");
    }
  }

  private MetricsAnswer rangeOnce(
      RangeQuery query, TimeRange range, @Nullable Duration step, long deadline) {
    Map<String, String> parameters = metrics(query.query(), range);
    if (step != null) {
      parameters.put("step", goDuration(step));
    }
    parameters.put("exemplars", Integer.toString(query.exemplars()));
    return ask(
        "/api/metrics/query_range", parameters, deadline, json -> whole(json, TempoAnswers::range));
  }

  @Override
  public MetricsAnswer instant(InstantQuery query) {
    long deadline = deadline(timeout);
    Duration known = longestMetrics;
    if (known == null || length(query.range()).compareTo(known) <= 0) {
      try {
        return instantOnce(query.query(), query.range(), deadline);
      } catch (TraceQueryException e) {
        known = longest(e, query.range());
        longestMetrics = known;
      }
    }
    TempoStage stage = TempoStage.of(query.query());
    if (stage.second()
        || stage.metric() == Metric.OTHER
        || stage.metric() == Metric.AVG_OVER_TIME
        || stage.metric() == Metric.QUANTILE_OVER_TIME) {
      throw TempoPieces.notExact("averages, quantiles and what chooses among series", known);
    }
    List<TimeRange> windows = TempoPieces.windows(query.range(), known);
    List<MetricsAnswer> answers = new ArrayList<>();
    for (TimeRange window : windows) {
      answers.add(instantOnce(query.query(), window, deadline));
    }
    return TempoPieces.joinWindows(windows, answers, stage.metric());
  }

  private MetricsAnswer instantOnce(String query, TimeRange range, long deadline) {
    return ask(
        "/api/metrics/query",
        metrics(query, range),
        deadline,
        json -> whole(json, all -> TempoAnswers.instant(all, range.end().toEpochMilli())));
  }

  /// A sum that is short must not look whole.
  private <T> T whole(JsonNode json, Function<JsonNode, T> read) {
    if (json.path("status").asText("").equalsIgnoreCase("PARTIAL")) {
      throw http.unavailable("answered only in part: " + json.path("message").asText(""));
    }
    return read.apply(json);
  }

  @Override
  public SortedMap<String, SortedSet<String>> tags(
      @Nullable String scope, @Nullable String filter, TimeRange range) {
    Map<String, String> parameters = window(filter, range);
    if (scope != null) {
      parameters.put("scope", scope);
    }
    return ask("/api/v2/search/tags", parameters, deadline(timeout), TempoAnswers::tags);
  }

  @Override
  public List<TagValue> tagValues(String tag, @Nullable String filter, TimeRange range) {
    return ask(
        "/api/v2/search/tag/" + encoded(tag) + "/values",
        window(filter, range),
        deadline(timeout),
        TempoAnswers::tagValues);
  }

  @Override
  public List<SpanRecord> trace(String traceId) {
    return trace(traceId, timeout);
  }

  /// The spans of a trace that Tempo has by now, in any order; empty when it has none of it.
  ///
  /// @param patience at most this long
  public List<SpanRecord> trace(String traceId, Duration patience) {
    if (!traceId.matches("[0-9a-fA-F]{1,32}")) {
      throw new TraceQueryException(
          Reason.REFUSED, "trace IDs can only contain hex characters: " + traceId);
    }
    byte[] body = http.get("/api/v2/traces/" + traceId, "application/protobuf", deadline(patience));
    if (body == null) {
      return List.of();
    }
    try {
      return OtlpSpans.decode(traceOf(body)).spans();
    } catch (InvalidProtocolBufferException _) {
      throw http.unavailable("the answer is not Tempo's");
    }
  }

  /// The `trace` of a `TraceByIDResponse`, field 1; it is a `TracesData` on the wire. Empty
  /// without.
  private static byte[] traceOf(byte[] answer) throws InvalidProtocolBufferException {
    ByteArrayOutputStream trace = new ByteArrayOutputStream();
    try {
      CodedInputStream in = CodedInputStream.newInstance(answer);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag == TRACE_TAG) {
          // A message that comes in parts is their concatenation.
          trace.writeBytes(in.readByteArray());
        } else {
          in.skipField(tag);
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw e;
    } catch (IOException e) {
      throw new InvalidProtocolBufferException(e);
    }
    return trace.toByteArray();
  }

  private <T> T ask(
      String path, Map<String, String> parameters, long deadline, Function<JsonNode, T> read) {
    String target =
        parameters.isEmpty()
            ? path
            : path
                + "?"
                + parameters.entrySet().stream()
                    .map(each -> each.getKey() + "=" + encoded(each.getValue()))
                    .collect(Collectors.joining("&"));
    byte[] body = http.get(target, JSON, deadline);
    if (body == null) {
      throw http.unavailable("HTTP 404 (not the address of a Tempo's query API?)");
    }
    try {
      return read.apply(TempoAnswers.parse(body));
    } catch (IOException | IllegalArgumentException _) {
      throw http.unavailable("the answer is not Tempo's");
    }
  }

  /// The longest range that it takes, told by a refusal; any other refusal goes on.
  private static Duration longest(TraceQueryException refused, TimeRange range) {
    Duration longest =
        refused.reason() == Reason.REFUSED
            ? TempoPieces.maximum(String.valueOf(refused.getMessage())).orElse(null)
            : null;
    // With its alignment a range may be longer than it was asked for, but not by half.
    if (longest == null || longest.compareTo(length(range).multipliedBy(2)) > 0) {
      throw refused;
    }
    return longest;
  }

  private static Duration length(TimeRange range) {
    return Duration.between(range.start(), range.end());
  }

  private static long deadline(Duration patience) {
    return System.nanoTime() + patience.toNanos();
  }

  private static Map<String, String> metrics(String query, TimeRange range) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("q", query);
    parameters.put("start", time(range.start()));
    parameters.put("end", time(range.end()));
    return parameters;
  }

  private static Map<String, String> window(@Nullable String filter, TimeRange range) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (filter != null) {
      parameters.put("q", filter);
    }
    if (range.start().isBefore(range.end())) {
      parameters.put("start", Long.toString(range.start().getEpochSecond()));
      parameters.put("end", Long.toString(range.end().getEpochSecond()));
    }
    return parameters;
  }

  /// Tempo takes up to ten digits as seconds, more as nanoseconds.
  private static String time(Instant instant) {
    return instant.getNano() == 0
        ? Long.toString(instant.getEpochSecond())
        : Long.toString(TempoPieces.nanos(instant));
  }

  private static String goDuration(Duration step) {
    long nanos = step.toNanos();
    if (nanos % 1_000_000_000 == 0) {
      return nanos / 1_000_000_000 + "s";
    }
    return nanos % 1_000_000 == 0 ? nanos / 1_000_000 + "ms" : nanos + "ns";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    http.close();
  }
}
