package dev.prguard.review.change;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A real git repository, made for one test.
final class TestRepository {
  final Path folder;

  private TestRepository(Path folder) {
    this.folder = folder;
  }

  static TestRepository init(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    TestRepository repository = new TestRepository(folder);
    repository.git("init", "-q", "-b", "main", ".");
    repository.git("config", "user.name", "Ada Author");
    repository.git("config", "user.email", "ada@example.org");
    repository.git("config", "commit.gpgSign", "false");
    repository.git("config", "core.autocrlf", "false");
    return repository;
  }

  TestRepository write(String path, String content) {
    return write(path, content.getBytes(StandardCharsets.UTF_8));
  }

  TestRepository write(String path, byte[] content) {
    try {
      Path file = folder.resolve(path);
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return this;
  }

  TestRepository commit(String message) {
    git("add", "-A", ".");
    git("commit", "-q", "--allow-empty", "-m", message);
    return this;
  }

  String git(String... arguments) {
    return new String(gitBytes(arguments), StandardCharsets.UTF_8).strip();
  }

  byte[] gitBytes(String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(false);
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    try {
      Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      byte[] output = process.getInputStream().readAllBytes();
      int exit = process.waitFor();
      if (exit != 0) {
        throw new IllegalStateException("git " + List.of(arguments) + " exits with " + exit);
      }
      return output;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
