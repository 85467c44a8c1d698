package dev.prguard.trace;

/// Keys of what was reviewed and what came of it. Types are those of DESIGN.md's table.
public final class ReviewAttributes {
  // On all spans: string, PR_NUMBER long.
  public static final String PR_URL = "pr.url";
  public static final String PR_REPOSITORY = "pr.repository";
  public static final String PR_OWNER = "pr.owner";
  public static final String PR_REPO = "pr.repo";
  public static final String PR_NUMBER = "pr.number";
  public static final String PR_AUTHOR = "pr.author";
  public static final String PR_HEAD_SHA = "pr.head_sha";

  // On nitpicker, architect and the root: long.
  public static final String ISSUES_FOUND = "issues.found";
  public static final String ISSUES_AI_DETECTED = "issues.ai_detected";
  public static final String ISSUES_RULE_DETECTED = "issues.rule_detected";
  public static final String ISSUES_SECURITY = "issues.security";
  public static final String ISSUES_CRITICAL = "issues.critical";
  public static final String ISSUES_HIGH = "issues.high";

  // On architect and the root: string low, medium, high, critical; long 1, 4, 7, 10.
  public static final String RISK_LEVEL = "risk.level";
  public static final String RISK_SCORE = "risk.score";

  // On patch: boolean, long.
  public static final String PATCH_GENERATED = "patch.generated";
  public static final String PATCH_VERIFIED = "patch.verified";
  public static final String PATCH_ISSUES_TOTAL = "patch.issues_total";
  public static final String PATCH_ISSUES_SAFE = "patch.issues_safe";
  public static final String PATCH_ISSUES_PATCHED = "patch.issues_patched";
  public static final String PATCH_PR_CREATED = "patch.pr_created";

  // On comment: boolean, long (characters).
  public static final String COMMENT_POSTED = "comment.posted";
  public static final String COMMENT_LENGTH = "comment.length";

  // On fetch: long (characters, files, lines).
  public static final String DIFF_SIZE_CHARS = "diff.size_chars";
  public static final String DIFF_FILES = "diff.files";
  public static final String DIFF_ADDED_LINES = "diff.added_lines";

  /// string, on the root: reviewed, partial, not_reviewed.
  public static final String WORKFLOW_STATUS = "workflow.status";

  private ReviewAttributes() {}
}
