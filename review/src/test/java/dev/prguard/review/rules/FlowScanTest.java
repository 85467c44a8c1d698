package dev.prguard.review.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.change.Change;
import dev.prguard.review.result.Coverage.Seen;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Severity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Values that are followed through a file, as far as a change has a part in it.
class FlowScanTest {

  private static final String SINK = "    os.system(\"ping \" + host)\n";

  private final RuleScanner scanner = new RuleScanner(RuleCatalog.bundled());

  private List<Finding> scan(String path, String before, String after) {
    Change change = new Samples.ChangeBuilder().file(path, before, after).build();
    return scanner.scan(change).findings().stream()
        .filter(finding -> finding.rule().endsWith("command-injection"))
        .toList();
  }

  private List<Finding> whole(String path, String text) {
    return scanner.scanFile(path, text.getBytes(StandardCharsets.UTF_8)).stream()
        .filter(finding -> finding.category() == Finding.Category.SECURITY)
        .toList();
  }

  private static String handler(String host, String more) {
    return "import os\nfrom flask import request\n\n\ndef ping():\n    host = "
        + host
        + "\n"
        + SINK
        + more;
  }

  @Test
  void newSource_ofAnOldSink_isReportedWhereTheChangeIs() {
    List<Finding> findings =
        scan("a.py", handler("DEFAULT", ""), handler("request.args[\"h\"]", ""));

    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().line()).isEqualTo(6);
    assertThat(findings.getFirst().severity()).isEqualTo(Severity.HIGH);
    assertThat(findings.getFirst().message())
        .endsWith("The value comes from flask.request.args, over lines 6 -> 7.");
  }

  @Test
  void pathThatTheChangeDoesNotTouch_isNotReported() {
    String old = handler("request.args[\"h\"]", "");

    assertThat(scan("a.py", old, old + "\n\nPORT = 80\n")).isEmpty();
  }

  @Test
  void valueThatIsKnown_isNotReported_thoughTheLineLooksLikeIt() {
    String text =
        handler("request.args[\"h\"]", "").replace(SINK, "    host = \"localhost\"\n" + SINK);

    assertThat(whole("a.py", text)).isEmpty();
  }

  @Test
  void valueOfAnotherFunction_isFollowedIntoIt() {
    String text =
        """
        const cp = require("child_process");
        function list(dir) {
          return "ls " + dir;
        }
        app.get("/x", (req, res) => {
          cp.exec(list(req.query.d));
        });
        """;

    assertThat(whole("a.js", text))
        .extracting(Finding::rule)
        .containsExactly("javascript.command-injection");
  }

  @Test
  void valueInMarkup_isFollowedIntoIt() {
    String text =
        """
        export function Page({ query }: { query: Record<string, string> }) {
          const params = new URLSearchParams(window.location.search);
          return <div dangerouslySetInnerHTML={{ __html: params.get("name") }} />;
        }
        """;

    assertThat(whole("a.tsx", text)).extracting(Finding::line).containsExactly(3);
    assertThat(whole("a.jsx", text.replace(": { query: Record<string, string> }", "")))
        .extracting(Finding::line)
        .containsExactly(3);
  }

  @Test
  void ruleAndLine_areReportedOnce_whereLinePatternsKnowThemToo() {
    assertThat(whole("a.py", "import os\nos.system(\"ls \" + name)\n")).hasSize(1);
  }

  @Test
  void codeThatNobodyCanRead_isLeftToTheLineRules_andNamed() {
    String nested = "x = " + "(".repeat(5_000) + "1" + ")".repeat(5_000) + "\neval(code)\n";
    Change change = new Samples.ChangeBuilder().file("a.py", null, nested).build();

    RuleScan scan = scanner.scan(change);

    assertThat(scan.findings()).extracting(Finding::rule).contains("python.code-injection");
    assertThat(scan.looks())
        .hasEntrySatisfying(
            "a.py",
            look -> {
              assertThat(look.seen()).isEqualTo(Seen.PARTLY);
              assertThat(look.reason()).endsWith("line rules only");
            });
  }
}
