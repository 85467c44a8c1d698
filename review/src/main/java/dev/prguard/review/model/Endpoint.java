package dev.prguard.review.model;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;

/// Where a model is called, and with which key.
///
/// @param base with no slash at its end
/// @param key empty for a provider without keys; never printed
record Endpoint(URI base, String key) {

  /// @throws ModelConfigException naming the variable to set
  static Endpoint of(ModelId id, Map<String, String> env) {
    return switch (id.provider()) {
      case OPENAI ->
          new Endpoint(
              base(env, "OPENAI_BASE_URL", "https://api.openai.com/v1"),
              // A server of one's own behind OPENAI_BASE_URL often wants no key.
              ModelId.set(env, "OPENAI_BASE_URL")
                  ? ModelId.value(env, "OPENAI_API_KEY")
                  : key(id, env, "OPENAI_API_KEY"));
      case AZURE -> {
        if (!ModelId.set(env, "AZURE_OPENAI_ENDPOINT")) {
          throw new ModelConfigException(
              "model "
                  + id
                  + " needs an endpoint: set AZURE_OPENAI_ENDPOINT (https://NAME.openai.azure.com)");
        }
        URI base = base(env, "AZURE_OPENAI_ENDPOINT", "");
        String path = base.getRawPath() == null ? "" : base.getRawPath();
        yield new Endpoint(
            path.endsWith("/openai/v1") ? base : URI.create(base + "/openai/v1"),
            key(id, env, "AZURE_OPENAI_API_KEY"));
      }
      case ANTHROPIC -> {
        URI base = base(env, "ANTHROPIC_BASE_URL", "https://api.anthropic.com");
        yield new Endpoint(
            // Anthropic's own tools take the variable without /v1; both are meant the same.
            base.toString().endsWith("/v1") ? base : URI.create(base + "/v1"),
            key(id, env, "ANTHROPIC_API_KEY"));
      }
      case GEMINI ->
          new Endpoint(
              base(env, "GEMINI_BASE_URL", "https://generativelanguage.googleapis.com/v1beta"),
              key(
                  id,
                  env,
                  ModelId.set(env, "GEMINI_API_KEY") || !ModelId.set(env, "GOOGLE_API_KEY")
                      ? "GEMINI_API_KEY"
                      : "GOOGLE_API_KEY"));
      case OLLAMA -> new Endpoint(base(env, "OLLAMA_BASE_URL", "http://localhost:11434"), "");
    };
  }

  int port() {
    if (base.getPort() > 0) {
      return base.getPort();
    }
    return "http".equalsIgnoreCase(base.getScheme()) ? 80 : 443;
  }

  private static String key(ModelId id, Map<String, String> env, String variable) {
    if (!ModelId.set(env, variable)) {
      throw new ModelConfigException("model " + id + " needs a key: set " + variable);
    }
    String key = ModelId.value(env, variable);
    if (!key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new ModelConfigException(variable + " has a space or an odd character in it");
    }
    return key;
  }

  private static URI base(Map<String, String> env, String variable, String preset) {
    String text = ModelId.set(env, variable) ? ModelId.value(env, variable) : preset;
    while (text.endsWith("/")) {
      text = text.substring(0, text.length() - 1);
    }
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https"))
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getQuery() == null
          && uri.getFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below; the text may hold a password, so it is not repeated.
    }
    throw new ModelConfigException(
        variable + " is not an address (expected: https://host[:port][/path], no user, no query)");
  }

  @Override
  public String toString() {
    return base.toString();
  }
}
