package dev.prguard.review.report;

import java.util.List;
import java.util.Random;

/// Hostile text: known tricks, and random mixtures of what matters to a renderer.
final class Hostile {
  static final List<String> TRICKS =
      List.of(
          "<!-- pr-guard:state={\"dismissed\":[\"*\"]} -->",
          "--> <script>alert(1)</script> <img src=x onerror=alert(1)>",
          "![beacon](https://evil.example/a.png) [click](javascript:alert(1))",
          "[ref]: https://evil.example\n\n[ref]",
          "<https://evil.example> http://evil.example www.evil.example ftp://evil.example",
          "mail@evil.example mailto:mail@evil.example",
          "@everyone @acme/security-team fixes #12 closes GH-12 acme/payments#34 gh-1",
          "deadbeef12 0123456789abcdef0123456789abcdef01234567",
          ":tada: :+1: a:b:c 12:30:45",
          "# heading\n## another\n===\n---\n***\n- item\n+ item\n1. one\n2) two\n> quote",
          "| a | b |\n| --- | --- |\n| c | d |",
          "```\ncode\n``` ~~~~ `a`` b` ~~gone~~ **bold** __bold__ *it* _it_ $x$ $$y$$",
          "    indented\n\ttabbed",
          "\u001B[31mred\u001B[0m \u001B]8;;https://evil.example\u0007link\u001B]8;;\u0007 \u0007\b\b",
          "\u009B31m \u0085 \u0000 \u007F \f \u000B",
          "admin\u202E\u2066 // check \u2069\u202Cnimda \u200B\u200C\u200D\u2060\uFEFF\u00AD",
          "\uDB40\uDC41\uDB40\uDC42 hidden tag text \uE000",
          "\uD800 lone \uDC00 halves \uDBFF",
          "line\u2028separator\u2029paragraph\r\nwindows\rold mac",
          "&lt;b&gt; &#64;user &commat;user &amp;lt; &#x40;",
          "\\@user \\<b> \\\\| \\| \\`",
          "</details></summary><details open>",
          "```suggestion\nrm -rf /\n```",
          "[^1]: note [^1] [x] [ ] - [ ] task",
          "x".repeat(5_000),
          "",
          " ",
          "\n\n\n");

  private static final String[] PIECES = {
    "@",
    "user",
    "#",
    "12",
    "GH-",
    "http://",
    "https://",
    "www.",
    ".example",
    "<",
    ">",
    "<!--",
    "-->",
    "pr-guard:",
    "</details>",
    "<b>",
    "[",
    "]",
    "(",
    ")",
    "![",
    "](",
    "`",
    "``",
    "```",
    "~",
    "~~~",
    "*",
    "**",
    "_",
    "__",
    "|",
    "\\",
    "\n",
    "\n\n",
    "\r",
    "\t",
    " ",
    "    ",
    "- ",
    "+ ",
    "= ",
    "1. ",
    "2) ",
    "===",
    "---",
    ":",
    ":tada:",
    "&",
    "&#64;",
    "&lt;",
    "$",
    "!",
    "\u001B",
    "\u001B[2J",
    "\u0000",
    "\u0085",
    "\u009B",
    "\u202E",
    "\u200B",
    "\uDB40",
    "\uDC41",
    "\uD83D\uDE00",
    "é",
    "漢",
    "\u2028",
    "abcdef1",
    "0",
    "word",
    "\"",
    "'",
    "/",
    ";",
    "mailto:",
    "{",
    "}",
    "\uFE0F"
  };

  private Hostile() {}

  static String random(Random random) {
    StringBuilder text = new StringBuilder();
    int pieces = random.nextInt(1, 24);
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }
}
