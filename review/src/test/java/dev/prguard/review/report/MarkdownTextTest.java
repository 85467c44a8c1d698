package dev.prguard.review.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class MarkdownTextTest {
  /// What GitHub looks for in the text after Markdown is rendered.
  private static final Pattern REFERENCE =
      Pattern.compile(
          "@[A-Za-z0-9]|#[0-9]|\\bgh-[0-9]|://|www\\.|:[a-z0-9_+-]+:"
              + "|\\b(?=[0-9a-f]*[0-9])[0-9a-f]{7,40}\\b",
          Pattern.CASE_INSENSITIVE);

  @ParameterizedTest
  @FieldSource("dev.prguard.review.report.Hostile#TRICKS")
  void inline_showsTrickAsText(String trick) {
    assertPlain(trick);
  }

  @Test
  void inline_showsAnyMixtureAsText() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 6_000; i++) {
      String text = Hostile.random(random);
      try {
        assertPlain(text);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", text " + number(i) + ": " + quoted(text), e);
      }
    }
  }

  @Test
  void inline_leavesOrdinaryTextReadable() {
    assertThat(MarkdownText.inline("Use a parameter (see docs), not 'a' + b; cost: 12.5%!"))
        .isEqualTo("Use a parameter (see docs), not 'a' + b; cost: 12.5%!");
  }

  @Test
  void paragraphs_keepsLinesAndGaps() {
    RenderedMarkdown rendered =
        RenderedMarkdown.of(MarkdownText.paragraphs("one\r\n# two\n\n\n- three\n    four"));

    assertThat(rendered.text()).isEqualTo("one\n# two\n- three\nfour");
    assertThat(rendered.nodes())
        .containsExactly(
            "Document",
            "Paragraph",
            "Text",
            "HardLineBreak",
            "Text",
            "Paragraph",
            "Text",
            "HardLineBreak",
            "Text");
  }

  @Test
  void code_isOneCodeSpanWhateverItHolds() {
    Random random = new Random(7);
    for (int i = 0; i < 3_000; i++) {
      String text = Hostile.random(random);
      String span = MarkdownText.code(text);
      if (span.isEmpty()) {
        assertThat(Untrusted.code(text)).isBlank();
        continue;
      }
      RenderedMarkdown rendered = RenderedMarkdown.of("x " + span + " y");
      assertThat(rendered.nodes())
          .as(quoted(text))
          .containsExactly("Document", "Paragraph", "Text", "Code", "Text");
      assertThat(rendered.code().getFirst().replace("\u200B", ""))
          .as(quoted(text))
          .isEqualTo(Untrusted.code(text).strip());
      assertThat(span).doesNotContain("<!--");
    }
  }

  @Test
  void cellCode_staysInItsCell() {
    Random random = new Random(8);
    for (int i = 0; i < 3_000; i++) {
      String text = Hostile.random(random);
      String table = "| a | b |\n| --- | --- |\n| " + MarkdownText.cellCode(text) + " | end |\n";
      RenderedMarkdown rendered = RenderedMarkdown.of(table);
      assertThat(rendered.nodes())
          .as(quoted(text))
          .doesNotContain("HtmlInline", "Link", "Image")
          .filteredOn("TableCell"::equals)
          .hasSize(4);
      assertThat(rendered.text()).as(quoted(text)).endsWith("end");
    }
  }

  @Test
  void fenced_isLongerThanAnyRunInside() {
    String text = "```\n````suggestion\n</details>\n";

    RenderedMarkdown rendered = RenderedMarkdown.of(MarkdownText.fenced("suggestion", text));

    assertThat(rendered.code()).containsExactly(text);
    assertThat(rendered.infos()).containsExactly("suggestion");
  }

  private static void assertPlain(String untrusted) {
    String escaped = MarkdownText.inline(untrusted);
    String shown = Untrusted.line(untrusted).replaceAll(" {2,}", " ");

    RenderedMarkdown rendered = RenderedMarkdown.of(escaped);
    assertThat(rendered.nodes()).isSubsetOf("Document", "Paragraph", "Text");
    assertThat(rendered.text().replace("\u200B", "")).isEqualTo(shown);
    assertThat(REFERENCE.matcher(rendered.text()).find()).as(rendered.text()).isFalse();
    assertThat(escaped).doesNotContain("<", "\n");

    RenderedMarkdown item = RenderedMarkdown.of("- " + escaped);
    assertThat(item.nodes()).isSubsetOf("Document", "BulletList", "ListItem", "Paragraph", "Text");
    RenderedMarkdown cell = RenderedMarkdown.of("| a |\n| --- |\n| " + escaped + " |\n");
    assertThat(cell.nodes())
        .isSubsetOf(
            "Document", "TableBlock", "TableHead", "TableBody", "TableRow", "TableCell", "Text");
    assertThat(cell.text().replace("\u200B", "")).isEqualTo(("a\n" + shown).strip());
  }

  private static String number(int i) {
    return String.format(Locale.ROOT, "%,d", i);
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      out.append(c >= 0x20 && c < 0x7F ? Character.toString(c) : String.format("\\u%04x", (int) c));
    }
    return out.toString();
  }
}
