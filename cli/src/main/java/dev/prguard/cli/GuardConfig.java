package dev.prguard.cli;

import dev.prguard.review.cost.BudgetLimit;
import dev.prguard.review.cost.BudgetLimits;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// A `.pr-guard.yml` (of the base branch) or the user's `config.yml`. What is absent is null or
/// empty.
///
/// @param llm `none`, or models as `provider/model`, the first and its fall-backs
/// @param budget what models may cost
/// @param allowUnpriced whether this file's limits let a model through whose price is unknown
/// @param prices path of a price file
/// @param allowNewIgnores whether comments that say ignore count where the change adds them
record GuardConfig(
    List<String> llm,
    @Nullable FailOn failOn,
    BudgetLimits budget,
    @Nullable Boolean allowUnpriced,
    @Nullable String prices,
    @Nullable Boolean allowNewIgnores) {

  static final GuardConfig EMPTY =
      new GuardConfig(List.of(), null, BudgetLimits.NONE, null, null, null);

  /// More is a slip of the pen, and would not fit nano-dollars.
  private static final BigDecimal MAX_USD = BigDecimal.valueOf(1_000_000_000);

  /// A file larger than this is no configuration.
  private static final int MAX_BYTES = 256 * 1024;

  GuardConfig {
    llm = List.copyOf(llm);
  }

  /// Reads a configuration file.
  ///
  /// @param name for messages, `.pr-guard.yml of the base branch`
  /// @throws CommandException with name, line and column when it is malformed
  static GuardConfig parse(String name, byte[] yaml) {
    if (yaml.length > MAX_BYTES) {
      throw CommandException.wrongInput(name + ": larger than 256 KiB");
    }
    Optional<Node> root;
    try {
      LoadSettings settings =
          LoadSettings.builder().setLabel(name).setMaxAliasesForCollections(20).build();
      root = new Compose(settings).composeString(new String(yaml, StandardCharsets.UTF_8));
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
      throw malformed(name, mark, e.getProblem() == null ? "not YAML" : e.getProblem());
    } catch (YamlEngineException e) {
      throw malformed(name, Optional.empty(), "not YAML");
    }
    if (root.isEmpty()) {
      return EMPTY;
    }
    if (!(root.get() instanceof MappingNode mapping)) {
      throw malformed(name, root.get().getStartMark(), "expected `key: value` lines");
    }
    List<String> llm = List.of();
    @Nullable FailOn failOn = null;
    BudgetLimits budget = BudgetLimits.NONE;
    @Nullable Boolean allowUnpriced = null;
    @Nullable String prices = null;
    @Nullable Boolean allowNewIgnores = null;
    for (NodeTuple tuple : mapping.getValue()) {
      Node value = tuple.getValueNode();
      String key = scalar(name, tuple.getKeyNode());
      switch (key) {
        case "llm" -> llm = texts(name, value);
        case "fail_on" -> failOn = failOn(name, value);
        case "budget_usd" -> budget = limit(name, tuple, BudgetLimit.REVIEW, budget);
        case "budget" -> budget = limits(name, value, budget);
        case "allow_unpriced" -> allowUnpriced = flag(name, value);
        case "allow_new_ignores" -> allowNewIgnores = flag(name, value);
        case "prices" -> prices = scalar(name, value);
        default ->
            throw malformed(
                name,
                tuple.getKeyNode().getStartMark(),
                "unknown key `"
                    + clip(key)
                    + "` (known: llm, fail_on, budget, budget_usd, allow_unpriced, prices, allow_new_ignores)");
      }
    }
    return new GuardConfig(llm, failOn, budget, allowUnpriced, prices, allowNewIgnores);
  }

  /// This configuration, with what it leaves open taken from `next`.
  GuardConfig orElse(GuardConfig next) {
    return new GuardConfig(
        llm.isEmpty() ? next.llm : llm,
        failOn == null ? next.failOn : failOn,
        budget.orElse(next.budget),
        allowUnpriced == null ? next.allowUnpriced : allowUnpriced,
        prices == null ? next.prices : prices,
        allowNewIgnores == null ? next.allowNewIgnores : allowNewIgnores);
  }

  /// As [#orElse], but of two limits the stricter holds: a repository must not widen what its
  /// reviewer may spend.
  GuardConfig within(GuardConfig user) {
    GuardConfig merged = orElse(user);
    return new GuardConfig(
        merged.llm,
        merged.failOn,
        budget.strictest(user.budget),
        merged.allowUnpriced,
        merged.prices,
        merged.allowNewIgnores);
  }

  private static FailOn failOn(String name, Node node) {
    return FailOn.parse(scalar(name, node))
        .orElseThrow(() ->
            malformed(name, node.getStartMark(), "expected low, medium, high, critical or none"));
  }

  private static BudgetLimits limits(String name, Node node, BudgetLimits before) {
    if (!(node instanceof MappingNode mapping)) {
      throw malformed(name, node.getStartMark(), "expected limits below `budget`");
    }
    BudgetLimits limits = before;
    for (NodeTuple tuple : mapping.getValue()) {
      String key = scalar(name, tuple.getKeyNode());
      BudgetLimit limit =
          Arrays.stream(BudgetLimit.values())
              .filter(known -> known.key().equals(key))
              .findFirst()
              .orElseThrow(() ->
                  malformed(
                      name,
                      tuple.getKeyNode().getStartMark(),
                      "unknown key `" + clip(key) + "` (known: " + limitKeys() + ")"));
      limits = limit(name, tuple, limit, limits);
    }
    return limits;
  }

  private static String limitKeys() {
    return Arrays.stream(BudgetLimit.values())
        .map(BudgetLimit::key)
        .collect(Collectors.joining(", "));
  }

  private static BudgetLimits limit(
      String name, NodeTuple tuple, BudgetLimit limit, BudgetLimits before) {
    if (before.of(limit).isPresent()) {
      throw malformed(name, tuple.getKeyNode().getStartMark(), limit.key() + " is there twice");
    }
    Node node = tuple.getValueNode();
    OptionalLong nanoUsd = OptionalLong.empty();
    try {
      nanoUsd = nanoUsd(new BigDecimal(scalar(name, node)));
    } catch (NumberFormatException e) {
      // Told below, with the place.
    }
    long amount =
        nanoUsd.orElseThrow(
            () -> malformed(name, node.getStartMark(), "expected an amount in USD, such as 0.50"));
    return before.orElse(new BudgetLimits(Map.of(limit, amount)));
  }

  /// An amount in nano-dollars; empty when it is negative or absurd.
  static OptionalLong nanoUsd(BigDecimal usd) {
    // The size is looked at first: arithmetic on 1e999999999 would fill the memory.
    return usd.signum() < 0 || Math.abs((long) usd.scale()) > 60 || usd.compareTo(MAX_USD) > 0
        ? OptionalLong.empty()
        : OptionalLong.of(usd.movePointRight(9).setScale(0, RoundingMode.DOWN).longValueExact());
  }

  private static boolean flag(String name, Node node) {
    return switch (scalar(name, node)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw malformed(name, node.getStartMark(), "expected true or false");
    };
  }

  private static List<String> texts(String name, Node node) {
    if (!(node instanceof SequenceNode sequence)) {
      return List.of(scalar(name, node));
    }
    List<String> texts = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      texts.add(scalar(name, item));
    }
    return texts;
  }

  private static String scalar(String name, Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw malformed(name, node.getStartMark(), "expected one value here");
  }

  private static CommandException malformed(String name, Optional<Mark> mark, String problem) {
    String place = mark.map(m -> ":" + (m.getLine() + 1) + ":" + (m.getColumn() + 1)).orElse("");
    return CommandException.wrongInput(name + place + ": " + clip(problem));
  }

  /// Configuration of a repository is hostile text: one short line of it reaches the terminal.
  private static String clip(String text) {
    String line = text.replaceAll("\\p{C}", " ");
    return line.length() > 160 ? line.substring(0, 160) + "…" : line;
  }
}
