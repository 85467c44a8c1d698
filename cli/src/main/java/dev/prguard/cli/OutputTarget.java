package dev.prguard.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/// Where `--json`, `--sarif` and the like write: a file, or `-` for standard output. A file is
/// replaced whole or not at all.
final class OutputTarget {

  /// Writes one report.
  @FunctionalInterface
  interface Writer {
    void write(OutputStream out) throws IOException;
  }

  private OutputTarget() {}

  static boolean isStandardOutput(String target) {
    return target.equals("-");
  }

  /// @throws CommandException when the file cannot be written
  static void write(String option, String target, PrintStream standardOutput, Writer writer) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      writer.write(bytes);
      if (isStandardOutput(target)) {
        bytes.writeTo(standardOutput);
        requireWritten(standardOutput);
        return;
      }
      replace(Path.of(target), bytes);
    } catch (IOException | UncheckedIOException e) {
      throw CommandException.wrongInput(
          option + " " + target + ": cannot be written: " + reason(e), e);
    }
  }

  /// A print stream keeps its errors to itself: a report that was lost must not look like success.
  ///
  /// @throws CommandException when standard output took less than all of it
  static void requireWritten(PrintStream standardOutput) {
    if (standardOutput.checkError()) {
      throw CommandException.wrongInput(
          "standard output cannot be written: the report is not complete");
    }
  }

  private static void replace(Path file, ByteArrayOutputStream bytes) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      // A device or a pipe, /dev/null or /dev/fd/3: nothing to replace.
      try (OutputStream out = Files.newOutputStream(file)) {
        bytes.writeTo(out);
      }
      return;
    }
    Path folder = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), file);
    Path temporary =
        folder.resolve("." + file.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
    try {
      try (OutputStream out =
          Files.newOutputStream(
              temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        bytes.writeTo(out);
      }
      Files.move(
          temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static String reason(Exception e) {
    String message = e.getMessage();
    return e.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }
}
