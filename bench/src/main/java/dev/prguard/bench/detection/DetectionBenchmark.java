package dev.prguard.bench.detection;

import dev.prguard.review.change.Change;
import dev.prguard.review.change.GitChangeSource;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.Hunk;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Severity;
import dev.prguard.review.rules.RuleCatalog;
import dev.prguard.review.rules.RuleScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Scores the rules on labelled sets, one row a set, and their noise on real changes.
///
/// Arguments: the folder of the snippet sets; then any number of sets of your own (files, in the
/// form of [SnippetSet]), which are scored instead, and of Git repositories, whose last commit
/// against the one before is an ordinary change. `--misses` before them names every wrong case.
public final class DetectionBenchmark {

  private final RuleScanner scanner = new RuleScanner(RuleCatalog.bundled());
  private final boolean misses;

  private DetectionBenchmark(boolean misses) {
    this.misses = misses;
  }

  public static void main(String[] args) throws IOException {
    boolean misses = args.length > 0 && args[0].equals("--misses");
    List<String> rest = List.of(args).subList(misses ? 1 : 0, args.length);
    DetectionBenchmark benchmark = new DetectionBenchmark(misses);
    Path sets = Path.of(rest.getFirst());
    List<Path> given = rest.stream().skip(1).map(Path::of).toList();
    System.out.println("| set | cases | TPR | FPR | Youden | precision | recall |");
    System.out.println("|---|---|---|---|---|---|---|");
    if (given.stream().noneMatch(Files::isRegularFile)) {
      benchmark.ownSets(sets);
    }
    for (Path set : given) {
      if (Files.isRegularFile(set)) {
        benchmark.suite(set.getFileName().toString(), SnippetSet.read(set));
      }
    }
    if (given.stream().anyMatch(Files::isDirectory)) {
      System.out.println();
      System.out.println(
          "| change | added lines | findings | a 1,000 lines | high and up, a 1,000 | s |");
      System.out.println("|---|---|---|---|---|---|");
      given.stream().filter(Files::isDirectory).forEach(benchmark::noise);
      benchmark.total();
    }
    System.exit(0);
  }

  private static final Pattern LLM_SET = Pattern.compile("marked-(llm-[a-z]+)\\.txt");

  /// Sets of programs with models, in the order in which they were written: a to z, then aa.
  private static List<String> llmSets(Path sets) throws IOException {
    try (Stream<Path> files = Files.list(sets)) {
      return files
          .map(file -> LLM_SET.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .map(matcher -> matcher.group(1))
          .sorted(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
          .toList();
    }
  }

  private void ownSets(Path sets) throws IOException {
    suite("servlets (OWASP Benchmark style, Java)", ServletSet.cases());
    suite("handlers (OWASP Benchmark style, Python)", FlaskSet.cases());
    suite("snippets py/js/ts/java/go", SnippetSet.read(sets.resolve("snippets.txt")));
    suite("weaknesses, many languages", SnippetSet.read(sets.resolve("weaknesses.txt")));
    for (String languages : List.of("py-go", "js-java", "py-go-2", "js-java-2", "llm")) {
      suite(
          "independent " + languages + ", by line",
          SnippetSet.read(sets.resolve("independent-" + languages + ".txt")));
    }
    for (String marked :
        List.of(
            "py",
            "js",
            "java",
            "go",
            "py-go",
            "js-java",
            "schemas",
            "schemas-b",
            "schemas-c",
            "schemas-d")) {
      suite(
          "marked " + marked + ", by statement",
          SnippetSet.read(sets.resolve("marked-" + marked + ".txt")));
    }
    for (String marked : llmSets(sets)) {
      Path set = sets.resolve("marked-" + marked + ".txt");
      suite("marked " + marked + ", by statement", SnippetSet.read(set));
      suite("marked " + marked + ", by file", SnippetSet.byFile(set));
    }
    suite("LLM Top 10", SnippetSet.read(sets.resolve("llm.txt")));
    suite("secrets", SecretSet.read(sets.resolve("secrets.tsv")));
  }

  private void suite(String name, List<LabelledCase> cases) {
    Map<String, Score> categories = new TreeMap<>();
    for (LabelledCase each : cases) {
      List<Finding> findings =
          scanner.scanFile(each.path(), each.text().getBytes(StandardCharsets.UTF_8));
      boolean found = findings.stream().anyMatch(each::isToldBy);
      categories.computeIfAbsent(each.category(), _ -> new Score()).count(each.vulnerable(), found);
      if (misses && found != each.vulnerable()) {
        System.err.println(
            (found ? "FALSE ALARM " : "MISSED ")
                + each.category()
                + " "
                + each.cwes()
                + " "
                + each.path()
                + (each.line() > 0 ? ":" + each.line() : "")
                + "; told: "
                + findings.stream().map(f -> f.rule() + " " + f.line()).toList()
                + "\n"
                + each.text());
      }
    }
    Score all = new Score();
    double youden = 0;
    for (Score score : categories.values()) {
      all.add(score);
      youden += score.youden() / categories.size();
    }
    row(name, all, youden);
    if (misses) {
      categories.forEach((category, score) -> row("&nbsp; " + category, score, score.youden()));
    }
  }

  private static void row(String name, Score score, double youden) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %.1f | %.1f | %.1f | %.1f | %.1f |%n",
        name,
        score.size(),
        score.recall(),
        score.falsePositiveRate(),
        youden,
        score.precision(),
        score.recall());
  }

  private long lines;
  private long findings;
  private long high;
  private double seconds;

  private void noise(Path repository) {
    Change change = new GitChangeSource(repository, "HEAD~1", "HEAD", false).fetch();
    long added = 0;
    for (FileDiff file : change.diff().files()) {
      for (Hunk hunk : file.hunks()) {
        added += hunk.lines().stream().filter(line -> line.kind() == DiffLine.Kind.ADDED).count();
      }
    }
    long start = System.nanoTime();
    List<Finding> found =
        scanner.scan(change).findings().stream()
            .filter(finding -> finding.category() == Finding.Category.SECURITY)
            .toList();
    double took = (System.nanoTime() - start) / 1e9;
    long serious =
        found.stream()
            .filter(f -> f.severity() == Severity.HIGH || f.severity() == Severity.CRITICAL)
            .count();
    if (misses) {
      found.forEach(f ->
          System.err.println(
              f.rule()
                  + " "
                  + f.severity()
                  + " "
                  + f.path()
                  + ":"
                  + f.line()
                  + " "
                  + f.quote().strip()));
    }
    lines += added;
    findings += found.size();
    high += serious;
    seconds += took;
    noiseRow(repository.getFileName().toString(), added, found.size(), serious, took);
  }

  private void total() {
    noiseRow("all", lines, findings, high, seconds);
  }

  private static void noiseRow(String name, long lines, long findings, long high, double seconds) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %d | %.2f | %.2f | %.1f |%n",
        name,
        lines,
        findings,
        1000.0 * findings / Math.max(1, lines),
        1000.0 * high / Math.max(1, lines),
        seconds);
  }
}
