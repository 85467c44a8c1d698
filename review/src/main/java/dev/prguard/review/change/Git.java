package dev.prguard.review.change;

import dev.prguard.review.change.ChangeSourceException.Category;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Runs the `git` command on a repository that may be hostile: nothing that its configuration names
/// is executed, nothing is written into it, nothing goes over the network, and every run has a
/// deadline and a bound on its output.
final class Git {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final int MAX_ERROR_BYTES = 8 << 10;
  private static final int MAX_FILTERS = 100;

  /// Variables of the caller that may stay: where the user's own configuration is.
  private static final Set<String> KEPT_VARIABLES =
      Set.of("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH");

  private static final Map<String, String> CONFIGURATION = configuration();

  private final Path directory;
  private final boolean bare;
  private final Map<String, String> configuration;

  private Git(Path directory, boolean bare, Map<String, String> configuration) {
    this.directory = directory;
    this.bare = bare;
    this.configuration = configuration;
  }

  /// What a run of git gave.
  static final class Result {
    private final int exit;
    private final byte[] output;
    private final boolean cut;
    private final String error;

    private Result(int exit, byte[] output, boolean cut, String error) {
      this.exit = exit;
      this.output = output;
      this.cut = cut;
      this.error = error;
    }

    int exit() {
      return exit;
    }

    byte[] output() {
      return output;
    }

    /// Whether there was more output than asked for.
    boolean cut() {
      return cut;
    }

    /// The start of what git wrote to standard error, in one line.
    String error() {
      return error;
    }

    boolean ok() {
      return exit == 0 && !cut;
    }

    /// The output as text, without the final newline.
    String text() {
      String text = new String(output, StandardCharsets.UTF_8);
      return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
  }

  /// Settings of the repository that would run a program or change what a diff looks like.
  private static Map<String, String> configuration() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("core.fsmonitor", "false");
    settings.put("core.hooksPath", "/dev/null");
    settings.put("core.pager", "cat");
    settings.put("core.quotePath", "true");
    settings.put("core.bigFileThreshold", "512m");
    settings.put("diff.external", "");
    settings.put("diff.noprefix", "false");
    settings.put("diff.mnemonicPrefix", "false");
    settings.put("diff.suppressBlankEmpty", "false");
    settings.put("diff.renameLimit", "1000");
    settings.put("log.showSignature", "false");
    settings.put("protocol.allow", "never");
    settings.put("submodule.recurse", "false");
    return settings;
  }

  /// Finds the repository that a folder belongs to.
  ///
  /// @throws ChangeSourceException when there is none, git refuses it, or git is not installed
  static Git open(Path folder) {
    Path real;
    try {
      real = folder.toRealPath();
    } catch (IOException e) {
      throw new ChangeSourceException(Category.INPUT, folder + ": no such folder", e);
    }
    for (Path top = real; top != null; top = top.getParent()) {
      boolean checkedOut = Files.exists(top.resolve(".git"));
      if (checkedOut || isBare(top)) {
        return open(top, !checkedOut);
      }
    }
    throw notARepository(folder);
  }

  private static boolean isBare(Path folder) {
    return Files.isDirectory(folder.resolve("objects"))
        && Files.isDirectory(folder.resolve("refs"))
        && Files.exists(folder.resolve("HEAD"));
  }

