package dev.prguard.review.rules.flow;

import static org.assertj.core.api.Assertions.assertThat;

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
}
