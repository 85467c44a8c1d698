package dev.prguard.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A real git repository in a folder of the test, driven by the real git, untouched by the
/// machine's git configuration. Commits are the same on each run.
public final class TestRepository {
  private final Path folder;

  private TestRepository(Path folder) {
    this.folder = folder;
  }

  /// Makes an empty repository on branch `main`.
  public static TestRepository create(Path folder) {
    TestRepository repository = new TestRepository(folder);
    repository.git("init", "-q", "-b", "main", "--template=");
    return repository;
  }

  public Path folder() {
    return folder;
  }

  /// Writes a file into the working tree.
  public TestRepository write(String path, String text) {
    return write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  public TestRepository write(String path, byte[] bytes) {
    try {
      Path file = folder.resolve(path);
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.write(file, bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public TestRepository delete(String path) {
    try {
      Files.delete(folder.resolve(path));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Commits the working tree as it is.
  ///
  /// @return the commit's id
  public String commit(String message) {
    git("add", "-A");
    git("commit", "-q", "--allow-empty", "-m", message);
    return id("HEAD");
  }

  /// The id that a revision names.
  public String id(String revision) {
    return git("rev-parse", "--verify", "-q", revision + "^{object}").strip();
  }

  /// Runs git and gives its standard output as UTF-8.
  public String git(String... arguments) {
    return new String(run(new byte[0], arguments), StandardCharsets.UTF_8);
  }

  /// Runs git.
  ///
  /// @param input for its standard input
  /// @return its standard output
  /// @throws AssertionError when it fails, with what it said
  public byte[] run(byte[] input, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("git", "-c", "core.autocrlf=false", "-c", "commit.gpgsign=false"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("GIT_"));
    environment.put("GIT_CONFIG_NOSYSTEM", "1");
    environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    for (String who : List.of("AUTHOR", "COMMITTER")) {
      environment.put("GIT_" + who + "_NAME", "Test");
      environment.put("GIT_" + who + "_EMAIL", "test@example.org");
      environment.put("GIT_" + who + "_DATE", "2026-11-01T12:00:00Z");
    }
    environment.put("LC_ALL", "C");
    try {
      Process process = builder.start();
      ByteArrayOutputStream errors = new ByteArrayOutputStream();
      Thread reader =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  process.getErrorStream().transferTo(errors);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                try (OutputStream out = process.getOutputStream()) {
                  out.write(input);
                } catch (IOException e) {
                  // git ended without reading all; its exit code says why
                }
              });
      byte[] output = process.getInputStream().readAllBytes();
      int code = process.waitFor();
      reader.join();
      writer.join();
      if (code != 0) {
        throw new AssertionError(
            String.join(" ", command)
                + ": "
                + code
                + " "
                + errors.toString(StandardCharsets.UTF_8));
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
