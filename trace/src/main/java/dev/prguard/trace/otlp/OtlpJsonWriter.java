package dev.prguard.trace.otlp;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.prguard.trace.SpanRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;

/// Spans as OTLP/JSON, one `TracesData` a line, as the OpenTelemetry Collector's file exporter
/// writes them and its `otlpjsonfile` receiver reads them.
public final class OtlpJsonWriter implements AutoCloseable {
  private final JsonGenerator json;

  public OtlpJsonWriter(OutputStream out) throws IOException {
    json = TracesJson.FACTORY.createGenerator(out);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.setRootValueSeparator(null);
  }

  /// Writes one line.
  public void write(Collection<SpanRecord> spans) throws IOException {
    TracesJson.write(OtlpSpans.toTracesData(spans), "resourceSpans", TracesJson.Dialect.OTLP, json);
    json.writeRaw('\n');
  }

  /// Leaves the stream open.
  @Override
  public void close() throws IOException {
    json.close();
  }
}
