package dev.prguard.testkit;

import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.SpanStore;

class InMemorySpanStoreTest extends SpanStoreContract {
  @Override
  protected SpanStore open() {
    return new InMemorySpanStore();
  }
}
