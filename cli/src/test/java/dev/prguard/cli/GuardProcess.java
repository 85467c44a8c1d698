package dev.prguard.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The packaged command, run as a process with an environment of its own.
final class GuardProcess {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /// @param out standard output
  /// @param err standard error
  record Result(int exitCode, String out, String err) {}

  private final Path home;
  private final Map<String, String> env = new HashMap<>();
  private Path folder = Path.of("").toAbsolutePath();
  private int heapMegabytes = 400;
  private List<String> shell = List.of();

  GuardProcess(Path home) {
    this.home = home;
  }

  GuardProcess env(String name, String value) {
    env.put(name, value);
    return this;
  }

  GuardProcess in(Path workingFolder) {
    folder = workingFolder;
    return this;
  }

  GuardProcess heap(int megabytes) {
    heapMegabytes = megabytes;
    return this;
  }

  /// Has a shell start the command, as `"$@"` of a script: with a limit, or an output redirected.
  GuardProcess script(String script) {
    shell = List.of("bash", "-c", script, "bash");
    return this;
  }

  Result run(String... arguments) {
    return run(InputStream.nullInputStream(), arguments);
  }

  Result run(InputStream input, String... arguments) {
    return run(input, process -> {}, arguments);
  }

  /// Runs the command, and sends it a signal (`INT`, `TERM`) when the moment has come.
  Result signalled(String signal, CountDownLatch moment, String... arguments) {
    // The background job of a shell ignores SIGINT, and so would all that is started below it.
    script(
        "env --default-signal=INT true 2>&- && exec env --default-signal=INT \"$@\"; exec \"$@\"");
    return run(
        InputStream.nullInputStream(),
        process -> {
          if (!moment.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the moment of the signal never came");
          }
          new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
        },
        arguments);
  }

  /// What is done to the process while it runs.
  @FunctionalInterface
  private interface Meanwhile {
    void act(Process process) throws IOException, InterruptedException;
  }

  private Result run(InputStream input, Meanwhile meanwhile, String... arguments) {
    try {
      Process process = start(arguments);
      CompletableFuture<String> out = text(process.getInputStream());
      CompletableFuture<String> err = text(process.getErrorStream());
      try (OutputStream to = process.getOutputStream()) {
        input.transferTo(to);
      } catch (IOException e) {
        // The command may refuse its input before it has read all of it.
      }
      meanwhile.act(process);
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("hangs: pr-guard " + String.join(" ", arguments));
      }
      return new Result(process.exitValue(), out.join(), err.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  Process start(String... arguments) throws IOException {
    return startWith(StartUpCache.options(), arguments);
  }

  /// Starts the command on a JVM with these options too.
  Process startWith(List<String> options, String... arguments) throws IOException {
    List<String> words = new ArrayList<>(shell);
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx" + heapMegabytes + "m",
            // As the launcher starts `serve`: Armeria's classes make the JVM warn.
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-Dstdout.encoding=UTF-8",
            "-Dstderr.encoding=UTF-8"));
    words.addAll(options);
    words.addAll(
        List.of(
            "-cp",
            Path.of("target", "app", "pr-guard.jar").toAbsolutePath().toString(),
            "dev.prguard.cli.Main"));
    words.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
    // Nothing of the developer's own environment: no keys, no endpoints.
    String path = System.getenv("PATH");
    builder.environment().clear();
    builder.environment().put("PATH", path == null ? "" : path);
    builder.environment().put("HOME", home.toString());
    builder.environment().put("PR_GUARD_HOME", home.resolve("data").toString());
    builder.environment().putAll(env);
    return builder.start();
  }

  private static CompletableFuture<String> text(InputStream in) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }
}