  private static Git open(Path top, boolean bare) {
    Git git = new Git(top, bare, CONFIGURATION);
    Result found = git.run(MAX_ERROR_BYTES, "rev-parse", "--absolute-git-dir");
    if (!found.ok()) {
      throw new ChangeSourceException(
          Category.INPUT, top + ": git cannot open this repository: " + found.error);
    }
    // Over a broken .git folder git goes on to look in the folders above, which nobody asked for.
    Path inside = top.resolve(".git");
    if (Files.isDirectory(inside) && !isSame(inside, Path.of(found.text()))) {
      throw notARepository(top);
    }
    return new Git(top, bare, git.withoutFilters());
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      return false;
    }
  }

  private static ChangeSourceException notARepository(Path folder) {
    return new ChangeSourceException(
        Category.INPUT,
        folder + ": not a git repository; give a repository, a diff file or a pull request URL");
  }

  /// The configuration with the repository's own content filters (`filter.NAME.clean`) switched
  /// off: they are commands. Those of the user (Git LFS) stay.
  private Map<String, String> withoutFilters() {
    Result found =
        run(
            1 << 20,
            "config",
            "--show-scope",
            "--name-only",
            "-z",
            "--get-regexp",
            "^(core[.]hookspath|filter[.].*[.](clean|smudge|process|required))$");
    Map<String, String> settings = new LinkedHashMap<>(CONFIGURATION);
    boolean heard = false;
    // Written as: scope NUL key NUL.
    String[] parts = found.text().split("\0", -1);
    for (int i = 0; i + 1 < parts.length; i += 2) {
      String scope = parts[i];
      String key = parts[i + 1];
      if (key.startsWith("filter.") && (scope.equals("local") || scope.equals("worktree"))) {
        settings.put(key, key.endsWith(".required") ? "false" : "");
      }
      heard |= scope.equals("command") && key.equals("core.hookspath");
    }
    if (found.cut || settings.size() > CONFIGURATION.size() + MAX_FILTERS) {
      throw new ChangeSourceException(
          Category.INPUT, directory + ": the repository's configuration has too many filters");
    }
    if (!heard) {
      // Without these variables the repository's settings would hold, which may be commands.
      throw new ChangeSourceException(
          Category.INPUT,
          "this git is too old to read a repository safely; install git 2.31 or later");
    }
    return settings;
  }

  /// Top folder of the working tree, or the bare repository.
  Path directory() {
    return directory;
  }

  boolean bare() {
    return bare;
  }

  Result run(long maxBytes, String... arguments) {
    return run(Map.of(), maxBytes, List.of(arguments));
  }

  /// Runs git to its end.
  ///
  /// @param variables more environment variables
  /// @throws ChangeSourceException when git is missing or takes too long; not for its exit codes
  Result run(Map<String, String> variables, long maxBytes, List<String> arguments) {
    Process process = start(variables, arguments);
    AtomicBoolean late = new AtomicBoolean();
    Future<?> deadline = killLater(process, DEADLINE, late);
    CompletableFuture<String> error = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("git-stderr")
        .start(() -> error.complete(readError(process.getErrorStream())));
    try (InputStream out = process.getInputStream()) {
      process.getOutputStream().close();
      byte[] output = out.readNBytes((int) Math.min(maxBytes + 1, Integer.MAX_VALUE - 16));
      boolean cut = output.length > maxBytes;
      if (cut) {
        process.destroyForcibly();
      }
      int exit = process.waitFor();
      if (late.get()) {
        throw new ChangeSourceException(
            Category.OUTSIDE,
            "git " + arguments.getFirst() + " took longer than " + DEADLINE.toSeconds() + " s");
      }
      return new Result(exit, output, cut, error.join());
    } catch (IOException e) {
      throw new ChangeSourceException(
          Category.OUTSIDE, "git " + arguments.getFirst() + ": " + OneLine.of(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChangeSourceException(
          Category.OUTSIDE, "git " + arguments.getFirst() + " was interrupted", e);
    } finally {
      deadline.cancel(false);
      process.destroyForcibly();
    }
  }

  /// Ends a process that hangs; cancel the result when it did not.
  static Future<?> killLater(Process process, Duration after, AtomicBoolean killed) {
    return CompletableFuture.runAsync(
        () -> {
          killed.set(true);
          process.destroyForcibly();
        },
        CompletableFuture.delayedExecutor(after.toMillis(), TimeUnit.MILLISECONDS));
  }

  private static String readError(InputStream stream) {
    try (stream) {
      byte[] start = stream.readNBytes(MAX_ERROR_BYTES);
      stream.transferTo(OutputStream.nullOutputStream());
      return OneLine.of(new String(start, StandardCharsets.UTF_8));
    } catch (IOException e) {
      return "";
    }
  }

  Process start(Map<String, String> variables, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("git", "--no-pager"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    prepare(builder.environment());
    builder.environment().putAll(variables);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new ChangeSourceException(
          Category.INPUT,
          "git cannot be started; install git and put it on the PATH, or give a diff file",
          e);
    }
  }

  private void prepare(Map<String, String> environment) {
    // CI systems pass safe.directory this way; ours come behind theirs, and the last one wins.
    int count = inheritedSettings(environment);
    environment
        .keySet()
        .removeIf(name ->
            name.startsWith("GIT_")
                && !KEPT_VARIABLES.contains(name)
                && !name.startsWith("GIT_CONFIG_KEY_")
                && !name.startsWith("GIT_CONFIG_VALUE_"));
    for (Map.Entry<String, String> setting : configuration.entrySet()) {
      environment.put("GIT_CONFIG_KEY_" + count, setting.getKey());
      environment.put("GIT_CONFIG_VALUE_" + count, setting.getValue());
      count++;
    }
    environment.put("GIT_CONFIG_COUNT", Integer.toString(count));
    environment.put("GIT_ALLOW_PROTOCOL", "none");
    environment.put("GIT_NO_LAZY_FETCH", "1");
    environment.put("GIT_TERMINAL_PROMPT", "0");
    environment.put("GIT_OPTIONAL_LOCKS", "0");
    environment.put("GIT_NO_REPLACE_OBJECTS", "1");
    environment.put("GIT_LITERAL_PATHSPECS", "1");
    environment.put("LC_ALL", "C");
    environment.remove("LANGUAGE");
    if (!bare) {
      // Else core.worktree of the repository could name any folder of the machine.
      environment.put("GIT_WORK_TREE", directory.toString());
    }
  }

  private static int inheritedSettings(Map<String, String> environment) {
    try {
      return Math.max(0, Integer.parseInt(environment.getOrDefault("GIT_CONFIG_COUNT", "0")));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
