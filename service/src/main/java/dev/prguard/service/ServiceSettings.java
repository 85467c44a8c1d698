package dev.prguard.service;

import dev.prguard.insight.alert.Budgets;
import dev.prguard.traceql.engine.QuantileMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// How to serve.
///
/// @param dataFolder of the store, for the reader
/// @param bind the address of all ports; whoever can reach it can ask
/// @param port of Tempo's API and the page; 0 for any free one, as the others
/// @param token asked of every request; null for none
/// @param tls the certificate and its key; null for plain text
/// @param quantiles how a query that does not say otherwise computes them
/// @param queryTimeout of one query
/// @param budgets what the dashboard and the alerts go by
/// @param grafana where links of the page lead; null for nowhere
/// @param owed whether a segment of the store, by name, must be kept for a receiver of spans
public record ServiceSettings(
    Path dataFolder,
    String version,
    String bind,
    int port,
    int otlpGrpcPort,
    int otlpHttpPort,
    @Nullable String token,
    @Nullable Tls tls,
    QuantileMode quantiles,
    Duration queryTimeout,
    Budgets budgets,
    @Nullable Grafana grafana,
    Predicate<String> owed) {

  /// @param url `http://HOST` or `https://HOST`, maybe with a path
  /// @param dataSourceUid of the Tempo data source that asks this server
  public record Grafana(String url, String dataSourceUid) {}

  /// PEM files.
  public record Tls(Path certificate, Path key) {}
}
