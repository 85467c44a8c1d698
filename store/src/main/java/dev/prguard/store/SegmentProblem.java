package dev.prguard.store;

import java.nio.file.Path;

/// A part of a segment that could not be read. All before `offset` was read.
///
/// @param offset byte of the file where reading stopped
/// @param detail one line for the user
public record SegmentProblem(Path file, long offset, Kind kind, String detail) {

  public enum Kind {
    /// The last frame is incomplete: its writer was killed, or is writing it now.
    TORN_TAIL,
    /// A frame's length or checksum is wrong; what follows it was not read.
    CORRUPT_FRAME,
    /// The file does not begin as a segment does; nothing of it was read.
    NOT_A_SEGMENT,
    /// Written by a newer version of this program; nothing of it was read.
    NEWER_VERSION,
    /// The file system refused to read it.
    UNREADABLE
  }
}
