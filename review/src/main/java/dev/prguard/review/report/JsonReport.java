package dev.prguard.review.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.prguard.review.change.PullRequest;
import dev.prguard.review.cost.Cost;
import dev.prguard.review.cost.TokenUsage;
import dev.prguard.review.result.Coverage;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.PatchOutcome;
import dev.prguard.review.result.PublishReceipt;
import dev.prguard.review.result.ReviewResult;
import dev.prguard.review.result.Risk;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The result as JSON, whole: `pr-guard/review/v1`, described by `review.schema.json` beside this
/// class. Text is given as it is, all but ASCII as numeric escapes, so that no escape sequence and
/// no broken character reaches a terminal or stops the writer.
public final class JsonReport {
  public static final String SCHEMA = "pr-guard/review/v1";

  /// Shared with the SARIF report.
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  private JsonReport() {}

  /// Writes UTF-8 with a newline at the end; the stream stays open.
  ///
  /// @throws IOException when the stream cannot be written
  public static void write(ReviewResult result, OutputStream out) throws IOException {
    try (JsonGenerator json = generator(out)) {
      json.writeStartObject();
      json.writeStringField("schema", SCHEMA);
      json.writeStringField("status", result.status().word());
      pullRequest(json, result.pullRequest());
      json.writeArrayFieldStart("findings");
      for (Finding finding : result.findings()) {
        finding(json, finding);
      }
      json.writeEndArray();
      coverage(json, result.coverage());
      risk(json, result.risk());
      patch(json, result.patch());
      json.writeFieldName("cost");
      cost(json, result.model(), result.tokens(), result.cost());
      operations(json, result.operations());
      json.writeNumberField("latency_ms", result.latencyMs());
      json.writeStringField("trace_id", result.traceId());
      strings(json, "problems", result.problems());
      receipt(json, result.receipt());
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  static JsonGenerator generator(OutputStream out) throws IOException {
    return FACTORY.createGenerator(out).setPrettyPrinter(new DefaultPrettyPrinter());
  }

  private static void pullRequest(JsonGenerator json, PullRequest pull) throws IOException {
    json.writeObjectFieldStart("pull_request");
    json.writeStringField("url", pull.url());
    json.writeStringField("repository", pull.repository());
    json.writeStringField("owner", pull.owner());
    json.writeStringField("repo", pull.repo());
    Long number = pull.number();
    if (number == null) {
      json.writeNullField("number");
    } else {
      json.writeNumberField("number", number);
    }
    json.writeStringField("author", pull.author());
    json.writeStringField("title", pull.title());
    json.writeStringField("head_ref", pull.headRef());
    json.writeStringField("head_sha", pull.headSha());
    json.writeStringField("base_ref", pull.baseRef());
    json.writeStringField("base_sha", pull.baseSha());
    json.writeEndObject();
  }

  private static void finding(JsonGenerator json, Finding finding) throws IOException {
    json.writeStartObject();
    json.writeStringField("path", finding.path());
    json.writeStringField("side", word(finding.side()));
    json.writeNumberField("line", finding.line());
    json.writeNumberField("end_line", finding.endLine());
    json.writeStringField("rule", finding.rule());
    json.writeStringField("title", finding.title());
    json.writeStringField("message", finding.message());
    json.writeStringField("severity", finding.severity().word());
    json.writeStringField("category", word(finding.category()));
    json.writeStringField("cwe", finding.cwe());
    json.writeStringField("source", word(finding.source()));
    json.writeStringField("fingerprint", finding.fingerprint());
    json.writeStringField("quote", finding.quote());
    json.writeStringField("suggestion", finding.suggestion());
    json.writeEndObject();
  }

  private static void coverage(JsonGenerator json, Coverage coverage) throws IOException {
    CoverageNotes notes = CoverageNotes.of(coverage);
    json.writeObjectFieldStart("coverage");
    count(json, "rules", notes.rules());
    count(json, "model", notes.model());
    json.writeArrayFieldStart("files");
    for (Coverage.FileCoverage file : coverage.files()) {
      json.writeStartObject();
      json.writeStringField("path", file.path());
      look(json, "rules", file.rules());
      look(json, "model", file.model());
      json.writeArrayFieldStart("hunks");
      for (Coverage.HunkCoverage hunk : file.hunks()) {
        json.writeStartObject();
        json.writeNumberField("new_start", hunk.newStart());
        json.writeNumberField("new_count", hunk.newCount());
        look(json, "rules", hunk.rules());
        look(json, "model", hunk.model());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void count(JsonGenerator json, String who, CoverageNotes.Count count)
      throws IOException {
    json.writeObjectFieldStart(who);
    json.writeNumberField("files_asked", count.asked());
    json.writeNumberField("files_seen_whole", count.seen());
    json.writeEndObject();
  }

  private static void look(JsonGenerator json, String who, Coverage.Look look) throws IOException {
    json.writeObjectFieldStart(who);
    json.writeStringField("seen", word(look.seen()));
    json.writeStringField("reason", look.reason());
    json.writeEndObject();
  }

  private static void risk(JsonGenerator json, Risk risk) throws IOException {
    json.writeObjectFieldStart("risk");
    json.writeStringField("level", risk.level().word());
    json.writeNumberField("score", risk.level().score());
    json.writeStringField("explanation", risk.explanation());
    json.writeEndObject();
  }

  private static void patch(JsonGenerator json, PatchOutcome patch) throws IOException {
    json.writeObjectFieldStart("patch");
    json.writeBooleanField("generated", patch.generated());
    json.writeBooleanField("verified", patch.verified());
    json.writeNumberField("issues_total", patch.issuesTotal());
    json.writeNumberField("issues_safe", patch.issuesSafe());
    json.writeNumberField("issues_patched", patch.issuesPatched());
    json.writeStringField("diff", patch.unifiedDiff());
    json.writeStringField("pull_request_url", patch.pullRequestUrl());
    json.writeArrayFieldStart("fixes");
    for (PatchOutcome.Fix fix : patch.fixes()) {
      json.writeStartObject();
      json.writeStringField("fingerprint", fix.fingerprint());
      json.writeStringField("path", fix.path());
      json.writeNumberField("line", fix.line());
      json.writeNumberField("end_line", fix.endLine());
      json.writeStringField("replacement", fix.replacement());
      json.writeStringField("source", word(fix.source()));
      strings(json, "checks", fix.checks());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("rejected");
    for (PatchOutcome.Rejection rejection : patch.rejected()) {
      json.writeStartObject();
      json.writeStringField("fingerprint", rejection.fingerprint());
      json.writeStringField("path", rejection.path());
      json.writeNumberField("line", rejection.line());
      json.writeStringField("check", rejection.check());
      json.writeStringField("reason", rejection.reason());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void cost(JsonGenerator json, String model, TokenUsage tokens, Cost cost)
      throws IOException {
    json.writeStartObject();
    switch (cost) {
      case Cost.Known known -> {
        json.writeFieldName("usd");
        json.writeNumber(new BigDecimal(Money.plain(known.usd())));
        json.writeNumberField("nano_usd", known.nanoUsd());
        json.writeBooleanField("priced", true);
      }
      case Cost.Unknown(long knownNanoUsd) -> {
        json.writeNullField("usd");
        json.writeNullField("nano_usd");
        json.writeNumberField("known_nano_usd", knownNanoUsd);
        json.writeBooleanField("priced", false);
      }
    }
    json.writeStringField("model", model);
    json.writeObjectFieldStart("tokens");
    json.writeNumberField("prompt", tokens.prompt());
    json.writeNumberField("completion", tokens.completion());
    json.writeNumberField("total", tokens.total());
    json.writeNumberField("cache_read", tokens.cacheRead());
    json.writeNumberField(
        "cache_write", Math.addExact(tokens.cacheWrite(), tokens.cacheWriteLong()));
    json.writeNumberField("reasoning", tokens.reasoning());
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void operations(JsonGenerator json, List<ReviewResult.OperationSummary> operations)
      throws IOException {
    json.writeArrayFieldStart("operations");
    for (ReviewResult.OperationSummary operation : operations) {
      json.writeStartObject();
      json.writeStringField("type", operation.type());
      json.writeNumberField("latency_ms", operation.latencyMs());
      json.writeNumberField("api_ms", operation.apiMs());
      json.writeFieldName("cost");
      cost(json, operation.model(), operation.tokens(), operation.cost());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void receipt(JsonGenerator json, @Nullable PublishReceipt receipt)
      throws IOException {
    if (receipt == null) {
      json.writeNullField("receipt");
      return;
    }
    json.writeObjectFieldStart("receipt");
    json.writeNumberField("findings", receipt.findings());
    json.writeNumberField("posted", receipt.posted());
    json.writeNumberField("updated", receipt.updated());
    json.writeNumberField("folded", receipt.folded());
    json.writeNumberField("failed", receipt.failed());
    json.writeNumberField("resolved", receipt.resolved());
    json.writeStringField("summary_url", receipt.summaryUrl());
    json.writeNumberField("summary_length", receipt.summaryLength());
    strings(json, "errors", receipt.errors());
    json.writeEndObject();
  }

  private static void strings(JsonGenerator json, String field, List<String> values)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
