package dev.prguard.review.rules.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.result.Finding;
import dev.prguard.review.rules.RuleCatalog;
import dev.prguard.review.rules.RuleScanner;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a request has gone through before it is put into a query: each library in its own way says
/// which fields are numbers or listed, which have a strict form, and which are any text.
class CheckedInputTest {

  private final RuleScanner scanner = new RuleScanner(RuleCatalog.bundled());

  /// A handler in which `FIELD` becomes part of a query.
  ///
  /// @param harmless expressions that can be no SQL
  /// @param texts expressions that can
  record Handler(
      String library, String path, String code, List<String> harmless, List<String> texts) {
    @Override
    public String toString() {
      return library;
    }
  }

  private static Handler script(
      String library, String schema, String handler, List<String> harmless, List<String> texts) {
    String head =
        """
        const { Pool } = require("pg");
        const pool = new Pool();
        """;
    return new Handler(library, "app.ts", head + schema + handler, harmless, texts);
  }

  private static Handler python(
      String library, String schema, String handler, List<String> harmless, List<String> texts) {
    String head =
        """
        import sqlite3
        connection = sqlite3.connect("x")
        """;
    return new Handler(library, "app.py", head + schema + handler, harmless, texts);
  }

  static Stream<Handler> handlers() {
    return Stream.of(
        script(
            "zod",
            """
            const { z } = require("zod");
            const S = z.object({
              n: z.coerce.number(), e: z.enum(["a", "b"]), p: z.string().regex(/^[a-z]+$/),
              w: z.string().regex(/[a-z]+/), t: z.string().max(9),
              r: z.string().refine((s) => ["a", "b"].includes(s)), l: z.array(z.number()),
            });
            """,
            """
            app.get("/", async (req, res) => {
              const v = S.parse(req.query);
              res.json(await pool.query(`SELECT a FROM b WHERE c = '${FIELD}'`));
            });
            """,
            List.of("v.n", "v.e", "v.p", "v.r", "v.l.join(\",\")"),
            List.of("v.t", "v.w", "req.query.n")),
        script(
            "Hono",
            """
            import { zValidator } from "@hono/zod-validator";
            import { z } from "zod";
            const S = z.object({ n: z.number(), t: z.string() });
            """,
            """
            app.get("/", zValidator("query", S), async (c) => {
              const v = c.req.valid("query");
              return c.json(await pool.query(`SELECT a FROM b WHERE c = '${FIELD}'`));
            });
            """,
            List.of("v.n"),
            List.of("v.t")),
        script(
            "Fastify",
            "",
            """
            app.get("/", { schema: { querystring: { type: "object", properties: {
              n: { type: "integer" }, e: { enum: ["a", "b"] }, t: { type: "string" },
              p: { type: "string", pattern: "^[A-Z]{2}$" }, w: { type: "string", pattern: "^[A-Z]{2}" },
            } } } }, async (request) => {
              return pool.query(`SELECT a FROM b WHERE c = '${request.query.FIELD}'`);
            });
            """,
            List.of("n", "e", "p"),
            List.of("t", "w", "other")),
        script(
            "ajv",
            """
            const Ajv = require("ajv");
            const ajv = new Ajv();
            const ok = ajv.compile({ type: "object", properties: { n: { type: "integer" }, t: { type: "string" } } });
            """,
            """
            app.post("/", async (req, res) => {
              if (!ok(req.body)) return res.sendStatus(400);
              res.json(await pool.query(`SELECT a FROM b WHERE c = '${FIELD}'`));
            });
            """,
            List.of("req.body.n"),
            List.of("req.body.t", "req.query.n")),
        script(
            "express-validator",
            "const { query, validationResult } = require(\"express-validator\");\n",
            """
            app.get("/", [query("n").isInt(), query("e").isIn(["a"]), query("t").isEmail()], async (req, res) => {
              if (!validationResult(req).isEmpty()) return res.sendStatus(400);
              res.json(await pool.query(`SELECT a FROM b WHERE c = '${req.query.FIELD}'`));
            });
            """,
            List.of("n", "e"),
            List.of("t", "other")),
        script(
            "class-validator",
            """
            class Search {
              @IsInt() n: number;
              @IsString() t: string;
              @Matches(/^[a-z]+$/) p: string;
            }
            """,
            """
            class Things {
              @Get()
              find(@Query() v: Search, @Param("id", ParseUUIDPipe) id: string) {
                return pool.query(`SELECT a FROM b WHERE c = '${FIELD}'`);
              }
            }
            """,
            List.of("v.n", "v.p", "id"),
            List.of("v.t")),
        python(
            "marshmallow",
            """
            from flask import request
            from marshmallow import Schema, fields, validate
            class S(Schema):
                n = fields.Integer()
                e = fields.String(validate=validate.OneOf(["a", "b"]))
                p = fields.String(validate=validate.Regexp(r"[a-z]+\\Z"))
                w = fields.String(validate=validate.Regexp(r"[a-z]+"))
                t = fields.String(validate=validate.Length(max=9))
                l = fields.List(fields.Integer())
            """,
            """
            def handler():
                v = S().load(request.json)
                return connection.execute("SELECT a FROM b WHERE c = '" + FIELD + "'")
            """,
            List.of("v['n']", "v['e']", "v['p']"),
            List.of("v['t']", "v['w']", "request.json['n']")),
        python(
            "Django",
            """
            from django import forms
            class F(forms.Form):
                n = forms.IntegerField()
                e = forms.ChoiceField(choices=[("a", "A")])
                t = forms.CharField(max_length=9)
                c = forms.CharField()
                def clean_c(self):
                    value = self.cleaned_data["c"]
                    if value not in ("a", "b"):
                        raise forms.ValidationError("no")
                    return value
            """,
            """
            def view(request):
                form = F(request.POST)
                if form.is_valid():
                    v = form.cleaned_data
                    return connection.execute(f"SELECT a FROM b WHERE c = '{FIELD}'")
            """,
            List.of("v['n']", "v['e']", "v['c']"),
            List.of("v['t']", "form.data['n']")),
        python(
            "pydantic",
            """
            from typing import Annotated, Literal
            from enum import Enum
            from fastapi import FastAPI, Query
            from pydantic import BaseModel, Field, field_validator
            app = FastAPI()
            class Kind(str, Enum):
                a = "a"
            class B(BaseModel):
                n: int
                e: Literal["a", "b"]
                k: Kind
                p: str = Field(pattern=r"^[a-z]+$")
                t: str = Field(max_length=9)
                c: str
                @field_validator("c")
                @classmethod
                def known(cls, value):
                    if value not in ("a", "b"):
                        raise ValueError("no")
                    return value
            """,
            """
            @app.post("/")
            def find(v: B, q: Annotated[str, Query(pattern=r"^[a-z]+$")], w: Annotated[str, Query(max_length=9)]):
                return connection.execute(f"SELECT a FROM b WHERE c = '{FIELD}'")
            """,
            List.of("v.n", "v.e", "v.k.value", "v.p", "v.c", "q"),
            List.of("v.t", "w")),
        python(
            "jsonschema",
            """
            import jsonschema
            from flask import request
            S = {"type": "object", "properties": {"n": {"type": "integer"}, "t": {"type": "string"}}}
            """,
            """
            def handler():
                v = request.get_json()
                jsonschema.validate(v, S)
                return connection.execute(f"SELECT a FROM b WHERE c = '{FIELD}'")
            """,
            List.of("v['n']"),
            List.of("v['t']")),
        new Handler(
            "Bean Validation",
            "A.java",
            """
            @RestController
            class A {
              record Code(@Pattern(regexp = "[a-z]{2}") String p, @Size(max = 9) String t) {}
              record Name(String value) {
                Name {
                  if (!value.matches("[a-z]+")) throw new IllegalArgumentException();
                }
              }
              @PostMapping("/")
              Object find(@Valid @RequestBody Code v, @RequestBody Code unchecked, @RequestBody Name name) {
                return jdbc.queryForList("SELECT a FROM b WHERE c = '" + FIELD + "'");
              }
            }
            """,
            List.of("v.p()", "name.value()"),
            List.of("v.t()", "unchecked.p()")),
        new Handler(
            "gin",
            "a.go",
            """
            package a
            type q struct {
            	E string `form:"e" binding:"oneof=asc desc"`
            	T string `form:"t" binding:"max=9"`
            }
            func list(c *gin.Context) {
            	var v q
            	if err := c.ShouldBindQuery(&v); err != nil {
            		return
            	}
            	db.Query("SELECT a FROM b ORDER BY " + FIELD)
            }
            """,
            List.of("v.E"),
            List.of("v.T")));
  }

