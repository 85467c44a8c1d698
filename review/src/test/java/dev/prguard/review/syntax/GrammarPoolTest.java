package dev.prguard.review.syntax;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class GrammarPoolTest {
  private static final byte[] TEXT = "print(1)\n".getBytes(UTF_8);

  /// Those who wait for a process while all are ended start the next one.
  @Test
  @Timeout(90)
  void close_whileOthersWait_letsThemBeAnswered() throws Exception {
    GrammarPool pool = new GrammarPool();
    try (AutoCloseable _ = pool;
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<SyntaxError>>> answers = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        answers.add(
            threads.submit(() -> pool.errors(ParsedLanguage.PYTHON, TEXT, Duration.ofSeconds(20))));
      }
      assertThat(answers.getFirst().get(30, TimeUnit.SECONDS)).isEmpty();
      pool.close();
      int whole = 0;
      for (Future<List<SyntaxError>> answer : answers) {
        try {
          assertThat(answer.get(30, TimeUnit.SECONDS)).isEmpty();
          whole++;
        } catch (ExecutionException e) {
          // Its process was ended under it.
          assertThat(e.getCause()).isInstanceOf(GrammarProcess.NoAnswerException.class);
        }
      }
      assertThat(whole).isGreaterThan(390);
    }
  }
}
