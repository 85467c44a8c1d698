package dev.prguard.cli;

import dev.prguard.review.change.Change;
import dev.prguard.review.cost.Budget;
import dev.prguard.review.cost.BudgetLedger;
import dev.prguard.review.cost.BudgetLimit;
import dev.prguard.review.cost.BudgetLimits;
import dev.prguard.review.cost.PriceBook;
import dev.prguard.review.cost.PriceFileException;
import dev.prguard.review.cost.UnpricedModels;
import dev.prguard.review.github.GitHubPatchPublisher;
import dev.prguard.review.github.GitHubReviewPublisher;
import dev.prguard.review.github.OwnAccount;
import dev.prguard.review.model.DryRun;
import dev.prguard.review.model.DryRunEstimate;
import dev.prguard.review.model.ModelClient;
import dev.prguard.review.model.ModelConfigException;
import dev.prguard.review.model.ModelId;
import dev.prguard.review.model.ModelSettings;
import dev.prguard.review.patch.PatchPolicy;
import dev.prguard.review.rules.NewIgnores;
import dev.prguard.review.rules.RuleCatalog;
import dev.prguard.review.rules.RuleScanner;
import dev.prguard.review.rules.SecretRedactor;
import dev.prguard.review.rules.UserRules;
import dev.prguard.review.workflow.ReviewPlan;
import dev.prguard.store.EmbeddedSpanStore;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Decides how to review: flag, then environment, then `.pr-guard.yml` of the base branch, then the
/// user's `config.yml`, then the default.
final class ReviewPlanner implements AutoCloseable {
  /// The repository's own configuration, read from the base branch only: the pull request cannot
  /// change it for itself.
  static final String REPOSITORY_CONFIG = ".pr-guard.yml";

  private final ReviewCommand options;
  private final Map<String, String> env;
  private final ReviewSource source;
  private final InstantSource clock;
  private final Consumer<String> warnings;
  private final GuardConfig given;
  private final GuardConfig user;
  private GuardConfig config = GuardConfig.EMPTY;
  private List<ModelClient> opened = List.of();

  private ReviewPlanner(
      ReviewCommand options,
      Map<String, String> env,
      ReviewSource source,
      InstantSource clock,
      Consumer<String> warnings,
      GuardConfig given,
      GuardConfig user) {
    this.options = options;
    this.env = env;
    this.source = source;
    this.clock = clock;
    this.warnings = warnings;
    this.given = given;
    this.user = user;
  }

  /// @param warnings takes a line for the user
  /// @throws CommandException when an option, a variable or the user's configuration is wrong
  static ReviewPlanner of(
      ReviewCommand options,
      Map<String, String> env,
      ReviewSource source,
      InstantSource clock,
      Consumer<String> warnings) {
    GuardConfig given = flags(options).orElse(variables(env));
    ReviewPlanner planner =
        new ReviewPlanner(options, env, source, clock, warnings, given, userConfig(env));
    // What the flags and variables say is checked before anything is fetched.
    planner.config = given.orElse(planner.user);
    if (!given.llm().isEmpty()) {
      planner.models();
    }
    if (given.prices() != null) {
      planner.prices();
    }
    return planner;
  }

  /// From which severity on findings fail the run.
  FailOn failOn() {
    FailOn failOn = config.failOn();
    return failOn == null ? FailOn.HIGH : failOn;
  }

  /// Plans the review of a fetched change.
  ///
  /// @throws CommandException when the base branch's configuration is malformed or names a model
  ///   that cannot be used
  ReviewPlan plan(Change change) {
    GuardConfig repository = repositoryConfig(change);
    config = given.orElse(repository.within(user));
    PriceBook prices = prices();
    Instant now = clock.instant();
    for (ModelId id : models()) {
      if (prices.worstCaseNanoUsd(id.provider().word(), id.model(), 1, 1, now).isEmpty()) {
        warnings.accept(PriceBook.unknownPrice(id.provider().word(), id.model(), now));
      }
    }
    Instant deadline = now.plus(options.deadline());
    return new ReviewPlan(
        scanner(change),
        open(models()),
        prices,
        budget(change, repository),
        models().isEmpty() ? PatchPolicy.SAFE : PatchPolicy.SAFE_WITH_MODEL,
        deadline,
        options.post ? Optional.of(publisher()) : Optional.empty(),
        options.patchPr ? Optional.of(patchPublisher()) : Optional.empty());
  }

  private RuleScanner scanner(Change change) {
    boolean allowed = options.allowNewIgnores || Boolean.TRUE.equals(config.allowNewIgnores());
    try {
      return new RuleScanner(
          RuleCatalog.bundled().with(UserRules.of(change.base())),
          allowed ? NewIgnores.ALLOWED : NewIgnores.REFUSED);
    } catch (IllegalArgumentException e) {
      String what = String.valueOf(e.getMessage()).replaceAll("\\p{C}", " ");
      throw CommandException.wrongInput("rules of the base branch: " + what, e);
    }
  }

  /// What the models of this plan would be sent, and what it would cost.
  List<DryRunEstimate> estimate(Change change) {
    config = given.orElse(repositoryConfig(change).within(user));
    List<ModelId> models = models();
    return new DryRun(ModelSettings.of(models), SecretRedactor::redact, clock)
        .estimate(change, models, prices());
  }

  private List<ModelClient> open(List<ModelId> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    ModelSettings settings = ModelSettings.of(ids).withCaptureContent(captureContent(env));
    opened =
        ids.stream()
            .map(id -> ModelClient.open(id, settings, env, SecretRedactor::redact))
            .toList();
    return opened;
  }

