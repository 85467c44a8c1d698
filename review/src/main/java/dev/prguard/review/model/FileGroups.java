package dev.prguard.review.model;

import dev.prguard.review.change.Change;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.Hunk;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// How a change is cut up for the model: the riskiest files first, in groups that can go out in
/// parallel. Every hunk is in a group or in `unsent`.
///
/// @param unsent hunks, or parts of hunks, that go to no model, with the reason
record FileGroups(List<FileGroup> groups, SortedMap<HunkKey, String> unsent) {
  // Below this a group costs more for its instructions than for its code.
  private static final int MIN_GROUP_TOKENS = 1_500;
  private static final int LINE_FRAME_CHARS = 12;

  FileGroups {
    groups = List.copyOf(groups);
  }

  static FileGroups of(Change change, ModelSettings settings) {
    return of(change, settings, key -> true);
  }

  /// @param wanted the hunks to cut up; the others are in neither list
  static FileGroups of(Change change, ModelSettings settings, Predicate<HunkKey> wanted) {
    List<FileDiff> files =
        change.diff().files().stream()
            .sorted(
                Comparator.comparingInt(FileRisk::of)
                    .reversed()
                    .thenComparing(FileDiff::path))
            .toList();
    List<Sized> pieces = new ArrayList<>();
    for (FileDiff file : files) {
      for (int i = 0; i < file.hunks().size(); i++) {
        if (wanted.test(new HunkKey(file.path(), i))) {
          cut(file, i, settings.maxPromptTokens(), pieces);
        }
      }
    }
    return pack(pieces, settings);
  }

  private record Sized(FileGroup.Piece piece, int tokens) {}

  /// A hunk too big for a group becomes several pieces.
  private static void cut(FileDiff file, int hunkIndex, int maxTokens, List<Sized> pieces) {
    Hunk hunk = file.hunks().get(hunkIndex);
    int from = 0;
    int tokens = 0;
    for (int i = 0; i < hunk.lines().size(); i++) {
      int line = tokens(hunk.lines().get(i));
      if (i > from && tokens + line > maxTokens) {
        pieces.add(new Sized(new FileGroup.Piece(file, hunkIndex, from, i), tokens));
        from = i;
        tokens = 0;
      }
      tokens += line;
    }
    if (from < hunk.lines().size()) {
      pieces.add(
          new Sized(new FileGroup.Piece(file, hunkIndex, from, hunk.lines().size()), tokens));
    }
  }

  private static int tokens(DiffLine line) {
    int chars = Math.min(line.bytes().length(), PromptBuilder.MAX_LINE_CHARS) + LINE_FRAME_CHARS;
    return chars / 3 + 1;
  }

  private static FileGroups pack(List<Sized> pieces, ModelSettings settings) {
    long all = pieces.stream().mapToLong(Sized::tokens).sum();
    // Spread over the calls that may go at once, so that the whole takes one call's time.
    long even = all / settings.parallelCalls() + 1;
    long target =
        Math.min(settings.maxPromptTokens(), Math.max(even + even / 8, MIN_GROUP_TOKENS));
    List<FileGroup> groups = new ArrayList<>();
    SortedMap<HunkKey, String> unsent = new TreeMap<>();
    List<FileGroup.Piece> open = new ArrayList<>();
    int tokens = 0;
    for (Sized sized : pieces) {
      if (!open.isEmpty() && tokens + sized.tokens() > target) {
        groups.add(new FileGroup(open, tokens));
        open = new ArrayList<>();
        tokens = 0;
      }
      if (groups.size() >= settings.maxGroups()) {
        unsent.put(
            sized.piece().key(), "over the limit of " + settings.maxGroups() + " model calls");
        continue;
      }
      open.add(sized.piece());
      tokens += sized.tokens();
    }
    if (!open.isEmpty()) {
      groups.add(new FileGroup(open, tokens));
    }
    return new FileGroups(groups, unsent);
  }

  /// Pieces of a hunk in groups, by hunk: a hunk is seen whole when all of them were.
  Map<HunkKey, Integer> piecesByHunk() {
    Map<HunkKey, Integer> count = new TreeMap<>();
    for (FileGroup group : groups) {
      for (FileGroup.Piece piece : group.pieces()) {
        count.merge(piece.key(), 1, Integer::sum);
      }
    }
    return count;
  }
}
