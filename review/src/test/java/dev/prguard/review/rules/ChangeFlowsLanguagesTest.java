package dev.prguard.review.rules;

import static dev.prguard.review.rules.FollowedFindings.places;
import static dev.prguard.review.rules.FollowedFindings.security;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Values that go over several files of JavaScript, TypeScript, Java and Go.
class ChangeFlowsLanguagesTest {

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
        """
        const { run, port } = require("./db");
        app.get("/x", (req, res) => { run(port(req.query.d)); });
        """;
    String db =
        """
        const cp = require("child_process");
        exports.run = (c) => cp.exec(c);
        exports.port = (p) => parseInt(p, 10);
        """;

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
        """
        const cp = require("child_process");
        const { each } = require("./each");
        app.get("/x", (req, res) => {
          each(req.query.d, (d) => cp.exec(d));
        });
        """;
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
