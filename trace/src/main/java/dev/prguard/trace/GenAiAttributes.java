package dev.prguard.trace;

/// Keys of OpenTelemetry's GenAI conventions (open-telemetry/semantic-conventions-genai,
/// Development) on `chat` spans. `input_tokens` includes cached tokens and `output_tokens` includes
/// reasoning tokens, as the conventions ask.
public final class GenAiAttributes {
  public static final String OPERATION_NAME = "gen_ai.operation.name";
  public static final String PROVIDER_NAME = "gen_ai.provider.name";
  public static final String REQUEST_MODEL = "gen_ai.request.model";
  public static final String REQUEST_MAX_TOKENS = "gen_ai.request.max_tokens";
  public static final String REQUEST_TEMPERATURE = "gen_ai.request.temperature";
  public static final String RESPONSE_MODEL = "gen_ai.response.model";
  public static final String RESPONSE_ID = "gen_ai.response.id";
  public static final String RESPONSE_FINISH_REASONS = "gen_ai.response.finish_reasons";
  public static final String USAGE_INPUT_TOKENS = "gen_ai.usage.input_tokens";
  public static final String USAGE_OUTPUT_TOKENS = "gen_ai.usage.output_tokens";
  public static final String USAGE_CACHE_READ_INPUT_TOKENS = "gen_ai.usage.cache_read.input_tokens";
  public static final String USAGE_CACHE_WRITE_INPUT_TOKENS =
      "gen_ai.usage.cache_write.input_tokens";
  public static final String USAGE_REASONING_OUTPUT_TOKENS = "gen_ai.usage.reasoning.output_tokens";

  /// double, USD: not in the conventions yet; the name that OpenLIT writes and Langfuse reads.
  public static final String USAGE_COST = "gen_ai.usage.cost";

  /// What was asked and answered, as JSON text; only when capture is switched on.
  public static final String INPUT_MESSAGES = "gen_ai.input.messages";

  public static final String OUTPUT_MESSAGES = "gen_ai.output.messages";

  public static final String SERVER_ADDRESS = "server.address";
  public static final String SERVER_PORT = "server.port";
  public static final String ERROR_TYPE = "error.type";

  private GenAiAttributes() {}
}
