package dev.prguard.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
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

  /// Refuses what would lose a report, or the input, before anything is spent on the review.
  ///
  /// @param targets by the option that names them
  /// @param source what is reviewed, which no report may take the place of
  /// @throws CommandException when a target cannot be written, or two reports would share one
  static void requireUsable(Map<String, String> targets, String source) {
    Map<Path, String> taken = new HashMap<>();
    targets.forEach((option, target) -> {
      if (target.isBlank()) {
        throw CommandException.wrongInput(
            option + ": the name of the file is empty (- is standard output)");
      }
      Path file = path(option, target).toAbsolutePath().normalize();
      if (!isStandardOutput(target)) {
        requireWritable(option, target, file, source);
      }
      boolean device = Files.exists(file) && !Files.isRegularFile(file);
      String other = device ? null : taken.putIfAbsent(file, option);
      if (other != null) {
        throw CommandException.wrongInput(
            option
                + " "
                + target
                + ": "
                + other
                + (isStandardOutput(target)
                    ? " has standard output already"
                    : " writes it already"));
      }
    });
  }

  private static void requireWritable(String option, String target, Path file, String source) {
    Path folder = file.getParent();
    String wrong =
        Files.isDirectory(file)
            ? "a folder; name a file in it"
            : folder == null || !Files.isDirectory(folder)
                ? "no such folder"
                : isSame(file, source) ? "it is the diff that is to be reviewed" : null;
    if (wrong != null) {
      throw CommandException.wrongInput(option + " " + target + ": cannot be written: " + wrong);
    }
  }

  private static boolean isSame(Path file, String source) {
    try {
      return Files.isRegularFile(file) && Files.isSameFile(file, Path.of(source));
    } catch (IOException | InvalidPathException e) {
      // The source is no file, or the next step says what is wrong with it.
      return false;
    }
  }

  private static Path path(String option, String target) {
    try {
      return Path.of(target);
    } catch (InvalidPathException e) {
      throw CommandException.wrongInput(option + ": not the name of a file", e);
    }
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
    return switch (e) {
      case AccessDeniedException _ -> "not allowed; check the permissions of its folder";
      // The system's own words, without the name again and without a class.
      case FileSystemException failed when failed.getReason() != null -> failed.getReason();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
