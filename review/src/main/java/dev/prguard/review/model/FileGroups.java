package dev.prguard.review.model;

import dev.prguard.review.change.Change;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.Hunk;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
  private static final long MAX_HUNK_CHARS = 4 << 20;

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
            .sorted(Comparator.comparingInt(FileRisk::of).reversed().thenComparing(FileDiff::path))
            .toList();
    List<Sized> pieces = new ArrayList<>();
    SortedMap<HunkKey, String> unsent = new TreeMap<>();
    for (FileDiff file : files) {
      for (int i = 0; i < file.hunks().size(); i++) {
        if (wanted.test(new HunkKey(file.path(), i))) {
          int lines = cut(file, i, settings.maxPromptTokens(), pieces);
          if (lines < file.hunks().get(i).lines().size()) {
            unsent.put(new HunkKey(file.path(), i), "too big: only the first 4 MB can be sent");
          }
        }
      }
    }
    return pack(pieces, unsent, settings);
  }

  private record Sized(FileGroup.Piece piece, int tokens) {}

  /// Lines of a hunk that can be sent at all; bounds the memory that a hostile diff can take.
  static int sendable(Hunk hunk) {
    long chars = 0;
    int lines = 0;
    for (DiffLine line : hunk.lines()) {
      chars += Math.min(line.bytes().length(), PromptBuilder.MAX_LINE_CHARS) + LINE_FRAME_CHARS;
      if (chars > MAX_HUNK_CHARS) {
        break;
      }
      lines++;
    }
    return lines;
  }

  /// A hunk too big for a group becomes several pieces. Answers how many of its lines are in them.
  private static int cut(FileDiff file, int hunkIndex, int maxTokens, List<Sized> pieces) {
    Hunk hunk = file.hunks().get(hunkIndex);
    int end = sendable(hunk);
    int from = 0;
    int tokens = 0;
    for (int i = 0; i < end; i++) {
      int line = tokens(hunk.lines().get(i));
      if (i > from && tokens + line > maxTokens) {
        pieces.add(new Sized(new FileGroup.Piece(file, hunkIndex, from, i), tokens));
        from = i;
        tokens = 0;
      }
      tokens += line;
    }
    if (from < end) {
      pieces.add(new Sized(new FileGroup.Piece(file, hunkIndex, from, end), tokens));
    }
    return end;
  }

  private static int tokens(DiffLine line) {
    int chars = Math.min(line.bytes().length(), PromptBuilder.MAX_LINE_CHARS) + LINE_FRAME_CHARS;
    return chars / 3 + 1;
  }

  private static FileGroups pack(
      List<Sized> pieces, SortedMap<HunkKey, String> unsent, ModelSettings settings) {
    long all = pieces.stream().mapToLong(Sized::tokens).sum();
    // Spread over the calls that may go at once, so that the whole takes one call's time.
    long even = all / settings.parallelCalls() + 1;
    long target = Math.min(settings.maxPromptTokens(), Math.max(even + even / 8, MIN_GROUP_TOKENS));
    List<FileGroup> groups = new ArrayList<>();
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
}
