package dev.prguard.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/// The layout of a data folder: `format`, a line that names its version, `segments/`, and `blocks/`
/// with a manifest of its own.
record DataFolder(Path path, Clock clock) {
  static final int VERSION = 1;

  private static final String FORMAT_PREFIX = "pr-guard-store ";
  private static final DateTimeFormatter SEGMENT_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  /// @throws StoreUnavailableException when the folder cannot be created or written
  /// @throws StoreFormatException when it has a newer version; it is left untouched
  static DataFolder open(Path path) {
    DataFolder folder = new DataFolder(path, Clock.systemUTC());
    try {
      if (!folder.hasFormat()) {
        Files.createDirectories(folder.segments(), ownerOnly());
        folder.writeFormat();
      }
      Files.createDirectories(folder.segments(), ownerOnly());
      if (!Files.isWritable(folder.segments())) {
        throw new AccessDeniedException(folder.segments().toString());
      }
    } catch (IOException e) {
      throw new StoreUnavailableException(path, e);
    }
    return folder;
  }

  /// @throws StoreFormatException when it has a newer version
  static void requireKnownFormat(Path path) {
    try {
      boolean _ = new DataFolder(path, Clock.systemUTC()).hasFormat();
    } catch (IOException e) {
      throw new StoreUnavailableException(path, e);
    }
  }

  /// A name that sorts by time and that no other process takes.
  Path newSegmentFile() {
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    return segments()
        .resolve(
            SEGMENT_TIME.format(clock.instant())
                + "-"
                + ProcessHandle.current().pid()
                + "-"
                + random
                + ".seg");
  }

  /// @throws IllegalArgumentException when this is no name of a segment
  Path segmentFile(String name) {
    if (!name.matches("[0-9A-Za-z.-]{1,200}[.]seg")) {
      throw new IllegalArgumentException("log: " + name + " (expected: the name of a segment)");
    }
    return segments().resolve(name);
  }

  /// The oldest first.
  List<Path> segmentFiles() {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(segments(), "*.seg")) {
      found.forEach(files::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("store " + path + ": " + Reasons.of(e), e);
    }
    files.sort(null);
    return files;
  }

  Path blocks() {
    return path.resolve("blocks");
  }

  Path manifest() {
    return blocks().resolve("manifest");
  }

  /// @throws IOException when it cannot be created
  void createBlocks() throws IOException {
    Files.createDirectories(blocks(), ownerOnly());
  }

  /// Makes a new or renamed file's name survive the machine's end, where the system can.
  static void forceNames(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null
        && FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        names.force(true);
      }
    }
  }

  /// Lets nobody but the owner read a file that another library made.
  static void ownerOnly(Path file) throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  Path segments() {
    return path.resolve("segments");
  }

  private Path format() {
    return path.resolve("format");
  }

  private boolean hasFormat() throws IOException {
    String line;
    try (InputStream in = Files.newInputStream(format())) {
      line = new String(in.readNBytes(100), StandardCharsets.ISO_8859_1).strip();
    } catch (NoSuchFileException e) {
      return false;
    }
    if (line.equals(FORMAT_PREFIX + VERSION)) {
      return true;
    }
    if (line.matches(FORMAT_PREFIX + "[0-9]{1,9}")) {
      throw new StoreFormatException(
          "data folder %s: its format is %s, this program knows up to %d; use a newer version of it"
              .formatted(path, line.substring(FORMAT_PREFIX.length()), VERSION));
    }
    throw new StoreFormatException(
        "data folder %s: the file \"format\" does not say \"%s%d\""
            .formatted(path, FORMAT_PREFIX, VERSION));
  }

  /// By a rename, so that no process sees half of it; two processes write the same.
  private void writeFormat() throws IOException {
    Path draft = Files.createTempFile(path, "format", ".tmp");
    try {
      Files.writeString(draft, FORMAT_PREFIX + VERSION + "\n");
      Files.move(draft, format(), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
    };
  }
}
