package dev.prguard.review.rules;

import dev.prguard.review.change.Change;
import dev.prguard.review.diff.DiffLine.Kind;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.rules.CodeFiles.CodeFile;
import dev.prguard.review.rules.code.Program;
import dev.prguard.review.rules.flow.FlowAnalysis;
import dev.prguard.review.rules.flow.FlowModel;
import dev.prguard.review.rules.flow.Hit;
import dev.prguard.review.rules.flow.OtherFiles;
import dev.prguard.review.rules.links.Links;
import dev.prguard.review.rules.words.WordTable;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Follows values from one file of a change into another, before the files are scanned each for
/// itself. Most changes end at the first look: none of their files imports another one.
final class ChangeFlows {

  /// Characters of files that are kept until they are scanned; others are read again.
  private static final long KEPT_CHARACTERS = 8_000_000;

  /// Of all files together: a line's number says which file it is of.
  private static final long MAX_LINES = 1 << 30;

  /// Characters that are parsed for the sake of other files, besides a part of the whole change.
  private static final long PARSED_CHARACTERS = 1_000_000;

  /// Steps in other files, for all files together, and for one.
  private static final long STEPS = 5_000_000;

  private static final long LEAST_STEPS = 4_000;
  private static final long MOST_STEPS = 300_000;

  static final ChangeFlows NONE = new ChangeFlows(null, new ConcurrentHashMap<>());

  /// What following the values of a file gave.
  ///
  /// @param hits within it, by its own lines
  /// @param ends by its own lines, sinks in it that values from or over another file reach
  /// @param unread why it could not be read, empty when it could
  record Followed(List<Hit> hits, List<Hit> ends, boolean complete, boolean errors, String unread) {
    Followed {
      hits = List.copyOf(hits);
      ends = List.copyOf(ends);
    }
  }

  private final @Nullable CodeFiles code;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<Integer, Followed> followed = new HashMap<>();
  private final Map<String, List<Crossing>> crossings = new HashMap<>();
  private final Map<FileDiff, ScannedFile> kept;

  private ChangeFlows(@Nullable CodeFiles code, Map<FileDiff, ScannedFile> kept) {
    this.code = code;
    this.kept = kept;
  }

  static ChangeFlows of(RuleCatalog catalog, Change change, Parsers parsers, ExecutorService pool)
      throws InterruptedException, ExecutionException {
    List<FileDiff> diffs = candidates(change);
    if (diffs.size() < 2 || catalog.flows().isEmpty()) {
      return NONE;
    }
    Map<FileDiff, ScannedFile> kept = new ConcurrentHashMap<>();
    AtomicLong characters = new AtomicLong();
    List<CodeFile> files =
        each(
                pool,
                diffs,
                diff -> {
                  ScannedFile file = ScannedFile.of(change, diff);
                  Optional<CodeFile> result = read(file);
                  long size = result.map(each -> (long) each.characters).orElse(0L);
                  if (characters.addAndGet(size) < KEPT_CHARACTERS) {
                    kept.put(diff, file);
                  }
                  return result;
                })
            .stream()
            .flatMap(Optional::stream)
            .toList();
    if (files.stream().mapToLong(file -> file.lines + 1).sum() > MAX_LINES) {
      return new ChangeFlows(null, kept);
    }
    Links links = new Links(files.stream().map(file -> file.sketch).toList());
    IntFunction<List<String>> lines =
        i -> {
          FileDiff diff = files.get(i).diff;
          ScannedFile file = kept.get(diff);
          return (file == null ? ScannedFile.of(change, diff) : file).headLines().orElse(List.of());
        };
    neighbours(links, lines, pool);
    List<Integer> linked = linked(links, files.size());
    if (linked.isEmpty()) {
      return new ChangeFlows(null, kept);
    }
    each(
        pool,
        linked,
        i -> {
          CodeFile file = files.get(i);
          file.held = catalog.flows().of(file.language).needs().held(lines.apply(i));
          return Optional.of(i);
        });
    List<Integer> starts = affordable(starts(links, files, linked), links, files);
    long share = Math.clamp(STEPS / Math.max(1, starts.size()), LEAST_STEPS, MOST_STEPS);
    CodeFiles code = new CodeFiles(files, links, change, parsers, share);
    ChangeFlows flows = new ChangeFlows(code, kept);
    List<Optional<FlowAnalysis.Result>> results =
        each(
            pool,
            starts,
            i -> {
              CodeFile file = code.get(i);
              Program program = code.program(i);
              ScannedFile scanned = ScannedFile.of(change, file.diff);
              return Optional.ofNullable(program)
                  .map(known ->
                      FlowAnalysis.of(
                          known, catalog.flows().of(file.language), scanned::resource, code, i, i));
            });
    for (int i = 0; i < starts.size(); i++) {
      flows.take(starts.get(i), results.get(i).orElse(null));
    }
    return flows;
  }

