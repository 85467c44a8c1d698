package dev.prguard.telemetry;

import dev.prguard.trace.SpanRecord;
import java.util.ArrayList;
import java.util.List;

/// Spans that are sent together.
record Batch(List<Item> items) {

  /// @param stored whether the local store has it on disk
  record Item(SpanRecord span, boolean stored) {}

  Batch {
    items = List.copyOf(items);
  }

  int size() {
    return items.size();
  }

  /// How many only this process has.
  long exposed() {
    return items.stream().filter(item -> !item.stored()).count();
  }

  List<SpanRecord> spans() {
    List<SpanRecord> spans = new ArrayList<>(items.size());
    items.forEach(item -> spans.add(item.span()));
    return spans;
  }

  Batch part(int from, int to) {
    return new Batch(items.subList(from, to));
  }
}
