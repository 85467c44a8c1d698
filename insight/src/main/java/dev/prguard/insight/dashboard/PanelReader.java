package dev.prguard.insight.dashboard;

import dev.prguard.insight.dashboard.Target.Metrics;
import dev.prguard.insight.dashboard.Target.Ratio;
import dev.prguard.insight.dashboard.Target.Remainder;
import dev.prguard.insight.dashboard.Target.Search;
import dev.prguard.insight.query.Filter;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueries.FoundTrace;
import dev.prguard.trace.query.TraceQueries.InstantQuery;
import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.trace.query.TraceQueries.RangeQuery;
import dev.prguard.trace.query.TraceQueries.Sample;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Answers a panel without Grafana, as Grafana would: its queries, then what divides them.
public final class PanelReader {
  private static final Duration DAY = Duration.ofDays(1);

  private final TraceQueries queries;
  private final Map<Filter, String> chosen;
  private final int exemplars;

  public PanelReader(TraceQueries queries) {
    this(queries, Map.of(), 0);
  }

  /// @param chosen what the reader narrowed the dashboard to
  /// @param exemplars how many at most in each answer over time
  public PanelReader(TraceQueries queries, Map<Filter, String> chosen, int exemplars) {
    this.queries = queries;
    this.chosen = Map.copyOf(chosen);
    this.exemplars = exemplars;
  }

  /// What a target that is not hidden shows.
  public sealed interface Answer {
    Target target();

    /// @param series one sample each for an instant query
    record Numbers(Target target, List<Series> series) implements Answer {
      public Numbers {
        series = List.copyOf(series);
      }
    }

    record Spans(Target target, List<FoundTrace> traces) implements Answer {
      public Spans {
        traces = List.copyOf(traces);
      }
    }
  }

  /// The answers in the order of the targets, without the hidden ones.
  ///
  /// @param settings values of the dashboard's variables by name
  /// @throws dev.prguard.trace.query.TraceQueryException when a query fails
  public List<Answer> read(Panel panel, TimeRange range, Map<String, Double> settings) {
    Map<String, List<Series>> numbers = new HashMap<>();
    List<Answer> answers = new ArrayList<>();
    for (Target target : panel.targets()) {
      if (target instanceof Search search) {
        answers.add(new Answer.Spans(target, spans(search, range)));
        continue;
      }
      List<Series> series =
          switch (target) {
            case Metrics metrics -> ask(metrics, range);
            case Ratio ratio ->
                divided(of(numbers, ratio.numerator()), of(numbers, ratio.denominator()));
            case Remainder remainder ->
                left(
                    Objects.requireNonNull(
                        settings.get(remainder.variable()), remainder.variable()),
                    of(numbers, remainder.taken()));
            case Search _ -> throw new AssertionError("answered above");
          };
      numbers.put(target.ref(), series);
      if (!target.hidden()) {
        answers.add(new Answer.Numbers(target, series));
      }
    }
    return answers;
  }

  private static List<Series> of(Map<String, List<Series>> numbers, String ref) {
    return Objects.requireNonNull(numbers.get(ref), ref);
  }

  private List<FoundTrace> spans(Search search, TimeRange range) {
    return queries
        .search(new TraceQueries.Search(search.query().text(chosen), range, search.limit(), 0))
        .traces();
  }

  private List<Series> ask(Metrics metrics, TimeRange range) {
    String text = metrics.query().text(chosen);
    return switch (metrics.timing()) {
      case INSTANT -> queries.instant(new InstantQuery(text, range)).series();
      case RANGE -> queries.range(new RangeQuery(text, range, null, exemplars)).series();
      case DAILY -> queries.range(new RangeQuery(text, range, DAY, 0)).series();
    };
  }

  /// A series without its counterpart, and a division by zero, give nothing.
  private static List<Series> divided(List<Series> numerators, List<Series> denominators) {
    Map<List<Label>, Map<Long, Double>> below = new LinkedHashMap<>();
    for (Series series : denominators) {
      Map<Long, Double> samples = new HashMap<>();
      series.samples().forEach(sample -> samples.put(sample.timestampMillis(), sample.value()));
      below.put(grouping(series), samples);
    }
    List<Series> quotients = new ArrayList<>();
    for (Series series : numerators) {
      Map<Long, Double> samples = below.getOrDefault(grouping(series), Map.of());
      List<Sample> quotient = new ArrayList<>();
      for (Sample sample : series.samples()) {
        double denominator = samples.getOrDefault(sample.timestampMillis(), 0.0);
        if (denominator != 0) {
          quotient.add(new Sample(sample.timestampMillis(), sample.value() / denominator));
        }
      }
      if (!quotient.isEmpty()) {
        quotients.add(new Series(grouping(series), quotient, List.of()));
      }
    }
    return quotients;
  }

  private static List<Series> left(double whole, List<Series> taken) {
    return taken.stream()
        .map(series ->
            new Series(
                grouping(series),
                series.samples().stream()
                    .map(sample -> new Sample(sample.timestampMillis(), whole - sample.value()))
                    .toList(),
                List.of()))
        .toList();
  }

  /// The labels without the function's own name, which differs between two that are divided.
  private static List<Label> grouping(Series series) {
    return series.labels().stream().filter(label -> !label.key().equals("__name__")).toList();
  }
}
