package dev.prguard.review.change;

import dev.prguard.review.change.ChangeSourceException.Category;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Files of commits, through one `git cat-file --batch` that runs as long as this program. Safe for
/// many threads, which take turns.
final class GitBlobs {
  /// Larger files are not known: nobody reviews them line by line.
  static final long MAX_BYTES = 64L << 20;

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int MAX_LIST_BYTES = 1 << 20;
  private static final int MAX_ANSWER_LINE = 64 << 10;

  private final Git git;
  private @Nullable Process process;
  private @Nullable InputStream answers;

  GitBlobs(Git git) {
    this.git = git;
  }

  /// The files of a commit or a tree.
  FileContents at(String id) {
    return new FileContents() {
      @Override
      public Optional<byte[]> read(String path) {
        return GitBlobs.this.read(id, path);
      }

      @Override
      public List<String> list(String folder) {
        Git.Result listed =
            git.run(MAX_LIST_BYTES, "ls-tree", "-z", "--name-only", id, "--", folder + "/");
        return listed.ok()
            ? Arrays.stream(listed.text().split("\0", -1)).filter(p -> !p.isEmpty()).toList()
            : List.of();
      }

      @Override
      public boolean isNear() {
        return true;
      }
    };
  }

  private Optional<byte[]> read(String id, String path) {
    if (!isClean(path)) {
      return Optional.empty();
    }
    String name = id + ":" + path;
    if (path.indexOf('\n') >= 0) {
      // The batch takes one name a line.
      Git.Result blob = git.run(MAX_BYTES, "cat-file", "blob", name);
      return blob.ok() ? Optional.of(blob.output()) : Optional.empty();
    }
    return ask(name);
  }

  /// Whether git takes the path for what it is: from the root of the tree, without `.` and `..`.
  private static boolean isClean(String path) {
    return path.indexOf('\0') < 0
        && !Arrays.asList(path.split("/", -1)).stream()
            .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
  }

  private synchronized Optional<byte[]> ask(String name) {
    Process running = process;
    InputStream in = answers;
    if (running == null || in == null || !running.isAlive()) {
      running = git.start(Map.of(), List.of("cat-file", "--batch"));
      discardErrors(running);
      in = new BufferedInputStream(running.getInputStream(), 1 << 16);
      process = running;
      answers = in;
    }
    AtomicBoolean late = new AtomicBoolean();
    Future<?> deadline = Git.killLater(running, DEADLINE, late);
    try {
      OutputStream questions = running.getOutputStream();
      questions.write((name + "\n").getBytes(StandardCharsets.UTF_8));
      questions.flush();
      return answer(in);
    } catch (IOException e) {
      running.destroyForcibly();
      process = null;
      throw new ChangeSourceException(
          Category.OUTSIDE,
          late.get()
              ? "git cat-file took longer than " + DEADLINE.toSeconds() + " s"
              : "git cat-file failed: " + OneLine.of(e.getMessage()),
          e);
    } finally {
      deadline.cancel(false);
    }
  }

  private static void discardErrors(Process running) {
    Thread.ofPlatform()
        .daemon()
        .name("git-cat-file-stderr")
        .start(() -> {
          try (InputStream errors = running.getErrorStream()) {
            errors.transferTo(OutputStream.nullOutputStream());
          } catch (IOException e) {
            // The process is gone; so are its messages.
          }
        });
  }

  /// `<id> <type> <size>`, the bytes, an LF; or the question again and ` missing`.
  private static Optional<byte[]> answer(InputStream in) throws IOException {
    String line = readLine(in);
    String[] parts = line.split(" ", -1);
    // A question that is echoed has a colon behind the id, so it is never taken for an answer.
    if (parts.length != 3 || parts[0].indexOf(':') >= 0) {
      return Optional.empty();
    }
    long size;
    try {
      size = Long.parseLong(parts[2]);
    } catch (NumberFormatException e) {
      throw new IOException("unexpected answer", e);
    }
    if (size > MAX_BYTES || !parts[1].equals("blob")) {
      in.skipNBytes(size + 1);
      return Optional.empty();
    }
    byte[] bytes = in.readNBytes((int) size);
    in.skipNBytes(1);
    if (bytes.length != size) {
      throw new IOException("cut off");
    }
    return Optional.of(bytes);
  }

  private static String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.length() == MAX_ANSWER_LINE) {
        throw new IOException("no answer");
      }
      line.append((char) c);
    }
    return line.toString();
  }
}
