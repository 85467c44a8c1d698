package dev.prguard.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prguard.testkit.LargePullRequest;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// Whole-process times of `./pr-guard`, each beside its baseline in the same run.
public final class ReviewBenchmark {
  private static final Duration MODEL_LATENCY = Duration.ofSeconds(1);

  /// What the scripted model says: a fixed time, then no findings, with usage.
  private static final String ANSWER =
      """
      {"id":"c1","object":"chat.completion","created":1,"model":"gpt-4o-mini-2024-07-18",
       "choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"{\\"findings\\":[]}"}}],
       "usage":{"prompt_tokens":1000,"completion_tokens":20,"total_tokens":1020}}
      """;

  private final Path folder;
  private final Map<String, String> env;
  private final Path output;

  private ReviewBenchmark(Path folder) {
    this.folder = folder;
    this.env = Map.of("PR_GUARD_HOME", folder.resolve("home").toString(), "OPENAI_API_KEY", "");
    this.output = folder.resolve("output.txt");
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("pr-guard-bench");
    ReviewBenchmark benchmark = new ReviewBenchmark(folder);
    System.out.println("| what | baseline | measured | ratio or peak |");
    System.out.println("|---|---|---|---|");
    benchmark.version();
    benchmark.smallReview();
    benchmark.largeReview();
    benchmark.modelReview();
  }

  private void version() throws IOException, InterruptedException {
    String java = Objects.requireNonNull(System.getenv("JAVA_HOME"), "JAVA_HOME") + "/bin/java";
    Command.Run baseline = new Command(List.of(java, "-version"), env).median(21, output);
    Command.Run version = guard("--version").median(21, output);
    row(
        "`pr-guard --version`",
        "`java -version` " + ms(baseline.millis()),
        ms(version.millis()),
        times(version.millis() / baseline.millis()));
  }

  private void smallReview() throws IOException, InterruptedException {
    Path diff = write("small.diff", LargePullRequest.diff(10, 500, 1));
    Command.Run run =
        guard("review", diff.toString(), "--llm", "none", "--fail-on", "none").median(11, output);
    row("rules-only review, 500 added lines", "goal 1,000 ms", ms(run.millis()), peak(run));
  }

  private void largeReview() throws IOException, InterruptedException {
    Path diff = write("large.diff", LargePullRequest.diff(1_000, 60_000, 2));
    Path json = folder.resolve("large.json");
    Command.Run run =
        guard(
                "review",
                diff.toString(),
                "--llm",
                "none",
                "--fail-on",
                "none",
                "--json",
                json.toString())
            .median(3, output);
    List<String> found =
        new ObjectMapper().readTree(json.toFile()).path("findings").findValuesAsText("path");
    List<String> missed = new ArrayList<>();
    for (String path :
        List.of(
            LargePullRequest.SECRET_PATH,
            LargePullRequest.REMOVED_CHECK_PATH,
            LargePullRequest.WORKFLOW_PATH,
            LargePullRequest.LOCK_PATH)) {
      if (!found.contains(path)) {
        missed.add(path);
      }
    }
    row(
        "1,000 files, 60,000 added lines; dangers missed: " + missed,
        "goal 20,000 ms, 512 MB",
        ms(run.millis()),
        peak(run));
  }

  private void modelReview() throws IOException, InterruptedException {
    Path diff = write("model.diff", LargePullRequest.diff(40, 1_200, 3));
    try (TestHttpServer model =
        TestHttpServer.start(_ -> new Answer.Delayed(MODEL_LATENCY, Answer.json(200, ANSWER)))) {
      Command command =
          new Command(
              List.of(
                  "./pr-guard",
                  "review",
                  diff.toString(),
                  "--llm",
                  "openai/gpt-4o-mini",
                  "--fail-on",
                  "none"),
              Map.of(
                  "PR_GUARD_HOME",
                  folder.resolve("home").toString(),
                  "OPENAI_API_KEY",
                  "sk-bench",
                  "OPENAI_BASE_URL",
                  model.uri() + "/v1"));
      Command.Run run = command.median(5, output);
      double baseline = 2.0 * MODEL_LATENCY.toMillis();
      row(
          "review of 40 files, scripted model of 1,000 ms, "
              + model.requests().size() / 6
              + " calls",
          "two dependent calls " + ms(baseline),
          ms(run.millis()),
          times(run.millis() / baseline));
    }
  }

  private Command guard(String... arguments) {
    List<String> words = new ArrayList<>(List.of("./pr-guard"));
    words.addAll(List.of(arguments));
    return new Command(words, env);
  }

  private Path write(String name, String text) throws IOException {
    return Files.write(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }

  private static void row(String what, String baseline, String measured, String ratio) {
    System.out.println("| " + what + " | " + baseline + " | " + measured + " | " + ratio + " |");
  }

  private static String ms(double millis) {
    return String.format(Locale.ROOT, "%,.0f ms", millis);
  }

  private static String times(double ratio) {
    return String.format(Locale.ROOT, "%.2f×", ratio);
  }

  private static String peak(Command.Run run) {
    return run.peakKilobytes() / 1024 + " MB peak";
  }
}
