package dev.prguard.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// The appending end of one segment. Not thread-safe.
///
/// A RandomAccessFile rather than a FileChannel: a channel closes itself when a thread that is
/// interrupted writes to it, and a review's threads end their spans when they are interrupted.
final class SegmentWriter implements AutoCloseable {
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private final Path path;
  private final RandomAccessFile file;

  /// The offset after the last whole frame.
  private long end;

  private boolean folderForced;

  private SegmentWriter(Path path, RandomAccessFile file) {
    this.path = path;
    this.file = file;
  }

  /// Creates the file, readable by its owner only. Leaves none behind when this fails.
  static SegmentWriter create(Path path) throws IOException {
    if (POSIX) {
      Files.createFile(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(path);
    }
    try {
      return open(path);
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /// Begins a segment in a file that exists.
  static SegmentWriter open(Path path) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    SegmentWriter writer = new SegmentWriter(path, file);
    try {
      file.write(Segment.header());
    } catch (IOException e) {
      writer.close();
      throw e;
    }
    writer.end = Segment.HEADER_BYTES;
    return writer;
  }

  /// Appends one frame, which readers see at once. When this fails the file is cut back to its last
  /// whole frame, so that the next append stands where readers find it; if even that fails the
  /// writer is closed.
  void append(byte[] payload) throws IOException {
    byte[] frame = Segment.frame(payload);
    try {
      file.write(frame);
    } catch (IOException e) {
      try {
        file.setLength(end);
        file.seek(end);
      } catch (IOException again) {
        e.addSuppressed(again);
        close();
      }
      throw e;
    }
    end += frame.length;
  }

  /// Whether readers find the file. A compactor may have removed it, all of whose frames it had put
  /// into a block; a frame that was appended meanwhile is lost, and has to be appended anew.
  boolean isFound() {
    return Files.exists(path);
  }

  /// fsync of the file, and once of the folder that names it.
  void force() throws IOException {
    file.getFD().sync();
    if (!folderForced) {
      folderForced = true;
      Path folder = path.toAbsolutePath().getParent();
      if (POSIX && folder != null) {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
          names.force(true);
        }
      }
    }
  }

  boolean isOpen() {
    return file.getChannel().isOpen();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
