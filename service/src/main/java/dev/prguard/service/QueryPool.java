package dev.prguard.service;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.prguard.trace.query.QueryTimeoutException;
import dev.prguard.trace.query.TraceQueryException;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Runs queries on a few platform threads: they read files and DuckDB, which would block an event
/// loop or pin a virtual thread's carrier. What is more than the queue holds is refused.
final class QueryPool implements AutoCloseable {
  private static final int THREADS =
      Math.clamp(Runtime.getRuntime().availableProcessors() * 2L, 2, 16);
  private static final int WAITING = 64;

  private final BooleanSupplier unready;
  private final Consumer<String> log;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          1,
          TimeUnit.MINUTES,
          new ArrayBlockingQueue<>(WAITING),
          Thread.ofPlatform().daemon().name("query-", 0).factory());

  /// @param unready whether queries have to wait until the store is put in order
  /// @param log takes a line for people
  QueryPool(BooleanSupplier unready, Consumer<String> log) {
    this.unready = unready;
    this.log = log;
  }

  /// What answers a request.
  @FunctionalInterface
  interface Answer {
    HttpResponse get() throws IOException;
  }

  /// The request asks for something wrong. The message is for the client.
  static final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadRequestException(String message) {
      super(message, null, false, false);
    }
  }

  /// Answers failures as Tempo does: plain text, and no more than the reason.
  HttpResponse run(ServiceRequestContext ctx, Answer answer) {
    if (unready.getAsBoolean()) {
      return text(
          HttpStatus.SERVICE_UNAVAILABLE,
          "many spans are being put into blocks just now, come again in a minute");
    }
    CompletableFuture<HttpResponse> response = new CompletableFuture<>();
    try {
      Future<?> running =
          threads.submit(() -> response.complete(ctx.isCancelled() ? cancelled() : run(answer)));
      // A client that has gone waits for nothing.
      var _ = ctx.whenRequestCancelling().thenAccept(_ -> running.cancel(true));
    } catch (RejectedExecutionException e) {
      return text(HttpStatus.TOO_MANY_REQUESTS, "too many queries at once, come again");
    }
    return HttpResponse.of(response);
  }

  private HttpResponse run(Answer answer) {
    try {
      return answer.get();
    } catch (BadRequestException e) {
      return text(HttpStatus.BAD_REQUEST, message(e));
    } catch (TraceQueryException e) {
      return text(
          switch (e.reason()) {
            case REFUSED -> HttpStatus.BAD_REQUEST;
            case FAILED -> HttpStatus.INTERNAL_SERVER_ERROR;
            case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
          },
          message(e));
    } catch (QueryTimeoutException e) {
      return text(HttpStatus.GATEWAY_TIMEOUT, message(e));
    } catch (IOException | RuntimeException e) {
      log.accept("internal error: " + e);
      return text(HttpStatus.INTERNAL_SERVER_ERROR, "internal error");
    } catch (OutOfMemoryError | StackOverflowError e) {
      return text(HttpStatus.INTERNAL_SERVER_ERROR, "the query needs more memory than there is");
    }
  }

  private static String message(Exception e) {
    String message = e.getMessage();
    return message == null ? "failed" : message;
  }

  private static HttpResponse cancelled() {
    return text(HttpStatus.GATEWAY_TIMEOUT, "cancelled");
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