  private List<String> injections(Handler handler, String field) {
    byte[] code = handler.code().replace("FIELD", field).getBytes(StandardCharsets.UTF_8);
    return scanner.scanFile(handler.path(), code).stream()
        .map(Finding::rule)
        .filter(rule -> rule.endsWith("sql-injection"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("handlers")
  void onlyWhatIsAnyTextBehindTheCheck_isToldOf(Handler handler) {
    for (String field : handler.harmless()) {
      assertThat(injections(handler, field)).as(field).isEmpty();
    }
    for (String field : handler.texts()) {
      assertThat(injections(handler, field)).as(field).isNotEmpty();
    }
  }

  @Test
  void whatAnExpressionLetsThrough_decidesWhichHarmIsLeft() {
    String code =
        """
        import re
        from flask import request
        def read():
            name = request.args["name"]
            if not re.fullmatch(r"%s", name):
                return None
            return open("/srv/data/" + name).read()
        """;
    assertThat(rules(code.formatted("[\\w.-]+"))).isEmpty();
    assertThat(rules(code.formatted("[\\w./-]+"))).containsExactly("python.path-traversal");
  }

  @Test
  void charactersThatWereTakenOut_doNoHarmAnyMore() {
    String code =
        """
        import re, subprocess
        from flask import request
        def run():
            name = re.sub(r"%s", "", request.args["name"])
            subprocess.run("ls " + name, shell=True)
        """;
    assertThat(rules(code.formatted("[^\\w-]"))).isEmpty();
    assertThat(rules(code.formatted("[;&]"))).containsExactly("python.command-injection");
  }

  private List<String> rules(String code) {
    return scanner.scanFile("a.py", code.getBytes(StandardCharsets.UTF_8)).stream()
        .filter(finding -> finding.category() == Finding.Category.SECURITY)
        .map(Finding::rule)
        .toList();
  }
}
