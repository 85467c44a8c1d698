package dev.prguard.traceql.engine;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Random queries over the fields and values of the golden spans.
final class FilterTexts {
  private static final List<String> ATTRIBUTES =
      List.of(
          "span.http.method",
          "span.http.status_code",
          "span.region",
          "span.tags",
          "span.nums",
          "span.flag",
          "span.ratio",
          "span.amount",
          "span.mixed",
          "span.retry.count",
          "span.mix.val",
          "span.str",
          "span.shared.key",
          "span.cost.usd",
          "span.latency.ms",
          "span.operation.type",
          "span.missing",
          "span.arr",
          "resource.region",
          "resource.service.name",
          "resource.host.cpus",
          "resource.tags",
          "resource.cluster",
          "resource.shared.key",
          ".region",
          ".shared.key",
          ".service.name",
          ".tags",
          ".amount",
          "event.n",
          "event.level",
          "event.line",
          "link.link.type",
          "instrumentation.language");
  private static final List<String> LITERALS =
      List.of(
          "\"GET\"",
          "\"eu-west-1\"",
          "\"a\"",
          "\"5\"",
          "\"\"",
          "\"patch\"",
          "\"mailer\"",
          "5",
          "10",
          "0",
          "1",
          "200",
          "404",
          "-1",
          "5.0",
          "0.5",
          "1.5",
          "0.0",
          "true",
          "false",
          "\"from-span\"",
          "\"warn\"");
  private static final List<String> INTRINSICS =
      List.of(
          "name = \"step\"",
          "name != \"\"",
          "name =~ \"p.*\"",
          "status = error",
          "status != unset",
          "kind = server",
          "kind != client",
          "duration > 10ms",
          "duration < 1.5",
          "duration >= 1000000",
          "statusMessage != \"\"",
          "rootName = \"probe-root\"",
          "traceDuration > 1s",
          "rootServiceName = \"mailer\"",
          "nestedSetParent < 0",
          "event:name = \"log\"",
          "instrumentation:name = \"otel-java\"",
          "trace:id != \"1\"");
  private static final List<String> BY =
      List.of(
          "name",
          "status",
          "kind",
          "span.http.status_code",
          "span.http.method",
          "span.region",
          "span.tags",
          "span.mixed",
          "resource.service.name",
          ".region",
          "span.flag",
          "event:name",
          "rootName",
          "span.operation.type",
          "resource.cluster",
          "span.amount");
  private static final List<String> NUMBERS =
      List.of(
          "duration",
          "span.retry.count",
          "span.amount",
          "span.http.status_code",
          "span.cost.usd",
          "span.latency.ms",
          "span.nums",
          "span.mix.val",
          "span.ratio",
          "traceDuration",
          ".amount");

  private final Random random;

  FilterTexts(Random random) {
    this.random = random;
  }

  String search() {
    String first = "{ " + expression(0) + " }";
    return switch (random.nextInt(6)) {
      case 0 ->
          first
              + " "
              + pick(List.of(">>", "<", "!>", "&~", "&&", "||"))
              + " { "
              + expression(1)
              + " }";
      case 1 -> first + " | by(" + pick(BY) + ")";
      case 2 -> first + " | " + pick(List.of("avg", "max", "sum")) + "(" + pick(NUMBERS) + ") > 1";
      case 3 -> first + " | select(" + pick(BY) + ") | { " + expression(1) + " }";
      default -> first;
    };
  }

  String metrics() {
    String function =
        switch (random.nextInt(4)) {
          case 0 -> "rate()";
          case 1 -> "count_over_time()";
          case 2 ->
              pick(List.of("min", "max", "avg", "sum", "histogram"))
                  + "_over_time("
                  + pick(NUMBERS)
                  + ")";
          default -> "quantile_over_time(" + pick(NUMBERS) + ", .5, .9)";
        };
    int labels = random.nextInt(3);
    String by =
        IntStream.range(0, labels)
            .mapToObj(_ -> pick(BY))
            .distinct()
            .collect(Collectors.joining(", "));
    return "{ " + expression(1) + " } | " + function + (by.isEmpty() ? "" : " by (" + by + ")");
  }

  private String expression(int depth) {
    double roll = random.nextDouble();
    if (depth > 2 || roll < 0.5) {
      return comparison();
    }
    if (roll < 0.9) {
      String both =
          expression(depth + 1) + pick(List.of(" && ", " && ", " || ")) + expression(depth + 1);
      return random.nextBoolean() ? "(" + both + ")" : both;
    }
    if (roll < 0.93) {
      return "!(" + expression(depth + 1) + ")";
    }
    String field = pick(ATTRIBUTES);
    boolean or = random.nextBoolean();
    return "("
        + field
        + (or ? " = " : " != ")
        + pick(LITERALS)
        + (or ? " || " : " && ")
        + field
        + (or ? " = " : " != ")
        + pick(LITERALS)
        + ")";
  }

  private String comparison() {
    if (random.nextInt(3) == 0) {
      return pick(INTRINSICS);
    }
    String field = pick(ATTRIBUTES);
    return switch (random.nextInt(12)) {
      case 0 -> field + " != nil";
      case 1 -> field.equals("resource.service.name") ? field + " != nil" : field + " = nil";
      case 2 ->
          field + pick(List.of(" =~ ", " !~ ")) + pick(List.of("\"e.*\"", "\".*\"", "\"[a-m].*\""));
      case 3 -> field + " + 1 > 5";
      case 4 -> field + " = " + pick(ATTRIBUTES);
      case 5 -> field;
      default -> {
        String literal = pick(LITERALS);
        boolean equality = literal.equals("true") || literal.equals("false");
        yield field
            + " "
            + pick(equality ? List.of("=", "!=") : List.of("=", "!=", ">", "<", ">=", "<="))
            + " "
            + literal;
      }
    };
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
