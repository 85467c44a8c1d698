package dev.prguard.traceql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import dev.prguard.traceql.TraceQlCompletion.Completion;
import dev.prguard.traceql.TraceQlCompletion.Suggestion;
import dev.prguard.traceql.engine.TraceQlEngine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceQlCompletionTest {
  private static final long NOW = 1_795_348_800_000_000_000L;

  private static final TimeRange HOUR =
      new TimeRange(Instant.ofEpochSecond(1_795_345_200), Instant.ofEpochSecond(1_795_352_400));

  private final TraceQueries source = source();

  private static TraceQueries source() {
    Map<String, AttributeValue> attributes = new LinkedHashMap<>();
    attributes.put("operation.type", AttributeValue.of("nitpicker"));
    attributes.put("cost.usd", AttributeValue.of(0.25));
    attributes.put("cost.model", AttributeValue.of("gpt-4o"));
    attributes.put("latency.ms", AttributeValue.of(2100));
    attributes.put("pr.number", AttributeValue.of(42));
    attributes.put("cost.priced", AttributeValue.of(true));
    attributes.put("key with space", AttributeValue.of("v \"1\"\n"));
    attributes.put("key\"quote", AttributeValue.of("x"));
    InMemorySpanStore store = new InMemorySpanStore();
    store.append(
        List.of(
            new SpanRecord(
                "0".repeat(31) + "1",
                "0".repeat(15) + "1",
                null,
                "nitpicker.analyze",
                SpanRecord.Kind.INTERNAL,
                NOW,
                NOW + 1_000_000,
                SpanRecord.Status.OK,
                "",
                attributes,
                List.of(
                    new SpanRecord.Event(
                        NOW, "exception", Map.of("exception.type", AttributeValue.of("Boom")))),
                List.of(),
                Map.of("service.name", AttributeValue.of("secure-pr-guard")),
                SpanRecord.Scope.EMPTY)));
    return new TraceQlEngine(store, TraceQlEngine.Options.DEFAULT, InstantSource.system());
  }

  /// @param marked with the cursor as ‸
  private Completion at(String marked) {
    int cursor = marked.indexOf('‸');
    return TraceQlCompletion.complete(marked.replace("‸", ""), cursor, source, HOUR);
  }

  private List<String> texts(String marked) {
    return at(marked).suggestions().stream().map(Suggestion::text).map(String::strip).toList();
  }

  /// What is offered among others, each of them put in, gives the text beside it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      quoteCharacter = '\0',
      value = {
        // Names.
        "{ span.cost.‸ ¦ { span.cost.usd",
        "{ span.cost.‸ ¦ { span.cost.model",
        "{ span.cost.m‸ ¦ { span.cost.model",
        "{ span.‸ ¦ { span.\"key with space\"",
        "{ span.\"key w‸ ¦ { span.\"key with space\"",
        "{ span.\"key w‸\" = 1 } ¦ { span.\"key with space\" = 1 }",
        "{ span.key‸ ¦ { span.\"key\\\"quote\"",
        "{ span.co‸st.x > 0.0 } ¦ { span.cost.usd > 0.0 }",
        "{ resource.‸ ¦ { resource.service.name",
        "{ resource.serv‸ } ¦ { resource.service.name }",
        "{ event.‸ ¦ { event.exception.type",
        "{ .lat‸ ¦ { .latency.ms",
        "{ .service.‸ ¦ { .service.name",
        "{ latency.‸ ¦ { span.latency.ms",
        "{ usd‸ ¦ { span.cost.usd",
        "{ sp‸ ¦ { span.",
        "{‸ ¦ {span.cost.usd",
        "{ span.cost.usd > 0.0 && ‸ ¦ { span.cost.usd > 0.0 && span.latency.ms",
        "{ !(‸ ¦ { !(status",
        "{ (span.latency.ms + ‸ ¦ { (span.latency.ms + span.pr.number",
        // Intrinsics.
        "{ dur‸ ¦ { duration",
        "{ ‸ ¦ { rootServiceName",
        "{ trace:‸ ¦ { trace:rootName",
        "{ event:n‸ ¦ { event:name",
        "{ span:i‸ = ¦ { span:id =",
        // Values.
        "{ span.operation.type = ‸ ¦ { span.operation.type = \"nitpicker\"",
        "{ span.operation.type = nit‸ ¦ { span.operation.type = \"nitpicker\"",
        "{ span.operation.type = \"‸ ¦ { span.operation.type = \"nitpicker\"",
        "{ span.operation.type = \"nit‸\" } ¦ { span.operation.type = \"nitpicker\" }",
        "{ span.operation.type =~ `n‸ ¦ { span.operation.type =~ `nitpicker`",
        "{ span.operation.type != ‸ ¦ { span.operation.type != nil",
        "{ span.\"key with space\" = ‸ ¦ { span.\"key with space\" = \"v \\\"1\\\"\\n\"",
        "{ span.pr.number = ‸ ¦ { span.pr.number = 42",
        "{ span.pr.number >= 4‸ ¦ { span.pr.number >= 42",
        "{ span.cost.usd > ‸ ¦ { span.cost.usd > 0.25",
        "{ span.cost.priced = t‸ ¦ { span.cost.priced = true",
        "{ status = ‸ ¦ { status = error",
        "{ span:status = e‸ ¦ { span:status = error",
        "{ kind != c‸ } ¦ { kind != client }",
        "{ name = ‸ ¦ { name = \"nitpicker.analyze\"",
        "{ resource.service.name = sec‸ ¦ { resource.service.name = \"secure-pr-guard\"",
        "{ event.exception.type = \"B‸ ¦ { event.exception.type = \"Boom\"",
        "{ span.latency.ms > span.pr‸ ¦ { span.latency.ms > span.pr.number",
        // Functions, operators, keywords.
        "‸ ¦ {",
        "{ } | ‸ ¦ { } | select(",
        "{ } | co‸ ¦ { } | count_over_time()",
        "{ } | qua‸ ¦ { } | quantile_over_time(",
        "{ } ‸ ¦ { } >>",
        "{ } && ‸ ¦ { } && {",
        "{ } >> ‸ ¦ { } >> {",
        "{ } | by(‸ ¦ { } | by(span.operation.type",
        "{ } | by(resource.serv‸ ¦ { } | by(resource.service.name",
        "{ } | select(name, span.l‸) ¦ { } | select(name, span.latency.ms)",
        "{ } | avg(dur‸ ¦ { } | avg(duration",
        "{ } | rate() ‸ ¦ { } | rate() by (",
        "{ } | rate() by (‸ ¦ { } | rate() by (span.cost.model",
        "{ } | rate() | t‸ ¦ { } | rate() | topk(",
        "{ } | rate() by (name) | b‸ ¦ { } | rate() by (name) | bottomk(",
        "{ } | sum_over_time(span.c‸) by (name) ¦ { } | sum_over_time(span.cost.usd) by (name)",
        "{ } | quantile_over_time(span.latency.ms, .9‸ ¦ { } | quantile_over_time(span.latency.ms, .95",
        "{ } | rate() with (‸ ¦ { } | rate() with (exemplars=",
        "{ } | count() ‸ ¦ { } | count() >",
        "{ name ‸ ¦ { name =~",
        "{ name = \"x\" ‸ ¦ { name = \"x\" &&",
        "{ name = \"x\"‸ ¦ { name = \"x\"}",
        "{ // by(\\n ‸ ¦ { // by(\\n duration",
        "{ name = \"a } | by(\" && sta‸ ¦ { name = \"a } | by(\" && status",
      })
  void suggestion_fitsWhereTheCursorStands(String before, String after) {
    String marked = before.replace("\\n ‸", "\n ‸");
    String text = marked.replace("‸", "");
    Completion completion = at(marked);
    List<String> completed =
        completion.suggestions().stream()
            .map(each ->
                text.substring(0, completion.from())
                    + each.text()
                    + text.substring(completion.to()))
            .map(String::strip)
            .toList();
    assertThat(completed).contains(after.replace("by(\\n ", "by(\n "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ name = \"x‸",
        "\"span.‸",
        "{ span.nosuch = ‸",
        "{ // span.‸",
        "{ /* span.‸",
        "{ } | count(‸",
        "{ } | topk(‸",
        "{ } | count() > ‸",
        "{ } | rate() > ‸",
        "{ } | by(name ‸",
        "{ span.nosuch.‸",
        "{ status = \"e‸",
      })
  void whereNothingFits_nothingIsOffered(String marked) {
    assertThat(texts(marked)).filteredOn(text -> !text.equals("nil")).isEmpty();
  }

  @Test
  void kinds_areTold_andScopesComeWithTheirNames() {
    assertThat(at("{ span.cost.u‸").suggestions())
        .containsExactly(new Suggestion("span.cost.usd", TraceQlCompletion.Kind.ATTRIBUTE));
    assertThat(at("{ d‸").suggestions())
        .first()
        .isEqualTo(new Suggestion("duration", TraceQlCompletion.Kind.INTRINSIC));
  }

  /// Whatever is written, at every place: an answer, and soon.
  @Test
  void hostileText_isAnsweredSoon() {
    String[] texts = {
      "{".repeat(100_000),
      "(".repeat(100_000),
      "(a".repeat(50_000),
      "{ } | by(".repeat(12_000),
      "\"".repeat(99_999),
      "{ span.\"" + "\\\"".repeat(50_000),
      "{ span." + "x".repeat(100_000),
      "{ span." + "x".repeat(100_000) + " = ",
      "{ a = ".repeat(17_000),
      ")}".repeat(50_000),
      "😀\u0000\ud800".repeat(25_000),
      "/*".repeat(50_000),
      "{ name = \"" + "a".repeat(100_000),
    };
    for (String text : texts) {
      long start = System.nanoTime();
      TraceQlCompletion.complete(text, text.length(), source, HOUR);
      TraceQlCompletion.complete(text, text.length() / 2, source, HOUR);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as(text.substring(0, 10))
          .isLessThan(Duration.ofSeconds(2));
    }
    String query = "{ span.cost.usd > 0.0 && name = \"a\" } | rate() by (span.x) | topk(3)";
    for (int cursor = 0; cursor <= query.length(); cursor++) {
      Completion completion = TraceQlCompletion.complete(query, cursor, source, HOUR);
      assertThat(completion.from()).isBetween(0, cursor);
      assertThat(completion.to()).isBetween(cursor, query.length());
    }
    assertThat(Arrays.stream(texts).mapToInt(String::length).max().orElse(0)).isGreaterThan(99_999);
  }
}
