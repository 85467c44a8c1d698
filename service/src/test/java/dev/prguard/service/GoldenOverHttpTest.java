package dev.prguard.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.store.TempoClient;
import dev.prguard.testkit.GoldenCorpus;
import dev.prguard.testkit.GoldenJudge;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The golden corpus as a client meets it: spans posted as OTLP, queries asked over HTTP.
class GoldenOverHttpTest {
  /// The engine's own list of what it answers otherwise than Tempo, and why.
  private static final Path DIFFERENCES =
      Path.of("..", "traceql/src/test/resources/dev/prguard/traceql/engine/differences.tsv");

  @Test
  void corpus_overHttp_isAnsweredAsTempoDoesButForTheKnownDifferences(@TempDir Path folder)
      throws Exception {
    try (RunningServer server = RunningServer.start(folder)) {
      InputStream spans =
          GoldenCorpus.class.getResourceAsStream("tempo-golden/spans.otlp.jsonl.gz");
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  new GZIPInputStream(Objects.requireNonNull(spans)), StandardCharsets.UTF_8))) {
        for (String line : lines.lines().toList()) {
          assertThat(server.postJson(line).statusCode()).isEqualTo(200);
        }
      }
      TreeMap<String, Object> differing = new TreeMap<>();
      try (TempoClient queries = server.queries()) {
        for (GoldenCorpus.Query query : GoldenCorpus.queries()) {
          var notes = GoldenJudge.differences(query, queries);
          if (!notes.isEmpty()) {
            differing.put(query.id(), notes);
          }
        }
      }
      Set<String> known =
          Files.readAllLines(DIFFERENCES).stream()
              .map(line -> line.split("\t", 2)[0])
              .collect(Collectors.toSet());
      assertThat(differing.keySet()).as(differing.toString()).isEqualTo(known);
    }
  }
}
