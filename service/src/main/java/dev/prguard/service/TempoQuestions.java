package dev.prguard.service;

import dev.prguard.service.QueryPool.BadRequestException;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueries.FoundTrace;
import dev.prguard.trace.query.TraceQueries.InstantQuery;
import dev.prguard.trace.query.TraceQueries.MetricsAnswer;
import dev.prguard.trace.query.TraceQueries.RangeQuery;
import dev.prguard.trace.query.TraceQueries.Search;
import dev.prguard.trace.query.TraceQueries.SearchAnswer;
import dev.prguard.trace.query.TraceQueries.TagValue;
import dev.prguard.trace.query.TraceQueryException;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a Tempo can be asked, by the parameters of its HTTP API, whether they came over HTTP or
/// gRPC. All of it throws [BadRequestException] and what [TraceQueries] throws.
final class TempoQuestions {
  private static final int DEFAULT_LIMIT = 20;

  /// Tempo's default and maximum.
  private static final int EXEMPLARS = 100;

  private final TraceQueries queries;

  /// The same with the quantiles that the server was not started with.
  private final TraceQueries otherQueries;

  private final String otherQuantiles;

  /// @param otherQuantiles the value of the parameter `quantiles` that asks for `otherQueries`
  TempoQuestions(TraceQueries queries, TraceQueries otherQueries, String otherQuantiles) {
    this.queries = queries;
    this.otherQueries = otherQueries;
    this.otherQuantiles = otherQuantiles;
  }

  /// The range is checked and not needed: an id is found without.
  List<SpanRecord> trace(String id, TempoParameters params) {
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

  SearchAnswer search(TempoParameters params) {
    String text = params.query();
    boolean byTags = text.isEmpty();
    if (!byTags && params.text("tags") != null) {
      throw new BadRequestException("invalid request: can't specify tags and q in the same query");
    }
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
    return byTags ? withoutSpans(answer) : answer;
  }

  /// A search by tags lists traces alone.
  private static SearchAnswer withoutSpans(SearchAnswer answer) {
    return new SearchAnswer(
        answer.traces().stream()
            .map(trace ->
                new FoundTrace(
                    trace.traceId(),
                    trace.rootServiceName(),
                    trace.rootTraceName(),
                    trace.startNanos(),
                    trace.durationMillis(),
                    List.of(),
                    trace.serviceStats()))
            .toList());
  }

  /// Names by scope, of each scope as many as `limit` says.
  SortedMap<String, SortedSet<String>> tags(TempoParameters params) {
    int limit = params.tagLimit();
    SortedMap<String, SortedSet<String>> tags = new TreeMap<>();
    queries
        .tags(params.text("scope"), params.text("q"), params.tagRange())
        .forEach((scope, names) -> tags.put(scope, first(limit, names)));
    return tags;
  }

  /// Names without their scopes.
  SortedSet<String> tagNames(TempoParameters params) {
    NavigableSet<String> names = new TreeSet<>();
    tags(params).values().forEach(names::addAll);
    return names;
  }

  /// @param tag as TraceQL names it
  List<TagValue> tagValues(String tag, TempoParameters params) {
    int limit = params.tagLimit();
    List<TagValue> values = queries.tagValues(tag, params.text("q"), params.tagRange());
    return values.size() <= limit ? values : values.subList(0, limit);
  }

  /// @param tag as TraceQL names it, or an attribute without its scope
  SortedSet<String> tagTexts(String tag, TempoParameters params) {
    List<TagValue> values;
    try {
      values = queries.tagValues(tag, params.text("q"), params.tagRange());
    } catch (TraceQueryException e) {
      String attribute = "." + '"' + tag.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
      values = queries.tagValues(attribute, params.text("q"), params.tagRange());
    }
    NavigableSet<String> texts = new TreeSet<>();
    values.forEach(value -> texts.add(value.value()));
    return first(params.tagLimit(), texts);
  }

  private static SortedSet<String> first(int limit, SortedSet<String> texts) {
    if (texts.size() <= limit) {
      return texts;
    }
    NavigableSet<String> first = new TreeSet<>();
    texts.stream().limit(limit).forEach(first::add);
    return first;
  }

  MetricsAnswer range(TempoParameters params) {
    int exemplars = Math.clamp(params.integer("exemplars", EXEMPLARS), 0, EXEMPLARS);
    return asked(params.text("quantiles"))
        .range(
            new RangeQuery(
                params.metricsQuery(),
                params.metricsRange(Instant.now()),
                params.step(),
                exemplars));
  }

  MetricsAnswer instant(TempoParameters params) {
    return asked(params.text("quantiles"))
        .instant(new InstantQuery(params.metricsQuery(), params.metricsRange(Instant.now())));
  }

  private TraceQueries asked(@Nullable String quantiles) {
    if (quantiles != null && !quantiles.equals("exact") && !quantiles.equals("tempo")) {
      throw new BadRequestException(
          "invalid quantiles: " + quantiles + " (expected: exact or tempo)");
    }
    return otherQuantiles.equals(quantiles) ? otherQueries : queries;
  }
}