  private static List<FileDiff> candidates(Change change) {
    List<FileDiff> some = new ArrayList<>();
    Set<String> paths = new HashSet<>();
    for (FileDiff diff : change.diff().files()) {
      if (ParsedLanguage.of(diff.path()).isCode()
          && diff.status() != FileDiff.Status.DELETED
          && diff.hunks().stream()
              .anyMatch(hunk -> hunk.lines().stream().anyMatch(line -> line.kind() != Kind.CONTEXT))
          && paths.add(diff.path())) {
        some.add(diff);
      }
    }
    return some;
  }

  private static Optional<CodeFile> read(ScannedFile file) {
    List<String> lines = file.headLines().orElse(null);
    if (lines == null || FlowScan.isLarge(lines)) {
      return Optional.empty();
    }
    BitSet added = new BitSet();
    for (Segment segment : file.segments()) {
      for (int i = segment.added().nextSetBit(0); i >= 0; i = segment.added().nextSetBit(i + 1)) {
        added.set(segment.number(i));
      }
    }
    int characters = 0;
    for (String line : lines) {
      characters += line.length() + 1;
    }
    ParsedLanguage language = ParsedLanguage.of(file.path());
    return Optional.of(
        new CodeFile(
            file.diff(),
            language,
            Links.sketch(file.path(), language, lines),
            lines.size(),
            characters,
            added));
  }

  /// Files of one package use each other without saying so: their words tell.
  private static void neighbours(Links links, IntFunction<List<String>> lines, ExecutorService pool)
      throws InterruptedException, ExecutionException {
    for (Links.Folder each : links.packages()) {
      WordTable words = new WordTable();
      each.names().forEach(words::number);
      List<Optional<BitSet>> found =
          each(
              pool,
              each.files(),
              i -> {
                BitSet here = new BitSet();
                lines.apply(i).forEach(line -> words.collect(line, here));
                return Optional.of(here);
              });
      for (int i = 0; i < found.size(); i++) {
        BitSet here = found.get(i).orElseGet(BitSet::new);
        links.uses(each.files().get(i), here.stream().mapToObj(each.names()::get).toList());
      }
    }
  }

  /// Files that lead to another, and those that they lead to.
  private static List<Integer> linked(Links links, int size) {
    BitSet linked = new BitSet();
    for (int i = 0; i < size; i++) {
      BitSet targets = links.targets(i);
      if (!targets.isEmpty()) {
        linked.set(i);
        linked.or(targets);
      }
    }
    return linked.stream().boxed().toList();
  }

  /// Files from which a value may go over another one: a source and a sink that it counts for are
  /// in what they reach, and one of the two in the file itself, or each in another that it imports.
  private static List<Integer> starts(Links links, List<CodeFile> files, List<Integer> linked) {
    long wanted = 0;
    for (int i : linked) {
      wanted |= files.get(i).held.wants();
    }
    List<Integer> starts = new ArrayList<>();
    for (int i : linked) {
      CodeFile file = files.get(i);
      BitSet targets = links.targets(i);
      long gives = 0;
      long wants = 0;
      for (int each : links.reach(i).stream().toArray()) {
        gives |= files.get(each).held.gives();
        wants |= files.get(each).held.wants();
      }
      file.gives = ((gives | file.held.gives()) & wanted) != 0;
      long between = 0;
      for (int one : targets.stream().toArray()) {
        for (int other : targets.stream().limit(12).toArray()) {
          between |= one == other ? 0 : files.get(one).held.gives() & files.get(other).held.wants();
        }
      }
      boolean counts =
          (file.held.gives() & (wants | file.held.wants())) != 0
              || (file.held.wants() & gives) != 0
              || between != 0;
      if (!targets.isEmpty() && counts) {
        starts.add(i);
      }
    }
    return starts;
  }

