package dev.prguard.review.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WithoutModelTest {

  @Test
  void nothingHeavyIsLoadedWhenNoModelIsConfigured() throws IOException {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load",
                "-cp",
                Objects.requireNonNull(System.getProperty("java.class.path")),
                "dev.prguard.review.model.WithoutModelMain")
            .redirectErrorStream(true)
            .start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(output).contains("ready true[]true", "dev.prguard.review.model.ModelReviewer");
    assertThat(output.lines().filter(l -> l.contains("langchain4j") || l.contains("jtokkit")))
        .isEmpty();
  }
}
