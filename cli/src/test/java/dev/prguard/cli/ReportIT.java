package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.cli.GuardProcess.Result;
import dev.prguard.insight.demo.DemoHistory;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.SpanRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The report, the demo data and the import as their user sees them.
final class ReportIT {
  private static final String LOG =
      """
      timestamp,pr_url,operation,model,prompt_tokens,completion_tokens,total_tokens,cost_usd,latency_ms
      2026-10-02T10:00:05,https://github.com/acme/shop/pull/7,nitpicker,gpt-4o-mini,1200,300,1500,0.00036,5000
      2026-10-02T10:00:09,https://github.com/acme/shop/pull/7,patch,gpt-4o-mini,10,3,13,0.000000001,40
      """;

  @TempDir Path folder;
  private Path home;
  private GuardProcess guard;

  @BeforeEach
  void newHome() {
    home = folder.resolve("home/data");
    guard = new GuardProcess(folder.resolve("home")).in(folder);
  }

  @Test
  void demoData_isReportedToTheNanoDollar_inEveryFormat() throws IOException {
    Result made = guard.run("demo-data", "--days", "12", "--until", "2026-10-12", "--reviews", "5");
    assertThat(made.exitCode()).as(made.err()).isZero();
    Result again = guard.run("demo-data");
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains("holds demo data already").hasLineCount(1);

    Result result =
        guard.run(
            "report",
            "--home",
            home.resolve("demo").toString(),
            "--month",
            "2026-10",
            "--out",
            "out",
            "--format",
            "html,png,csv,json,md");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("October 2026", "demo data", "pr-guard-2026-10.html");
    for (String extension : List.of("html", "png", "csv", "json", "md")) {
      assertThat(folder.resolve("out/pr-guard-2026-10." + extension)).isNotEmptyFile();
    }
    List<String> csv = Files.readAllLines(folder.resolve("out/pr-guard-2026-10.csv"));
    int cost = List.of(csv.getFirst().split(",", -1)).indexOf("cost_nano_usd");
    long reported =
        csv.stream().skip(1).mapToLong(line -> Long.parseLong(line.split(",", -1)[cost])).sum();
    assertThat(reported).isEqualTo(storedNanoUsd(home.resolve("demo"))).isPositive();
  }

  /// Straight from the segments, trace by trace.
  private static long storedNanoUsd(Path data) {
    long sum = 0;
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(data)) {
      for (String trace : store.latestTraceIds(1_000_000)) {
        for (SpanRecord span : store.trace(trace)) {
          if (span.attributes().get("cost.nano_usd") instanceof LongValue(long nanoUsd)) {
            sum += nanoUsd;
          }
        }
      }
    }
    return sum;
  }

  @Test
  void demoSpans_nameTheirPullRequest() {
    LocalDate day = LocalDate.of(2026, 10, 7);
    try (Stream<List<SpanRecord>> reviews = new DemoHistory(day, day, 1, 300).reviews()) {
      reviews
          .flatMap(List::stream)
          .forEach(span ->
              assertThat(span.attributes())
                  .as(span.name())
                  .containsKeys("pr.url", "pr.repository", "pr.author", "pr.head_sha"));
    }
  }

  @Test
  void month_withoutReviews_isNoFailure() {
    Result result = guard.run("report", "--month", "2026-11", "--out", "out");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("no reviews in November 2026");
    assertThat(folder.resolve("out/pr-guard-2026-11.html"))
        .content()
        .contains("no reviews in November 2026");
  }

  @Test
  void budgetOfTheMonth_isTheSmallerOfBothFiles() throws IOException {
    Files.createDirectories(home);
    Files.writeString(home.resolve("config.yml"), "budget: {month_usd: 30}\n");
    assertThat(budget()).contains("Budget of the month, $30.0000");
    Files.writeString(folder.resolve(".pr-guard.yml"), "budget: {month_usd: 12.5}\n");
    assertThat(budget()).contains("Budget of the month, $12.5000");
    Files.writeString(folder.resolve(".pr-guard.yml"), "budget: {month_usd: lots}\n");
    assertThat(guard.run("report").err()).startsWith("pr-guard: .pr-guard.yml:1:");
  }

  private String budget() throws IOException {
    Path log = Files.writeString(folder.resolve("costs.csv"), LOG);
    guard.run("import", log.toString());
    guard.run("report", "--month", "2026-10", "--out", "out", "--format", "md");
    return Files.readString(folder.resolve("out/pr-guard-2026-10.md"));
  }

  @Test
  void costLog_isImportedOnce_andReported() throws IOException {
    Path log = Files.writeString(folder.resolve("costs.csv"), LOG + "yesterday,x,y\n");

    Result first = guard.run("import", log.toString());
    Result second = guard.run("import", log.toString());

    assertThat(first.out()).contains("imported 2; there already 0; bad rows left out 1");
    assertThat(first.err()).contains("costs.csv:4: ").hasLineCount(1);
    assertThat(first.exitCode()).isEqualTo(2);
    assertThat(second.out()).contains("imported 0; there already 2; bad rows left out 1");
    Result report = guard.run("report", "--month", "2026-10", "--out", "out", "--format", "csv");
    assertThat(report.out()).contains("2 operations were imported");
    assertThat(folder.resolve("out/pr-guard-2026-10.csv"))
        .content()
        .contains("nitpicker,gpt-4o-mini,1,0,0,1200,0,300,5000,0.00036,360000")
        .contains("patch,gpt-4o-mini,1,0,0,10,0,3,40,0.000000001,1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "report --month 2026-13 | --month 2026-13: not a month",
        "report --since 2026-11-10 --until 2026-11-01 | --until 2026-11-01 is before --since",
        "report --format pdf | --format pdf: not a format",
        "report --zone Mars | --zone Mars: not a time zone",
        "report --out /dev/null/x | --out /dev/null/x: cannot be written",
        "report --home nowhere | --home nowhere: no such folder",
        "demo-data --days 0 | --days 0: out of range",
        "import nowhere.csv | nowhere.csv: cannot be read: no such file",
      })
  void wrongInput_isOneLine(String command, String line) {
    Result result = guard.run(command.split(" ", -1));

    assertThat(result.err()).contains(line).hasLineCount(1);
    assertThat(result.exitCode()).isEqualTo(2);
  }

  @Test
  void storeOfANewerVersion_isRefused() throws IOException {
    Files.createDirectories(home);
    Files.writeString(home.resolve("format"), "pr-guard-store 999\n");

    Result result = guard.run("report", "--out", "out");

    assertThat(result.err()).contains("use a newer version").hasLineCount(1);
    assertThat(result.exitCode()).isEqualTo(2);
  }
}