  /// Whether prompts and answers go on spans, redacted: OpenTelemetry's own variable, off by
  /// default.
  private static boolean captureContent(Map<String, String> env) {
    String name = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";
    String value = env.getOrDefault(name, "").strip();
    return switch (value.toUpperCase(Locale.ROOT)) {
      case "TRUE", "SPAN_ONLY", "SPAN_AND_EVENT" -> true;
      case "", "FALSE", "NO_CONTENT", "EVENT_ONLY" -> false;
      default ->
          throw CommandException.wrongInput(
              name + ": " + value + " (expected: NO_CONTENT, SPAN_ONLY, true or false)");
    };
  }

  /// Ends the models' connections.
  @Override
  public void close() {
    opened.forEach(ModelClient::close);
  }

  private GitHubReviewPublisher publisher() {
    return new GitHubReviewPublisher(
        source.requireUrl(), source.requireGitHub(), OwnAccount.of(env));
  }

  private GitHubPatchPublisher patchPublisher() {
    return new GitHubPatchPublisher(source.requireUrl(), source.requireGitHub());
  }

  private List<ModelId> models() {
    try {
      List<String> names = config.llm();
      if (names.isEmpty()) {
        return ModelId.defaultFrom(env).stream().toList();
      }
      if (names.size() == 1 && names.getFirst().equalsIgnoreCase("none")) {
        return List.of();
      }
      List<ModelId> ids = names.stream().map(name -> ModelId.parse(name.strip())).toList();
      if (!options.dryRun) {
        // A dry run sends nothing, so it needs no key.
        ids.forEach(id -> id.requireConfigured(env));
      }
      return ids;
    } catch (ModelConfigException e) {
      throw CommandException.wrongInput("--llm: " + e.getMessage(), e);
    }
  }

  private PriceBook prices() {
    return prices(config.prices());
  }

  /// The bundled prices, with those of a file before them.
  ///
  /// @throws CommandException naming file, line and column when it cannot be used
  static PriceBook prices(@Nullable String file) {
    PriceBook bundled = PriceBook.bundled();
    if (file == null) {
      return bundled;
    }
    try {
      return bundled.with(PriceBook.load(Path.of(file)));
    } catch (PriceFileException e) {
      throw CommandException.wrongInput("--prices " + e.getMessage(), e);
    }
  }

  private Budget budget(Change change, GuardConfig repository) {
    String name = change.pullRequest().repository();
    if (!config.budget().shared().isEmpty()) {
      // A newer version's data folder is left untouched, its ledger too.
      EmbeddedSpanStore.requireKnownFormat(DataFolder.of(env));
    }
    BudgetLedger ledger = new BudgetLedger(DataFolder.of(env).resolve("budget"), clock, warnings);
    return Budget.of(config.budget(), unpriced(repository), ledger, name.isEmpty() ? "-" : name);
  }

  /// Each file decides for its own limits, so that a repository cannot open the reviewer's.
  private UnpricedModels unpriced(GuardConfig repository) {
    boolean allowed =
        given.budget().isEmpty()
            && Stream.of(repository, user)
                .filter(file -> !file.budget().isEmpty())
                .allMatch(file -> Boolean.TRUE.equals(file.allowUnpriced()));
    return options.allowUnpriced || allowed ? UnpricedModels.ALLOWED : UnpricedModels.REFUSED;
  }

  private static GuardConfig flags(ReviewCommand options) {
    return new GuardConfig(
        options.llm,
        options.failOn == null ? null : severity("--fail-on", options.failOn),
        options.budget == null ? BudgetLimits.NONE : reviewLimit(options.budget),
        null,
        options.prices == null ? null : options.prices.toString(),
        null);
  }

  static GuardConfig variables(Map<String, String> env) {
    String llm = env.getOrDefault("PR_GUARD_LLM", "");
    String failOn = env.getOrDefault("PR_GUARD_FAIL_ON", "");
    String prices = env.getOrDefault("PR_GUARD_PRICES", "");
    return new GuardConfig(
        llm.isBlank() ? List.of() : Arrays.asList(llm.split(",", -1)),
        failOn.isBlank() ? null : severity("PR_GUARD_FAIL_ON", failOn),
        BudgetLimits.NONE,
        null,
        prices.isBlank() ? null : prices,
        null);
  }

  static GuardConfig userConfig(Map<String, String> env) {
    Path file = DataFolder.of(env).resolve("config.yml");
    try {
      return Files.isRegularFile(file)
          ? GuardConfig.parse(file.toString(), Files.readAllBytes(file))
          : GuardConfig.EMPTY;
    } catch (IOException e) {
      throw CommandException.wrongInput(file + ": cannot be read", e);
    }
  }

  private static GuardConfig repositoryConfig(Change change) {
    return change
        .base()
        .read(REPOSITORY_CONFIG)
        .map(bytes -> GuardConfig.parse(REPOSITORY_CONFIG + " of the base branch", bytes))
        .orElse(GuardConfig.EMPTY);
  }

  private static FailOn severity(String option, String word) {
    return FailOn.parse(word)
        .orElseThrow(() ->
            CommandException.wrongInput(
                option
                    + " "
                    + word
                    + ": not a severity (expected: low, medium, high, critical or none)"));
  }

  private static BudgetLimits reviewLimit(String usd) {
    try {
      OptionalLong nanoUsd = GuardConfig.nanoUsd(new BigDecimal(usd));
      if (nanoUsd.isPresent()) {
        return new BudgetLimits(Map.of(BudgetLimit.REVIEW, nanoUsd.getAsLong()));
      }
    } catch (NumberFormatException e) {
      // Said below, as for any other number that is no budget.
    }
    throw CommandException.wrongInput(
        "--budget " + usd + ": expected 0 or more, in USD, such as 0.05");
  }
}
