package dev.prguard.review.rules;

import static dev.prguard.review.rules.FollowedFindings.added;
import static dev.prguard.review.rules.FollowedFindings.followed;
import static dev.prguard.review.rules.FollowedFindings.places;
import static dev.prguard.review.rules.FollowedFindings.security;
import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.result.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Values that are followed from one file of a change into another.
class ChangeFlowsTest {

  private static final String VIEW =
      """
      from flask import request
      from .shell import run


      def ping():
          host = request.args["h"]
          run(host)
      """;

  private static final String SHELL =
      """
      import os


      def run(cmd):
          os.system(cmd)
      """;

  // Python

  @Test
  void valueThatAnotherFileRuns_isReportedAtTheSink_withItsWay() {
    List<Finding> findings = followed(added("app/views.py", VIEW, "app/shell.py", SHELL));

    assertThat(findings).hasSize(1);
    Finding finding = findings.getFirst();
    assertThat(finding.path()).isEqualTo("app/shell.py");
    assertThat(finding.line()).isEqualTo(5);
    assertThat(finding.rule()).isEqualTo("python.command-injection");
    assertThat(finding.severity()).isEqualTo(Severity.HIGH);
    assertThat(finding.message())
        .endsWith(
            "The value comes from flask.request.args, over app/views.py:6 -> app/views.py:7 ->"
                + " app/shell.py:4 -> app/shell.py:5.");
  }

  @Test
  void python_importsAreFound_inAllTheirForms() {
    for (String[] each :
        new String[][] {
          {"from .shell import run", "run"},
          {"from .shell import run as go", "go"},
          {"from . import shell", "shell.run"},
          {"from app import shell", "shell.run"},
          {"from app.shell import run", "run"},
          {"import app.shell", "app.shell.run"},
          {"import app.shell as s", "s.run"},
          {"import shell", "shell.run"},
          {"from .shell import (\n    stop,\n    run,\n)", "run"},
        }) {
      String text =
          "from flask import request\n%s\n\n\ndef ping():\n    %s(request.args[\"h\"])\n"
              .formatted(each[0], each[1]);
      assertThat(places("app/views.py", text, "app/shell.py", SHELL))
          .as(each[0])
          .containsExactly("app/shell.py:5 python.command-injection");
    }
  }

  @Test
  void python_valueThatAnotherFileReads_isFollowedOut() {
    String read = "from flask import request\n\n\ndef host():\n    return request.args[\"h\"]\n";
    String view = "import os\nfrom app.read import host\n\n\ndef ping():\n    os.system(host())\n";

    assertThat(places("app/read.py", read, "app/views.py", view))
        .containsExactly("app/views.py:6 python.command-injection");
  }

  @Test
  void python_valueFromOneFile_intoAnother_overAThird() {
    String read = "from flask import request\n\n\ndef host():\n    return request.args[\"h\"]\n";
    String main =
        "from app.read import host\nfrom app.shell import run\n\n\ndef ping():\n    run(cmd=host())\n";

    assertThat(places("app/main.py", main, "app/read.py", read, "app/shell.py", SHELL))
        .containsExactly("app/shell.py:5 python.command-injection");
  }

  @Test
  void python_methodOfAClass_andOfAnObjectMadeThere() {
    String shell =
        "import os\n\n\nclass Shell:\n    def run(self, cmd):\n        os.system(cmd)\n\n\nshell ="
            + " Shell()\n";
    for (String use :
        List.of("Shell().run(request.args[\"h\"])", "shell.run(request.args[\"h\"])")) {
      String view =
          "from flask import request\nfrom .shell import Shell, shell\n\n\ndef ping():\n    "
              + use
              + "\n";
      assertThat(places("app/views.py", view, "app/shell.py", shell))
          .as(use)
          .containsExactly("app/shell.py:6 python.command-injection");
    }
  }

  @Test
  void python_valueThatAnotherFileCleans_isNotReported() {
    String clean = "import shlex\n\n\ndef safe(text):\n    return shlex.quote(text)\n";
    String view =
        "import os\nfrom flask import request\nfrom .clean import safe\n\n\ndef ping():\n    "
            + "os.system(\"ping \" + safe(request.args[\"h\"]))\n";
    String passing = clean.replace("shlex.quote(text)", "text.strip()");

    assertThat(security("app/views.py", view, "app/clean.py", clean)).isEmpty();
    assertThat(security("app/views.py", view, "app/clean.py", passing))
        .containsExactly("app/views.py:7 python.command-injection");
  }

  @Test
  void python_constantThatAnotherFileGives_isNotReported() {
    String pick =
        "def pick(text):\n    if text == \"a\":\n        return \"ls\"\n    return \"ps\"\n";
    String view =
        "import os\nfrom flask import request\nfrom .pick import pick\n\n\ndef ping():\n    "
            + "os.system(pick(request.args[\"h\"]))\n";

    assertThat(security("app/views.py", view, "app/pick.py", pick)).isEmpty();
  }

  @Test
  void constantArgument_isNotReported() {
    String view = VIEW.replace("run(host)", "run(\"uptime\")");

    assertThat(places("app/views.py", view, "app/shell.py", SHELL)).isEmpty();
  }

  @Test
  void functionOfTheSameName_inAFileThatIsNotImported_isNotFollowed() {
    String view = VIEW.replace("from .shell import run", "from .queue import run");
    String queue = "def run(cmd):\n    print(cmd)\n";

    assertThat(places("app/views.py", view, "app/queue.py", queue, "app/shell.py", SHELL))
        .isEmpty();
  }

