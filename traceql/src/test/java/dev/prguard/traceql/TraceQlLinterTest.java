package dev.prguard.traceql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceQlLinterTest {

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '\u0001',
      value = {
        "{ span.cost.usd > 0 } => literal-type 3 span.cost.usd > 0.0",
        "{ .cost.usd > -1 } => literal-type 3 .cost.usd > -1.0",
        "{ span.latency.ms >= 3000.0 } => literal-type 3 span.latency.ms >= 3000",
        "{ span.latency.ms > 3s } => literal-type 3 span.latency.ms > 3000",
        "{ name = `x` && span.pr.number = \"7\" } => literal-type 17 span.pr.number = 7",
        "{ span.patch.generated = \"true\" } => literal-type 3 span.patch.generated = true",
        "{ span.risk.level = 1 } => literal-type 3 span.risk.level = \"1\"",
        "{ 500 <= span.http.status_code } => literal-left 3 span.http.status_code >= 500",
        "{ .a = 1 || .b = 2 && .c = 3 } => mixed-logic 3 (.a = 1 || .b = 2) && .c = 3",
        "{ !(status = error) } => negated-comparison 3 status != error",
        "{ kind = server && !(span.n < 5) } => negated-comparison 20 span.n >= 5",
        "{ span.flag || status = error } => bare-attribute 3 span.flag = true",
        "{ name =~ \"GET\" } => anchored-regex 11 \".*GET.*\", or = \"GET\"",
        "{ span.cap*2 > 5 } => glued-operator 3 span.cap * 2",
        "{ } | by(status) | { span.n/100 = 5 } => glued-operator 22 span.n / 100",
        "{ } | sum_over_time(span.retry.count) => missing-values 7 { … && span.retry.count != nil }",
        "{ .a = 1 || .n != nil } | sum_over_time(.n) => missing-values 27 { … && .n != nil }",
        "{ .n = nil } | sum_over_time(.n) => missing-values 16 { … && .n != nil }",
        "{ span.cost.usd > 0.0 } | quantile_over_time(span.cost.usd, .5) => quantile-of-double 27 span.cost.nano_usd, the same as an int",
        "{ kind = producer } | select(span.amount) | { span.amount > 15 } => after-select 47 { … && span.amount != nil } | select(…) | …",
        "{ } with(most_recnt=true) => unknown-hint 1 most_recent, exemplars, sample",
        "({ } | rate()) / ({ } | rate()) => metrics-arithmetic 1 two queries and a Grafana expression",
      })
  void trap_isToldWithItsPlaceAndTheRightForm(String query, String warning) {
    assertThat(TraceQlLinter.lint(query))
        .singleElement()
        .satisfies(w -> {
          assertThat(w.rule() + " " + w.column() + " " + w.fix()).isEqualTo(warning);
          assertThat(w.line()).isEqualTo(1);
          assertThat(w.message()).isNotBlank();
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ span.cost.usd > 0.0 && span.latency.ms > 3000 && span.patch.generated = true }",
        "{ span.cost.usd != nil && span.unknown > 0 && resource.cost.usd > 0 }",
        "{ span.cost.usd * 2 > 1 }",
        "{ 500 = span.http.status_code }",
        "{ (.a = 1 || .b = 2) && .c = 3 }",
        "{ .a = 1 || (.b = 2 && .c = 3) }",
        "{ .a = 1 || .b = 2 || .c = 3 }",
        "{ !span.flag && status != error }",
        "{ span.flag && status = error }",
        "{ status = error || span.flag }",
        "{ name =~ \"GET.*\" || name =~ `a|b` || name =~ \"\" }",
        "{ span.with-dash = 1 && span.with/slash = 2 && span.\"cap*2\" = 3 && span.a/b/c-d = 4 }",
        "{ span.n * 2 > 5 }",
        "{ } | count_over_time()",
        "{ } | sum_over_time(duration)",
        "{ span.operation.type != nil } | avg_over_time(span.latency.ms) by (span.operation.type)",
        "{ .n != nil } | sum_over_time(.n)",
        "{ name = `x` && .n > 5 } | { kind = server } | sum_over_time(.n)",
        "{ .n + 1 > 5 } | sum_over_time(.n)",
        "{ span.cost.nano_usd > 0 } | quantile_over_time(span.cost.nano_usd, .5)",
        "{ span.amount != nil } | select(span.amount) | { span.amount > 15 }",
        "{ } | select(name)",
        "{ } | count_over_time() by (name) | topk(3) with(exemplars=false)"
      })
  void cleanQuery_isNotWarnedOf(String query) {
    assertThat(TraceQlLinter.lint(query)).isEmpty();
  }

  @Test
  void warnings_comeInTheOrderOfTheText() {
    assertThat(TraceQlLinter.lint("{ name =~ \"x\" &&\n  span.cost.usd > 0 } | sum_over_time(.n)"))
        .extracting(w -> w.line() + ":" + w.column() + " " + w.rule())
        .containsExactly("1:11 anchored-regex", "2:3 literal-type", "2:25 missing-values");
  }

  @Test
  void textThatIsNoTraceQl_isRefused() {
    assertThatThrownBy(() -> TraceQlLinter.lint("{ foo }"))
        .isInstanceOf(TraceQlSyntaxException.class);
  }
}
