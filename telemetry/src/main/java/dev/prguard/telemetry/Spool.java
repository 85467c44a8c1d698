package dev.prguard.telemetry;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one destination is owed. The store's logs are the spool: a span that is durable there needs
/// no second copy, only a note of how far the destination has acknowledged. A folder for each:
///
///     delivery/HOST-HASH/destination   its address
///     delivery/HOST-HASH/LOG.cursor    see [Cursor]; gone when all of the log is settled
///     delivery/HOST-HASH/rejected.tsv  what it refused for good: time, log, from, to, spans, reason
///     delivery/HOST-HASH/last-error    why it did not take the latest spans
///
/// Only logs that were begun while the destination was set are owed to it.
final class Spool {
  static final String FOLDER = "delivery";
  static final String CURSOR = ".cursor";
  static final String REJECTED = "rejected.tsv";
  static final String LAST_ERROR = "last-error";
  static final String DESTINATION = "destination";

  private static final long MAX_REJECTED_BYTES = 1 << 20;

  /// Null where the store does not outlive the process.
  private final @Nullable Path folder;

  private final InstantSource clock;

  private Spool(@Nullable Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  static Spool inMemory() {
    return new Spool(null, InstantSource.system());
  }

  /// @param dataFolder that of the store
  /// @throws IOException when its folder cannot be created
  static Spool open(Path dataFolder, OtlpEndpoint endpoint, InstantSource clock)
      throws IOException {
    String address = endpoint.uri() + (endpoint.tenant().isEmpty() ? "" : " " + endpoint.tenant());
    Path folder = dataFolder.resolve(FOLDER).resolve(name(endpoint.uri(), address));
    Files.createDirectories(folder, ownerOnly());
    Path destination = folder.resolve(DESTINATION);
    if (Files.notExists(destination)) {
      replace(destination, address + "\n");
    }
    return new Spool(folder, clock);
  }

  /// For people the host, for machines a hash of all that tells two destinations apart.
  private static String name(URI uri, String address) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(address.getBytes(StandardCharsets.UTF_8));
      String host = uri.getHost().replaceAll("[^A-Za-z0-9.-]", "_");
      return host.substring(0, Math.min(host.length(), 80))
          + "-"
          + HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /// The cursor of a log that this process begins: from now on it is owed.
  ///
  /// @throws IOException when it cannot be written
  Cursor begin(String log) throws IOException {
    if (folder == null) {
      return Cursor.inMemory(log);
    }
    return Cursor.begin(log, folder.resolve(log + CURSOR));
  }

  /// The cursors of logs whose processes have ended, the oldest first; this process holds them now.
  List<Cursor> claimDebts() throws IOException {
    List<Cursor> debts = new ArrayList<>();
    for (Path file : cursorFiles(folder)) {
      String name = file.getFileName().toString();
      Cursor cursor = Cursor.claim(name.substring(0, name.length() - CURSOR.length()), file);
      if (cursor != null) {
        debts.add(cursor);
      }
    }
    return debts;
  }

  static List<Path> cursorFiles(@Nullable Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    if (folder != null) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*" + CURSOR)) {
        found.forEach(files::add);
      }
      files.sort(null);
    }
    return files;
  }

  /// Whether any destination is owed of a log.
  static boolean owes(Path dataFolder, String log) {
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(dataFolder.resolve(FOLDER), Files::isDirectory)) {
      for (Path folder : found) {
        if (Files.exists(folder.resolve(log + CURSOR))) {
          return true;
        }
      }
      return false;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException | DirectoryIteratorException e) {
      return true;
    }
  }

  /// Notes what the destination will never take. The spans stay in the store.
  ///
  /// @param reason one line
  void setAside(String log, long from, long to, long spans, String reason) throws IOException {
    if (folder == null) {
      return;
    }
    Path file = folder.resolve(REJECTED);
    if (Files.exists(file) && Files.size(file) > MAX_REJECTED_BYTES) {
      Files.move(file, folder.resolve(REJECTED + ".old"), StandardCopyOption.REPLACE_EXISTING);
    }
    Files.writeString(
        file,
        String.join(
            "\t",
            clock.instant().toString(),
            log,
            Long.toString(from),
            Long.toString(to),
            Long.toString(spans),
            reason + "\n"),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /// Remembers why spans wait, for `telemetry status`; null when none do.
  void lastError(@Nullable String reason) throws IOException {
    if (folder != null) {
      if (reason == null) {
        Files.deleteIfExists(folder.resolve(LAST_ERROR));
      } else {
        replace(folder.resolve(LAST_ERROR), clock.instant() + " " + reason + "\n");
      }
    }
  }

  /// By a rename, so that no reader sees half of it.
  private static void replace(Path file, String text) throws IOException {
    Path draft = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".tmp");
    try {
      Files.writeString(draft, text);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
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
