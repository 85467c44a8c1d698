package dev.prguard.insight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.insight.alert.Budgets;
import dev.prguard.insight.grafana.GrafanaFiles;
import dev.prguard.insight.query.QueryDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Files made from the definitions are the ones in the repository. After a change of a definition:
/// `mvn -pl insight -am test -Dtest=CommittedFilesTest -Dsurefire.failIfNoSpecifiedTests=false
/// -Dregenerate=true`
class CommittedFilesTest {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final String HOW =
      "differs from the code; make it anew: mvn -pl insight -am test -Dtest=CommittedFilesTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dregenerate=true";

  @Test
  void grafanaFolder_isWhatTheCommandExports() throws IOException {
    SortedMap<String, String> made = GrafanaFiles.all(Budgets.DEFAULT);
    Path folder = REPOSITORY.resolve("grafana");
    if (Boolean.getBoolean("regenerate")) {
      write(folder, made);
    }
    assertThat(read(folder)).as("grafana/ " + HOW).isEqualTo(made);
  }

  @Test
  void queryDocument_isWhatTheQueriesSay() throws IOException {
    Path file = REPOSITORY.resolve("docs/traceql-queries.md");
    if (Boolean.getBoolean("regenerate")) {
      Files.writeString(file, QueryDocument.markdown());
    }
    assertThat(Files.readString(file))
        .as("docs/traceql-queries.md " + HOW)
        .isEqualTo(QueryDocument.markdown());
  }

  private static void write(Path folder, Map<String, String> files) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
  }

  private static SortedMap<String, String> read(Path folder) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(path).toString().replace('\\', '/'), Files.readString(path));
      }
    }
    return files;
  }
}
