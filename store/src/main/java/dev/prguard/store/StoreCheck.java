package dev.prguard.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.trace.otlp.OtlpSpans;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What a look at every byte of a store found.
///
/// @param spans that can be read, those that are there twice counted twice
/// @param blocks looked at
/// @param segments looked at
/// @param problems what cannot be read, a line each
/// @param tornTails segments whose last frame is incomplete: its writer was killed, or is at it
public record StoreCheck(
    long spans, int blocks, int segments, List<String> problems, List<String> tornTails) {
  public StoreCheck {
    problems = List.copyOf(problems);
    tornTails = List.copyOf(tornTails);
  }

  static StoreCheck of(DataFolder folder, BlockReader reader) throws IOException {
    List<String> problems = new ArrayList<>();
    List<String> tornTails = new ArrayList<>();
    long[] spans = new long[1];
    Manifest manifest = Manifest.read(folder.manifest());
    for (Block block : manifest.blocks()) {
      Path file = folder.blocks().resolve(block.file());
      String damage = reader.damage(block);
      if (damage == null) {
        damage = unreadable(reader, block);
      }
      if (damage == null) {
        spans[0] += block.spans();
      } else {
        problems.add(file + ": " + damage + " (" + block.spans() + " spans)");
      }
      String columns = ColumnsFile.damage(folder.blocks(), block);
      if (columns != null) {
        problems.add(
            "%s: %s; nothing is lost, it can be removed"
                .formatted(ColumnsFile.path(folder.blocks(), block), columns));
      }
    }
    List<Path> segments = folder.segmentFiles();
    for (Path segment : segments) {
      long compacted = manifest.compacted(segment.getFileName().toString());
      SegmentProblem problem =
          new Segment(segment)
              .read(
                  0,
                  (offset, payload) -> {
                    try {
                      int decoded = OtlpSpans.decode(payload).spans().size();
                      if (offset >= compacted) {
                        spans[0] += decoded;
                      }
                      return null;
                    } catch (InvalidProtocolBufferException e) {
                      return "not OTLP: " + e.getMessage();
                    }
                  })
              .problem();
      if (problem != null) {
        String line = segment + ": byte " + problem.offset() + ": " + problem.detail();
        (problem.kind() == SegmentProblem.Kind.TORN_TAIL ? tornTails : problems).add(line);
      }
    }
    return new StoreCheck(spans[0], manifest.blocks().size(), segments.size(), problems, tornTails);
  }

  /// The checksum may be right, and the file not a block of ours.
  private static @org.jspecify.annotations.Nullable String unreadable(
      BlockReader reader, Block block) {
    try {
      TraceIndex index = reader.traces(block, DuckDb.NO_DEADLINE);
      BlockSchema _ = reader.schema(block, DuckDb.NO_DEADLINE);
      int rows = index.first(index.traces());
      return rows == block.spans() ? null : rows + " spans, expected " + block.spans();
    } catch (SQLException | IllegalArgumentException e) {
      return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
  }
}
