package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.ArrayValue;
import dev.prguard.trace.AttributeValue.BooleanValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.SpanRecord.Kind;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The attribute table of the trace of a review, as a check of one span. A line of the table is
/// `key type`; a `?` before the key says that the attribute can be absent.
final class TraceTable {
  private static final String PULL_REQUEST =
      """
      pr.url string
      pr.repository string
      pr.owner string
      pr.repo string
      pr.author string
      pr.head_sha string
      ?pr.number long
      ?error.type string
      """;

  private static final String OPERATION =
      PULL_REQUEST
          + """
          operation.type string
          operation.name string
          latency.ms long
          latency.api_ms long
          cost.priced boolean
          ?cost.usd double
          ?cost.nano_usd long
          cost.model string
          cost.tokens.prompt long
          cost.tokens.completion long
          cost.tokens.total long
          cost.tokens.cache_read long
          cost.tokens.cache_write long
          cost.tokens.reasoning long
          """;

  private static final String WITH_MODEL =
      """
      ?cost.price_id string
      ?cost.source string
      ?cost.cache.saved_nano_usd long
      tokens.prompt_ratio double
      tokens.per_ms double
      """;

  private static final String ISSUES =
      """
      issues.found long
      issues.ai_detected long
      issues.rule_detected long
      issues.security long
      issues.critical long
      issues.high long
      """;

  private static final String RISK =
      """
      risk.level string
      risk.score long
      """;

  private static final String ROOT =
      PULL_REQUEST
          + ISSUES
          + RISK
          + """
          operation.type string
          operation.name string
          latency.ms long
          latency.total_ms long
          cost.priced boolean
          ?cost.total_usd double
          ?cost.total_nano_usd long
          workflow.tokens.total long
          workflow.status string
          """;

  /// What was read is told only when something was read.
  private static final String FETCH =
      OPERATION
          + """
          ?diff.size_chars long
          ?diff.files long
          ?diff.added_lines long
          """;

  private static final String PATCH =
      OPERATION
          + """
          patch.generated boolean
          patch.verified boolean
          patch.issues_total long
          patch.issues_safe long
          patch.issues_patched long
          patch.pr_created boolean
          """;

  private static final String COMMENT =
      OPERATION
          + """
          comment.posted boolean
          comment.length long
          """;

  private static final String CHAT =
      PULL_REQUEST
          + """
          gen_ai.operation.name string
          gen_ai.provider.name string
          gen_ai.request.model string
          gen_ai.request.max_tokens long
          server.address string
          server.port long
          """;

  private static final String ANSWERED =
      """
      gen_ai.response.model string
      gen_ai.response.id string
      gen_ai.response.finish_reasons strings
      gen_ai.usage.input_tokens long
      gen_ai.usage.output_tokens long
      gen_ai.usage.cache_read.input_tokens long
      gen_ai.usage.cache_write.input_tokens long
      gen_ai.usage.reasoning.output_tokens long
      ?gen_ai.usage.cost double
      """;

  private static final Map<String, Long> RISK_SCORES =
      Map.of("low", 1L, "medium", 4L, "high", 7L, "critical", 10L);

  /// A span's place in the tree.
  private record Place(String parent, String operationType, String table) {}

  private TraceTable() {}

  /// @param parent name of the span above, empty for the root
  static void check(SpanRecord span, String parent) {
    Place place = place(span);
    assertThat(parent)
        .as("parent of " + span.name())
        .isIn((Object[]) place.parent().split("\\|", -1));
    assertThat(span.kind())
        .as(span.name())
        .isEqualTo(span.name().startsWith("chat ") ? Kind.CLIENT : Kind.INTERNAL);
    attributes(span, place.table());
    assertThat(text(span.resource().get("service.name"))).isEqualTo("secure-pr-guard");
    assertThat(text(span.resource().get("service.namespace"))).isEqualTo("pr-automation");
    assertThat(text(span.resource().get("deployment.environment"))).isEqualTo("test");
    assertThat(text(span.resource().get("service.version"))).isNotBlank();
    if (!place.operationType().isEmpty()) {
      assertThat(text(span.attributes().get("operation.type"))).isEqualTo(place.operationType());
      assertThat(text(span.attributes().get("operation.name"))).isEqualTo(span.name());
      assertThat((double) number(span, "latency.ms"))
          .as("latency.ms of " + span.name())
          .isCloseTo(span.durationNanos() / 1e6, within(2.0));
    }
    values(span);
  }

