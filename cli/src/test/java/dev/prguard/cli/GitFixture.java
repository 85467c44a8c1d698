package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Real git repositories for tests.
final class GitFixture {
  private GitFixture() {}

  /// A new repository on branch `main` with one commit of one file.
  static Path repository(Path folder, String path, String text)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    git(folder, "init", "-q", "-b", "main");
    commit(folder, path, text);
    return folder;
  }

  static void commit(Path repository, String path, String text)
      throws IOException, InterruptedException {
    Path file = repository.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    git(repository, "add", "-A");
    git(repository, "commit", "-q", "-m", "change " + path);
  }

  static String git(Path repository, String... arguments) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("git", "-C", repository.toString()));
    words.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "GIT_CONFIG_GLOBAL", "/dev/null",
                "GIT_CONFIG_SYSTEM", "/dev/null",
                "GIT_AUTHOR_NAME", "Ada",
                "GIT_AUTHOR_EMAIL", "ada@example.org",
                "GIT_COMMITTER_NAME", "Ada",
                "GIT_COMMITTER_EMAIL", "ada@example.org"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
