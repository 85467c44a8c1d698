package dev.prguard.insight.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.traceql.TraceQlLinter;
import dev.prguard.traceql.TraceQlParser;
import dev.prguard.traceql.TraceQlValidator;
import dev.prguard.traceql.tree.RootExpr;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReviewQueryTest {

  @ParameterizedTest
  @EnumSource(ReviewQuery.class)
  void query_isTraceQlWithoutWarning_ofTheKindThatItSays(ReviewQuery query) {
    for (String text : new String[] {query.text(), query.dashboardText()}) {
      RootExpr root = TraceQlParser.parse(text);
      TraceQlValidator.validate(root);
      assertThat(TraceQlLinter.lint(text)).as(text).isEmpty();
      assertThat(!(root instanceof RootExpr.SpansQuery)).isEqualTo(query.isMetrics());
    }
  }
}
