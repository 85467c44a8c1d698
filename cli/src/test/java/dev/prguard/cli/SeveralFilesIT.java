package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prguard.cli.GuardProcess.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A value that goes from one file of a range of commits into another: the real command, a real
/// repository.
final class SeveralFilesIT {

  private static final String SHELL =
      """
      import subprocess


      def archive(name):
          subprocess.call("tar cf out.tar " + name, shell=True)
      """;

  private static final String VIEW =
      """
      from flask import request

      from app.shell import archive


      def export():
          archive(request.args["name"])
      """;

  @TempDir Path folder;

  private List<String> review(Path repository) throws Exception {
    Result result =
        new GuardProcess(folder.resolve("home"))
            .in(folder)
            .run(
                "review",
                repository.toString(),
                "--base",
                "HEAD~2",
                "--head",
                "HEAD",
                "--fail-on",
                "none",
                "--json",
                "-");
    assertThat(result.exitCode()).as(result.err()).isZero();
    JsonNode findings = new ObjectMapper().readTree(result.out()).path("findings");
    return StreamSupport.stream(findings.spliterator(), false)
        .map(finding ->
            finding.path("path").asText()
                + ":"
                + finding.path("line").asInt()
                + " "
                + finding.path("message").asText())
        .toList();
  }

  @Test
  void valueIntoAnotherFileOfTheRange_isReportedWithItsWay() throws Exception {
    Path repository = GitFixture.repository(folder.resolve("repo"), "app/shell.py", SHELL);
    GitFixture.commit(repository, "app/shell.py", SHELL + "\n\nFORMAT = \"tar\"\n");
    GitFixture.commit(repository, "app/views.py", VIEW);

    assertThat(review(repository))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("app/views.py:7 ")
        .endsWith(
            "The value comes from flask.request.args, over app/views.py:7 -> app/shell.py:4 ->"
                + " app/shell.py:5.");
  }

  @Test
  void valueThatTheOtherFileOfTheRangeCleans_isNotReported() throws Exception {
    String safe =
        SHELL.replace("+ name", "+ shlex.quote(name)").replace("import", "import shlex\nimport");
    Path repository = GitFixture.repository(folder.resolve("repo"), "app/shell.py", safe);
    GitFixture.commit(repository, "app/shell.py", safe + "\n\nFORMAT = \"tar\"\n");
    GitFixture.commit(repository, "app/views.py", VIEW);

    assertThat(review(repository)).isEmpty();
  }
}
