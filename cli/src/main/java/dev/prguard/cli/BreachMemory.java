package dev.prguard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.insight.alert.CheckReport;
import dev.prguard.insight.alert.Verdict;
import dev.prguard.insight.alert.Verdict.State;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Of which breaches a receiver was told, and when: `check/told.json` in the data folder, which is
/// replaced whole. One process at a time holds it, so that two checks at the same time tell once.
final class BreachMemory implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final String receiver;
  private final FileChannel lock;
  private final ObjectNode told;

  private BreachMemory(Path file, String receiver, FileChannel lock, ObjectNode told) {
    this.file = file;
    this.receiver = receiver;
    this.lock = lock;
    this.told = told;
  }

  /// @param receiver a name that does not tell its address
  /// @throws CommandException when the data folder cannot be written
  static BreachMemory open(Path data, String receiver) {
    Path folder = data.resolve("check");
    try {
      Files.createDirectories(folder);
      FileChannel lock =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      // Held until the channel is closed.
      var _ = lock.lock();
      Path file = folder.resolve("told.json");
      return new BreachMemory(file, receiver, lock, read(file));
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  /// What cannot be read counts as nothing told: twice told is better than never.
  private static ObjectNode read(Path file) throws IOException {
    if (Files.isRegularFile(file)) {
      try {
        if (JSON.readTree(Files.readAllBytes(file)) instanceof ObjectNode told) {
          return told;
        }
      } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
        // As if it were not there.
      }
    }
    return JSON.createObjectNode();
  }

  /// Breaches that the receiver was not told of, or last so long ago.
  List<Verdict> news(CheckReport report, Duration coolDown) {
    return report.breaches().stream()
        .filter(breach -> {
          Instant last = last(breach.rule().id());
          return last == null || !last.plus(coolDown).isAfter(report.checkedAt());
        })
        .toList();
  }

  private @Nullable Instant last(String rule) {
    JsonNode text = told.path(receiver).path(rule);
    try {
      return text.isTextual() ? Instant.parse(text.asText()) : null;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /// Keeps that the receiver knows these, and forgets breaches that are over: the next is news.
  ///
  /// @throws CommandException when the data folder cannot be written
  void remember(CheckReport report, List<Verdict> news) {
    ObjectNode of = told.withObjectProperty(receiver);
    for (Verdict verdict : report.verdicts()) {
      if (verdict.state() != State.BREACHED) {
        of.remove(verdict.rule().id());
      }
    }
    news.forEach(verdict -> of.put(verdict.rule().id(), report.checkedAt().toString()));
    try {
      Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), "told", ".tmp");
      try {
        Files.write(draft, JSON.writeValueAsBytes(told));
        Files.move(
            draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static CommandException unwritable(Path path, IOException e) {
    return CommandException.wrongInput(
        path + ": cannot be written, so breaches would be told again and again", e);
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      // The process ends with it anyway.
    }
  }
}
