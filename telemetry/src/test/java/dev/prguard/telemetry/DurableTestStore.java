package dev.prguard.telemetry;

import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.LogSlice;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.SpanStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A store in memory that stands for one on disk, counts what is asked of it, and can fail.
final class DurableTestStore implements SpanStore {
  private final InMemorySpanStore memory = new InMemorySpanStore();

  /// By name, what was appended to each log.
  private final Map<String, InMemorySpanStore> logs = new ConcurrentHashMap<>();

  private final AtomicInteger run = new AtomicInteger(1);
  private final List<String> calls = new ArrayList<>();
  private volatile @Nullable String failure;

  void failWith(String message) {
    failure = message;
  }

  /// As a new process would: appends go to a log of their own.
  void newRun() {
    run.incrementAndGet();
  }

  /// `append NAME` and `force`, in order.
  synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  List<SpanRecord> spans() {
    return memory.latestTraceIds(Integer.MAX_VALUE).stream()
        .flatMap(id -> memory.trace(id).stream())
        .toList();
  }

  @Override
  public void append(List<SpanRecord> spans) {
    String message = failure;
    if (message != null) {
      throw new UncheckedIOException(message, new IOException(message));
    }
    spans.forEach(span -> call("append " + span.name()));
    memory.append(spans);
    logs.computeIfAbsent(log(), name -> new InMemorySpanStore()).append(spans);
  }

  @Override
  public void force() {
    call("force");
  }

  private synchronized void call(String name) {
    calls.add(name);
  }

  @Override
  public String log() {
    return "run-" + run;
  }

  @Override
  public LogSlice read(String log, long from, int maxBytes) {
    InMemorySpanStore spans = logs.get(log);
    return spans == null
        ? new LogSlice(List.of(), null, null)
        : spans.read(spans.log(), from, maxBytes);
  }

  @Override
  public boolean durable() {
    return true;
  }

  @Override
  public List<SpanRecord> trace(String traceId) {
    return memory.trace(traceId);
  }

  @Override
  public List<String> latestTraceIds(int limit) {
    return memory.latestTraceIds(limit);
  }

  @Override
  public void close() {}
}