  /// As many of them as may be followed: what they lead to is parsed for their sake, again where it
  /// was let go meanwhile. Counted beforehand, so that the answer is the same each time.
  private static List<Integer> affordable(List<Integer> starts, Links links, List<CodeFile> files) {
    long left = PARSED_CHARACTERS;
    for (CodeFile file : files) {
      left += file.characters / 32;
    }
    KeptPrograms kept = new KeptPrograms();
    List<Integer> some = new ArrayList<>();
    for (int start : starts) {
      for (int each : links.reach(start).stream().toArray()) {
        CodeFile file = files.get(each);
        if (!kept.keep(each, file.characters, _ -> {})) {
          left -= file.characters;
        }
      }
      if (left < 0) {
        break;
      }
      some.add(start);
    }
    return some;
  }

  private static <T, R> List<Optional<R>> each(
      ExecutorService pool, List<T> all, Function<T, Optional<R>> work)
      throws InterruptedException, ExecutionException {
    List<Future<Optional<R>>> pending = new ArrayList<>(all.size());
    for (T one : all) {
      pending.add(
          pool.submit(() -> {
            try {
              return work.apply(one);
            } catch (RuntimeException e) {
              // What cannot be followed is scanned for itself, and fails or holds there.
              return Optional.empty();
            }
          }));
    }
    List<Optional<R>> results = new ArrayList<>(all.size());
    for (Future<Optional<R>> future : pending) {
      results.add(future.get());
    }
    return results;
  }

  private void take(int number, FlowAnalysis.@Nullable Result result) {
    CodeFiles files = code;
    if (files == null) {
      return;
    }
    CodeFile file = files.get(number);
    numbers.put(file.path(), number);
    if (result == null && file.unread().isEmpty()) {
      return;
    }
    if (result == null) {
      followed.put(number, new Followed(List.of(), List.of(), false, true, file.unread()));
      return;
    }
    List<Hit> own = new ArrayList<>();
    List<Hit> ends = new ArrayList<>();
    for (Hit hit : result.hits()) {
      boolean arrives = files.at(hit.line()) == number;
      boolean within = hit.path().stream().allMatch(step -> files.at(step) == number);
      if (arrives) {
        (within ? own : ends).add(local(hit, file.offset, within));
      }
      if (!within || (!arrives && !hit.path().isEmpty())) {
        Crossing crossing = Crossing.of(hit, number, files);
        if (crossing != null) {
          crossings.computeIfAbsent(crossing.path(), _ -> new ArrayList<>()).add(crossing);
        }
      }
    }
    followed.put(number, new Followed(own, ends, result.complete(), file.errors(), ""));
  }

  private static Hit local(Hit hit, int offset, boolean within) {
    return new Hit(
        hit.rule(),
        hit.line() - offset,
        hit.endLine() - offset,
        within ? hit.path().stream().map(step -> step - offset).toList() : List.of(),
        hit.source(),
        hit.suspect());
  }

  /// The file as it was read here, where it was kept.
  ScannedFile scanned(Change change, FileDiff diff) {
    ScannedFile known = kept.remove(diff);
    return known == null ? ScannedFile.of(change, diff) : known;
  }

  /// Null where a file was not followed into others.
  @Nullable Followed of(String path) {
    Integer number = numbers.get(path);
    return number == null ? null : followed.get(number);
  }

  /// Ways over several files that are to be reported in a file.
  List<Crossing> into(String path) {
    return crossings.getOrDefault(path, List.of());
  }

  /// Hits of the file as it was before the change, beside the others as they are after it.
  FlowAnalysis.Result before(
      String path, Program program, FlowModel model, FlowAnalysis.Resources resources) {
    CodeFiles files = code;
    Integer number = numbers.get(path);
    if (files == null || number == null) {
      return FlowAnalysis.of(program, model, resources);
    }
    FlowAnalysis.Result result =
        FlowAnalysis.of(program, model, resources, files, number, OtherFiles.OUTSIDE);
    List<Hit> own =
        result.hits().stream().filter(hit -> files.at(hit.line()) == OtherFiles.OUTSIDE).toList();
    return new FlowAnalysis.Result(own, result.complete(), result.steps());
  }
}
