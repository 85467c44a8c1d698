package dev.prguard.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What becomes of queries while a burst of spans is put into blocks.
class QueryPoolTest {
  private static CompletableFuture<AggregatedHttpResponse> ask(
      QueryPool pool, AtomicInteger answered) {
    ServiceRequestContext ctx = ServiceRequestContext.of(HttpRequest.of(HttpMethod.GET, "/"));
    return pool.run(
            ctx,
            () -> {
              answered.incrementAndGet();
              return HttpResponse.of(HttpStatus.OK);
            })
        .aggregate();
  }

  @Test
  void queries_waitForTheStore_andAreAnsweredThen() throws Exception {
    AtomicBoolean behind = new AtomicBoolean(true);
    AtomicInteger answered = new AtomicInteger();
    try (QueryPool pool = new QueryPool(behind::get, Duration.ofMinutes(1), line -> {})) {
      List<CompletableFuture<AggregatedHttpResponse>> queries =
          IntStream.range(0, 80).mapToObj(_ -> ask(pool, answered)).toList();
      assertThat(answered).hasValue(0);
      behind.set(false);
      List<Integer> statuses = new ArrayList<>();
      for (CompletableFuture<AggregatedHttpResponse> query : queries) {
        statuses.add(query.get(30, TimeUnit.SECONDS).status().code());
      }
      assertThat(statuses.subList(0, 64)).containsOnly(200);
      assertThat(statuses.subList(64, 80)).as("more than can wait").containsOnly(429);
      assertThat(answered).hasValue(64);
    }
  }

  @Test
  void patienceEnds_withAHintToComeAgain() throws Exception {
    AtomicInteger answered = new AtomicInteger();
    try (QueryPool pool = new QueryPool(() -> true, Duration.ofMillis(1), line -> {})) {
      AggregatedHttpResponse answer = ask(pool, answered).get(30, TimeUnit.SECONDS);
      assertThat(answer.status()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
      assertThat(answer.headers().get("retry-after")).isEqualTo("1");
      assertThat(answered).hasValue(0);
    }
  }
}
