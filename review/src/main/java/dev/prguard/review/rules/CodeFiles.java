package dev.prguard.review.rules;

import dev.prguard.review.change.Change;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.rules.code.Program;
import dev.prguard.review.rules.flow.FlowNeeds.Held;
import dev.prguard.review.rules.flow.OtherFiles;
import dev.prguard.review.rules.links.Links;
import dev.prguard.review.syntax.GrammarProcess.NoAnswerException;
import dev.prguard.review.syntax.ParsedLanguage;
import dev.prguard.review.syntax.SyntaxTree;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The code of a change whose files lead into one another. Thread-safe once it is built.
///
/// A file's tree is made when the first asks for it and kept until others need the room: keeping
/// all of 10,000 files would take more memory than the whole review.
final class CodeFiles implements OtherFiles {

  /// Lines up to here are of files before the change.
  private static final int FIRST_LINE = 1 << 20;

  /// A file of the change that can be read as code.
  static final class CodeFile {
    final FileDiff diff;
    final ParsedLanguage language;
    final Links.Sketch sketch;
    final int lines;
    final int characters;
    final BitSet added;
    Held held = Held.NOTHING;
    boolean gives;

    /// How many lines are counted before its first one.
    int offset;

    private volatile @Nullable Program program;
    private boolean errors;
    private String unread = "";

    CodeFile(
        FileDiff diff,
        ParsedLanguage language,
        Links.Sketch sketch,
        int lines,
        int characters,
        BitSet added) {
      this.diff = diff;
      this.language = language;
      this.sketch = sketch;
      this.lines = lines;
      this.characters = characters;
      this.added = added;
    }

    String path() {
      return diff.path();
    }

    /// Whether some stretch of it did not parse; known once it has been.
    boolean errors() {
      return errors;
    }

    /// Why it could not be parsed; empty when it could.
    String unread() {
      return unread;
    }
  }

  private final List<CodeFile> files;
  private final Links links;
  private final Change change;
  private final Parsers parsers;
  private final int[] offsets;
  private final KeptPrograms kept = new KeptPrograms();
  private final long share;

  /// @param share see [OtherFiles#share]
  CodeFiles(List<CodeFile> files, Links links, Change change, Parsers parsers, long share) {
    this.share = share;
    this.files = List.copyOf(files);
    this.links = links;
    this.change = change;
    this.parsers = parsers;
    offsets = new int[this.files.size()];
    int offset = FIRST_LINE;
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = offset;
      this.files.get(i).offset = offset;
      offset = Math.addExact(offset, this.files.get(i).lines + 1);
    }
  }

  CodeFile get(int file) {
    return files.get(file);
  }

  @Override
  public @Nullable Place find(int from, String name) {
    Place place = links.find(from, name);
    return place == null || place.line() == 0
        ? place
        : new Place(place.file(), place.rest(), place.line() + files.get(place.file()).offset);
  }

  @Override
  public int at(int line) {
    if (line <= FIRST_LINE) {
      return OUTSIDE;
    }
    int found = Arrays.binarySearch(offsets, line - 1);
    return found >= 0 ? found : -found - 2;
  }

  @Override
  public boolean gives(int file) {
    return files.get(file).gives;
  }

  @Override
  public @Nullable Program program(int number) {
    CodeFile file = files.get(number);
    synchronized (file) {
      Program known = file.program;
      if (known == null && file.unread.isEmpty()) {
        known = parse(file);
        file.program = known;
      }
      if (known != null) {
        synchronized (kept) {
          kept.keep(number, file.characters, each -> files.get(each).program = null);
        }
      }
      return known;
    }
  }

  @Override
  public long share() {
    return share;
  }

  private @Nullable Program parse(CodeFile file) {
    List<String> lines = ScannedFile.of(change, file.diff).headLines().orElse(null);
    if (lines == null) {
      file.unread = "its code is gone: line rules only";
      return null;
    }
    if (!parsers.isWilling()) {
      file.unread = FlowScan.UNWILLING;
      return null;
    }
    try {
      SyntaxTree tree = parsers.tree(file.language, FlowScan.bytes(lines));
      tree.moveDown(file.offset);
      file.errors = tree.errors();
      return Program.of(file.language, tree);
    } catch (NoAnswerException e) {
      file.unread = "its code " + e.reason() + ": line rules only";
    } catch (StackOverflowError e) {
      file.unread = "its code is nested too deep: line rules only";
    }
    return null;
  }
}
