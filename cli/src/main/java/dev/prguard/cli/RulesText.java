package dev.prguard.cli;

import dev.prguard.review.rules.Language;
import dev.prguard.review.rules.Rule;
import java.util.List;
import java.util.stream.Collectors;

/// Rules for people to read.
final class RulesText {

  private RulesText() {}

  static String table(List<Rule> rules) {
    TextTable table =
        new TextTable(
            List.of("rule", "severity", "confidence", "CWE", "languages", "finds"),
            List.of(
                TextTable.Side.LEFT,
                TextTable.Side.LEFT,
                TextTable.Side.LEFT,
                TextTable.Side.LEFT,
                TextTable.Side.LEFT,
                TextTable.Side.LEFT));
    for (Rule rule : rules) {
      String cwe = rule.cwe();
      table.add(
          List.of(
              rule.id(),
              rule.severity().word(),
              rule.confidence().word(),
              cwe == null ? "" : cwe,
              languages(rule),
              rule.title()));
    }
    return table.render();
  }

  private static String languages(Rule rule) {
    List<String> words = rule.languages().stream().sorted().map(Language::word).toList();
    return words.isEmpty()
        ? "any"
        : words.size() > 3
            ? String.join(" ", words.subList(0, 2)) + " +" + (words.size() - 2)
            : String.join(" ", words);
  }

  static String page(Rule rule) {
    StringBuilder page = new StringBuilder();
    String cwe = rule.cwe();
    page.append(TextTable.printable(rule.title())).append("\n\n");
    line(page, "rule", rule.id());
    line(page, "severity", rule.severity().word() + ", confidence " + rule.confidence().word());
    line(page, "CWE", cwe == null ? "" : cwe);
    line(page, "OWASP", String.join(", ", rule.owasp()));
    line(
        page,
        "languages",
        rule.languages().isEmpty()
            ? "any"
            : rule.languages().stream()
                .sorted()
                .map(Language::word)
                .collect(Collectors.joining(", ")));
    String remedy = rule.guidance().remedy();
    String message = rule.message();
    // The message says what to do at its end; it stands below, by its name.
    String what =
        !remedy.isEmpty() && message.endsWith(remedy) && !message.equals(remedy)
            ? message.substring(0, message.length() - remedy.length()).strip()
            : message;
    page.append('\n').append(TextTable.printable(what)).append('\n');
    paragraph(page, "Why: ", rule.guidance().why());
    paragraph(page, "Fix: ", remedy);
    rule.guidance()
        .references()
        .forEach(address -> page.append("See ").append(TextTable.printable(address)).append('\n'));
    examples(page, "Found", rule.bad());
    examples(page, "Not found", rule.ok());
    page.append(
            "\nTo let one stand: a comment above it, in an earlier change, that says\n  pr-guard: ignore ")
        .append(rule.id())
        .append(" REASON\n");
    return page.toString();
  }

  private static void line(StringBuilder page, String name, String value) {
    if (!value.isEmpty()) {
      page.append(String.format("%-10s %s%n", name, TextTable.printable(value)));
    }
  }

  private static void paragraph(StringBuilder page, String name, String text) {
    if (!text.isEmpty()) {
      page.append('\n').append(name).append(TextTable.printable(text)).append('\n');
    }
  }

  private static void examples(StringBuilder page, String head, List<Rule.Example> examples) {
    page.append('\n').append(head).append(":\n");
    for (Rule.Example example : examples) {
      String before = example.before();
      if (before != null) {
        before.lines().forEach(text -> text(page, "  before | ", text));
        example.after().lines().forEach(text -> text(page, "  after  | ", text));
      } else {
        example.after().lines().forEach(text -> text(page, "  ", text));
      }
    }
  }

  private static void text(StringBuilder page, String indent, String text) {
    page.append(indent).append(TextTable.printable(text)).append('\n');
  }
}
