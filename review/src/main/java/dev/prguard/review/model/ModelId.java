package dev.prguard.review.model;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A model of a provider, written `provider/model`.
///
/// @param model the provider's name of the model; on Azure the name of the deployment
public record ModelId(Provider provider, String model) {
  private static final int MAX_NAME = 200;

  public ModelId {
    if (model.isBlank()
        || model.length() > MAX_NAME
        || !model.codePoints().allMatch(ModelId::plain)) {
      throw new ModelConfigException(
          "model name of " + provider.word() + " is empty, too long or has odd characters");
    }
  }

  /// Who runs the model.
  public enum Provider {
    /// OpenAI, or whatever speaks its API at `OPENAI_BASE_URL`.
    OPENAI("openai"),
    AZURE("azure.ai.openai"),
    ANTHROPIC("anthropic"),
    GEMINI("gcp.gemini"),
    OLLAMA("ollama");

    private final String otelName;

    Provider(String otelName) {
      this.otelName = otelName;
    }

    /// `openai`, `azure`, `anthropic`, `gemini`, `ollama`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Reads `openai/gpt-4o-mini`.
  ///
  /// @throws ModelConfigException when it is not of that form or the provider is unknown
  public static ModelId parse(String text) {
    int slash = text.indexOf('/');
    String word = slash < 0 ? "" : text.substring(0, slash).strip();
    for (Provider provider : Provider.values()) {
      if (provider.word().equalsIgnoreCase(word)) {
        return new ModelId(provider, text.substring(slash + 1).strip());
      }
    }
    String shown =
        text.codePoints().allMatch(ModelId::plain) && text.length() <= MAX_NAME ? text : "?";
    throw new ModelConfigException(
        "unknown model '"
            + shown
            + "' (expected: provider/model, provider one of openai, azure, anthropic, gemini, ollama)");
  }

  /// The model to use when none was named: that of the first key that is set. A local Ollama has no
  /// key and is never chosen unasked.
  public static Optional<ModelId> defaultFrom(Map<String, String> env) {
    if (set(env, "OPENAI_API_KEY")) {
      return Optional.of(new ModelId(Provider.OPENAI, "gpt-4o-mini"));
    }
    if (set(env, "ANTHROPIC_API_KEY")) {
      return Optional.of(new ModelId(Provider.ANTHROPIC, "claude-haiku-4-5"));
    }
    if (set(env, "GEMINI_API_KEY") || set(env, "GOOGLE_API_KEY")) {
      return Optional.of(new ModelId(Provider.GEMINI, "gemini-2.5-flash"));
    }
    if (set(env, "AZURE_OPENAI_API_KEY")
        && set(env, "AZURE_OPENAI_ENDPOINT")
        && set(env, "AZURE_OPENAI_DEPLOYMENT")) {
      return Optional.of(new ModelId(Provider.AZURE, value(env, "AZURE_OPENAI_DEPLOYMENT")));
    }
    return Optional.empty();
  }

  /// Checks that key and address are there, without calling anybody.
  ///
  /// @throws ModelConfigException naming the variable to set
  public void requireConfigured(Map<String, String> env) {
    Endpoint.of(this, env);
  }

  /// OpenTelemetry's name of the provider (`gen_ai.provider.name`).
  public String otelName() {
    return provider.otelName;
  }

  @Override
  public String toString() {
    return provider.word() + '/' + model;
  }

  static boolean set(Map<String, String> env, String variable) {
    return !value(env, variable).isEmpty();
  }

  /// The variable without blanks around it, empty when it is not set.
  static String value(Map<String, String> env, String variable) {
    return env.getOrDefault(variable, "").strip();
  }

  private static boolean plain(int c) {
    return c > ' ' && c < 0x7f;
  }
}
