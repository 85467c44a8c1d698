package dev.prguard.review.rules;

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

  private final RuleScanner scanner = new RuleScanner(RuleCatalog.bundled());

  /// @param texts path, text, path, text
  private static Samples.ChangeBuilder added(String... texts) {
    Samples.ChangeBuilder change = new Samples.ChangeBuilder();
    for (int i = 0; i < texts.length; i += 2) {
      change.file(texts[i], null, texts[i + 1]);
    }
    return change;
  }

  private List<Finding> followed(Samples.ChangeBuilder change) {
    return scanner.scan(change.build()).findings().stream()
        .filter(finding -> finding.message().contains(", over ") && !isOfPrompts(finding))
        .toList();
  }

  /// It takes every `system(...)` for one of a prompt.
  private static boolean isOfPrompts(Finding finding) {
    return finding.rule().startsWith("llm.");
  }

  private List<String> places(String... texts) {
    return followed(added(texts)).stream()
        .map(finding -> finding.path() + ":" + finding.line() + " " + finding.rule())
        .toList();
  }

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
    String body = "\n\ndef ping():\n    %s(request.args[\"h\"])\n";
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
      String text = "from flask import request\n" + each[0] + body.formatted(each[1]);
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

  private List<String> security(String... texts) {
    return scanner.scan(added(texts).build()).findings().stream()
        .filter(finding -> finding.category() == Finding.Category.SECURITY)
        .filter(finding -> !isOfPrompts(finding))
        .map(finding -> finding.path() + ":" + finding.line() + " " + finding.rule())
        .toList();
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

    assertThat(
            scanner
                .scan(
                    new Samples.ChangeBuilder()
                        .file("app/clean.py", clean, clean + "\n\nPORT = 1\n")
                        .file("app/views.py", view, view.replace("    print(host)\n", ""))
                        .build())
                .findings())
        .isEmpty();
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

    assertThat(
            scanner
                .scan(
                    new Samples.ChangeBuilder()
                        .file("app/clean.py", clean, clean + "\n\nPORT = 1\n")
                        .file("app/views.py", view, view.replace("    host = safe(host)\n", ""))
                        .build())
                .findings())
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

  // JavaScript and TypeScript

  @Test
  void script_importsAndExportsAreFound_inAllTheirForms() {
    String sink = "const cp = require(\"child_process\");\n";
    for (String[] each :
        new String[][] {
          {"const { run } = require(\"./db\");", "run", "exports.run = (c) => cp.exec(c);"},
          {
            "const db = require(\"./db\");", "db.run", "exports.run = function (c) { cp.exec(c); };"
          },
          {
            "const db = require('./db');",
            "db.run",
            "function run(c) { cp.exec(c); }\nmodule.exports = { run };"
          },
          {
            "const db = require('./db');",
            "db.go",
            "const run = (c) => cp.exec(c);\nmodule.exports = { go: run };"
          },
          {"const run = require('./db');", "run", "module.exports = (c) => cp.exec(c);"},
          {"import run from './db';", "run", "export default function run(c) { cp.exec(c); }"},
          {"import run from './db.js';", "run", "const a = (c) => cp.exec(c);\nexport default a;"},
          {"import { run } from './db';", "run", "export function run(c) { cp.exec(c); }"},
          {"import { run as go } from './db';", "go", "export const run = (c) => cp.exec(c);"},
          {"import * as db from './db';", "db.run", "export async function run(c) { cp.exec(c); }"},
          {
            "import { go } from './db';",
            "go",
            "function run(c) { cp.exec(c); }\nexport { run as go };"
          },
        }) {
      String app =
          each[0] + "\napp.get(\"/x\", (req, res) => {\n  " + each[1] + "(req.query.d);\n});\n";
      assertThat(places("src/app.js", app, "src/db.js", sink + each[2] + "\n"))
          .as(each[0] + " " + each[2])
          .hasSize(1)
          .first()
          .asString()
          .startsWith("src/db.js:")
          .endsWith("javascript.command-injection");
    }
  }

  @Test
  void script_exportThatIsHandedOn_isFollowed() {
    String app =
        "import { run } from '../lib';\napp.get('/x', (req, res) => { run(req.query.d); });\n";
    String index = "export { run } from './shell';\n";
    String shell =
        "import cp from 'child_process';\nexport function run(c: string) { cp.exec(c); }\n";

    assertThat(places("src/app.ts", app, "lib/index.ts", index, "lib/shell.ts", shell))
        .containsExactly("lib/shell.ts:2 javascript.command-injection");
  }

  @Test
  void script_safeTwins_areNotReported() {
    String app =
        "const { run, port } = require(\"./db\");\napp.get(\"/x\", (req, res) => {\n"
            + "  run(port(req.query.d));\n});\n";
    String db =
        "const cp = require(\"child_process\");\nexports.run = (c) => cp.exec(c);\n"
            + "exports.port = (p) => parseInt(p, 10);\n";

    assertThat(places("src/app.js", app, "src/db.js", db)).isEmpty();
    assertThat(places("src/app.js", app, "src/db.js", db.replace("parseInt(p, 10)", "p + 1")))
        .hasSize(1);
    // Two files that may be meant.
    assertThat(
            places(
                "src/app.js",
                app,
                "src/db.ts",
                db.replace("parseInt(p, 10)", "p + 1"),
                "src/db.mjs",
                db.replace("parseInt(p, 10)", "p + 1")))
        .isEmpty();
  }

  @Test
  void script_functionThatIsHandedOver_isGoneBackInto() {
    String app =
        "const cp = require(\"child_process\");\nconst { each } = require(\"./each\");\n"
            + "app.get(\"/x\", (req, res) => {\n  each(req.query.d, (d) => cp.exec(d));\n});\n";
    String each = "exports.each = (list, then) => { then(list); };\n";

    assertThat(security("src/app.js", app, "src/each.js", each))
        .containsExactly("src/app.js:4 javascript.command-injection");
  }

  // Java

  private static final String CONTROLLER =
      """
      package shop.web;

      import shop.data.Orders;
      import org.springframework.web.bind.annotation.*;

      @RestController
      public class OrderController {
        private final Orders orders;

        OrderController(Orders orders) {
          this.orders = orders;
        }

        @GetMapping("/orders")
        public Object find(@RequestParam String name) {
          return orders.find(name);
        }
      }
      """;

  private static final String ORDERS =
      """
      package shop.data;

      import org.springframework.jdbc.core.JdbcTemplate;

      public class Orders {
        private final JdbcTemplate jdbc;

        public Orders(JdbcTemplate jdbc) {
          this.jdbc = jdbc;
        }

        public Object find(String name) {
          return jdbc.queryForList("select * from orders where name = '" + name + "'");
        }

        public static Object all(JdbcTemplate jdbc, String by) {
          return jdbc.queryForList("select * from orders order by " + by);
        }
      }
      """;

  private static final String WEB = "src/main/java/shop/web/OrderController.java";
  private static final String DATA = "src/main/java/shop/data/Orders.java";

  @Test
  void java_methodOfAnInjectedField_isFollowed() {
    assertThat(places(WEB, CONTROLLER, DATA, ORDERS))
        .containsExactly(DATA + ":13 java.sql-injection");
  }

  @Test
  void java_staticMethod_andClassOfTheSamePackage() {
    String controller =
        CONTROLLER
            .replace("orders.find(name)", "Orders.all(null, name)")
            .replace("shop.web", "shop.data")
            .replace("import shop.data.Orders;\n", "");

    assertThat(places("src/main/java/shop/data/OrderController.java", controller, DATA, ORDERS))
        .containsExactly(DATA + ":17 java.sql-injection");
  }

  @Test
  void java_safeTwins_areNotReported() {
    String bound = ORDERS.replace("name = '\" + name + \"'\"", "name = ?\", name");

    assertThat(places(WEB, CONTROLLER, DATA, bound)).isEmpty();
    assertThat(places(WEB, CONTROLLER.replace("find(name)", "find(\"a\")"), DATA, ORDERS))
        .isEmpty();
    // A number is no text.
    assertThat(places(WEB, CONTROLLER.replace("String name", "long name"), DATA, ORDERS)).isEmpty();
    // Another class of that name is imported.
    assertThat(places(WEB, CONTROLLER.replace("shop.data.Orders", "other.Orders"), DATA, ORDERS))
        .isEmpty();
    // Nobody says which of two is meant.
    assertThat(
            places(
                WEB,
                CONTROLLER,
                DATA,
                ORDERS.replace(
                    "public Object find(String name) {",
                    "public Object find(Object name) { return name; }\n"
                        + "  public Object find(String name) {")))
        .isEmpty();
  }

  // Go

  private static final String HANDLER =
      """
      package web

      import (
      	"net/http"

      	"example.com/shop/data"
      )

      func find(w http.ResponseWriter, r *http.Request) {
      	data.Find(db, r.URL.Query().Get("name"))
      }
      """;

  private static final String GO_DATA =
      """
      package data

      func Find(db Queries, name string) {
      	db.Query("select * from orders where name = '" + name + "'")
      }

      func (s *Store) Find(name string) {
      	s.db.Query("select * from orders where name = '" + name + "'")
      }
      """;

  @Test
  void go_functionOfAnImportedPackage_isFollowed() {
    assertThat(places("web/find.go", HANDLER, "data/orders.go", GO_DATA))
        .containsExactly("data/orders.go:4 go.sql-injection");
  }

  @Test
  void go_functionOfTheSamePackage_andMethodOfItsTypes() {
    String same =
        HANDLER.replace("data.Find", "Find").replace("\n\t\"example.com/shop/data\"\n", "");
    assertThat(places("shop/find.go", same, "shop/orders.go", GO_DATA))
        .containsExactly("shop/orders.go:4 go.sql-injection");

    String method = same.replace("Find(db, ", "h.store.Find(");
    assertThat(places("shop/find.go", method, "shop/orders.go", GO_DATA))
        .containsExactly("shop/orders.go:8 go.sql-injection");
  }

  @Test
  void go_safeTwins_areNotReported() {
    String bound = GO_DATA.replace("name = '\" + name + \"'\"", "name = $1\", name");

    assertThat(security("web/find.go", HANDLER, "data/orders.go", bound)).isEmpty();
    // Another folder is imported.
    assertThat(places("web/find.go", HANDLER, "other/orders.go", GO_DATA)).isEmpty();
    // Two files that define it.
    assertThat(places("web/find.go", HANDLER, "data/a.go", GO_DATA, "data/b.go", GO_DATA))
        .isEmpty();
  }
}
