package dev.prguard.review.workflow;

import dev.prguard.review.model.Answer;
import dev.prguard.review.model.CallScope;
import dev.prguard.review.model.FixPrompt;
import dev.prguard.review.model.ModelClient;
import dev.prguard.review.patch.FixRequest;
import dev.prguard.review.patch.FixWriter;
import dev.prguard.review.rules.SecretRedactor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Lets the model write the fixes that no rule knows, all of them in one call.
final class ModelFixWriter implements FixWriter {
  /// A patch of more than this is no low-risk patch.
  private static final int MAX_FIXES = 20;

  private static final int MAX_OUTPUT_TOKENS = 4_096;

  private final ModelClient model;
  private final CallScope scope;
  private final Consumer<String> problems;

  /// @param problems takes a line for the user when the model failed
  ModelFixWriter(ModelClient model, CallScope scope, Consumer<String> problems) {
    this.model = model;
    this.scope = scope;
    this.problems = problems;
  }

  @Override
  public Map<String, String> replacements(List<FixRequest> requests) {
    List<FixRequest> asked = new ArrayList<>();
    List<FixPrompt.Snippet> snippets = new ArrayList<>();
    for (FixRequest request : requests) {
      String lines = request.numberedLines();
      // A replacement of redacted lines would write the redaction into the file.
      if (asked.size() < MAX_FIXES && SecretRedactor.redact(lines).equals(lines)) {
        asked.add(request);
        snippets.add(
            new FixPrompt.Snippet(
                asked.size(),
                request.path(),
                request.finding().title() + ": " + request.finding().message(),
                request.finding().line(),
                request.finding().endLine(),
                lines));
      }
    }
    if (asked.isEmpty()) {
      return Map.of();
    }
    Answer answer =
        model.chat(FixPrompt.of(snippets, SecretRedactor::redact, MAX_OUTPUT_TOKENS), scope);
    return switch (answer) {
      case Answer.Complete complete -> byFingerprint(asked, FixPrompt.read(complete.text()));
      case Answer.Truncated _ -> failed("the answer was cut off");
      case Answer.Refused refused -> failed(refused.reason());
      case Answer.Failed failure -> failed(failure.message());
    };
  }

  private Map<String, String> failed(String reason) {
    problems.accept("no fixes from the model: " + reason);
    return Map.of();
  }

  private static Map<String, String> byFingerprint(
      List<FixRequest> asked, Map<Integer, String> replacements) {
    Map<String, String> fixes = new HashMap<>();
    replacements.forEach((id, text) -> {
      if (id >= 1 && id <= asked.size()) {
        fixes.put(asked.get(id - 1).finding().fingerprint(), text);
      }
    });
    return fixes;
  }
}
