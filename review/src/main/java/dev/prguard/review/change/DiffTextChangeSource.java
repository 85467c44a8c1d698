package dev.prguard.review.change;

import dev.prguard.review.change.ChangeSourceException.Category;
import dev.prguard.review.diff.DiffLimits;
import dev.prguard.review.diff.DiffParser;
import dev.prguard.review.diff.DiffSyntaxException;
import dev.prguard.review.diff.PullRequestDiff;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// A change from the text of a diff: a file or a stream. It knows whole only the files that the
/// diff adds (after) or deletes (before).
public final class DiffTextChangeSource implements ChangeSource {

  private interface Input {
    InputStream open() throws IOException;
  }

  private final Input input;
  private final String name;
  private final String url;
  private final DiffLimits limits;

  private DiffTextChangeSource(Input input, String name, String url, DiffLimits limits) {
    this.input = input;
    this.name = name;
    this.url = url;
    this.limits = limits;
  }

  /// The diff in a file, within [DiffLimits#DEFAULT].
  public static DiffTextChangeSource ofFile(Path file) {
    String url = "file:" + file.toAbsolutePath().normalize();
    return new DiffTextChangeSource(
        () -> Files.newInputStream(file), file.toString(), url, DiffLimits.DEFAULT);
  }

  /// The diff on a stream, within [DiffLimits#DEFAULT]. The stream is read once and closed.
  ///
  /// @param name what messages call the stream, such as `standard input`
  public static DiffTextChangeSource ofStream(InputStream in, String name) {
    return ofStream(in, name, DiffLimits.DEFAULT);
  }

  static DiffTextChangeSource ofStream(InputStream in, String name, DiffLimits limits) {
    return new DiffTextChangeSource(() -> in, name, "", limits);
  }

  @Override
  public Change fetch() {
    PullRequestDiff diff = parse(read());
    PullRequest pullRequest =
        new PullRequest(url, "local", "", "local", null, "", "", "", "", "", "", "");
    return new Change(
        pullRequest,
        diff,
        DiffContents.after(diff.files()),
        DiffContents.before(diff.files()),
        List.of());
  }

  private byte[] read() {
    try (InputStream in = input.open()) {
      byte[] bytes = in.readNBytes((int) limits.maxBytes() + 1);
      if (bytes.length > limits.maxBytes()) {
        throw new ChangeSourceException(
            Category.INPUT,
            name
                + ": larger than the limit of "
                + (limits.maxBytes() >> 20)
                + " MiB for a diff; review it in parts");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new ChangeSourceException(Category.INPUT, name + ": no such file", e);
    } catch (AccessDeniedException e) {
      throw new ChangeSourceException(
          Category.INPUT, name + ": not allowed to read this file; check its permissions", e);
    } catch (IOException e) {
      throw new ChangeSourceException(
          Category.INPUT, name + ": cannot be read: " + OneLine.of(e.getMessage()), e);
    }
  }

  private PullRequestDiff parse(byte[] bytes) {
    try {
      return DiffParser.parse(bytes, limits);
    } catch (DiffSyntaxException e) {
      throw new ChangeSourceException(Category.INPUT, name + ":" + e.line() + ": " + e.reason(), e);
    }
  }
}
