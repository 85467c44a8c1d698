package dev.prguard.review.workflow;

import static dev.prguard.trace.ReviewAttributes.PR_AUTHOR;
import static dev.prguard.trace.ReviewAttributes.PR_HEAD_SHA;
import static dev.prguard.trace.ReviewAttributes.PR_NUMBER;
import static dev.prguard.trace.ReviewAttributes.PR_OWNER;
import static dev.prguard.trace.ReviewAttributes.PR_REPO;
import static dev.prguard.trace.ReviewAttributes.PR_REPOSITORY;
import static dev.prguard.trace.ReviewAttributes.PR_URL;

import dev.prguard.review.change.PullRequest;
import dev.prguard.review.rules.SecretRedactor;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;

/// The `pr.*` attributes that every span of a review carries. What the author can write is redacted
/// and clipped.
final class PullRequestAttributes {
  /// Tempo cuts attribute values at 2,048 bytes; a name longer than this is no name.
  private static final int MAX_CHARS = 512;

  private PullRequestAttributes() {}

  static Attributes of(PullRequest pullRequest) {
    AttributesBuilder attributes = Attributes.builder();
    put(attributes, PR_URL, pullRequest.url());
    put(attributes, PR_REPOSITORY, pullRequest.repository());
    put(attributes, PR_OWNER, pullRequest.owner());
    put(attributes, PR_REPO, pullRequest.repo());
    put(attributes, PR_AUTHOR, pullRequest.author());
    put(attributes, PR_HEAD_SHA, pullRequest.headSha());
    Long number = pullRequest.number();
    if (number != null) {
      attributes.put(AttributeKey.longKey(PR_NUMBER), number);
    }
    return attributes.build();
  }

  private static void put(AttributesBuilder attributes, String key, String value) {
    String redacted = SecretRedactor.redact(value);
    attributes.put(
        AttributeKey.stringKey(key),
        redacted.length() > MAX_CHARS ? redacted.substring(0, MAX_CHARS) : redacted);
  }
}
