package dev.prguard.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prguard.testkit.GoldenCorpus.Query;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueries.FoundSpan;
import dev.prguard.trace.query.TraceQueries.FoundTrace;
import dev.prguard.trace.query.TraceQueries.InstantQuery;
import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.trace.query.TraceQueries.MetricsAnswer;
import dev.prguard.trace.query.TraceQueries.RangeQuery;
import dev.prguard.trace.query.TraceQueries.Sample;
import dev.prguard.trace.query.TraceQueries.Search;
import dev.prguard.trace.query.TraceQueries.SearchAnswer;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.trace.query.TraceQueries.SpanSet;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import dev.prguard.trace.query.TraceQueryException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
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
  private static final double TOLERANCE = 1e-9;
  private static final Pattern STEP = Pattern.compile("([0-9.]+)(ms|s|m|h)?");

  /// Keys with columns of their own, which compare() lists where they are missing.
  private static final Set<String> OWN =
      Set.of(
          "resource.cluster",
          "resource.namespace",
          "resource.pod",
          "resource.container",
          "resource.k8s.cluster.name",
          "resource.k8s.namespace.name",
          "resource.k8s.pod.name",
          "resource.k8s.container.name",
          "span.http.status_code",
          "span.http.method",
          "span.http.url",
          "span.http.request.method",
          "span.http.response.status_code",
          "span.url.path",
          "span.url.route",
          "span.server.address",
          "span.server.port",
          "span.http.route",
          "span:childCount");

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
      case SearchAnswer search when match.equals("between") -> between(want, search, notes);
      case SearchAnswer search -> search(query, want, search, match.equals("subset"), notes);
      case MetricsAnswer metrics when match.equals("compare") || match.equals("topn") ->
          compareFunction(query, want, metrics, match.equals("topn"), notes);
      case MetricsAnswer metrics -> series(query, want, metrics, notes);
      case Map<?, ?> tags -> tags(want, tags, notes);
      case List<?> list -> list(query, want, list, notes);
      default -> notes.add("no answer");
    }
  }

  // Searches.

  private static void search(
      Query query, JsonNode want, SearchAnswer answer, boolean cut, List<String> notes) {
    Map<String, FoundTrace> got = new HashMap<>();
    answer.traces().forEach(trace -> got.put(trace.traceId(), trace));
    Set<String> wanted = new TreeSet<>();
    want.fieldNames().forEachRemaining(wanted::add);
    Set<String> extra = new TreeSet<>(got.keySet());
    extra.removeAll(wanted);
    if (!extra.isEmpty()) {
      notes.add(extra.size() + " traces too many: " + extra.iterator().next());
    }
    if (cut) {
      int need =
          Math.min(
              query.json().has("limit") ? query.json().path("limit").asInt() : 20, wanted.size());
      if (got.size() != need) {
        notes.add(got.size() + " traces, not " + need);
      }
    } else {
      Set<String> missing = new TreeSet<>(wanted);
      missing.removeAll(got.keySet());
      if (!missing.isEmpty()) {
        notes.add(
            missing.size()
                + " of "
                + wanted.size()
                + " traces missing: "
                + missing.iterator().next());
      }
    }
    boolean full = query.json().path("full").asBoolean();
    for (String id : wanted) {
      FoundTrace trace = got.get(id);
      if (trace != null) {
        trace(id, want.path(id), trace, query, full, cut, notes);
      }
    }
    if (full) {
      long before = Long.MAX_VALUE;
      for (FoundTrace trace : answer.traces()) {
        if (trace.startNanos() > before) {
          notes.add("traces are not newest first");
          break;
        }
        before = trace.startNanos();
      }
    }
  }

  private static void trace(
      String id,
      JsonNode want,
      FoundTrace got,
      Query query,
      boolean full,
      boolean cut,
      List<String> notes) {
    same(
        id, "rootServiceName", want.path("rootServiceName").asText(), got.rootServiceName(), notes);
    same(id, "rootTraceName", want.path("rootTraceName").asText(), got.rootTraceName(), notes);
    same(
        id,
        "start",
        want.path("startTimeUnixNano").asText(),
        Long.toString(got.startNanos()),
        notes);
    same(
        id,
        "durationMs",
        want.path("durationMs").asText(),
        Long.toString(got.durationMillis()),
        notes);
    if (full) {
      Map<String, String> stats = new TreeMap<>();
      got.serviceStats()
          .forEach((name, of) -> stats.put(name, of.spanCount() + "/" + of.errorCount()));
      Map<String, String> wanted = new TreeMap<>();
      want.path("serviceStats")
          .properties()
          .forEach(entry ->
              wanted.put(
                  entry.getKey(),
                  entry.getValue().path("spanCount").asText()
                      + "/"
                      + entry.getValue().path("errorCount").asText()));
      same(id, "serviceStats", wanted.toString(), stats.toString(), notes);
    }
    Map<String, List<JsonNode>> wantSets = new TreeMap<>();
    want.path("spanSets")
        .forEach(set ->
            wantSets
                .computeIfAbsent(groupKey(labels(set.path("attributes"))), _ -> new ArrayList<>())
                .add(set));
    Map<String, List<SpanSet>> gotSets = new TreeMap<>();
    got.spanSets()
        .forEach(set ->
            gotSets
                .computeIfAbsent(groupKey(labels(set.attributes())), _ -> new ArrayList<>())
                .add(set));
    if (!wantSets.keySet().equals(gotSets.keySet())) {
      notes.add(id + " span sets " + gotSets.keySet() + ", not " + wantSets.keySet());
      return;
    }
    wantSets.forEach((key, list) -> {
      List<SpanSet> others = gotSets.getOrDefault(key, List.of());
      if (others.size() != list.size()) {
        notes.add(id + " " + key + ": " + others.size() + " sets, not " + list.size());
        return;
      }
      for (int i = 0; i < list.size(); i++) {
        spanSet(id, list.get(i), others.get(i), query, full, cut, notes);
      }
    });
  }

  private static void spanSet(
      String id,
      JsonNode want,
      SpanSet got,
      Query query,
      boolean full,
      boolean cut,
      List<String> notes) {
    same(id, "matched", want.path("matched").asText(), Integer.toString(got.matched()), notes);
    sameLabels(id + " set", labels(want.path("attributes")), labels(got.attributes()), notes);
    Map<String, FoundSpan> spans = new TreeMap<>();
    got.spans().forEach(span -> spans.put(span.spanId(), span));
    Set<String> wanted = new TreeSet<>();
    want.path("spans").forEach(span -> wanted.add(span.path("spanID").asText()));
    Set<String> extra = new TreeSet<>(spans.keySet());
    extra.removeAll(wanted);
    Set<String> missing = new TreeSet<>(wanted);
    missing.removeAll(spans.keySet());
    if (cut) {
      int spss = query.json().has("spss") ? query.json().path("spss").asInt() : 3;
      if (spans.size() != Math.min(spss, wanted.size())) {
        notes.add(id + " " + spans.size() + " spans listed");
      }
      missing.clear();
    }
    if (!extra.isEmpty() || !missing.isEmpty()) {
      notes.add(
          id
              + " spans: "
              + missing.size()
              + " missing "
              + missing.stream().limit(2).toList()
              + ", "
              + extra.size()
              + " too many "
              + extra.stream().limit(2).toList());
    }
    for (JsonNode span : want.path("spans")) {
      FoundSpan other = spans.get(span.path("spanID").asText());
      if (other != null) {
        String of = id + " " + other.spanId();
        same(of, "name", span.path("name").asText(), other.name(), notes);
        if (full) {
          same(
              of,
              "duration",
              span.path("durationNanos").asText(),
              Long.toString(other.durationNanos()),
              notes);
        }
        sameLabels(of, labels(span.path("attributes")), labels(other.attributes()), notes);
      }
    }
  }

  private static String groupKey(List<String> labels) {
    return labels.stream().filter(label -> label.startsWith("by(")).toList().toString();
  }

  private static void between(JsonNode want, SearchAnswer answer, List<String> notes) {
    Set<String> got = new TreeSet<>();
    for (FoundTrace trace : answer.traces()) {
      for (SpanSet set : trace.spanSets()) {
        set.spans().forEach(span -> got.add(trace.traceId() + " " + span.spanId()));
      }
    }
    Set<String> missing = spanIds(want.path("lower"));
    missing.removeAll(got);
    if (!missing.isEmpty()) {
      notes.add(missing.size() + " spans missing: " + missing.iterator().next());
    }
    got.removeAll(spanIds(want.path("upper")));
    if (!got.isEmpty()) {
      notes.add(got.size() + " spans too many: " + got.iterator().next());
    }
  }

  private static Set<String> spanIds(JsonNode traces) {
    Set<String> ids = new TreeSet<>();
    traces
        .properties()
        .forEach(
            entry -> entry.getValue().forEach(id -> ids.add(entry.getKey() + " " + id.asText())));
    return ids;
  }

  private static void same(String id, String what, String want, String got, List<String> notes) {
    if (!want.equals(got)) {
      notes.add(id + " " + what + ": " + got + ", not " + want);
    }
  }

  // Labels: as text, doubles to ten digits.

  private static List<String> labels(JsonNode pairs) {
    List<String> list = new ArrayList<>();
    pairs.forEach(pair -> list.add(pair.get(0).asText() + "=" + value(pair.get(1))));
    Collections.sort(list);
    return list;
  }

  private static List<String> labels(List<Label> labels) {
    List<String> list = new ArrayList<>();
    labels.forEach(label -> list.add(label.key() + "=" + value(label.value())));
    Collections.sort(list);
    return list;
  }

  private static String value(JsonNode value) {
    if (value.has("stringValue")) {
      return "s:" + value.path("stringValue").asText();
    }
    if (value.has("intValue")) {
      return "i:" + value.path("intValue").asText();
    }
    if (value.has("doubleValue")) {
      return "d:" + rounded(value.path("doubleValue").asDouble());
    }
    if (value.has("boolValue")) {
      return "b:" + value.path("boolValue").asText();
    }
    List<String> elements = new ArrayList<>();
    value.path("arrayValue").forEach(element -> elements.add(value(element)));
    return "a:" + elements;
  }

  private static String value(AttributeValue value) {
    return switch (value) {
      case AttributeValue.StringValue(String text) -> "s:" + text;
      case AttributeValue.LongValue(long number) -> "i:" + number;
      case AttributeValue.DoubleValue(double number) -> "d:" + rounded(number);
      case AttributeValue.BooleanValue(boolean flag) -> "b:" + flag;
      case AttributeValue.ArrayValue(List<AttributeValue> values) ->
          "a:" + values.stream().map(GoldenJudge::value).toList();
      case AttributeValue.OpaqueValue(String text) -> "o:" + text;
    };
  }

  private static String rounded(double number) {
    // -0.0 and 0.0 are one.
    return String.format(java.util.Locale.ROOT, "%.9e", number + 0.0);
  }

  private static void sameLabels(
      String id, List<String> want, List<String> got, List<String> notes) {
    if (!want.equals(got)) {
      notes.add(id + " attributes " + got + ", not " + want);
    }
  }

  // Series.

  private static void series(Query query, JsonNode want, MetricsAnswer answer, List<String> notes) {
    Map<String, Map<Long, Double>> wanted = table(want);
    Map<String, Map<Long, Double>> got = table(answer);
    boolean loose = String.valueOf(query.text()).contains("quantile_over_time");
    Set<String> missing = new TreeSet<>(wanted.keySet());
    missing.removeAll(got.keySet());
    Set<String> extra = new TreeSet<>(got.keySet());
    extra.removeAll(wanted.keySet());
    if (!missing.isEmpty()) {
      notes.add(missing.size() + " series missing: " + missing.iterator().next());
    }
    if (!extra.isEmpty()) {
      notes.add(extra.size() + " series too many: " + extra.iterator().next());
    }
    wanted.forEach((labels, samples) -> {
      Map<Long, Double> others = got.get(labels);
      if (others != null) {
        sameSamples(labels, samples, others, loose, query.kind().equals("instant"), notes);
      }
    });
  }

  private static void sameSamples(
      String labels,
      Map<Long, Double> want,
      Map<Long, Double> got,
      boolean loose,
      boolean instant,
      List<String> notes) {
    if (!instant && !want.keySet().equals(got.keySet())) {
      notes.add(labels + " samples at " + got.keySet() + ", not " + want.keySet());
      return;
    }
    List<Double> values = List.copyOf(got.values());
    int index = 0;
    for (Map.Entry<Long, Double> sample : want.entrySet()) {
      double other = index < values.size() ? values.get(index) : Double.NaN;
      index++;
      double value = sample.getValue();
      boolean near = near(value, other);
      boolean within = loose && value > 0 && other > 0 && value / other <= 2 && other / value <= 2;
      if (!near && !within) {
        notes.add(labels + " at " + sample.getKey() + ": " + other + ", not " + value);
      }
    }
  }

  private static boolean near(double one, double other) {
    return one == other
        || Math.abs(one - other) <= TOLERANCE * Math.max(Math.abs(one), Math.abs(other));
  }

  private static Map<String, Map<Long, Double>> table(JsonNode series) {
    Map<String, Map<Long, Double>> table = new TreeMap<>();
    for (JsonNode of : series) {
      Map<Long, Double> samples =
          table.computeIfAbsent(labels(of.path("labels")).toString(), _ -> new TreeMap<>());
      if (of.has("value")) {
        samples.merge(0L, of.path("value").asDouble(), Double::sum);
      }
      of.path("samples")
          .forEach(sample ->
              samples.merge(sample.get(0).asLong(), sample.get(1).asDouble(), Double::sum));
    }
    return table;
  }

  private static Map<String, Map<Long, Double>> table(MetricsAnswer answer) {
    Map<String, Map<Long, Double>> table = new TreeMap<>();
    for (Series of : answer.series()) {
      Map<Long, Double> samples =
          table.computeIfAbsent(labels(of.labels()).toString(), _ -> new TreeMap<>());
      for (Sample sample : of.samples()) {
        samples.merge(sample.timestampMillis(), sample.value(), Double::sum);
      }
    }
    return table;
  }

  // compare().

  private static void compareFunction(
      Query query, JsonNode want, MetricsAnswer answer, boolean topN, List<String> notes) {
    int n = String.valueOf(query.text()).contains(", 2)") ? 2 : 10;
    boolean instant = query.kind().equals("instant");
    Map<String, Map<String, Map<Long, Double>>> wanted = groups(table(want), instant);
    Map<String, Map<String, Map<Long, Double>>> got = groups(table(answer), instant);
    Set<String> nils = new TreeSet<>(nils(table(want)));
    nils.addAll(nils(table(answer)));
    Set<String> keys = new TreeSet<>(wanted.keySet());
    keys.addAll(got.keySet());
    for (String key : keys) {
      String attribute = key.substring(key.indexOf(' ') + 1);
      if (topN && (nils.contains(attribute) || OWN.contains(attribute))) {
        continue;
      }
      Map<String, Map<Long, Double>> a = wanted.getOrDefault(key, Map.of());
      Map<String, Map<Long, Double>> b = got.getOrDefault(key, Map.of());
      if (topN && !key.contains("_total ") && a.size() >= n) {
        List<String> x = a.values().stream().map(Object::toString).sorted().toList();
        List<String> y = b.values().stream().map(Object::toString).sorted().toList();
        if (!x.equals(y)) {
          notes.add(key + ": the counts are " + y + ", not " + x);
        }
      } else if (!a.equals(b)) {
        notes.add(key + ": " + b + ", not " + a);
      }
    }
  }

  private static Map<String, Map<String, Map<Long, Double>>> groups(
      Map<String, Map<Long, Double>> table, boolean instant) {
    Map<String, Map<String, Map<Long, Double>>> groups = new TreeMap<>();
    table.forEach((labels, samples) -> {
      String[] parts = metaAndAttribute(labels);
      boolean total = parts[0].endsWith("_total");
      boolean nil = parts[2].equals("s:nil");
      if (parts[1].equals("span:childCount")
          || (OWN.contains(parts[1]) && (nil || total))
          || (nil && !total)) {
        return;
      }
      Map<Long, Double> at =
          instant ? new TreeMap<>(Map.of(0L, samples.values().iterator().next())) : samples;
      groups.computeIfAbsent(parts[0] + " " + parts[1], _ -> new TreeMap<>()).put(parts[2], at);
    });
    return groups;
  }

  private static Set<String> nils(Map<String, Map<Long, Double>> table) {
    Set<String> nils = new TreeSet<>();
    table
        .keySet()
        .forEach(labels -> {
          String[] parts = metaAndAttribute(labels);
          if (!parts[0].endsWith("_total") && parts[2].equals("s:nil")) {
            nils.add(parts[1]);
          }
        });
    return nils;
  }

  /// `[__meta_type=s:baseline, span.x=i:1]`, in any order, to its three parts.
  private static String[] metaAndAttribute(String labels) {
    String inner = labels.substring(1, labels.length() - 1);
    String meta = "";
    String attribute = "";
    String value = "";
    int at = inner.indexOf("__meta_type=s:");
    int end = inner.indexOf(", ", at);
    String rest;
    if (at == 0) {
      meta = inner.substring("__meta_type=s:".length(), end < 0 ? inner.length() : end);
      rest = end < 0 ? "" : inner.substring(end + 2);
    } else {
      meta = inner.substring(at + "__meta_type=s:".length());
      rest = at < 2 ? "" : inner.substring(0, at - 2);
    }
    Matcher split = Pattern.compile("(.*?)=([sidba]:.*)", Pattern.DOTALL).matcher(rest);
    if (split.matches()) {
      attribute = split.group(1);
      value = split.group(2);
    }
    return new String[] {meta, attribute, value};
  }

  // The rest.

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
                    ? rounded(Double.parseDouble(tag.value()))
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
        ? rounded(Double.parseDouble(pair.get(1).asText()))
        : pair.get(1).asText();
  }
}
