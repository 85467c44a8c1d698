package dev.prguard.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prguard.testkit.GoldenCorpus.Query;
import dev.prguard.trace.query.TraceQueries.MetricsAnswer;
import dev.prguard.trace.query.TraceQueries.Sample;
import dev.prguard.trace.query.TraceQueries.Series;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Compares series of metrics queries, and what `compare()` says.
final class GoldenSeries {
  private static final double TOLERANCE = 1e-9;

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

  private GoldenSeries() {}

  static void series(Query query, JsonNode want, MetricsAnswer answer, List<String> notes) {
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
          table.computeIfAbsent(
              GoldenLabels.of(of.path("labels")).toString(), _ -> new TreeMap<>());
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
          table.computeIfAbsent(GoldenLabels.of(of.labels()).toString(), _ -> new TreeMap<>());
      for (Sample sample : of.samples()) {
        samples.merge(sample.timestampMillis(), sample.value(), Double::sum);
      }
    }
    return table;
  }

  // compare().

  static void compareFunction(
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
}
