package dev.prguard.review.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Counts the files whose every group has its answer; a large file is in more than one group.
/// Thread-safe.
final class OpenFiles {
  private final Map<String, Integer> openGroups = new HashMap<>();
  private final int files;
  private final ModelReviewer.Progress progress;

  OpenFiles(List<FileGroup> groups, ModelReviewer.Progress progress) {
    for (FileGroup group : groups) {
      paths(group).forEach(path -> openGroups.merge(path, 1, Integer::sum));
    }
    this.files = openGroups.size();
    this.progress = progress;
  }

  synchronized void answered(FileGroup group) {
    for (String path : paths(group)) {
      openGroups.computeIfPresent(path, (key, open) -> open == 1 ? null : open - 1);
    }
    progress.answered(files - openGroups.size(), files);
  }

  private static List<String> paths(FileGroup group) {
    return group.pieces().stream().map(piece -> piece.file().path()).distinct().toList();
  }
}
