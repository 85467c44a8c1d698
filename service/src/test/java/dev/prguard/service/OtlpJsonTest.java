package dev.prguard.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.testkit.Spans;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpJsonWriter;
import dev.prguard.trace.otlp.OtlpSpans;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OtlpJsonTest {
  /// What `pr-guard store export` writes is what OTLP/HTTP takes.
  @Test
  void written_isReadBackEqual() throws Exception {
    List<SpanRecord> spans = new Spans(20_261_126).next(10, 200);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OtlpJsonWriter writer = new OtlpJsonWriter(out)) {
      for (SpanRecord span : spans) {
        writer.write(List.of(span));
      }
    }
    List<SpanRecord> read = new ArrayList<>();
    for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
      read.addAll(
          OtlpSpans.fromTracesData(OtlpJson.read(line.getBytes(StandardCharsets.UTF_8))).spans());
    }
    assertThat(read).isEqualTo(spans);
  }
}
