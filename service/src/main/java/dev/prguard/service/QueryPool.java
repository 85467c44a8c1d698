package dev.prguard.service;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.prguard.trace.query.QueryTimeoutException;
import dev.prguard.trace.query.TraceQueryException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Runs queries on a few platform threads: they read files and DuckDB, which would block an event
/// loop or pin a virtual thread's carrier. What is more than the queue holds is refused. While the
/// store is put in order a query waits, for a burst is in blocks after a few seconds.
final class QueryPool implements AutoCloseable {
  /// How long a query of the server waits for the store at most.
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int THREADS =
      Math.clamp(Runtime.getRuntime().availableProcessors() * 2L, 2, 16);
  private static final int WAITING = 64;
  private static final long LOOK_AGAIN_MS = 50;

  private final BooleanSupplier unready;
  private final Duration patience;
  private final Consumer<String> log;

  /// Queries that wait until the store is put in order.
  private final AtomicInteger patient = new AtomicInteger();

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          1,
          TimeUnit.MINUTES,
          new ArrayBlockingQueue<>(WAITING),
          Thread.ofPlatform().daemon().name("query-", 0).factory());

  /// @param unready whether queries have to wait until the store is put in order
  /// @param patience how long they do
  /// @param log takes a line for people
  QueryPool(BooleanSupplier unready, Duration patience, Consumer<String> log) {
    this.unready = unready;
    this.patience = patience;
    this.log = log;
  }

  /// The request asks for something wrong. The message is for the client.
  static final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadRequestException(String message) {
      super(message, null, false, false);
    }
  }

  /// The query was not run. The message is for the client.
  private static final class NotNowException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    NotNowException(HttpStatus status, String message) {
      super(message, null, false, false);
      this.status = status.code();
    }
  }

  /// Why a query has no answer.
  ///
  /// @param message for the client
  record Failure(HttpStatus status, String message) {}

  /// Answers failures as Tempo does: plain text, and no more than the reason.
  HttpResponse run(ServiceRequestContext ctx, Callable<HttpResponse> answer) {
    return HttpResponse.of(submit(ctx, answer).exceptionally(e -> response(failure(e))));
  }

  /// A future that fails with what [#failure] understands.
  <T> CompletableFuture<T> submit(ServiceRequestContext ctx, Callable<T> query) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (!unready.getAsBoolean()) {
      execute(ctx, query, answer);
    } else if (patient.incrementAndGet() > WAITING) {
      patient.decrementAndGet();
      answer.completeExceptionally(
          new NotNowException(
              HttpStatus.TOO_MANY_REQUESTS, "too many queries at once, come again"));
    } else {
      await(ctx, System.nanoTime() + patience.toNanos(), query, answer);
    }
    return answer;
  }

  private <T> void await(
      ServiceRequestContext ctx, long until, Callable<T> query, CompletableFuture<T> answer) {
    var _ =
        ctx.eventLoop()
            .schedule(
                () -> {
                  boolean behind = unready.getAsBoolean();
                  if (behind && System.nanoTime() < until && !ctx.isCancelled()) {
                    await(ctx, until, query, answer);
                    return;
                  }
                  patient.decrementAndGet();
                  if (behind) {
                    answer.completeExceptionally(
                        new NotNowException(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "many spans are being put into blocks just now, come again"));
                  } else {
                    execute(ctx, query, answer);
                  }
                },
                LOOK_AGAIN_MS,
                TimeUnit.MILLISECONDS);
  }

  private <T> void execute(
      ServiceRequestContext ctx, Callable<T> query, CompletableFuture<T> answer) {
    try {
      Future<?> running =
          threads.submit(() -> {
            try {
              if (ctx.isCancelled()) {
                throw new NotNowException(HttpStatus.GATEWAY_TIMEOUT, "cancelled");
              }
              answer.complete(query.call());
            } catch (Exception | OutOfMemoryError | StackOverflowError e) {
              answer.completeExceptionally(e);
            }
          });
      // A client that has gone waits for nothing.
      var _ = ctx.whenRequestCancelling().thenAccept(_ -> running.cancel(true));
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(
          new NotNowException(
              HttpStatus.TOO_MANY_REQUESTS, "too many queries at once, come again"));
    }
  }

  Failure failure(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return switch (cause) {
      case BadRequestException e -> new Failure(HttpStatus.BAD_REQUEST, message(e));
      case NotNowException e -> new Failure(HttpStatus.valueOf(e.status), message(e));
      case TraceQueryException e ->
          new Failure(
              switch (e.reason()) {
                case REFUSED -> HttpStatus.BAD_REQUEST;
                case FAILED -> HttpStatus.INTERNAL_SERVER_ERROR;
                case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
              },
              message(e));
      case QueryTimeoutException e -> new Failure(HttpStatus.GATEWAY_TIMEOUT, message(e));
      case Error _ ->
          new Failure(
              HttpStatus.INTERNAL_SERVER_ERROR, "the query needs more memory than there is");
      default -> {
        log.accept("internal error: " + cause);
        yield new Failure(HttpStatus.INTERNAL_SERVER_ERROR, "internal error");
      }
    };
  }

  private static String message(Exception e) {
    String message = e.getMessage();
    return message == null ? "failed" : message;
  }

  private static HttpResponse response(Failure failure) {
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(failure.status()).contentType(MediaType.PLAIN_TEXT_UTF_8);
    if (failure.status().equals(HttpStatus.TOO_MANY_REQUESTS)
        || failure.status().equals(HttpStatus.SERVICE_UNAVAILABLE)) {
      headers.add(HttpHeaderNames.RETRY_AFTER, "1");
    }
    return HttpResponse.of(headers.build(), HttpData.ofUtf8(failure.message()));
  }

  static HttpResponse text(HttpStatus status, String message) {
    return HttpResponse.of(status, MediaType.PLAIN_TEXT_UTF_8, message);
  }

  int running() {
    return threads.getActiveCount();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
