package dev.prguard.review.rules.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.prguard.review.result.Finding;
import dev.prguard.review.rules.RuleCatalog;
import dev.prguard.review.rules.RuleScanner;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the declared fields of the classes that handlers take say of their values.
class FormFieldsTest {

  private static final String RECORD =
      """
      @RestController
      class Orders {
        enum Language { GERMAN, FRENCH }
        record Order(String text, Language target, int pages, LocalDate due) {}
        @PostMapping("/orders")
        String find(@RequestBody Order order) {
          return jdbc.queryForList("select * from orders where x = '" + order.%s() + "'");
        }
      }
      """;

  private static final String FORM =
      """
      @RestController
      class Orders {
        static class Order {
          private int pages;
          private String text;
          int getPages() { return pages; }
          String getText() { return text; }
        }
        @PostMapping("/orders")
        String find(@RequestBody Order order) {
          return jdbc.queryForList("select * from orders where x = '" + order.%s() + "'");
        }
      }
      """;

  private final RuleScanner scanner = new RuleScanner(RuleCatalog.bundled());

  private List<Finding> security(String path, String text) {
    return scanner.scanFile(path, text.getBytes(StandardCharsets.UTF_8)).stream()
        .filter(finding -> finding.category() == Finding.Category.SECURITY)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"target", "pages", "due"})
  void componentOfARecordThatIsNoText_isSafe(String component) {
    assertThat(security("Orders.java", RECORD.formatted(component))).isEmpty();
  }

  @Test
  void componentOfARecordThatIsAText_comesFromTheRequest() {
    assertThat(security("Orders.java", RECORD.formatted("text")))
        .extracting(Finding::rule)
        .containsExactly("java.sql-injection");
  }

  @Test
  void getterOfANumber_isSafe_thatOfATextComesFromTheRequest() {
    assertThat(security("Orders.java", FORM.formatted("getPages"))).isEmpty();
    assertThat(security("Orders.java", FORM.formatted("getText")))
        .extracting(Finding::rule)
        .containsExactly("java.sql-injection");
  }

  @Test
  void annotatedDependency_isNoRequestText_anotherParameterIs() {
    String text =
        """
        from typing import Annotated
        from fastapi import Depends, FastAPI, Query
        app = FastAPI()
        @app.get("/orders")
        def orders(user: Annotated[User, Depends(current)], state: Annotated[str, Query()]):
            db.execute("SELECT * FROM orders WHERE owner = '" + %s + "'")
        """;

    assertThat(security("a.py", text.formatted("user.id")))
        .noneMatch(finding -> finding.message().contains("comes from"));
    assertThat(security("a.py", text.formatted("state")))
        .anyMatch(finding -> finding.message().contains("comes from state"));
  }

  @Test
  void stateOfAComponent_isSafe_whenAllThatIsPutIntoItWasCleaned() {
    String text =
        """
        import DOMPurify from "dompurify";
        export function Answer({ id }) {
          const [html, setHtml] = useState("");
          useEffect(() => {
            load(id).then((text) => {
              const clean = %s;
              setHtml(clean);
            });
          }, [id]);
          return <div dangerouslySetInnerHTML={{ __html: html }} />;
        }
        """;

    assertThat(security("a.tsx", text.formatted("DOMPurify.sanitize(text)"))).isEmpty();
    assertThat(security("a.tsx", text.formatted("text")))
        .extracting(Finding::rule)
        .contains("javascript.xss");
  }

  @Test
  void commandForAnotherHost_isReadByItsShell() {
    String text =
        """
        import subprocess
        from flask import request
        def run():
            subprocess.run([%s, request.args["x"]])
        """;

    assertThat(security("a.py", text.formatted("\"ssh\", \"app-1\"")))
        .extracting(Finding::rule)
        .contains("python.command-injection");
    assertThat(security("a.py", text.formatted("\"docker\", \"exec\", \"box\", \"sh\", \"-c\"")))
        .extracting(Finding::rule)
        .contains("python.command-injection");
    assertThat(security("a.py", text.formatted("\"ls\", \"app-1\"")))
        .extracting(Finding::rule)
        .doesNotContain("python.command-injection");
  }

  private static final String SCHEMA =
      """
      import child_process from "node:child_process";
      import { z } from "zod";
      const Address = z.object({ city: z.string(), floor: z.number() });
      const Body = z
        .object({
          id: z.string().uuid(),
          text: z.string().min(1).max(200),
          target: z.enum(["de", "fr"]),
          page: z.coerce.number().int().max(90),
          home: Address,
        })
        .strict();
      app.post("/orders", async (req, res) => {
        const parsed = Body.safeParse(req.body);
        if (!parsed.success) return res.sendStatus(400);
        const { data } = parsed;
        child_process.exec(`report ${data.%s}`);
      });
      """;

  @ParameterizedTest
  @ValueSource(strings = {"id", "target", "page", "home.floor"})
  void fieldOfASchemaThatIsNoText_isSafe(String field) {
    assertThat(security("a.ts", SCHEMA.formatted(field))).isEmpty();
    assertThat(security("a.ts", SCHEMA.formatted(field).replace("safeParse", "strict().safeParse")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "home.city", "other"})
  void fieldOfASchemaThatIsAText_comesFromTheRequest(String field) {
    assertThat(security("a.ts", SCHEMA.formatted(field)))
        .extracting(Finding::rule)
        .containsExactly("javascript.command-injection");
  }

  @Test
  void fieldOfEachListedModel_isSafeWhereItIsDeclaredSo() {
    String text =
        """
        from typing import Literal
        from fastapi import FastAPI
        from pydantic import BaseModel, Field
        app = FastAPI()
        class Line(BaseModel):
            kind: Literal["book", "pen"]
            note: str
        class Order(BaseModel):
            lines: list[Line] = Field(max_length=20)
        @app.post("/orders")
        def order(body: Order):
            for line in body.lines:
                db.execute(f"select * from {line.%s}")
        """;
    assertThat(security("a.py", text.formatted("kind"))).isEmpty();
    assertThat(security("a.py", text.formatted("note")))
        .extracting(Finding::rule)
        .containsExactly("python.sql-injection");
  }

  @Test
  void answerOfAModelThatHasBecomeAnObject_isSafeInItsNumbers() {
    String text =
        """
        import subprocess
        from openai import OpenAI
        from pydantic import BaseModel
        client = OpenAI()
        class Plan(BaseModel):
            width: int
            name: str
        def resize():
            reply = client.chat.completions.create(model="m", max_tokens=9, messages=[])
            plan = Plan.model_validate_json(reply.choices[0].message.content)
            subprocess.run(f"convert a.png -resize {plan.%s} b.png", shell=True)
        """;
    assertThat(security("a.py", text.formatted("width"))).isEmpty();
    assertThat(security("a.py", text.formatted("name")))
        .extracting(Finding::rule)
        .contains("llm.output-executed");
  }

  @Test
  void whatARegularExpressionCutsOut_isStillFromOutside() {
    String text =
        """
        import child_process from "node:child_process";
        const NAME = /^report for (.+)$/;
        app.post("/r", (req, res) => {
          const found = NAME.exec(req.body.text);
          child_process.exec("report " + found[1]);
        });
        """;
    assertThat(security("a.ts", text))
        .extracting(Finding::message)
        .singleElement(STRING)
        .contains("req.body");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Joi from \"joi\"|Joi.object({ %s })|const { value: form } = Body.validate(req.body);",
        "Joi from \"joi\"|Joi.object({ %s })|const form = await Body.validateAsync(req.body);",
        "* as Joi from \"yup\"|Joi.object({ %s })|const form = await Body.validate(req.body);",
      })
  void schemasOfJoiAndYup_keepNumbersAndListedTexts(String how) {
    String[] parts = how.split("\\|");
    String text =
        """
        import child_process from "node:child_process";
        import %s;
        const Body = %s;
        app.post("/r", async (req, res) => {
          %s
          child_process.exec("report " + form.x);
        });
        """
            .formatted((Object[]) parts);
    assertThat(security("a.ts", text.formatted("x: Joi.number().integer()"))).isEmpty();
    assertThat(security("a.ts", text.formatted("x: Joi.string().oneOf([\"a\", \"b\"])"))).isEmpty();
    assertThat(security("a.ts", text.formatted("x: Joi.string().max(90)")))
        .extracting(Finding::rule)
        .containsExactly("javascript.command-injection");
  }
}
