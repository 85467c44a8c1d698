package dev.prguard.review.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UntrustedTest {

  @Test
  void line_showsWhatHides() {
    assertThat(Untrusted.line("a\u001B[31mb\u0007")).isEqualTo("a␛[31mb␇");
    assertThat(Untrusted.line("a\u202Eb")).isEqualTo("a⟨U+202E⟩b");
    assertThat(Untrusted.line("a\u200B\u200C\u200Db"))
        .isEqualTo("a⟨U+200B and 2 more hidden characters⟩b");
    assertThat(Untrusted.line("x\uDB40\uDC41\uD800y"))
        .isEqualTo("x⟨U+E0041 and 1 more hidden characters⟩y");
    assertThat(Untrusted.line("\u009B31m")).isEqualTo("⟨U+009B⟩31m");
  }

  @Test
  void line_keepsOrdinaryTextOfAnyScript() {
    assertThat(Untrusted.line(" naïve 漢字 😀 ⚠️ Ελ\t\"x\"\r\ny "))
        .isEqualTo("naïve 漢字 😀 ⚠ Ελ \"x\" y");
  }

  @Test
  void cut_neverSplitsACharacter() {
    assertThat(Untrusted.cut("ab😀cd", 4)).isEqualTo("ab…");
    assertThat(Untrusted.cut("abcd", 4)).isEqualTo("abcd");
  }
}
