package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.prguard.cli.GuardProcess.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./pr-guard`, the script itself, in a tree of its own whose build is the packaged command.
final class LauncherIT {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final Path BUILT = Path.of("target", "app", "pr-guard.jar").toAbsolutePath();
  private static final String JDK = System.getProperty("java.home");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private Path tree;
  private Path tools;
  private final Map<String, String> env = new TreeMap<>();

  /// A tree that was built, and a PATH with what the launcher needs and no Maven.
  @BeforeEach
  void builtTree() throws IOException {
    tree = Files.createDirectory(folder.resolve("tree"));
    Files.copy(
        REPOSITORY.resolve("pr-guard"),
        tree.resolve("pr-guard"),
        StandardCopyOption.COPY_ATTRIBUTES);
    Path app = Files.createDirectories(tree.resolve("cli/target/app"));
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, BUILT.toUri().toString());
    try (OutputStream jar = Files.newOutputStream(app.resolve("pr-guard.jar"))) {
      // It has nothing but the way to the real one, and to its libraries beside it.
      new JarOutputStream(jar, manifest).close();
    }
    Files.writeString(app.resolve("stamp"), "unknown " + JDK + "\n");
    tools = Files.createDirectory(folder.resolve("tools"));
    for (String tool :
        List.of("bash", "readlink", "find", "mkdir", "rmdir", "rm", "grep", "tail")) {
      Files.writeString(
          tools.resolve(tool), "#!" + onPath("bash") + "\nexec " + onPath(tool) + " \"$@\"\n");
      executable(tools.resolve(tool));
    }
    env.put("PATH", tools.toString());
    env.put("HOME", Files.createDirectory(folder.resolve("user")).toString());
    env.put("PR_GUARD_HOME", folder.resolve("data").toString());
    env.put("JAVA_HOME", JDK);
  }

  private static Path onPath(String tool) {
    for (String place : String.valueOf(System.getenv("PATH")).split(":", -1)) {
      if (Files.isExecutable(Path.of(place, tool))) {
        return Path.of(place, tool);
      }
    }
    throw new AssertionError("not on the PATH: " + tool);
  }

  @Test
  void run_startsWhatWasBuilt_fromAnyFolder_byAnyLink() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("user/bin"));
    Files.createSymbolicLink(bin.resolve("guard"), Path.of("../../tree/pr-guard"));
    Files.createSymbolicLink(folder.resolve("absolute"), bin.resolve("guard"));

    for (Path launcher : List.of(tree.resolve("pr-guard"), folder.resolve("absolute"))) {
      Result result = run(launcher.toString(), "--version");
      assertThat(result.exitCode()).as(result.err()).isZero();
      assertThat(result.out()).isEqualTo("pr-guard " + Version.read() + "\n");
      assertThat(result.err()).isEmpty();
    }
  }

  @Test
  void arguments_andExitCode_pass() throws Exception {
    Result result = run(tree.resolve("pr-guard").toString(), "review", "no such *", "");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).startsWith("pr-guard: ").hasLineCount(1);

    Result spaces = run(tree.resolve("pr-guard").toString(), "review", "no such *");
    assertThat(spaces.exitCode()).isEqualTo(2);
    assertThat(spaces.err()).contains("no such *: no such file or folder");
  }

  @Test
  void brokenStartUpCache_isIgnoredInSilence() throws Exception {
    Files.writeString(tree.resolve("cli/target/app/pr-guard.aot"), "of another JDK\n");
    Path diff = Files.writeString(folder.resolve("small.diff"), ReviewIT.SMALL_DIFF);

    Result result =
        run(tree.resolve("pr-guard").toString(), "review", diff.toString(), "--llm", "none", "-q");

    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.out()).startsWith("REVIEWED").contains("app.py");
    assertThat(result.err()).isEmpty();
  }

  /// The JVM's own files would take the free numbers, and closing those as System.in crashed it.
  @Test
  void closedStandardStreams_doNotReachTheJvm() throws Exception {
    Path diff = Files.writeString(folder.resolve("small.diff"), ReviewIT.SMALL_DIFF);
    String launcher = tree.resolve("pr-guard").toString();

    Result noInput = run(onPath("bash").toString(), "-c", "exec \"$0\" review - <&-", launcher);
    assertThat(noInput.exitCode()).as(noInput.err()).isZero();
    assertThat(noInput.err()).isEqualTo("pr-guard: nothing to review: the change is empty\n");

    String review = "exec \"$0\" review \"$1\" --fail-on none";
    Result noOutput =
        run(onPath("bash").toString(), "-c", review + " >&-", launcher, diff.toString());
    assertThat(noOutput.exitCode()).isEqualTo(2);
    assertThat(noOutput.err()).contains("standard output cannot be written").hasLineCount(1);

    Result noErrors =
        run(onPath("bash").toString(), "-c", review + " 2>&-", launcher, diff.toString());
    assertThat(noErrors.exitCode()).isZero();
    assertThat(noErrors.out()).startsWith("REVIEWED").contains("app.py");
  }

  /// A signal to the launcher must reach the JVM, which flushes the trace before it ends.
  @Test
  void launcher_becomesTheJvm() throws Exception {
    Process process = start(List.of(tree.resolve("pr-guard").toString(), "review", "-"));
    try {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (!isJava(process) && process.isAlive() && System.nanoTime() < end) {
        Thread.sleep(20);
      }
      assertThat(process.isAlive()).as("waits for its input").isTrue();
      assertThat(isJava(process)).isTrue();
      assertThat(process.children()).isEmpty();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static boolean isJava(Process process) {
    return process.info().command().filter(command -> command.endsWith("/bin/java")).isPresent();
  }

  @Test
  void printJdk_givesAJdk25_notAnOlderOneOrAJre() throws Exception {
    String launcher = tree.resolve("pr-guard").toString();
    assertThat(run(launcher, "--print-jdk").out()).isEqualTo(JDK + "\n");

    env.put("JAVA_HOME", jdk("old", "17.0.19", true));
    assertThat(version(run(launcher, "--print-jdk"))).isGreaterThanOrEqualTo(25);
    env.put("JAVA_HOME", jdk("jre", "25.0.1", false));
    assertThat(run(launcher, "--print-jdk").out()).doesNotContain(env.get("JAVA_HOME"));
    env.put("JAVA_HOME", jdk("with space", "26", true));
    assertThat(run(launcher, "--print-jdk").out()).isEqualTo(env.get("JAVA_HOME") + "\n");
  }

  /// What a JDK's folder looks like to somebody who does not start it.
  private String jdk(String name, String version, boolean compiler) throws IOException {
    Path home = folder.resolve("jdks").resolve(name);
    Path bin = Files.createDirectories(home.resolve("bin"));
    for (String program : compiler ? List.of("java", "javac") : List.of("java")) {
      script(bin.resolve(program), "exit 99");
    }
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
    return home.toString();
  }

  private static int version(Result printed) throws IOException {
    assertThat(printed.exitCode()).as(printed.err()).isZero();
    return Files.readAllLines(Path.of(printed.out().strip(), "release")).stream()
        .filter(line -> line.startsWith("JAVA_VERSION="))
        .map(line -> line.replaceFirst("^JAVA_VERSION=\"([0-9]+).*$", "$1"))
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElseThrow();
  }

  /// The usual folders are hidden in a mount namespace; a system that gives none cannot be asked.
  @Test
  void noJdk25_isSaidInOneLine() throws Exception {
    String hide =
        "for d in /usr/lib/jvm /opt; do [ ! -d $d ] || mount -t tmpfs none $d || exit 9; done";
    List<String> namespace =
        List.of("unshare", "--user", "--map-root-user", "--mount", "bash", "-c");
    env.put("PATH", String.valueOf(System.getenv("PATH")));
    List<String> probe = new ArrayList<>(namespace);
    probe.add(hide + "; [ ! -e '" + JDK + "' ]");
    assumeThat(canRun(probe)).as("mount namespaces, and a JDK in a usual folder").isTrue();

    env.put("JAVA_HOME", jdk("old", "17.0.19", true));
    List<String> words = new ArrayList<>(namespace);
    words.addAll(List.of(hide + "; exec \"$0\" \"$@\"", tree.resolve("pr-guard").toString()));
    words.add("--version");
    Result result = run(words.toArray(String[]::new));
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).hasLineCount(1).contains("no JDK 25 found", "install", "JAVA_HOME");
  }

  private boolean canRun(List<String> words) throws InterruptedException {
    try {
      return start(words).waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void notBuilt_withoutMaven_saysWhatToInstall() throws Exception {
    Files.delete(tree.resolve("cli/target/app/stamp"));
    Result result = run(tree.resolve("pr-guard").toString(), "--version");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err()).hasLineCount(1).contains("mvn not found: install Apache Maven");
  }

  @Test
  void failedBuild_saysWhy_andTheNextRunTriesAgain() throws Exception {
    // Its build is of another commit, or of none: the launcher starts Maven, which fails.
    Files.writeString(tree.resolve("cli/target/app/stamp"), "another\n");
    script(tools.resolve("mvn"), "echo '[INFO] building'; echo '[ERROR] no space left'; exit 1");
    for (int i = 0; i < 2; i++) {
      Result result = run(tree.resolve("pr-guard").toString(), "--version");
      assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
      assertThat(result.out()).isEmpty();
      assertThat(result.err())
          .contains(
              "building on first use", "no space left", "the build failed; the whole log is in")
          .doesNotContain("another build is running", "[INFO]");
    }
    assertThat(tree.resolve("cli/target/app/stamp")).doesNotExist();
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/usr/bin/env bash\n" + text + "\n");
    executable(file);
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Result run(String... words) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder = builder(List.of(words));
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().close();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("hangs: " + String.join(" ", words));
    }
    return new Result(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private Process start(List<String> words) throws IOException {
    return builder(words)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private ProcessBuilder builder(List<String> words) {
    ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(env);
    return builder;
  }
}
