package dev.prguard.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prguard.testkit.GoldenCorpus.Query;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueries.InstantQuery;
import dev.prguard.trace.query.TraceQueries.MetricsAnswer;
import dev.prguard.trace.query.TraceQueries.RangeQuery;
import dev.prguard.trace.query.TraceQueries.Search;
import dev.prguard.trace.query.TraceQueries.SearchAnswer;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import dev.prguard.trace.query.TraceQueryException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Compares answers with those of Tempo, by the rules of the corpus' README (compare.py of the same
/// folder, which asks over HTTP, judges alike).
public final class GoldenJudge {
  private static final Pattern STEP = Pattern.compile("([0-9.]+)(ms|s|m|h)?");

  private GoldenJudge() {}

  /// @return what differs; empty when the answers agree
  public static List<String> differences(Query query, TraceQueries queries) {
    JsonNode json = query.json();
    List<String> best = null;
    Object answer;
    try {
      answer = ask(query, queries);
    } catch (TraceQueryException e) {
      boolean refused = e.reason() == TraceQueryException.Reason.REFUSED;
      if (query.expect().equals("error400")) {
        return refused ? List.of() : List.of("failed, and not refused: " + e.getMessage());
      }
      return query.expect().equals("error5xx")
          ? List.of()
          : List.of(e.reason() + ": " + e.getMessage());
    }
    if (!query.expect().isEmpty()) {
      return List.of("answered; expected: " + query.expect());
    }
    for (String field : List.of("answer", "alt")) {
      if (json.has(field)) {
        List<String> notes = new ArrayList<>();
        compare(query, json.path(field), answer, notes);
        if (best == null || notes.size() < best.size()) {
          best = notes;
        }
      }
    }
    return best == null ? List.of("the corpus has no answer") : best;
  }

  private static Object ask(Query query, TraceQueries queries) {
    JsonNode json = query.json();
    String text = query.text() == null ? "" : query.text();
    TimeRange range = new TimeRange(time(json.path("start")), time(json.path("end")));
    return switch (query.kind()) {
      case "search" ->
          queries.search(
              new Search(
                  text,
                  range,
                  json.has("limit") ? json.path("limit").asInt() : 20,
                  json.has("spss") ? json.path("spss").asInt() : 3));
      case "range" ->
          queries.range(
              new RangeQuery(
                  text, range, json.has("step") ? step(json.path("step").asText()) : null, 0));
      case "instant" -> queries.instant(new InstantQuery(text, range));
      case "tags" ->
          queries.tags(
              json.has("scope") ? json.path("scope").asText() : null,
              json.has("q") ? text : null,
              range);
      case "tagvalues" ->
          queries.tagValues(json.path("tag").asText(), json.has("q") ? text : null, range);
      default -> queries.trace(text);
    };
  }

  private static Instant time(JsonNode node) {
    if (node.isMissingNode()) {
      // Tempo reads a missing time as 0.
      return Instant.EPOCH;
    }
    String text = node.asText();
    if (text.contains("T")) {
      return Instant.parse(text);
    }
    if (text.length() > 12 && !text.contains(".")) {
      return Instant.EPOCH.plusNanos(Long.parseLong(text));
    }
    return Instant.EPOCH.plusNanos(new BigDecimal(text).movePointRight(9).longValue());
  }

  private static Duration step(String text) {
    Matcher matcher = STEP.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("step: " + text);
    }
    long unit =
        switch (matcher.group(2) == null ? "s" : matcher.group(2)) {
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          default -> 3_600_000_000_000L;
        };
    return Duration.ofNanos(
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)).longValue());
  }

  private static void compare(Query query, JsonNode want, Object answer, List<String> notes) {
    String match = query.json().path("match").asText("");
    switch (answer) {
      case SearchAnswer search when match.equals("between") ->
          GoldenSearches.between(want, search, notes);
      case SearchAnswer search ->
          GoldenSearches.search(query, want, search, match.equals("subset"), notes);
      case MetricsAnswer metrics when match.equals("compare") || match.equals("topn") ->
          GoldenSeries.compareFunction(query, want, metrics, match.equals("topn"), notes);
      case MetricsAnswer metrics -> GoldenSeries.series(query, want, metrics, notes);
      case Map<?, ?> tags -> tags(want, tags, notes);
      case List<?> list -> list(query, want, list, notes);
      default -> notes.add("no answer");
    }
  }

  private static void tags(JsonNode want, Map<?, ?> got, List<String> notes) {
    Map<String, Set<String>> wanted = new TreeMap<>();
    want.properties()
        .forEach(scope -> {
          Set<String> names = new TreeSet<>();
          scope.getValue().forEach(name -> names.add(name.asText()));
          wanted.put(scope.getKey(), names);
        });
    Map<String, Set<String>> have = new TreeMap<>();
    got.forEach((scope, names) -> {
      Set<String> sorted = new TreeSet<>();
      ((Set<?>) names).forEach(name -> sorted.add(String.valueOf(name)));
      have.put(String.valueOf(scope), sorted);
    });
    for (String scope : wanted.keySet()) {
      Set<String> missing = new TreeSet<>(wanted.get(scope));
      missing.removeAll(have.getOrDefault(scope, Set.of()));
      Set<String> extra = new TreeSet<>(have.getOrDefault(scope, Set.of()));
      extra.removeAll(wanted.get(scope));
      if (!missing.isEmpty() || !extra.isEmpty()) {
        notes.add(scope + ": missing " + missing + ", too many " + extra);
      }
    }
    if (!wanted.keySet().containsAll(have.keySet())) {
      notes.add("scopes " + have.keySet() + ", not " + wanted.keySet());
    }
  }

  private static void list(Query query, JsonNode want, List<?> got, List<String> notes) {
    List<String> wanted = new ArrayList<>();
    List<String> have = new ArrayList<>();
    if (query.kind().equals("trace")) {
      want.forEach(id -> wanted.add(id.asText()));
      got.forEach(span -> have.add(((SpanRecord) span).spanId()));
    } else {
      want.forEach(pair -> wanted.add(pair.get(0).asText() + " " + number(pair)));
      got.forEach(value -> {
        TraceQueries.TagValue tag = (TraceQueries.TagValue) value;
        have.add(
            tag.type()
                + " "
                + (tag.type().equals("float")
                    ? GoldenLabels.rounded(Double.parseDouble(tag.value()))
                    : tag.value()));
      });
    }
    Collections.sort(wanted);
    Collections.sort(have);
    if (!wanted.equals(have)) {
      List<String> missing = new ArrayList<>(wanted);
      missing.removeAll(have);
      List<String> extra = new ArrayList<>(have);
      extra.removeAll(wanted);
      notes.add(
          "missing "
              + missing.stream().limit(6).toList()
              + ", too many "
              + extra.stream().limit(6).toList());
    }
  }

  private static String number(JsonNode pair) {
    return pair.get(0).asText().equals("float")
        ? GoldenLabels.rounded(Double.parseDouble(pair.get(1).asText()))
        : pair.get(1).asText();
  }
}
