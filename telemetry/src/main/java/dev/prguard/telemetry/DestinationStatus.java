package dev.prguard.telemetry;

import dev.prguard.trace.SpanStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How things stand with one receiver, read without disturbing a process that sends.
///
/// @param address its URL, and the tenant where it serves many
/// @param logs runs that it has not settled whole, those under way included
/// @param owed spans of them that it has not acknowledged
/// @param owedBytes of their OTLP
/// @param damaged logs that cannot be read to their end, each with the reason
/// @param refused the latest spans that it refused for good: time, log, from, to, spans, reason
/// @param lastError time and reason of the latest failure; empty when the latest run had none
public record DestinationStatus(
    String address,
    int logs,
    long owed,
    long owedBytes,
    List<String> damaged,
    List<String> refused,
    String lastError) {
  private static final int MAX_REFUSED = 5;

  public DestinationStatus {
    damaged = List.copyOf(damaged);
    refused = List.copyOf(refused);
  }

  /// The receivers that spans were ever sent to from this data folder, by name.
  ///
  /// @param store that of the data folder
  /// @throws IOException when the folder cannot be read
  public static List<DestinationStatus> of(Path dataFolder, SpanStore store) throws IOException {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(dataFolder.resolve(Spool.FOLDER), Files::isDirectory)) {
      found.forEach(folders::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    folders.sort(null);
    List<DestinationStatus> all = new ArrayList<>();
    for (Path folder : folders) {
      all.add(of(folder, Spool.cursorFiles(folder), store));
    }
    return List.copyOf(all);
  }

  private static DestinationStatus of(Path folder, List<Path> cursors, SpanStore store)
      throws IOException {
    long owed = 0;
    long bytes = 0;
    List<String> damaged = new ArrayList<>();
    for (Path file : cursors) {
      String name = file.getFileName().toString();
      String log = name.substring(0, name.length() - Spool.CURSOR.length());
      Outbox.Owed part = Outbox.owed(store, log, Cursor.offset(text(file)));
      owed += part.spans();
      bytes += part.bytes();
      if (part.damage() != null) {
        damaged.add(part.damage().startsWith(log) ? part.damage() : log + ": " + part.damage());
      }
    }
    List<String> refused = text(folder.resolve(Spool.REJECTED)).lines().toList();
    return new DestinationStatus(
        text(folder.resolve(Spool.DESTINATION)).strip(),
        cursors.size(),
        owed,
        bytes,
        damaged,
        refused.subList(Math.max(0, refused.size() - MAX_REFUSED), refused.size()),
        text(folder.resolve(Spool.LAST_ERROR)).strip());
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return "";
    }
  }
}
