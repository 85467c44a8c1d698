package dev.prguard.store;

import dev.prguard.store.TraceTable.TraceRows;
import dev.prguard.store.column.ColumnAggregate;
import dev.prguard.store.column.PartialSums;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.AggregateRow;
import dev.prguard.trace.query.QueryTimeoutException;
import dev.prguard.trace.query.SpanAggregate;
import dev.prguard.trace.query.SpanFetch;
import dev.prguard.trace.query.SpanFetch.Grouping;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanWindow;
import dev.prguard.trace.query.TraceSpans;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The store at one moment: blocks that are whole, and the traces that are in memory. Answers what
/// a query asks.
///
/// @param blocks without those that are damaged
record StoredSpans(BlockReader reader, List<Block> blocks, LooseSpans loose) {
  /// How many traces are made spans of at a time: a search often stops early.
  private static final int FIRST_PAGE = 8;

  private static final int LAST_PAGE = 4_096;

  void fetch(SpanFetch fetch, Predicate<TraceSpans> visitor) {
    switch (fetch.grouping()) {
      case SPANS -> spansAlone(fetch, visitor);
      case WHOLE_TRACES -> wholeTraces(fetch, visitor);
    }
  }

  private void spansAlone(SpanFetch fetch, Predicate<TraceSpans> visitor) {
    List<TraceTable> tables = new ArrayList<>();
    tables.add(new TraceTable.OfMemory(loose));
    for (Block block : blocks) {
      if (overlaps(block, fetch.window())) {
        tables.add(table(block, fetch.deadline()));
      }
    }
    for (TraceTable table : tables) {
      Cursor cursor = new Cursor(table, fetch);
      while (cursor.hasNext()) {
        if (!visitor.test(cursor.next())) {
          return;
        }
      }
    }
  }

  /// The newest trace first. A block is looked at only when a trace of it may be the next one.
  private void wholeTraces(SpanFetch fetch, Predicate<TraceSpans> visitor) {
    PriorityQueue<Source> sources =
        new PriorityQueue<>(Comparator.comparingLong(Source::start).reversed());
    Cursor inMemory = new Cursor(new TraceTable.OfMemory(loose), fetch);
    if (inMemory.hasNext()) {
      sources.add(new Source(inMemory.start(), inMemory, null));
    }
    for (Block block : blocks) {
      if (overlaps(block, fetch.window())) {
        sources.add(new Source(block.maxStart(), null, block));
      }
    }
    while (!sources.isEmpty()) {
      Source source = sources.remove();
      Cursor cursor = source.cursor();
      if (cursor != null) {
        if (!visitor.test(cursor.next())) {
          return;
        }
      } else if (source.block() != null) {
        cursor = new Cursor(table(source.block(), fetch.deadline()), fetch);
      }
      if (cursor != null && cursor.hasNext()) {
        sources.add(new Source(cursor.start(), cursor, null));
      }
    }
  }

  /// Where the next trace comes from.
  ///
  /// @param start of that trace, or of none in the block is it later
  /// @param cursor null for a block that was not looked at yet
  private record Source(long start, @Nullable Cursor cursor, @Nullable Block block) {}

  /// The traces of one table that a fetch wants, the newest first.
  private static final class Cursor {
    private final TraceTable table;
    private final SpanFetch fetch;
    private final BitSet rows;

    /// Null where those of the rows are all that are wanted: then they are found on the way.
    private final @Nullable BitSet traces;

    /// The next trace; negative at the end.
    private int trace;

    private List<TraceSpans> page = List.of();
    private int inPage;
    private int pageSize = FIRST_PAGE;

    Cursor(TraceTable table, SpanFetch fetch) {
      this.table = table;
      this.fetch = fetch;
      this.rows = table.candidates(fetch);
      this.traces =
          fetch.grouping() == Grouping.WHOLE_TRACES && !fetch.companions().isEmpty()
              ? withCompanions()
              : null;
      this.trace = rows.isEmpty() ? -1 : before(table.traces());
    }

    private BitSet withCompanions() {
      BitSet wanted = table.traces(rows);
      for (SpanPredicate companion : fetch.companions()) {
        if (!wanted.isEmpty()) {
          wanted.and(table.traces(table.rows(companion)));
        }
      }
      return wanted;
    }

    /// The trace before one, by number; negative for none.
    private int before(int of) {
      if (traces != null) {
        return of == 0 ? -1 : traces.previousSetBit(of - 1);
      }
      int row = of == 0 ? -1 : rows.previousSetBit(table.first(of) - 1);
      return row < 0 ? -1 : table.traceOf(row, 0, table.traces());
    }

    boolean hasNext() {
      return trace >= 0;
    }

    long start() {
      return table.start(trace);
    }

    TraceSpans next() {
      if (inPage == page.size()) {
        requireTime(fetch.deadline());
        List<TraceRows> wanted = new ArrayList<>();
        int next = trace;
        while (next >= 0 && wanted.size() < pageSize) {
          wanted.add(new TraceRows(next, rowsOf(next)));
          next = before(next);
        }
        page = table.spans(wanted, fetch);
        inPage = 0;
        pageSize = Math.min(LAST_PAGE, 4 * pageSize);
      }
      trace = before(trace);
      return page.get(inPage++);
    }

