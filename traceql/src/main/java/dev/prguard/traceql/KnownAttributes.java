package dev.prguard.traceql;

import dev.prguard.trace.CostAttributes;
import dev.prguard.trace.GenAiAttributes;
import dev.prguard.trace.ReviewAttributes;
import dev.prguard.traceql.TraceQlValidator.FieldType;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The attributes that a review's spans carry, with their types: DESIGN.md's table.
final class KnownAttributes {
  private static final Map<String, FieldType> SPAN = new TreeMap<>();
  private static final Map<String, FieldType> RESOURCE = new TreeMap<>();

  static {
    put(
        FieldType.FLOAT,
        CostAttributes.USD,
        CostAttributes.TOTAL_USD,
        CostAttributes.TOKENS_PROMPT_RATIO,
        CostAttributes.TOKENS_PER_MS,
        GenAiAttributes.USAGE_COST);
    put(
        FieldType.INT,
        CostAttributes.NANO_USD,
        CostAttributes.CACHE_SAVED_NANO_USD,
        CostAttributes.TOKENS_PROMPT,
        CostAttributes.TOKENS_COMPLETION,
        CostAttributes.TOKENS_TOTAL,
        CostAttributes.TOKENS_CACHE_READ,
        CostAttributes.TOKENS_CACHE_WRITE,
        CostAttributes.TOKENS_REASONING,
        CostAttributes.LATENCY_MS,
        CostAttributes.LATENCY_API_MS,
        CostAttributes.WORKFLOW_TOKENS_TOTAL,
        CostAttributes.LATENCY_TOTAL_MS,
        ReviewAttributes.PR_NUMBER,
        ReviewAttributes.ISSUES_FOUND,
        ReviewAttributes.ISSUES_AI_DETECTED,
        ReviewAttributes.ISSUES_RULE_DETECTED,
        ReviewAttributes.ISSUES_SECURITY,
        ReviewAttributes.ISSUES_CRITICAL,
        ReviewAttributes.ISSUES_HIGH,
        ReviewAttributes.RISK_SCORE,
        ReviewAttributes.PATCH_ISSUES_TOTAL,
        ReviewAttributes.PATCH_ISSUES_SAFE,
        ReviewAttributes.PATCH_ISSUES_PATCHED,
        ReviewAttributes.COMMENT_LENGTH,
        ReviewAttributes.DIFF_SIZE_CHARS,
        ReviewAttributes.DIFF_FILES,
        ReviewAttributes.DIFF_ADDED_LINES,
        GenAiAttributes.USAGE_INPUT_TOKENS,
        GenAiAttributes.USAGE_OUTPUT_TOKENS);
    put(
        FieldType.BOOLEAN,
        CostAttributes.PRICED,
        ReviewAttributes.PATCH_GENERATED,
        ReviewAttributes.PATCH_VERIFIED,
        ReviewAttributes.PATCH_PR_CREATED,
        ReviewAttributes.COMMENT_POSTED);
    put(
        FieldType.STRING,
        CostAttributes.OPERATION_TYPE,
        CostAttributes.OPERATION_NAME,
        CostAttributes.PRICE_ID,
        CostAttributes.SOURCE,
        CostAttributes.MODEL,
        ReviewAttributes.PR_URL,
        ReviewAttributes.PR_REPOSITORY,
        ReviewAttributes.PR_OWNER,
        ReviewAttributes.PR_REPO,
        ReviewAttributes.PR_AUTHOR,
        ReviewAttributes.PR_HEAD_SHA,
        ReviewAttributes.RISK_LEVEL,
        ReviewAttributes.WORKFLOW_STATUS,
        GenAiAttributes.OPERATION_NAME,
        GenAiAttributes.PROVIDER_NAME,
        GenAiAttributes.REQUEST_MODEL,
        GenAiAttributes.RESPONSE_MODEL);
    for (String key :
        new String[] {
          "service.name", "service.version", "service.namespace", "deployment.environment"
        }) {
      RESOURCE.put(key, FieldType.STRING);
    }
  }

  private KnownAttributes() {}

  private static void put(FieldType type, String... keys) {
    for (String key : keys) {
      SPAN.put(key, type);
    }
  }

  /// Of a span's attribute; null when it is not one of ours.
  static @Nullable FieldType typeOf(String key) {
    return SPAN.get(key);
  }

  static boolean isOfResource(String key) {
    return RESOURCE.containsKey(key);
  }
}
