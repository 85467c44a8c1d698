package dev.prguard.review.syntax;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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

  /// A signal may come before the first text was parsed: the rules still have to end their spans.
  @Test
  @Timeout(90)
  void firstTextWhileTheProgramEnds_isNotParsed_andNothingFails() throws Exception {
    Process ending =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                EndingProgram.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(ending.getInputStream().readAllBytes(), UTF_8);
    assertThat(ending.waitFor()).isZero();
    assertThat(said).isEqualToIgnoringNewLines("the program is ending");
  }

  /// Parses its first text in a shutdown hook.
  static final class EndingProgram {
    public static void main(String[] args) {
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> {
                try {
                  System.out.println(
                      GrammarPool.shared()
                          .errors(ParsedLanguage.PYTHON, TEXT, Duration.ofSeconds(20)));
                } catch (GrammarProcess.NoAnswerException e) {
                  System.out.println(e.reason());
                }
              }));
    }
  }
}
