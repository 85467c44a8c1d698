package dev.prguard.insight.prometheus;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Debian's `prometheus` and `promtool`. In CI a missing tool is a failure; elsewhere the test says
/// what to install and is not run.
final class PrometheusTools {
  private PrometheusTools() {}

  record Result(int exitCode, String output) {}

  static Path require(String tool) {
    String path = System.getenv().getOrDefault("PATH", "");
    Path found =
        Arrays.stream(path.split(":", -1))
            .map(folder -> Path.of(folder, tool))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    if (found != null) {
      return found;
    }
    String message = tool + " is not installed (Debian: apt-get install prometheus)";
    if (System.getenv("CI") != null || System.getenv("PR_GUARD_REQUIRE_TOOLS") != null) {
      fail(message);
    }
    return abort(message);
  }

  static Result promtool(String... arguments) {
    try {
      Process process =
          new ProcessBuilder(
                  List.copyOf(
                      java.util.stream.Stream.concat(
                              java.util.stream.Stream.of(require("promtool").toString()),
                              Arrays.stream(arguments))
                          .toList()))
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
