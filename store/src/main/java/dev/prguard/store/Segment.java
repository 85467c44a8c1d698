package dev.prguard.store;

import dev.prguard.trace.LogSlice;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The spans of one process: a file to which one process appends frames, and which any process may
/// read meanwhile, without a lock. All numbers are big-endian.
///
///     header   "PRGSEG" (6 bytes), format version (u16)
///     frame    length of the payload (u32, 1 or more), CRC-32C of length and payload (u32), payload
///     payload  OTLP TracesData
///
/// A frame is whole or it is not there: the first incomplete or damaged one ends the reading.
record Segment(Path file) {
  static final int VERSION = 1;
  static final int HEADER_BYTES = 8;
  static final int FRAME_HEADER_BYTES = 8;

  /// Bounds what a reader must hold, whatever a damaged length says.
  static final int MAX_PAYLOAD_BYTES = 64 << 20;

  private static final byte[] MAGIC = "PRGSEG".getBytes(StandardCharsets.US_ASCII);

  /// Where a reading ended. `end` is the offset after the last whole frame, where a later reading
  /// can go on; `problem` is null when that is the end of the file.
  record Reading(long end, @Nullable SegmentProblem problem) {}

  @FunctionalInterface
  interface FrameVisitor {
    /// @param offset where the frame begins in the file
    /// @return null to go on, or why this payload is not what a segment holds, which ends the
    ///   reading
    @Nullable String visit(long offset, byte[] payload);
  }

  /// Reads frame by frame. Never throws for what the file holds.
  ///
  /// @param from an offset that an earlier reading ended at, or 0
  Reading read(long from, FrameVisitor visitor) {
    return read(from, Long.MAX_VALUE, visitor);
  }

  /// The frames from an offset on. An incomplete last frame is none: no append of it has returned.
  LogSlice slice(long from, int maxBytes) {
    List<LogSlice.Entry> entries = new ArrayList<>();
    SegmentProblem problem =
        read(
                from,
                maxBytes,
                (offset, payload) -> {
                  entries.add(
                      new LogSlice.Entry(offset + FRAME_HEADER_BYTES + payload.length, payload));
                  return null;
                })
            .problem();
    if (problem == null) {
      return new LogSlice(entries, null, null);
    }
    return problem.kind() == SegmentProblem.Kind.TORN_TAIL
        ? new LogSlice(entries, null, problem.detail())
        : new LogSlice(entries, file.getFileName() + ": " + problem.detail(), null);
  }

  /// @param maxBytes no frame begins this many bytes after the first one
  Reading read(long from, long maxBytes, FrameVisitor visitor) {
    long offset = from;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      SegmentProblem bad = checkHeader(in.readNBytes(HEADER_BYTES));
      if (bad != null) {
        return new Reading(0, bad);
      }
      offset = Math.max(from, HEADER_BYTES);
      long start = offset;
      in.skipNBytes(offset - HEADER_BYTES);
      while (offset - start < maxBytes) {
        byte[] head = in.readNBytes(FRAME_HEADER_BYTES);
        if (head.length == 0) {
          return new Reading(offset, null);
        }
        if (head.length < FRAME_HEADER_BYTES) {
          return torn(offset, head.length);
        }
        ByteBuffer header = ByteBuffer.wrap(head);
        int length = header.getInt();
        if (length < 1 || length > MAX_PAYLOAD_BYTES) {
          return corrupt(offset, "frame length " + Integer.toUnsignedString(length));
        }
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
          return torn(offset, FRAME_HEADER_BYTES + payload.length);
        }
        if (checksum(length, payload) != header.getInt()) {
          return corrupt(offset, "checksum differs");
        }
        String unfit = visitor.visit(offset, payload);
        if (unfit != null) {
          return corrupt(offset, unfit);
        }
        offset += FRAME_HEADER_BYTES + length;
      }
      return new Reading(offset, null);
    } catch (IOException e) {
      return new Reading(offset, problem(offset, SegmentProblem.Kind.UNREADABLE, Reasons.of(e)));
    }
  }

  static byte[] header() {
    return ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putShort((short) VERSION).array();
  }

  /// Header and payload as they stand in the file.
  static byte[] frame(byte[] payload) {
    return ByteBuffer.allocate(FRAME_HEADER_BYTES + payload.length)
        .putInt(payload.length)
        .putInt(checksum(payload.length, payload))
        .put(payload)
        .array();
  }

  /// The length is part of it, so that a run of zero bytes is no frame.
  private static int checksum(int length, byte[] payload) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, length));
    crc.update(payload);
    return (int) crc.getValue();
  }

  private @Nullable SegmentProblem checkHeader(byte[] header) {
    for (int i = 0; i < Math.min(header.length, MAGIC.length); i++) {
      if (header[i] != MAGIC[i]) {
        return problem(0, SegmentProblem.Kind.NOT_A_SEGMENT, "does not begin with PRGSEG");
      }
    }
    if (header.length < HEADER_BYTES) {
      return problem(0, SegmentProblem.Kind.TORN_TAIL, header.length + " bytes of a header");
    }
    int version = Short.toUnsignedInt(ByteBuffer.wrap(header).getShort(MAGIC.length));
    if (version == 0) {
      return problem(0, SegmentProblem.Kind.NOT_A_SEGMENT, "segment version 0");
    }
    if (version > VERSION) {
      return problem(
          0,
          SegmentProblem.Kind.NEWER_VERSION,
          "segment version " + version + ", this program reads up to " + VERSION);
    }
    return null;
  }

  private Reading torn(long offset, int bytes) {
    return new Reading(
        offset,
        problem(
            offset, SegmentProblem.Kind.TORN_TAIL, bytes + " bytes of an incomplete last frame"));
  }

  private Reading corrupt(long offset, String detail) {
    return new Reading(
        offset,
        problem(offset, SegmentProblem.Kind.CORRUPT_FRAME, detail + "; the rest was not read"));
  }

  private SegmentProblem problem(long offset, SegmentProblem.Kind kind, String detail) {
    return new SegmentProblem(file, offset, kind, detail);
  }
}
