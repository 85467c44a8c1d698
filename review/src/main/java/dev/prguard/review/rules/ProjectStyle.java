package dev.prguard.review.rules;

import dev.prguard.review.change.Change;
import dev.prguard.review.change.ChangeSourceException;
import dev.prguard.review.change.FileContents;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.DiffLine.Kind;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.Hunk;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How the project was written before the change, by a sample of its lines in each language: what
/// the hunks show, and, where a read costs little, the changed files as they were and some beside
/// them. What is broken there already is not held against a change. Thread-safe, and the same for
/// every file of a change, whatever is scanned first.
final class ProjectStyle {

  private static final int MAX_FILES = 12;
  private static final int MAX_FOLDERS = 6;
  private static final int MAX_BESIDE = 6;
  private static final int MAX_FILE_BYTES = 200_000;

  static final ProjectStyle UNKNOWN = new ProjectStyle(null);

  private final @Nullable Change change;
  private final Map<Language, List<String>> samples = new ConcurrentHashMap<>();

  private ProjectStyle(@Nullable Change change) {
    this.change = change;
  }

  static ProjectStyle of(Change change) {
    return new ProjectStyle(change);
  }

  /// Lines that were there before, of files of this language that the project has written itself.
  List<String> lines(Language language) {
    return change == null
        ? List.of()
        : samples.computeIfAbsent(language, wanted -> sample(change, wanted));
  }

  private static List<String> sample(Change change, Language language) {
    List<FileDiff> files =
        change.diff().files().stream().filter(file -> isOf(language, file.path())).toList();
    List<String> lines = new ArrayList<>();
    files.stream().flatMap(ProjectStyle::shown).forEach(lines::add);
    if (change.base().isNear()) {
      paths(change.base(), files, language)
          .forEach(path -> lines.addAll(linesOf(change.base(), path)));
    }
    return List.copyOf(lines);
  }

  private static boolean isOf(Language language, String path) {
    return Language.of(path, "") == language && !StyleScan.isNotOurs(path);
  }

  private static Stream<String> shown(FileDiff file) {
    return file.hunks().stream()
        .map(Hunk::lines)
        .flatMap(List::stream)
        .filter(line -> line.kind() == Kind.CONTEXT)
        .map(DiffLine::text);
  }

  private static Set<String> paths(FileContents base, List<FileDiff> files, Language language) {
    Set<String> paths = new LinkedHashSet<>();
    Set<String> folders = new LinkedHashSet<>();
    for (FileDiff file : files) {
      if (file.oldPath() != null && paths.size() < MAX_FILES) {
        paths.add(file.oldPath());
      }
      int slash = file.path().lastIndexOf('/');
      if (folders.size() < MAX_FOLDERS && slash > 0) {
        folders.add(file.path().substring(0, slash));
      }
    }
    for (String folder : folders) {
      listed(base, folder).stream()
          .filter(path -> isOf(language, path))
          .sorted()
          .limit(MAX_BESIDE)
          .forEach(paths::add);
    }
    return paths;
  }

  private static List<String> listed(FileContents base, String folder) {
    try {
      return base.list(folder);
    } catch (ChangeSourceException e) {
      return List.of(); // the sample is smaller, nothing else
    }
  }

  private static List<String> linesOf(FileContents base, String path) {
    try {
      return base.read(path)
          .filter(content -> content.length <= MAX_FILE_BYTES)
          .map(Segment::linesOf)
          .orElse(List.of());
    } catch (ChangeSourceException e) {
      return List.of(); // as above
    }
  }
}
