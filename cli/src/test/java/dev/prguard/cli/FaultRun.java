package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.prguard.cli.GuardProcess.Result;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.SpanRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// One run of the command in a broken world, and what holds of it whatever broke.
///
/// @param json the report on standard output, a missing node when there is none
/// @param spans the trace in the store, empty when there is none
record FaultRun(Path home, Result result, JsonNode json, List<SpanRecord> spans) {
  static final String API_KEY = "sk-canary-4242";

  /// Far more than any deadline of these tests; a busy machine only makes a run slower.
  private static final Duration BOUND = Duration.ofSeconds(80);

  private static final ObjectMapper JSON = new ObjectMapper();

  /// Runs the command and reads what it left behind.
  static FaultRun of(Path home, Supplier<Result> command) {
    long started = System.nanoTime();
    Result result = command.get();
    assertThat(Duration.ofNanos(System.nanoTime() - started))
        .as("ends by itself")
        .isLessThan(BOUND);
    return new FaultRun(home, result, json(result.out()), trace(home.resolve("data")));
  }

  /// Nothing is claimed that did not happen, nothing leaks, nobody sees a stack trace.
  FaultRun isHonest(String... secrets) {
    assertThat(result.err())
        .doesNotContain("\tat ", "Exception", "internal error", "Caused by")
        .doesNotContain("WARNING:");
    assertThat(result.out() + result.err() + stored()).doesNotContain(secrets);
    String status = json.path("status").asText("none");
    boolean empty = json.path("problems").toString().contains("nothing to review");
    if ((status.equals("not_reviewed") && !empty) || json.isMissingNode()) {
      assertThat(result.exitCode()).as("no success without a review").isNotZero();
    }
    boolean whole = true;
    for (JsonNode look : looks()) {
      boolean missing = look.path("seen").asText().matches("no|partly");
      whole &= !missing;
      if (missing) {
        assertThat(look.path("reason").asText("")).as("the ledger says why").isNotBlank();
      }
    }
    assertThat(status.equals("reviewed") && !whole).as("`reviewed` with holes").isFalse();
    return this;
  }

  FaultRun ends(String status, int exitCode, String word) {
    String told = json.path("problems") + " " + json.path("coverage") + " " + result.err();
    assertThat(json.path("status").asText("none")).as(told).isEqualTo(status);
    assertThat(result.exitCode()).as(told).isEqualTo(exitCode);
    assertThat(told).contains(word);
    return this;
  }

  /// The rules found the injection of [ReviewIT#SMALL_DIFF], whatever became of the rest.
  FaultRun keepsTheRulesFindings() {
    assertThat(json.path("findings").findValuesAsText("rule"))
        .as(result.out())
        .anyMatch(rule -> rule.startsWith("python."));
    assertThat(json.path("findings").findValuesAsText("source")).contains("rule");
    return this;
  }

  /// A trace was kept: one root that tells the report's status, everything below it, and the books
  /// balance to the nano-dollar.
  FaultRun leavesATrace(String status) {
    assertThat(spans).as(result.err()).isNotEmpty();
    List<SpanRecord> roots = spans.stream().filter(span -> span.parentSpanId() == null).toList();
    assertThat(roots).extracting(SpanRecord::name).containsExactly("pr_review.workflow");
    SpanRecord root = roots.getFirst();
    assertThat(root.attributes()).containsEntry("workflow.status", new StringValue(status));
    List<String> ids = spans.stream().map(SpanRecord::spanId).toList();
    assertThat(spans)
        .allMatch(span -> span.parentSpanId() == null || ids.contains(span.parentSpanId()));
    booksBalance(root);
    return this;
  }

  private void booksBalance(SpanRecord root) {
    BigDecimal operations = sum("cost.usd");
    assertThat(operations).isEqualByComparingTo(sum("gen_ai.usage.cost"));
    boolean priced =
        spans.stream()
            .noneMatch(
                span -> AttributeValue.of(false).equals(span.attributes().get("cost.priced")));
    // What is known was spent; where something is not known, the sum is a lower bound and says so.
    assertThat(operations).isEqualByComparingTo(sum("cost.total_usd"));
    if (!priced) {
      assertThat(root.attributes())
          .containsEntry("cost.priced", AttributeValue.of(false))
          .doesNotContainEntry("cost.total_usd", AttributeValue.of(0.0));
      assertThat(json.path("cost").path("usd").isNumber()).isFalse();
      return;
    }
    long nano =
        spans.stream()
            .map(span -> span.attributes().get("cost.nano_usd"))
            .mapToLong(value -> value instanceof LongValue(long amount) ? amount : 0)
            .sum();
    assertThat(operations).isEqualByComparingTo(BigDecimal.valueOf(nano, 9));
    if (!json.isMissingNode()) {
      assertThat(json.path("cost").path("nano_usd").asLong(-1)).isEqualTo(nano);
    }
  }

  private BigDecimal sum(String key) {
    return spans.stream()
        .map(span -> span.attributes().get(key))
        .map(value -> value instanceof DoubleValue(double usd) ? BigDecimal.valueOf(usd) : null)
        .filter(usd -> usd != null)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private List<JsonNode> looks() {
    JsonNode files = json.path("coverage").path("files");
    List<JsonNode> looks = files.findValues("rules");
    looks.addAll(files.findValues("model"));
    return looks;
  }

  private String stored() {
    StringBuilder text = new StringBuilder();
    if (!Files.isDirectory(home)) {
      return "";
    }
    try (var files = Files.walk(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static JsonNode json(String out) {
    try {
      return out.isBlank() ? MissingNode.getInstance() : JSON.readTree(out);
    } catch (IOException e) {
      throw new AssertionError("half a report: " + out, e);
    }
  }

  private static List<SpanRecord> trace(Path data) {
    if (!Files.isDirectory(data)) {
      return List.of();
    }
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(data)) {
      List<String> newest = store.latestTraceIds(1);
      return newest.isEmpty() ? List.of() : store.trace(newest.getFirst());
    }
  }
}
