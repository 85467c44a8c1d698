package dev.prguard.traceql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prguard.traceql.tree.RootExpr;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever the text, a tree or an error that says where; on the stack of any thread, in time
/// linear in the text.
class HostileQueryTest {

  static Stream<Arguments> tooDeep() {
    return Stream.of(
        Arguments.of(
            "parentheses in a filter",
            "{" + "(".repeat(10_000) + "true" + ")".repeat(10_000) + "}"),
        Arguments.of("open parentheses", "{" + "(".repeat(10_000)),
        Arguments.of("exclamation marks", "{" + "!".repeat(10_000) + "true}"),
        Arguments.of("minus signs", "{" + "- ".repeat(10_000) + "1 = 1}"),
        Arguments.of("powers", "{ 1" + " ^ 1".repeat(10_000) + " = 1}"),
        Arguments.of("nils", "{ " + "nil = ".repeat(10_000) + ".a }"),
        Arguments.of("a chain of sums", "{ 1" + " + 1".repeat(25_000) + " = 1}"),
        Arguments.of("a chain of ors", "{ .a = 1" + " || .a = 1".repeat(10_000) + " }"),
        Arguments.of("parentheses around filters", "(".repeat(10_000) + "{ }" + ")".repeat(10_000)),
        Arguments.of("a chain of filters", "{ }" + " > { }".repeat(20_000)),
        Arguments.of("pipelines", "(".repeat(10_000) + "{ } | count() > 1" + ")".repeat(10_000)),
        Arguments.of("metrics", "(".repeat(10_000) + "{ } | rate()" + ")".repeat(10_000)),
        Arguments.of("sums of metrics", "({ } | rate())" + " + ({ } | rate())".repeat(6_000)),
        Arguments.of("sums of aggregates", "count()" + " + count()".repeat(10_000) + " > 1"),
        Arguments.of(
            "an aggregate",
            "max(" + "(".repeat(10_000) + "duration" + ")".repeat(10_000) + ") > 1"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tooDeep")
  void tooDeep_isRefusedWithItsPlace(String name, String query) throws InterruptedException {
    Object result = onThreadOfItsOwn(query);
    assertThat(result).as(name).isInstanceOf(TraceQlSyntaxException.class);
    TraceQlSyntaxException error = (TraceQlSyntaxException) result;
    assertThat(error.line()).isEqualTo(1);
    assertThat(error.column()).isPositive();
    assertThat(error).hasMessageContaining("deep");
    assertThat(error.pointed()).contains("^").hasSizeLessThan(500);
  }

  static Stream<Arguments> longQueries() {
    String x = "x".repeat(100_000);
    return Stream.of(
        Arguments.of("{ span." + x + " = `" + x + "` }"),
        Arguments.of("{ }" + " | { }".repeat(20_000)),
        Arguments.of("{ } | select(" + ".a,".repeat(30_000) + ".a)"),
        Arguments.of("{ } | quantile_over_time(duration" + ", .5".repeat(25_000) + ")"),
        Arguments.of("{ } | rate()" + " > 1 < 2".repeat(10_000)),
        Arguments.of("{ }" + " with(a=1)".repeat(10_000)),
        Arguments.of("{ }" + " ".repeat(100_000)),
        Arguments.of("/*" + "*".repeat(100_000) + "*/{ }"),
        Arguments.of("{ duration > " + "1m".repeat(10) + " || true }"),
        Arguments.of("{ " + "(".repeat(290) + "true" + ")".repeat(290) + " }"),
        Arguments.of("{ span.a = 1" + " || span.a = 1".repeat(900) + " }"));
  }

  @ParameterizedTest
  @MethodSource("longQueries")
  void longQuery_isRead(String query) throws InterruptedException {
    assertThat(onThreadOfItsOwn(query)).isInstanceOf(RootExpr.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ .a = \"\0\" }", "{ .a\0 = 1 }", "\0", "{ /* \0 */ }", "{ .a = `\0` }", "{ .\"\0\" = 1 }",
        "{ .a = \"\ud800\" }", "{ .a\udc00 = 1 }", "\ud800", "// \ud800", "{ } \udfff",
            "\ufeff\ufeff{ }"
      })
  void unreadableCharacter_isRefused(String query) {
    assertThatThrownBy(() -> TraceQlParser.parse(query))
        .isInstanceOfSatisfying(
            TraceQlSyntaxException.class,
            e -> {
              assertThat(e.isParseError()).isTrue();
              assertThat(e.pointed()).doesNotContain("\0").doesNotContainPattern("\\p{Cs}");
            });
  }

  @Test
  void byteOrderMark_atTheStartIsSkipped() {
    assertThat(TraceQlParser.parse("\ufeff{ }")).isEqualTo(TraceQlParser.parse("{ }"));
  }

  /// Pieces of TraceQL in random order: most are refused, none breaks the parser.
  @Test
  void scrambledQuery_isReadOrRefused() {
    List<String> pieces =
        List.of(
            "{",
            "}",
            "(",
            ")",
            "|",
            "||",
            "&&",
            "=",
            "!=",
            "=~",
            "!",
            "-",
            "+",
            "*",
            "^",
            ">",
            ">>",
            "~",
            ",",
            "span.a",
            ".b",
            "name",
            "span:",
            "status",
            "ok",
            "nil",
            "true",
            "1",
            "1.5",
            "2s",
            "\"x\"",
            "`y`",
            "count",
            "avg",
            "by",
            "select",
            "coalesce",
            "rate",
            "quantile_over_time",
            "compare",
            "topk",
            "with",
            "foo",
            "/*",
            "*/",
            "//",
            "\"",
            "`",
            ".",
            "parent.",
            "\n",
            "'",
            "\\",
            "0x",
            "1e",
            "🙂");
    Random random = new Random(4);
    int read = 0;
    for (int i = 0; i < 3_000; i++) {
      String query =
          IntStream.range(0, 1 + random.nextInt(14))
              .mapToObj(_ -> pieces.get(random.nextInt(pieces.size())))
              .collect(Collectors.joining(random.nextBoolean() ? " " : ""));
      if (i % 2 == 0) {
        query = "{ span.a " + query + " }";
      }
      try {
        RootExpr root = TraceQlParser.parse(query);
        assertThat(TraceQlParser.parse(TraceQlFormatter.format(root))).as(query).isEqualTo(root);
        read++;
      } catch (TraceQlSyntaxException e) {
        assertThat(e.pointed()).as(query).isNotNull();
      }
    }
    assertThat(read).isGreaterThan(3);
  }

  static Stream<String> patternsTooLarge() {
    return Stream.of(
        "(".repeat(10_000) + "a" + ")".repeat(10_000),
        "((a{100}){100}){100}",
        "(x{1000}){2}",
        "x{0,1000}".repeat(50),
        "(?:a?){1000}".repeat(100),
        "(a|b)".repeat(40_000),
        "a".repeat(60_000),
        "[a-z]".repeat(30_000));
  }

  @ParameterizedTest
  @MethodSource("patternsTooLarge")
  void largePattern_isRefused(String pattern) throws InterruptedException {
    assertThat(onThreadOfItsOwn("{ name =~ `" + pattern + "` }"))
        .isInstanceOfSatisfying(
            TraceQlSyntaxException.class,
            e -> assertThat(e).hasMessageStartingWith("invalid regex"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(a+)+$", "(.*.*.*)*x", "(a|a)*", "(?:a?){30}a{30}", "(([a-z])+.)+[A-Z]([a-z])+"})
  void catastrophicPattern_isLinear(String pattern) {
    SpanRegex regex = new SpanRegex(pattern);
    assertThat(regex.matches("a".repeat(20_000) + "!")).isFalse();
  }

  /// A tree, or what was thrown. The parser has a small stack; to compare two trees, which only
  /// this test does, takes more.
  private static Object onThreadOfItsOwn(String query) throws InterruptedException {
    AtomicReference<@Nullable RootExpr> again = new AtomicReference<>();
    Object made =
        onThread(
            1 << 20,
            () -> {
              RootExpr root = TraceQlParser.parse(query);
              TraceQlValidator.validate(root);
              again.set(TraceQlParser.parse(TraceQlFormatter.format(root)));
              return root;
            });
    return made instanceof RootExpr root
        ? onThread(1 << 26, () -> root.equals(again.get()) ? root : "another tree")
        : made;
  }

  private static Object onThread(long stackBytes, Supplier<Object> work)
      throws InterruptedException {
    AtomicReference<@Nullable Object> result = new AtomicReference<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                result.set(work.get());
              } catch (Throwable e) {
                result.set(e);
              }
            },
            "hostile query",
            stackBytes);
    thread.start();
    thread.join();
    Object made = result.get();
    return made == null ? new ArrayList<>() : made;
  }
}
