package dev.prguard.cli;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
/// @param budgetUsd USD that one review may spend on models
/// @param prices path of a price file
record GuardConfig(
    List<String> llm,
    @Nullable FailOn failOn,
    @Nullable BigDecimal budgetUsd,
    @Nullable String prices) {

  static final GuardConfig EMPTY = new GuardConfig(List.of(), null, null, null);

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
    @Nullable BigDecimal budget = null;
    @Nullable String prices = null;
    for (NodeTuple tuple : mapping.getValue()) {
      Node value = tuple.getValueNode();
      String key = scalar(name, tuple.getKeyNode());
      switch (key) {
        case "llm" -> llm = texts(name, value);
        case "fail_on" -> failOn = failOn(name, value);
        case "budget_usd" -> budget = amount(name, value);
        case "prices" -> prices = scalar(name, value);
        default ->
            throw malformed(
                name,
                tuple.getKeyNode().getStartMark(),
                "unknown key `" + clip(key) + "` (known: llm, fail_on, budget_usd, prices)");
      }
    }
    return new GuardConfig(llm, failOn, budget, prices);
  }

  /// This configuration, with what it leaves open taken from `next`.
  GuardConfig orElse(GuardConfig next) {
    return new GuardConfig(
        llm.isEmpty() ? next.llm : llm,
        failOn == null ? next.failOn : failOn,
        budgetUsd == null ? next.budgetUsd : budgetUsd,
        prices == null ? next.prices : prices);
  }

  private static FailOn failOn(String name, Node node) {
    return FailOn.parse(scalar(name, node))
        .orElseThrow(() ->
            malformed(name, node.getStartMark(), "expected low, medium, high, critical or none"));
  }

  private static BigDecimal amount(String name, Node node) {
    try {
      BigDecimal amount = new BigDecimal(scalar(name, node));
      if (amount.signum() >= 0) {
        return amount;
      }
    } catch (NumberFormatException e) {
      // Told below, with the place.
    }
    throw malformed(name, node.getStartMark(), "expected an amount in USD, such as 0.50");
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