  @Test
  void twoFilesThatMayBeMeant_areNotFollowed() {
    String view = VIEW.replace("from .shell import run", "from tools.shell import run");

    assertThat(places("app/views.py", view, "a/tools/shell.py", SHELL, "b/tools/shell.py", SHELL))
        .isEmpty();
    assertThat(places("app/views.py", view, "a/tools/shell.py", SHELL)).hasSize(1);
  }

  @Test
  void twoDefinitionsOfAName_areNotFollowed() {
    assertThat(
            places("app/views.py", VIEW, "app/shell.py", SHELL + "\n\ndef run(cmd):\n    pass\n"))
        .isEmpty();
  }

  @Test
  void filesThatImportEachOther_areGoneThroughOnce() {
    String view = VIEW + "\n\ndef log(text):\n    run(text)\n";
    String shell =
        SHELL.replace("import os", "import os\nfrom .views import log") + "    log(cmd)\n";

    assertThat(places("app/views.py", view, "app/shell.py", shell))
        .containsExactly("app/shell.py:6 python.command-injection");
  }

  @Test
  void name_thatAPackageHandsOn_isFollowed() {
    String view = VIEW.replace("from .shell import run", "from tools import run");

    assertThat(
            places(
                "app/views.py",
                view,
                "tools/__init__.py",
                "from .shell import run\n",
                "tools/shell.py",
                SHELL))
        .containsExactly("tools/shell.py:5 python.command-injection");
  }

  // What a change has a part in

  @Test
  void newCall_ofAnOldSink_isReportedWhereTheChangeIs() {
    String before = VIEW.replace("    run(host)\n", "    print(host)\n");
    List<Finding> findings =
        followed(
            new Samples.ChangeBuilder()
                .file("app/views.py", before, VIEW)
                .file("app/shell.py", SHELL, SHELL + "\n\nPORT = 1\n"));

    assertThat(findings)
        .extracting(finding -> finding.path() + ":" + finding.line())
        .containsExactly("app/views.py:7");
  }

  @Test
  void wayThatTheChangeDoesNotTouch_isNotReported() {
    assertThat(
            followed(
                new Samples.ChangeBuilder()
                    .file("app/views.py", VIEW, VIEW + "\n\nPORT = 1\n")
                    .file("app/shell.py", SHELL, SHELL + "\n\nPORT = 1\n")))
        .isEmpty();
  }

  @Test
  void sinkOfSeveralCallers_isReportedForTheOneThatTheChangeAdds() {
    String old = VIEW;
    String now = VIEW + "\n\ndef trace():\n    run(request.args[\"t\"])\n";

    assertThat(
            followed(
                new Samples.ChangeBuilder()
                    .file("app/views.py", old, now)
                    .file("app/shell.py", SHELL, SHELL + "\n\nPORT = 1\n")))
        .extracting(finding -> finding.path() + ":" + finding.line())
        .containsExactly("app/views.py:11");
  }

  @Test
  void sinkThatTwoFilesReach_isReportedOnce() {
    assertThat(places("app/views.py", VIEW, "app/more.py", VIEW, "app/shell.py", SHELL)).hasSize(1);
  }

  @Test
  void removedLine_besideACleanCallIntoAnotherFile_isNotReported() {
    String clean = "import shlex\n\n\ndef safe(text):\n    return shlex.quote(text)\n";
    String view =
        """
        import os
        from flask import request
        from .clean import safe


        def ping():
            host = safe(request.args["h"])
            print(host)
            os.system("ping " + host)
        """;

    assertThat(withoutLine(clean, view, "    print(host)\n")).isEmpty();
  }

  /// What is told of a change that takes a line out of one file and adds one to the other.
  private static List<Finding> withoutLine(String clean, String view, String line) {
    return new RuleScanner(RuleCatalog.bundled())
        .scan(
            new Samples.ChangeBuilder()
                .file("app/clean.py", clean, clean + "\n\nPORT = 1\n")
                .file("app/views.py", view, view.replace(line, ""))
                .build())
        .findings();
  }

  @Test
  void removedCall_thatCleanedInAnotherFile_isReportedOnTheRemovedLine() {
    String clean = "import shlex\n\n\ndef safe(text):\n    return shlex.quote(text)\n";
    String view =
        """
        import os
        from flask import request
        from .clean import safe


        def ping():
            host = request.args["h"]
            host = safe(host)
            os.system("ping " + host)
        """;

    assertThat(withoutLine(clean, view, "    host = safe(host)\n"))
        .extracting(finding -> finding.path() + ":" + finding.side() + ":" + finding.line())
        .containsExactly("app/views.py:" + Side.OLD + ":8");
  }

  @Test
  void ringOfAHundredFiles_givesTheSameAnswerEachTime() {
    Samples.ChangeBuilder change = new Samples.ChangeBuilder();
    for (int i = 0; i < 100; i++) {
      change.file(
          "app/m" + i + ".py",
          null,
          VIEW.replace(".shell import run", ".m" + (i + 1) % 100 + " import work")
                  .replace("run(host)", "work(host)")
              + "\n\ndef work(a):\n    work(a)\n    import os\n    os.system(a)\n");
    }

    List<Finding> first = followed(change);

    assertThat(first).isEqualTo(followed(change));
  }

  @Test
  void pathOfAnotherFile_isShownWithoutWhatCouldBreakTheText() {
    String view = VIEW.replace("from .shell import run", "from app.shell import run");

    assertThat(followed(added("app/v`]<b>|@me.py", view, "app/shell.py", SHELL)))
        .extracting(Finding::message)
        .allMatch(text -> text.contains("over app/v??" + "?b??" + "@me.py:6 -> "));
  }
}
