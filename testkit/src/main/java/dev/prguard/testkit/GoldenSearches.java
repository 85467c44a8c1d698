package dev.prguard.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prguard.testkit.GoldenCorpus.Query;
import dev.prguard.trace.query.TraceQueries.FoundSpan;
import dev.prguard.trace.query.TraceQueries.FoundTrace;
import dev.prguard.trace.query.TraceQueries.SearchAnswer;
import dev.prguard.trace.query.TraceQueries.SpanSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Compares what a search found.
final class GoldenSearches {
  private GoldenSearches() {}

  static void search(
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
                .computeIfAbsent(
                    groupKey(GoldenLabels.of(set.path("attributes"))), _ -> new ArrayList<>())
                .add(set));
    Map<String, List<SpanSet>> gotSets = new TreeMap<>();
    got.spanSets()
        .forEach(set ->
            gotSets
                .computeIfAbsent(
                    groupKey(GoldenLabels.of(set.attributes())), _ -> new ArrayList<>())
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
    GoldenLabels.same(
        id + " set",
        GoldenLabels.of(want.path("attributes")),
        GoldenLabels.of(got.attributes()),
        notes);
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
        GoldenLabels.same(
            of,
            GoldenLabels.of(span.path("attributes")),
            GoldenLabels.of(other.attributes()),
            notes);
      }
    }
  }

  private static String groupKey(List<String> labels) {
    return labels.stream().filter(label -> label.startsWith("by(")).toList().toString();
  }

  static void between(JsonNode want, SearchAnswer answer, List<String> notes) {
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
}