    private int[] rowsOf(int of) {
      int from = table.first(of);
      int to = table.first(of + 1);
      return fetch.grouping() == Grouping.WHOLE_TRACES
          ? IntStream.range(from, to).toArray()
          : IntStream.range(from, to).filter(rows::get).toArray();
    }
  }

  private static void requireTime(Instant deadline) {
    if (Instant.now().isAfter(deadline)) {
      throw new QueryTimeoutException("the query took too long: narrow its range");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new QueryTimeoutException("the query was cancelled");
    }
  }

  private static boolean overlaps(Block block, SpanWindow window) {
    return switch (window) {
      case SpanWindow.Starts(long from, long to) ->
          block.maxStart() > from && block.minStart() <= to;
      case SpanWindow.Overlaps(long from, long to) ->
          block.maxEnd() >= from && block.minStart() <= to;
    };
  }

  private TraceTable table(Block block, Instant deadline) {
    requireTime(deadline);
    return new TraceTable.OfBlock(reader, block, rowsOfLoose(block, deadline), deadline);
  }

  Optional<List<AggregateRow>> aggregate(SpanAggregate aggregate) {
    if (!ColumnAggregate.canAnswer(aggregate)) {
      return Optional.empty();
    }
    ColumnAggregate sums = new ColumnAggregate(aggregate);
    if (!sums.add(loose.columns(), null)) {
      return Optional.empty();
    }
    List<Block> byTime =
        blocks.stream()
            .filter(block -> overlaps(block, aggregate.window()))
            .sorted(Comparator.comparingLong(Block::minStart))
            .toList();
    for (int i = 0; i < byTime.size(); i++) {
      Block block = byTime.get(i);
      requireTime(aggregate.deadline());
      sums.settle(block.minStart());
      BitSet without = rowsOfLoose(block, aggregate.deadline());
      if (without == null && addKnown(sums, block, aggregate)) {
        continue;
      }
      if (i + 1 < byTime.size()) {
        readAhead(byTime.get(i + 1), aggregate);
      }
      if (!sums.add(new BlockColumns(reader, block, aggregate.deadline()), without)) {
        return Optional.empty();
      }
    }
    return Optional.of(sums.rows());
  }

  private @Nullable BitSet rowsOfLoose(Block block, Instant deadline) {
    try {
      return loose.rowsOf(block, reader, deadline);
    } catch (SQLException e) {
      throw new BlockUnreadableException(block, e);
    }
  }

  /// Adds what a block is known to come to.
  private boolean addKnown(ColumnAggregate sums, Block block, SpanAggregate aggregate) {
    BlockSums question = BlockSums.of(aggregate, block);
    if (question == null) {
      return false;
    }
    try {
      PartialSums known = reader.sums(block, question, aggregate);
      if (known != null) {
        sums.add(known, question.firstInterval(aggregate, block));
      }
      return known != null;
    } catch (SQLException e) {
      throw new BlockUnreadableException(block, e);
    }
  }

  /// Lets columns that are not in memory be read while those of another block are: DuckDB reads one
  /// at a time on one core.
  private void readAhead(Block block, SpanAggregate aggregate) {
    if (reader.hasRead(block, Block.START)) {
      return;
    }
    Thread _ =
        Thread.startVirtualThread(() -> {
          try {
            ColumnAggregate.read(aggregate, new BlockColumns(reader, block, aggregate.deadline()));
          } catch (RuntimeException _) {
            // Who needs the block meets it again.
          }
        });
  }

  Set<SpanField.Attribute> attributes(SpanFetch fetch) {
    Set<SpanField.Attribute> attributes = new HashSet<>();
    for (int trace = 0; trace < loose.traces().size(); trace++) {
      for (SpanRecord span : loose.traces().get(trace)) {
        if (isIn(fetch.window(), span, loose.starts()[trace], loose.ends()[trace])) {
          attributes.addAll(SpanField.Attribute.of(span));
        }
      }
    }
    for (Block block : blocks) {
      if (overlaps(block, fetch.window())) {
        requireTime(fetch.deadline());
        attributes.addAll(ofBlock(block, fetch));
      }
    }
    return attributes;
  }

  private static boolean isIn(SpanWindow window, SpanRecord span, long start, long end) {
    return switch (window) {
      case SpanWindow.Starts(long from, long to) ->
          span.startNanos() > from && span.startNanos() <= to;
      case SpanWindow.Overlaps(long from, long to) -> start <= to && end >= from;
    };
  }

  /// Of a block that reaches out of the window all that it has, of events, links and the rest: only
  /// columns are asked.
  private Set<SpanField.Attribute> ofBlock(Block block, SpanFetch fetch) {
    try {
      return reader.attributes(block, fetch.window(), fetch.deadline());
    } catch (SQLException e) {
      throw new BlockUnreadableException(block, e);
    }
  }
}
