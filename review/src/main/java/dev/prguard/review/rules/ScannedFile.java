package dev.prguard.review.rules;

import dev.prguard.review.change.Change;
import dev.prguard.review.change.ChangeSourceException;
import dev.prguard.review.change.FileContents;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.FileDiff.Status;
import dev.prguard.review.diff.Hunk;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One file of a change as the rules see it. Not thread-safe: one worker scans one file.
final class ScannedFile {

  /// Larger files are judged from their hunks alone.
  private static final int MAX_HEAD_BYTES = 4_000_000;

  private static final int MAX_RESOURCE_BYTES = 100_000;

  /// Each costs a question to where the change comes from.
  private static final int MAX_FOLDERS = 4;

  private final Map<String, Optional<String>> resources = new HashMap<>();

  private final FileDiff diff;
  private final List<Segment> segments;
  private final Language language;
  private final @Nullable FileContents head;
  private final boolean whole;
  private boolean headRead;
  private @Nullable List<String> headLines;

  private ScannedFile(
      FileDiff diff, List<Segment> segments, @Nullable FileContents head, boolean whole) {
    this.diff = diff;
    this.segments = segments;
    this.head = head;
    this.whole = whole;
    boolean fromStart =
        !segments.isEmpty()
            && segments.getFirst().firstLine() == 1
            && !segments.getFirst().lines().isEmpty();
    language = Language.of(diff.path(), fromStart ? segments.getFirst().lines().getFirst() : "");
  }

  static ScannedFile of(Change change, FileDiff diff) {
    if (diff.binary() && diff.hunks().isEmpty()) {
      Segment text = readBinaryAsText(change, diff);
      if (text != null) {
        return new ScannedFile(diff, List.of(text), null, true);
      }
    }
    List<Segment> segments = diff.hunks().stream().map(Segment::of).toList();
    boolean whole = diff.status() == Status.ADDED && segments.size() == 1;
    return new ScannedFile(diff, segments, change.head(), whole);
  }

  static ScannedFile whole(String path, byte[] content) {
    FileDiff diff = new FileDiff(Status.ADDED, null, path, null, null, false, List.of());
    return new ScannedFile(diff, List.of(Segment.whole(content)), null, true);
  }

  /// A file that the diff calls binary, but that is text: `.gitattributes` is the author's to write
  /// and must not hide code. Lines that the file had before do not count as added.
  private static @Nullable Segment readBinaryAsText(Change change, FileDiff diff) {
    if (diff.newPath() == null) {
      return null;
    }
    byte[] after = readOrNull(change.head(), diff.newPath());
    if (after == null || after.length == 0 || hasZero(after)) {
      return null;
    }
    Segment segment = Segment.whole(after);
    byte[] before = diff.oldPath() == null ? null : readOrNull(change.base(), diff.oldPath());
    if (before != null) {
      Set<String> known = new HashSet<>(Segment.linesOf(before));
      for (int i = 0; i < segment.lines().size(); i++) {
        segment.added().set(i, !known.contains(segment.lines().get(i)));
      }
    }
    return segment;
  }

  private static byte @Nullable [] readOrNull(FileContents contents, String path) {
    try {
      return contents.read(path).filter(bytes -> bytes.length <= MAX_HEAD_BYTES).orElse(null);
    } catch (ChangeSourceException e) {
      // Then it stays unseen, and the coverage says so.
      return null;
    }
  }

  private static boolean hasZero(byte[] content) {
    for (byte each : content) {
      if (each == 0) {
        return true;
      }
    }
    return false;
  }

  boolean isBinaryReadAsText() {
    return diff.binary() && whole;
  }

  String path() {
    return diff.path();
  }

  FileDiff diff() {
    return diff;
  }

  List<Hunk> hunks() {
    return diff.hunks();
  }

  List<Segment> segments() {
    return segments;
  }

  Language language() {
    return language;
  }

  /// All lines of the file after the change; empty when the source does not know them, or they
  /// contradict the diff. Read on first use, since it may go over the network.
  Optional<List<String>> headLines() {
    if (!headRead) {
      headRead = true;
      headLines = whole ? segments.getFirst().lines() : readHead().orElse(null);
    }
    return Optional.ofNullable(headLines);
  }

  /// A file of the program's own that it reads by name: among Maven's resources, else in the folder
  /// of the file or one above it.
  Optional<String> resource(String name) {
    return resources.computeIfAbsent(name, this::findResource);
  }

  private Optional<String> findResource(String name) {
    String own = path();
    int java = own.indexOf("src/main/java/");
    String relative = name.startsWith("/") ? name.substring(1) : name;
    if (head == null || relative.isEmpty() || relative.contains("..")) {
      return Optional.empty();
    }
    if (java >= 0) {
      return resourceAt(own.substring(0, java) + "src/main/resources/" + relative);
    }
    String folder = own;
    for (int i = 0; i < MAX_FOLDERS && !folder.isEmpty(); i++) {
      folder = folder.substring(0, Math.max(0, folder.lastIndexOf('/')));
      Optional<String> found = resourceAt(folder.isEmpty() ? relative : folder + '/' + relative);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<String> resourceAt(String path) {
    byte[] content = head == null ? null : readOrNull(head, path);
    return content == null || content.length > MAX_RESOURCE_BYTES
        ? Optional.empty()
        : Optional.of(new String(content, StandardCharsets.UTF_8));
  }

  private Optional<List<String>> readHead() {
    if (head == null || diff.newPath() == null) {
      return Optional.empty();
    }
    try {
      return head.read(diff.newPath())
          .filter(bytes -> bytes.length <= MAX_HEAD_BYTES)
          .map(Segment::linesOf)
          .filter(this::agreesWithDiff);
    } catch (ChangeSourceException e) {
      // The hunks were given and are scanned; only what lies around them stays unknown.
      return Optional.empty();
    }
  }

  private boolean agreesWithDiff(List<String> lines) {
    for (Segment segment : segments) {
      int from = Math.max(segment.firstLine() - 1, 0);
      int to = from + segment.lines().size();
      if (to > lines.size() || !lines.subList(from, to).equals(segment.lines())) {
        return false;
      }
    }
    return true;
  }
}
