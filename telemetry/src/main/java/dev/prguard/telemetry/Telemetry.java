package dev.prguard.telemetry;

import dev.prguard.trace.SpanStore;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.SpanLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The OpenTelemetry SDK of one process: spans go to the store as they end and, where an endpoint
/// is set, to its receiver in the background. Thread-safe.
public final class Telemetry {
  private static final String SCOPE = "dev.prguard";

  /// Held, because java.util.logging forgets the level of a logger that nobody holds.
  private static final List<Logger> LIBRARY_LOGGERS =
      List.of(Logger.getLogger("io.opentelemetry"), Logger.getLogger("io.grpc"));

  private final @Nullable SdkTracerProvider provider;
  private final Tracer tracer;
  private final @Nullable Delivery delivery;
  private final @Nullable OtlpEndpoint endpoint;
  private final Tally tally;
  private final @Nullable MetricsProcessor metrics;
  private final @Nullable MetricsDelivery metricsDelivery;
  private final @Nullable Path dataFolder;
  private final Object closing = new Object();
  private @Nullable FlushResult result;
  private @Nullable String metricsLine;
  private volatile @Nullable Thread hook;

  private Telemetry(
      @Nullable SdkTracerProvider provider,
      Tracer tracer,
      @Nullable Delivery delivery,
      @Nullable OtlpEndpoint endpoint,
      Tally tally,
      @Nullable MetricsProcessor metrics,
      @Nullable MetricsDelivery metricsDelivery,
      @Nullable Path dataFolder) {
    this.provider = provider;
    this.tracer = tracer;
    this.delivery = delivery;
    this.endpoint = endpoint;
    this.tally = tally;
    this.metrics = metrics;
    this.metricsDelivery = metricsDelivery;
    this.dataFolder = dataFolder;
  }

  /// @param store where every span goes as it ends; not closed here
  /// @param dataFolder that of the store, where it is noted what the receiver has acknowledged;
  ///   null where the store does not outlive the process
  public static Telemetry start(
      TelemetryConfig config, SpanStore store, @Nullable Path dataFolder) {
    Tally tally = new Tally();
    if (!config.enabled()) {
      return new Telemetry(
          null, TracerProvider.noop().get(SCOPE), null, null, tally, null, null, null);
    }
    if (!config.debug()) {
      LIBRARY_LOGGERS.forEach(logger -> logger.setLevel(Level.OFF));
    }
    OtlpEndpoint endpoint = config.endpoint();
    Delivery delivery =
        endpoint == null
            ? null
            : new Delivery(
                endpoint, tally, store, spool(endpoint, dataFolder, tally), config.maxSpoolBytes());
    SdkTracerProviderBuilder builder =
        SdkTracerProvider.builder()
            .setResource(Resource.create(attributes(config.resource())))
            .setSpanLimits(ample())
            .addSpanProcessor(new SegmentSpanExporter(store, tally, delivery));
    OtlpEndpoint metricsEndpoint = config.metrics();
    MetricsProcessor metrics = null;
    MetricsDelivery metricsDelivery = null;
    if (metricsEndpoint != null) {
      metrics = new MetricsProcessor();
      builder.addSpanProcessor(metrics);
      metricsDelivery =
          new MetricsDelivery(
              metricsEndpoint, config.temporality(), config.resource(), InstantSource.system());
    }
    SdkTracerProvider provider = builder.build();
    return new Telemetry(
        provider,
        provider.get(SCOPE),
        delivery,
        endpoint,
        tally,
        metrics,
        metricsDelivery,
        dataFolder);
  }

  private static Spool spool(OtlpEndpoint endpoint, @Nullable Path dataFolder, Tally tally) {
    if (dataFolder == null) {
      return Spool.inMemory();
    }
    try {
      return Spool.open(dataFolder, endpoint, InstantSource.system());
    } catch (IOException e) {
      tally.waiting("delivery is not remembered: " + Variables.shown(String.valueOf(e)));
      return Spool.inMemory();
    }
  }

  /// Sends what earlier runs had to keep, and nothing else.
  ///
  /// @param config whose receiver only gets what is owed to it
  /// @throws IllegalArgumentException when no receiver is set
  public static FlushResult sendEarlier(
      TelemetryConfig config, SpanStore store, Path dataFolder, Duration timeout) {
    OtlpEndpoint endpoint = config.endpoint();
    if (endpoint == null) {
      throw new IllegalArgumentException("endpoint: none (expected: a receiver)");
    }
    LIBRARY_LOGGERS.forEach(logger -> logger.setLevel(Level.OFF));
    Tally tally = new Tally();
    Delivery delivery =
        new Delivery(
            endpoint, tally, store, spool(endpoint, dataFolder, tally), config.maxSpoolBytes());
    delivery.signal();
    delivery.close(timeout);
    return tally.result(endpoint.host());
  }

