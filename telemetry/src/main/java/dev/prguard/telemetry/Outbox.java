package dev.prguard.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.trace.LogSlice;
import dev.prguard.trace.SpanStore;
import dev.prguard.trace.otlp.OtlpSpans;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One log and how far it has been sent. Used by the delivery thread.
///
/// @param origin whose spans these are, for the count
record Outbox(SpanStore store, Cursor cursor, Origin origin) {
  private static final int BATCH_BYTES = 2 << 20;
  private static final int BATCH_ENTRIES = 512;

  enum Origin {
    /// Of this run, and in the store.
    RECORDED,
    /// Of this run, and only in memory.
    EXPOSED,
    /// Of an earlier run, which ended before they were acknowledged.
    EARLIER
  }

  /// What is to be sent next, null where nothing is.
  ///
  /// @throws IOException when the log cannot be read further
  @Nullable Batch next() throws IOException {
    return next(cursor.offset());
  }

  private @Nullable Batch next(long from) throws IOException {
    LogSlice slice = store.read(cursor.log(), from, BATCH_BYTES);
    if (slice.entries().isEmpty()) {
      if (slice.problem() != null) {
        throw new IOException(slice.problem());
      }
      return null;
    }
    int size = Math.min(BATCH_ENTRIES, slice.entries().size());
    return Batch.of(this, from, slice.entries().subList(0, size));
  }

  /// Like [#next], at the cursor or after it; null also where the log cannot be read further.
  @Nullable Batch readable(long from) {
    try {
      return next(from);
    } catch (IOException e) {
      return null; // said when the cursor gets there
    }
  }

  /// What stands where the next entry would begin and is no whole one; null where nothing does.
  @Nullable String tail() {
    return store.read(cursor.log(), cursor.offset(), BATCH_BYTES).tail();
  }

  /// What it holds that is not settled.
  Owed owed() {
    return owed(store, cursor.log(), cursor.offset());
  }

  /// @param spans how many
  /// @param bytes of their OTLP
  /// @param end the offset after the last of them that can be read
  /// @param damage why what follows cannot be read, one line; null where nothing does
  record Owed(long spans, long bytes, long end, @Nullable String damage) {}

  /// What a log holds from an offset on, as far as it can be read.
  static Owed owed(SpanStore store, String log, long from) {
    long spans = 0;
    long bytes = 0;
    long offset = from;
    while (true) {
      LogSlice slice = store.read(log, offset, BATCH_BYTES);
      if (slice.entries().isEmpty()) {
        String damage = slice.problem() == null ? slice.tail() : slice.problem();
        return new Owed(spans, bytes, offset, damage);
      }
      for (LogSlice.Entry entry : slice.entries()) {
        try {
          spans += OtlpSpans.count(TracesData.parseFrom(entry.tracesData()));
        } catch (InvalidProtocolBufferException e) {
          return new Owed(spans, bytes, offset, "not OTLP");
        }
        bytes += entry.tracesData().length;
        offset = entry.end();
      }
    }
  }
}
