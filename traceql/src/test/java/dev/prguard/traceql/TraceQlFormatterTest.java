package dev.prguard.traceql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.traceql.tree.FieldExpr;
import dev.prguard.traceql.tree.Pipeline;
import dev.prguard.traceql.tree.RootExpr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceQlFormatterTest {

  @Test
  void formatted_parsesBackToTheSameTree() {
    for (int seed = 0; seed < 3_000; seed++) {
      RootExpr root = new RandomQueries(seed).next();
      String text = TraceQlFormatter.format(root);
      RootExpr back;
      try {
        back = TraceQlParser.parse(text);
      } catch (TraceQlSyntaxException e) {
        throw new AssertionError("seed " + seed + ": " + text + "\n" + e.getMessage(), e);
      }
      assertThat(back).as("seed %d: %s", seed, text).isEqualTo(root);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '\u0001',
      value = {
        "{} => { }",
        "{span.a=1&&span.b=\"x\"||name!=nil} => { (span.a = 1 && span.b = `x`) || name != nil }",
        "{ ((span.a)) + (1 * 2) = (3) } => { span.a + 1 * 2 = 3 }",
        "{ (span.a + 1) * 2 = 3 } => { (span.a + 1) * 2 = 3 }",
        "{ -span.a * 2 = 3 } => { (-(span.a * 2)) = 3 }",
        "{ 2 ^ 3 ^ span.a = 1 } => { 2 ^ 3 ^ span.a = 1 }",
        "{ span:duration>90000ms && span:name=`a` } => { duration > 1m30s && name = `a` }",
        "{ trace:rootService = \"a`b\" } => { rootServiceName = \"a`b\" }",
        "{ resource.\"a b\" = .\"c\" } => { resource.\"a b\" = .c }",
        "{ span.f > 1e6 && span.g < .00001 } => { span.f > 1e+06 && span.g < 1e-05 }",
        "{ } > { } && { } => ({ } > { }) && { }",
        "{}|by( span.a )|count( )>-1 => { } | by(span.a) | count() > -1",
        "{}|quantile_over_time(duration,.5,1)by(name) => { } | quantile_over_time(duration, 0.5, 1.0) by(name)",
        "{}|compare({status=error}) => { } | compare({ status = error }, 10)",
        "{}|rate()|topk(5)>1s with(a=1,b=`x`) => { } | rate() | topk(5) > 1s with(a=1, b=`x`)",
      })
  void query_hasOneText(String query, String text) {
    assertThat(TraceQlFormatter.format(TraceQlParser.parse(query))).isEqualTo(text);
  }

  /// The labels of by() and of aggregates in Tempo's answers.
  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '\u0001',
      value = {
        "span.http.status_code / 100 => span.http.status_code / 100",
        "duration > 10ms => duration > 10ms",
        "span:status => status",
        "(.a + 1) * 2 - name => ((.a + 1) * 2) - name",
        "!(span.a && .b) => !(span.a && .b)",
        "span.\"key with space\" => span.\"key with space\"",
      })
  void label_isThatOfTempo(String expression, String label) {
    RootExpr root = TraceQlParser.parse("{ } | by(" + expression + ")");
    FieldExpr expr =
        ((Pipeline.GroupBy) ((RootExpr.SpansQuery) root).pipeline().stages().getLast())
            .expression();
    assertThat(TraceQlFormatter.field(expr)).isEqualTo(label);
  }
}
