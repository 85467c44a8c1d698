package dev.prguard.insight.query;

import java.util.Arrays;

/// The text of docs/traceql-queries.md.
public final class QueryDocument {
  private QueryDocument() {}

  public static String markdown() {
    StringBuilder text = new StringBuilder(HEAD);
    for (Topic topic : Topic.values()) {
      text.append("\n## ").append(topic.title()).append('\n');
      Arrays.stream(ReviewQuery.values())
          .filter(query -> query.topic() == topic)
          .forEach(query ->
              text.append('\n')
                  .append(query.question())
                  .append(query.isMetrics() ? " (numbers over time):\n" : ":\n")
                  .append("\n```traceql\n")
                  .append(query.text())
                  .append("\n```\n"));
    }
    return text.append(TAIL).toString();
  }

  private static final String HEAD =
      """
      # TraceQL queries

      Every query that the dashboard, the alerts and `pr-guard check` ask, and the ones that people ask by hand. This
      file is made from the code (`ReviewQuery`); a test runs each of them and holds this file to it. Paste one into
      Grafana's **Explore** with Tempo, or ask it here: `./pr-guard query 'QUERY' --since 24h`.

      What to know when you change one:

      - Attributes need their scope: `span.latency.ms`, `resource.service.name`. Names that come with every span do not:
        `name`, `status`, `duration`.
      - Types are not coerced: `cost.usd` is a double and compares with `0.01` or `0.0`, never with `0`; `latency.ms` is
        a long and compares with `3000`.
      - What is summed or averaged must be required as well (`!= nil`), because Tempo's sum starts anew after every span
        without it.
      - `quantile_over_time` ignores doubles: quantiles of cost ask `cost.nano_usd`. Quantiles come from buckets of
        powers of two.
      - Tempo answers numbers over at most 24 hours unless its owner allows more, leaves out the newest 30 seconds, and
        finds 20 traces unless asked for more.
      - Time is the range of the request, not a condition. Grouping is `by(...)`; `group_by`, `in`, `#` comments and
        fields without a scope are refused.
      - Two queries cannot be divided by Tempo 3.0; Grafana's expressions do it, and so does `pr-guard query`.
      """;

  private static final String TAIL =
      """

      ## From the first prototype

      Its queries, and what says the same in TraceQL as Tempo reads it.

      | then | now |
      |---|---|
      | `{service.name="secure-pr-guard"} \\| select(latency.ms) \\| group_by(operation.type)` | "Average latency by operation" |
      | `{...} \\| select(cost.usd) \\| group_by(cost.model) \\| sum(cost.usd)` | "Total cost by model" |
      | `{...} \\| select(cost.tokens.prompt, cost.tokens.completion)` summed in one panel | "Prompt tokens" and "Completion tokens", two targets |
      | `{... && latency.ms > 3000}` | "Operations over the alert threshold" |
      | `{... && cost.usd > 0.01}` | "Operations over the alert threshold", of cost |
      | `{... && status=error}` | "What failed, and where" |
      | `{... && operation.type="nitpicker"} \\| select(issues.security)` | "Security findings by repository" |
      | `{... && operation.type="patch"} \\| select(patch.generated)` | "Patches and what they mend" |
      | `{...} \\| select(tokens.per_ms)` | "Token efficiency of each operation" |
      | `span.start_time > 1h` | the range of the request: `--since 1h` |
      """;
}
