package dev.prguard.review.change;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A real git repository, made for one test.
public final class TestRepository {
  public final Path folder;

  private TestRepository(Path folder) {
    this.folder = folder;
  }

  public static TestRepository init(Path folder) {
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

  /// A folder in which git runs, repository or not.
  public static TestRepository at(Path folder) {
    return new TestRepository(folder);
  }

  /// What `git diff --no-index` says; it exits with 1 when there are differences.
  public static byte[] diffOfFolders(Path folder, String... arguments) {
    List<String> all = new ArrayList<>(List.of("diff", "--no-index"));
    all.addAll(List.of(arguments));
    return at(folder).run(1, all);
  }

  public TestRepository write(String path, String content) {
    return write(path, content.getBytes(StandardCharsets.UTF_8));
  }

  public TestRepository write(String path, byte[] content) {
    try {
      Path file = folder.resolve(path);
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return this;
  }

  public TestRepository commit(String message) {
    git("add", "-A", ".");
    git("commit", "-q", "--allow-empty", "-m", message);
    return this;
  }

  public String git(String... arguments) {
    return new String(gitBytes(arguments), StandardCharsets.UTF_8).strip();
  }

  public byte[] gitBytes(String... arguments) {
    return run(0, List.of(arguments));
  }

  private byte[] run(int expected, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(false);
    builder.environment().put("GIT_CEILING_DIRECTORIES", String.valueOf(folder.getParent()));
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    try {
      Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      byte[] output = process.getInputStream().readAllBytes();
      int exit = process.waitFor();
      if (exit != expected) {
        throw new IllegalStateException("git " + arguments + " exits with " + exit);
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
