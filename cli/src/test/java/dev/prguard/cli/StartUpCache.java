package dev.prguard.cli;

import dev.prguard.testkit.TestHttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// JDK 25's start-up cache, as the launcher has one, made once a run of the tests by a review with
/// a model: the tests start the command some hundred times, and each start takes half the time.
final class StartUpCache {
  private StartUpCache() {}

  /// Options of the JVM; none when no cache could be made, which costs only time.
  static List<String> options() {
    return Made.OPTIONS;
  }

  private static final class Made {
    static final List<String> OPTIONS = make();
  }

  private static List<String> make() {
    try (TestHttpServer model =
        TestHttpServer.start(_ -> ModelReviewIT.completion("{\"findings\":[],\"count\":0}"))) {
      Path folder = Files.createTempDirectory(Path.of("target"), "start-up-cache").toAbsolutePath();
      Path diff = Files.writeString(folder.resolve("small.diff"), ReviewIT.SMALL_DIFF);
      Path cache = folder.resolve("cache.aot");
      Process process =
          new GuardProcess(folder.resolve("home"))
              .env("OPENAI_API_KEY", "none")
              .env("OPENAI_BASE_URL", model.uri() + "/v1")
              .startWith(
                  List.of("-XX:AOTCacheOutput=" + cache),
                  "review",
                  diff.toString(),
                  "--llm",
                  "openai/gpt-4o-mini",
                  "--json",
                  folder.resolve("review.json").toString());
      process.getInputStream().readAllBytes();
      return process.waitFor(5, TimeUnit.MINUTES) && Files.exists(cache)
          ? List.of(
              "-XX:AOTCache=" + cache,
              // As the launcher starts a review.
              "-XX:+UnlockDiagnosticVMOptions",
              "-XX:-AOTReplayTraining",
              "-Xlog:disable",
              "-Xlog:all=error:stderr",
              "-Xlog:aot*=off:stderr")
          : List.of();
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