  private static Place place(SpanRecord span) {
    String model =
        AttributeValue.of("none").equals(span.attributes().get("cost.model")) ? "" : WITH_MODEL;
    String root = "pr_review.workflow";
    return switch (span.name()) {
      case "pr_review.workflow" -> new Place("", "workflow", ROOT);
      case "fetch.diff" -> new Place(root, "fetch", FETCH);
      case "nitpicker.analyze" -> new Place(root, "nitpicker", OPERATION + model + ISSUES);
      case "rules.scan" -> new Place("nitpicker.analyze", "", PULL_REQUEST + "issues.found long\n");
      case "architect.analyze" -> new Place(root, "architect", OPERATION + ISSUES + RISK);
      case "patch.generate" -> new Place(root, "patch", PATCH + model);
      case "patch.verify" -> new Place("patch.generate", "", PULL_REQUEST);
      case "comment.post" -> new Place(root, "comment", COMMENT);
      default -> {
        assertThat(span.name()).startsWith("chat ");
        boolean answered = span.attributes().containsKey("gen_ai.usage.input_tokens");
        yield new Place("nitpicker.analyze|patch.generate", "", answered ? CHAT + ANSWERED : CHAT);
      }
    };
  }

  /// Exactly these attributes, of exactly these types.
  private static void attributes(SpanRecord span, String table) {
    Map<String, String> types = new LinkedHashMap<>();
    Set<String> required = new LinkedHashSet<>();
    for (String line : table.lines().toList()) {
      String[] words = line.strip().split(" ", -1);
      String key = words[0].startsWith("?") ? words[0].substring(1) : words[0];
      types.put(key, words[1]);
      if (key.equals(words[0])) {
        required.add(key);
      }
    }
    assertThat(span.attributes().keySet()).as(span.name()).containsAll(required);
    span.attributes()
        .forEach((key, value) ->
            assertThat(type(value)).as(span.name() + ": " + key).isEqualTo(types.get(key)));
  }

  private static String type(AttributeValue value) {
    return switch (value) {
      case StringValue _ -> "string";
      case LongValue _ -> "long";
      case DoubleValue _ -> "double";
      case BooleanValue _ -> "boolean";
      case ArrayValue _ -> "strings";
      case AttributeValue.OpaqueValue _ -> "opaque";
    };
  }

  private static void values(SpanRecord span) {
    Map<String, AttributeValue> attributes = span.attributes();
    if (attributes.containsKey("cost.priced")) {
      boolean root = span.name().equals("pr_review.workflow");
      AttributeValue usd = attributes.get(root ? "cost.total_usd" : "cost.usd");
      if (AttributeValue.of(true).equals(attributes.get("cost.priced"))) {
        assertThat(usd).isNotNull();
      } else {
        assertThat(usd)
            .as("what is known of the sum, or nothing")
            .isNotEqualTo(AttributeValue.of(0.0));
      }
      assertThat(attributes.containsKey(root ? "cost.total_nano_usd" : "cost.nano_usd"))
          .isEqualTo(usd != null);
      if (root && usd instanceof DoubleValue(double total)) {
        assertThat(Math.round(total * 1e9)).isEqualTo(number(span, "cost.total_nano_usd"));
      }
    }
    if (attributes.get("cost.usd") instanceof DoubleValue(double usd)) {
      assertThat(Math.round(usd * 1e9)).isEqualTo(number(span, "cost.nano_usd"));
    }
    if (attributes.containsKey("cost.tokens.total")) {
      assertThat(number(span, "cost.tokens.prompt") + number(span, "cost.tokens.completion"))
          .isEqualTo(number(span, "cost.tokens.total"));
    }
    if (attributes.containsKey("risk.level")) {
      assertThat(RISK_SCORES)
          .containsEntry(text(attributes.get("risk.level")), number(span, "risk.score"));
    }
    if (attributes.containsKey("issues.found") && attributes.containsKey("issues.ai_detected")) {
      assertThat(number(span, "issues.ai_detected") + number(span, "issues.rule_detected"))
          .isEqualTo(number(span, "issues.found"));
    }
    if (span.kind() == Kind.CLIENT) {
      assertThat(text(attributes.get("gen_ai.operation.name"))).isEqualTo("chat");
      assertThat(text(attributes.get("gen_ai.provider.name"))).isEqualTo("openai");
      assertThat(span.name()).isEqualTo("chat " + text(attributes.get("gen_ai.request.model")));
    }
    boolean failed = span.status() == SpanRecord.Status.ERROR;
    assertThat(attributes.containsKey("error.type")).as(span.name()).isEqualTo(failed);
  }

  private static long number(SpanRecord span, String key) {
    return span.attributes().get(key) instanceof LongValue(long value) ? value : -1;
  }

  private static String text(@Nullable AttributeValue value) {
    return value instanceof StringValue(String text) ? text : "";
  }
}
