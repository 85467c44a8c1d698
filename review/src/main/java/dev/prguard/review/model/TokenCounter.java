package dev.prguard.review.model;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

/// Counts tokens by OpenAI's o200k vocabulary.
final class TokenCounter {
  // Long inputs are counted in pieces: a cut adds a token at most, and no piece can get slow.
  private static final int PIECE_CHARS = 20_000;
  // Roles and separators around the messages.
  private static final int FRAME_TOKENS = 64;

  private TokenCounter() {}

  /// Loads its 3.6 MB of vocabulary on first use (about half a second), hence a class of its own.
  private static final class O200k {
    private static final Encoding ENCODING =
        Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
  }

  static long o200k(String text) {
    long tokens = 0;
    for (int from = 0; from < text.length(); from += PIECE_CHARS) {
      // Ordinary: in hostile text `<|endoftext|>` is six characters like any others.
      tokens +=
          O200k.ENCODING.countTokensOrdinary(
              text.substring(from, Math.min(text.length(), from + PIECE_CHARS)));
    }
    return tokens;
  }

  /// Whether o200k is the model's own vocabulary.
  static boolean exact(ModelId id) {
    return switch (id.provider()) {
      case OPENAI, AZURE ->
          id.model().startsWith("gpt-4o")
              || id.model().startsWith("gpt-4.1")
              || id.model().startsWith("gpt-5")
              || id.model().matches("o\\d.*");
      case ANTHROPIC, GEMINI, OLLAMA -> false;
    };
  }

  static long of(Prompt prompt) {
    return o200k(prompt.system())
        + o200k(prompt.user())
        + (prompt.schema() == null ? 0 : o200k(prompt.schema().json()))
        + FRAME_TOKENS;
  }

  /// Prompt tokens to reserve money for: other vocabularies make up to about a third more of code
  /// than o200k, so half more is set aside.
  static long reserve(ModelId id, Prompt prompt) {
    long tokens = of(prompt);
    return exact(id) ? tokens + tokens / 50 : tokens + tokens / 2;
  }
}
