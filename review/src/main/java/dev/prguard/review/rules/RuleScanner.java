package dev.prguard.review.rules;

import dev.prguard.review.change.Change;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.result.Coverage.Look;
import dev.prguard.review.result.Coverage.Seen;
import dev.prguard.review.result.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Runs the rules over a change. Thread-safe; the same change always gives the same answer in the
/// same order.
public final class RuleScanner {

  /// For code that is nested deep, and calls that are gone into; only what is used is paid.
  private static final long STACK_BYTES = 16L << 20;

  private final RuleCatalog catalog;
  private final Parsers parsers = Parsers.shared();
  private final NewIgnores newIgnores;

  public RuleScanner(RuleCatalog catalog) {
    this(catalog, NewIgnores.REFUSED);
  }

  public RuleScanner(RuleCatalog catalog, NewIgnores newIgnores) {
    this.catalog = catalog;
    this.newIgnores = newIgnores;
  }

  /// Scans every file of the diff, whatever its name, size or markers say. A file that makes the
  /// scan fail is named in the looks; it never takes the other files down.
  public RuleScan scan(Change change) {
    parsers.forgive();
    List<FileResult> results = results(change);
    List<Finding> findings = new ArrayList<>();
    Map<String, Look> looks = new LinkedHashMap<>();
    List<String> notes = new ArrayList<>();
    for (FileResult result : results) {
      findings.addAll(result.findings());
      looks.merge(result.path(), result.look(), RuleScanner::worse);
      notes.addAll(result.notes());
    }
    for (Change.Gap gap : change.gaps()) {
      looks.merge(gap.path(), Look.no(gap.reason()), RuleScanner::worse);
    }
    String limit = change.commits().limit();
    if (limit != null) {
      notes.add("secrets that were added and removed again: " + limit);
    }
    findings.addAll(new HistoryScan(catalog).run(change));
    return new RuleScan(StyleScan.fewOfEach(findings, catalog), looks, notes);
  }

  /// Findings on any line of a file, as if all of it were added; for proving a patch.
  public List<Finding> scanFile(String path, byte[] content) {
    return new FileScan(
            catalog,
            ScannedFile.whole(path, content),
            parsers,
            newIgnores,
            ChangeFlows.NONE,
            ProjectStyle.UNKNOWN)
        .run()
        .findings();
  }

  private List<FileResult> results(Change change) {
    List<FileDiff> files = change.diff().files();
    int threads = Math.min(files.size(), Runtime.getRuntime().availableProcessors());
    if (threads == 0) {
      return List.of();
    }
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            threads,
            Thread.ofPlatform().daemon().name("rules-", 0).stackSize(STACK_BYTES).factory())) {
      ChangeFlows flows = ChangeFlows.of(catalog, change, parsers, pool);
      ProjectStyle style = ProjectStyle.of(change);
      List<Future<FileResult>> pending = new ArrayList<>(files.size());
      for (FileDiff file : files) {
        pending.add(pool.submit(() -> scan(change, file, flows, style)));
      }
      List<FileResult> results = new ArrayList<>(files.size());
      for (Future<FileResult> each : pending) {
        results.add(each.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while scanning", e);
    } catch (ExecutionException e) {
      // scan() catches what a file can cause; what is left is an Error.
      throw new IllegalStateException(e.getCause());
    }
  }

  private FileResult scan(Change change, FileDiff file, ChangeFlows flows, ProjectStyle style) {
    try {
      return new FileScan(catalog, flows.scanned(change, file), parsers, newIgnores, flows, style)
          .run();
    } catch (RuntimeException e) {
      return new FileResult(
          file.path(),
          List.of(),
          Look.no("the rules failed on this file: " + e.getClass().getSimpleName()),
          List.of());
    }
  }

  private static Look worse(Look one, Look other) {
    return rank(other.seen()) > rank(one.seen()) ? other : one;
  }

  private static int rank(Seen seen) {
    return switch (seen) {
      case NOT_APPLICABLE -> 0;
      case YES -> 1;
      case PARTLY -> 2;
      case NO -> 3;
    };
  }

  /// What the scan of one file gave.
  record FileResult(String path, List<Finding> findings, Look look, List<String> notes) {}
}