  /// For the spans of this program. A no-op where telemetry is switched off.
  public Tracer tracer() {
    return tracer;
  }

  /// Sends what is not delivered yet, for at most `timeout`, and says what became of every span. A
  /// second call returns the first one's answer, waiting for it where it is under way.
  ///
  /// @throws IllegalArgumentException when the timeout is negative
  public FlushResult close(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout: " + timeout + " (expected: >= 0)");
    }
    synchronized (closing) {
      if (result == null) {
        if (provider != null) {
          var _ = provider.shutdown();
        }
        Future<String> sent = sendMetrics(timeout);
        if (delivery != null) {
          delivery.close(timeout);
        }
        metricsLine = line(sent, timeout);
        result = tally.result(endpoint == null ? null : endpoint.host());
        removeShutdownHook();
      }
      return result;
    }
  }

  /// What became of the metrics, one line; null where none are sent. After [#close].
  public @Nullable String metricsLine() {
    synchronized (closing) {
      return metricsLine;
    }
  }

  /// Beside the spans, so that both take the time of the longer.
  private @Nullable Future<String> sendMetrics(Duration timeout) {
    MetricsProcessor counted = metrics;
    MetricsDelivery sender = metricsDelivery;
    if (counted == null || sender == null) {
      return null;
    }
    FutureTask<String> task =
        new FutureTask<>(() -> sender.send(counted.totals(), dataFolder, timeout));
    var _ = Thread.ofVirtual().start(task);
    return task;
  }

  private static @Nullable String line(@Nullable Future<String> metrics, Duration timeout) {
    if (metrics == null) {
      return null;
    }
    boolean interrupted = Thread.interrupted();
    try {
      return metrics.get(timeout.plusMillis(100).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
      return "metrics: not delivered (interrupted)";
    } catch (TimeoutException e) {
      return "metrics: not delivered (no answer within " + timeout.toMillis() + " ms)";
    } catch (ExecutionException e) {
      return "metrics: not delivered (" + Variables.shown(String.valueOf(e.getCause())) + ")";
    } finally {
      metrics.cancel(true);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Flushes when the process ends before [#close] was called: at `System.exit`, SIGINT, SIGTERM.
  ///
  /// @param report gets the result of a flush made by the hook
  public void installShutdownHook(Duration timeout, Consumer<FlushResult> report) {
    Thread thread =
        Thread.ofPlatform()
            .name("telemetry-flush")
            .unstarted(() -> {
              boolean first;
              FlushResult flushed;
              synchronized (closing) {
                first = result == null;
                flushed = close(timeout);
              }
              if (first) {
                report.accept(flushed);
              }
            });
    Runtime.getRuntime().addShutdownHook(thread);
    hook = thread;
  }

  boolean hasShutdownHook() {
    return hook != null;
  }

  private void removeShutdownHook() {
    Thread thread = hook;
    if (thread != null && thread != Thread.currentThread()) {
      try {
        Runtime.getRuntime().removeShutdownHook(thread);
        hook = null;
      } catch (IllegalStateException e) {
        // The process is ending: the hook runs, and finds the result.
      }
    }
  }

  private static Attributes attributes(Map<String, String> resource) {
    AttributesBuilder attributes = Attributes.builder();
    resource.forEach(attributes::put);
    return attributes.build();
  }

  /// The SDK's limits of 128 would cut attributes, events and links without a word. These are far
  /// over what a review makes; not the largest int, because the SDK allocates by them.
  private static SpanLimits ample() {
    return SpanLimits.builder()
        .setMaxNumberOfAttributes(100_000)
        .setMaxNumberOfEvents(100_000)
        .setMaxNumberOfLinks(10_000)
        .setMaxNumberOfAttributesPerEvent(100_000)
        .setMaxNumberOfAttributesPerLink(100_000)
        .build();
  }

  /// Whether some receiver has not acknowledged all of a log: then it must stay. Where that cannot
  /// be told, it must.
  ///
  /// @param dataFolder that of the store
  public static Predicate<String> owes(Path dataFolder) {
    return log -> Spool.owes(dataFolder, log);
  }
}
