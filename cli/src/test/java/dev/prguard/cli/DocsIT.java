package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.prguard.cli.GuardProcess.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import picocli.CommandLine;

/// What README and docs say of the command and of the build is so.
final class DocsIT {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern FENCE = Pattern.compile("(?ms)^ *```(\\w*)\\n(.*?)^ *```$");
  private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");

  @TempDir Path folder;

  private static List<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.list(REPOSITORY.resolve("docs"))) {
      return Stream.concat(
              Stream.of(REPOSITORY.resolve("README.md")),
              docs.filter(file -> file.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  /// Commands of the blocks that are for the shell, without their comments.
  static Stream<String> blocks() throws IOException {
    List<String> commands = new ArrayList<>();
    for (Path document : documents()) {
      FENCE
          .matcher(Files.readString(document))
          .results()
          .filter(block -> List.of("sh", "console").contains(block.group(1)))
          .flatMap(block -> block.group(2).lines())
          .map(line -> line.strip().replaceFirst("^\\$ ", "").replaceFirst("\\s+#.*$", ""))
          .filter(line -> line.startsWith("./pr-guard"))
          .forEach(commands::add);
    }
    assertThat(commands).as("commands in README.md and docs").hasSizeGreaterThan(3);
    return commands.stream();
  }

  private static List<String> inline() throws IOException {
    List<String> spans = new ArrayList<>();
    for (Path document : documents()) {
      String prose = FENCE.matcher(Files.readString(document)).replaceAll("");
      // A pipe in a table is escaped.
      CODE.matcher(prose.replace("\\|", "|"))
          .results()
          .map((MatchResult code) -> code.group(1))
          .forEach(spans::add);
    }
    return spans;
  }

  private static final Pattern WORD = Pattern.compile("'([^']*)'|[^ ]+");

  private static List<String> words(String command) {
    // What stands in single quotes is one word, as for a shell.
    return WORD.matcher(command)
        .results()
        .map(word -> word.group(1) == null ? word.group() : word.group(1))
        .skip(1)
        .toList();
  }

  /// In a repository, with keys, a Grafana and without a network: only `review` with a model would
  /// need one, and says with `--dry-run` what it would send.
  @ParameterizedTest
  @MethodSource("blocks")
  void commandOfABlock_runs(String command) throws Exception {
    Path repository = GitFixture.repository(folder.resolve("repo"), "app.py", "import os\n");
    Path examples = Files.createDirectory(repository.resolve("examples"));
    try (Stream<Path> files = Files.list(REPOSITORY.resolve("examples"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, examples.resolve(file.getFileName()));
      }
    }
    GitFixture.git(repository, "checkout", "-q", "-b", "feature");
    GitFixture.commit(repository, "app.py", "import os\nos.system(\"rm \" + name)\n");

    List<String> words = new ArrayList<>(words(command));
    GuardProcess guard = new GuardProcess(folder.resolve("home")).in(repository);
    if (words.contains("review") && (words.contains("--llm") || words.contains("--dry-run"))) {
      guard.env("OPENAI_API_KEY", "sk-canary").env("ANTHROPIC_API_KEY", "sk-canary");
      words.add("--dry-run");
      words = words.stream().distinct().toList();
    }
    if (words.getFirst().equals("serve")) {
      serves(guard, words);
      return;
    }
    Result result;
    try (FakeGrafana grafana = new FakeGrafana()) {
      guard.env("GRAFANA_URL", grafana.uri().toString()).env("GRAFANA_TOKEN", FakeGrafana.TOKEN);
      result = guard.run(words.toArray(String[]::new));
    }

    assertThat(result.err()).doesNotContain("\tat ", "internal error");
    assertThat(result.exitCode()).as(result.err()).isIn(0, 1);
    assertThat(result.out())
        .contains(
            words.contains("review") && words.contains("--dry-run") ? "nothing was sent" : "\n");
  }

  /// On free ports, until it is told to stop.
  private static void serves(GuardProcess guard, List<String> words) throws Exception {
    List<String> free = new ArrayList<>(words);
    for (String option : List.of("--port", "--otlp-grpc", "--otlp-http")) {
      int at = free.indexOf(option);
      if (at >= 0) {
        free.subList(at, at + 2).clear();
      }
      free.addAll(List.of(option, "0"));
    }
    Process process = guard.start(free.toArray(String[]::new));
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).contains("web page and Tempo API  http://127.0.0.1:");
      process.destroy();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void commandsInTheText_areOnesThatTheCommandKnows() throws IOException {
    List<String> commands =
        inline().stream()
            .filter(code -> code.matches("(.*\\| )?\\./pr-guard .*"))
            .map(code -> code.substring(code.indexOf("./pr-guard")))
            .toList();
    assertThat(commands).hasSizeGreaterThan(3);
    for (String command : commands) {
      assertThatCode(() -> parser().parseArgs(words(command).toArray(String[]::new)))
          .as(command)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void optionsInTheText_areThere() throws IOException {
    Set<String> known = new TreeSet<>();
    known.addAll(parser().getCommandSpec().optionsMap().keySet());
    for (CommandLine command : parser().getSubcommands().values()) {
      known.addAll(command.getCommandSpec().optionsMap().keySet());
      command
          .getSubcommands()
          .values()
          .forEach(below -> known.addAll(below.getCommandSpec().optionsMap().keySet()));
    }
    List<String> told =
        inline().stream()
            .filter(code -> code.startsWith("--"))
            .map(code -> code.replaceFirst("[ =].*$", ""))
            .distinct()
            .toList();
    assertThat(told).hasSizeGreaterThan(5);
    assertThat(known).containsAll(told);
  }

  private static CommandLine parser() {
    return CommandLines.parser(List.of());
  }

  @Test
  void dependencies_areThoseOfThePoms() throws Exception {
    Set<String> told = new TreeSet<>();
    for (String line : Files.readAllLines(REPOSITORY.resolve("docs/dependencies.md"))) {
      if (line.startsWith("| `")) {
        String cell = line.substring(2, line.indexOf(" |", 2));
        CODE.matcher(cell).results().map(code -> code.group(1)).forEach(told::add);
      }
    }
    // The plugins of Maven itself need no group, there as here.
    Set<String> used = new TreeSet<>();
    for (Path pom : poms()) {
      NodeList artifacts =
          DocumentBuilderFactory.newNSInstance()
              .newDocumentBuilder()
              .parse(pom.toFile())
              .getElementsByTagNameNS("*", "artifactId");
      for (int i = 0; i < artifacts.getLength(); i++) {
        Element artifact = (Element) artifacts.item(i);
        if (!(artifact.getParentNode() instanceof Element user)
            || !List.of("dependency", "plugin", "path").contains(user.getLocalName())) {
          continue;
        }
        String group = group(user);
        if (!group.equals("dev.prguard")) {
          used.add((group.isEmpty() ? "" : group + ":") + artifact.getTextContent().strip());
        }
      }
    }
    assertThat(told).as("docs/dependencies.md, in both directions").isEqualTo(used);
  }

  private static List<Path> poms() throws IOException {
    try (Stream<Path> modules = Files.list(REPOSITORY)) {
      return Stream.concat(Stream.of(REPOSITORY), modules.filter(Files::isDirectory))
          .map(module -> module.resolve("pom.xml"))
          .filter(Files::isRegularFile)
          .toList();
    }
  }

  private static String group(Element user) {
    NodeList groups = user.getElementsByTagNameNS("*", "groupId");
    for (int i = 0; i < groups.getLength(); i++) {
      if (user.isSameNode(groups.item(i).getParentNode())) {
        return groups.item(i).getTextContent().strip().replace("${project.groupId}", "dev.prguard");
      }
    }
    return "";
  }
}
