package dev.prguard.review.report;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.ext.autolink.AutolinkExtension;
import org.commonmark.ext.autolink.AutolinkType;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/// What a real parser, set up like GitHub's, makes of Markdown. Mail addresses are left to the
/// test's own pattern: this parser links hosts that GitHub does not take for one.
///
/// @param nodes simple class names, document order
/// @param html raw HTML, blocks and inline, as written
/// @param text what stands outside code and HTML; blocks and line ends as one `\n`
/// @param code literals of code spans and code blocks
/// @param infos info strings of fenced blocks
record RenderedMarkdown(
    List<String> nodes, List<String> html, String text, List<String> code, List<String> infos) {
  private static final Parser PARSER =
      Parser.builder()
          .extensions(
              List.of(
                  AutolinkExtension.builder().linkTypes(AutolinkType.URL, AutolinkType.WWW).build(),
                  TablesExtension.create(),
                  StrikethroughExtension.create()))
          .build();

  static RenderedMarkdown of(String markdown) {
    List<String> nodes = new ArrayList<>();
    List<String> html = new ArrayList<>();
    List<String> code = new ArrayList<>();
    List<String> infos = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    collect(PARSER.parse(markdown), nodes, html, text, code, infos);
    return new RenderedMarkdown(nodes, html, text.toString().strip(), code, infos);
  }

  private static void collect(
      Node node,
      List<String> nodes,
      List<String> html,
      StringBuilder text,
      List<String> code,
      List<String> infos) {
    nodes.add(node.getClass().getSimpleName());
    switch (node) {
      case Text t -> text.append(t.getLiteral());
      case SoftLineBreak b -> text.append('\n');
      case HardLineBreak b -> text.append('\n');
      case Code c -> code.add(c.getLiteral());
      case HtmlInline h -> html.add(h.getLiteral());
      case HtmlBlock h -> html.add(h.getLiteral());
      case FencedCodeBlock f -> {
        code.add(f.getLiteral());
        infos.add(f.getInfo());
      }
      default -> {}
    }
    for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
      collect(child, nodes, html, text, code, infos);
    }
    if (!text.isEmpty()
        && text.charAt(text.length() - 1) != '\n'
        && node.getClass() != Text.class) {
      text.append('\n');
    }
  }
}
