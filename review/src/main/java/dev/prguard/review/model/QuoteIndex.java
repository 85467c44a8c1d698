package dev.prguard.review.model;

import dev.prguard.review.change.Change;
import dev.prguard.review.change.ChangeSourceException;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.Hunk;
import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.rules.SecretRedactor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Finds the line that a model quotes. A quote that is nowhere is a phantom.
final class QuoteIndex {
  private static final int MAX_FILE_BYTES = 5 << 20;

  /// A line that is really there.
  ///
  /// @param lastLine the last line that is shown together with it
  /// @param text the line as in the file; as it was shown, where a secret was taken out of it,
  ///   since only its neighbours may give it away as one
  record Place(Side side, int line, int lastLine, boolean changed, String text) {}

  private final Change change;
  private final PromptBuilder prompts;
  private final Map<String, List<FileDiff>> files = new HashMap<>();
  private final Map<String, String> pathsByShown = new HashMap<>();
  private final Map<String, Map<String, List<Place>>> diffLines = new ConcurrentHashMap<>();
  private final Map<String, Map<String, List<Place>>> headLines = new ConcurrentHashMap<>();

  QuoteIndex(Change change, PromptBuilder prompts) {
    this.change = change;
    this.prompts = prompts;
    for (FileDiff file : change.diff().files()) {
      files.computeIfAbsent(file.path(), p -> new ArrayList<>()).add(file);
      pathsByShown.putIfAbsent(prompts.shownPath(file.path()), file.path());
    }
  }

  /// The file that a model names: it knows a path as it was shown, with what is hidden spelled out
  /// and secrets redacted.
  String path(String named) {
    return files.containsKey(named) ? named : pathsByShown.getOrDefault(named, named);
  }

  /// The place that is meant: of the changed lines with this text the one nearest to `line`, else
  /// of the unchanged ones of the diff, else of the rest of the file.
  ///
  /// @param quote hostile text; its first line that has anything on it counts
  Optional<Place> find(String path, String quote, int line) {
    if (!files.containsKey(path)) {
      return Optional.empty();
    }
    for (String key : keys(quote)) {
      List<Place> places =
          diffLines.computeIfAbsent(path, this::diffLines).getOrDefault(key, List.of());
      Optional<Place> changed = nearest(places.stream().filter(Place::changed).toList(), line);
      if (changed.isPresent() && meant(key, changed.get(), line)) {
        return changed;
      }
      Optional<Place> context = nearest(places, line);
      if (context.isPresent() && meant(key, context.get(), line)) {
        return context;
      }
      Optional<Place> elsewhere =
          nearest(
              headLines.computeIfAbsent(path, this::headLines).getOrDefault(key, List.of()), line);
      if (elsewhere.isPresent() && meant(key, elsewhere.get(), line)) {
        return elsewhere;
      }
    }
    return Optional.empty();
  }

  /// A lone brace is everywhere; it proves nothing unless it stands on the very line.
  private static boolean meant(String key, Place place, int line) {
    return place.line() == line || key.chars().filter(Character::isLetterOrDigit).count() >= 3;
  }

  private static Optional<Place> nearest(List<Place> places, int line) {
    Place best = null;
    for (Place place : places) {
      if (best == null || Math.abs(place.line() - line) < Math.abs(best.line() - line)) {
        best = place;
      }
    }
    return Optional.ofNullable(best);
  }

  /// The quote as it may have been meant: as it stands, or with the prompt's gutter copied along.
  private static List<String> keys(String quote) {
    String first = quote.lines().filter(l -> !l.isBlank()).findFirst().orElse("");
    if (first.isEmpty() || first.length() > 2 * PromptBuilder.MAX_LINE_CHARS) {
      return List.of();
    }
    List<String> keys = new ArrayList<>();
    keys.add(key(first));
    int bar = first.indexOf(" | ");
    if (bar >= 0
        && first.substring(0, bar).chars().allMatch(c -> " +-0123456789".indexOf(c) >= 0)) {
      keys.add(key(first.substring(bar + 3)));
    } else if (first.startsWith("+") || first.startsWith("-")) {
      keys.add(key(first.substring(1)));
    }
    return keys;
  }

  private static String key(String line) {
    return line.strip();
  }

  private Map<String, List<Place>> diffLines(String path) {
    Map<String, List<Place>> places = new HashMap<>();
    for (FileDiff file : files.getOrDefault(path, List.of())) {
      for (int h = 0; h < file.hunks().size(); h++) {
        Hunk hunk = file.hunks().get(h);
        List<String> shown = prompts.shownLines(new HunkKey(path, h), hunk);
        int oldLine = hunk.oldStart();
        int newLine = hunk.newStart();
        for (int i = 0; i < shown.size(); i++) {
          DiffLine line = hunk.lines().get(i);
          boolean deleted = line.kind() == DiffLine.Kind.DELETED;
          Place place =
              new Place(
                  deleted ? Side.OLD : Side.NEW,
                  deleted ? oldLine : newLine,
                  deleted
                      ? hunk.oldStart() + hunk.oldCount() - 1
                      : hunk.newStart() + hunk.newCount() - 1,
                  line.kind() != DiffLine.Kind.CONTEXT,
                  shown.get(i).contains(SecretRedactor.MARK) ? shown.get(i) : line.text());
          places.computeIfAbsent(key(shown.get(i)), k -> new ArrayList<>()).add(place);
          oldLine += line.kind() == DiffLine.Kind.ADDED ? 0 : 1;
          newLine += deleted ? 0 : 1;
        }
      }
    }
    return places;
  }

  private Map<String, List<Place>> headLines(String path) {
    Map<String, List<Place>> places = new HashMap<>();
    byte[] bytes;
    try {
      bytes = change.head().read(path).orElse(new byte[0]);
    } catch (ChangeSourceException e) {
      // Without the file the quote cannot be proven; the finding counts as a phantom.
      return places;
    }
    if (bytes.length > MAX_FILE_BYTES) {
      return places;
    }
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String text = DiffLine.text(lines[i]);
      places
          .computeIfAbsent(key(PromptBuilder.shown(text)), k -> new ArrayList<>())
          .add(new Place(Side.NEW, i + 1, lines.length, false, text));
    }
    return places;
  }
}
