package dev.prguard.testkit;

import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanSource;
import java.util.List;

class InMemorySpanSourceTest extends SpanSourceContract {
  @Override
  protected SpanSource source(List<SpanRecord> spans) {
    InMemorySpanStore store = new InMemorySpanStore();
    store.append(spans);
    return store;
  }

  @Override
  protected boolean givesUp() {
    return false;
  }
}
