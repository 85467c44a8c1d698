package dev.prguard.review.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.result.Finding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Programs that use language models: what of them is followed, and what clears it.
class ModelProgramsTest {

  private static final String CALL =
      "client.chat.completions.create(model=\"m\", max_tokens=9, messages=%s)";

  private final RuleScanner scanner = new RuleScanner(RuleCatalog.bundled());

  private List<String> rules(String path, String text) {
    return scanner.scanFile(path, text.getBytes(StandardCharsets.UTF_8)).stream()
        .filter(finding -> finding.category() == Finding.Category.SECURITY)
        .map(Finding::rule)
        .distinct()
        .toList();
  }

  @Test
  void importedFunction_isKnownByItsOwnName_unlessAPersonIsAsked() {
    String text =
        """
        import { deploy, askOperator } from "./pipeline";
        export async function act(completion) {
          const { build } = JSON.parse(completion.choices[0].message.content);
          await deploy("production", build);
        }
        """;

    assertThat(rules("a.ts", text)).contains("llm.tool-does-harm");
    assertThat(
            rules(
                "a.ts",
                text.replace(
                    "  await deploy",
                    "  if (!(await askOperator(`Deploy ${build}?`))) return;\n  await deploy")))
        .isEmpty();
  }

  @Test
  void callOfEachThingThatACallerSends_isReported_unlessTheirNumberIsLimited() {
    String text =
        """
        from fastapi import FastAPI, HTTPException
        app = FastAPI()
        def label(text):
            return %s
        @app.post("/labels")
        def labels(texts: list[str]):
            return [label(each) for each in texts]
        """
            .formatted(CALL.formatted("[{\"role\": \"user\", \"content\": text[:99]}]"));

    assertThat(rules("a.py", text)).containsExactly("llm.call-for-each");
    assertThat(rules("a.py", text.replace("in texts]", "in texts[:20]]"))).isEmpty();
    assertThat(
            rules(
                "a.py",
                text.replace(
                    "    return [label",
                    "    if len(texts) > 20:\n        raise HTTPException(413)\n    return [label")))
        .isEmpty();
  }

  @Test
  void rowWithPersonalColumns_isReportedInAPrompt_aSingleOtherColumnIsNot() {
    String text =
        """
        def brief(cur, id):
            cur.execute("SELECT name, ssn, open_orders FROM customers WHERE id = %%s", (id,))
            row = cur.fetchone()
            return %s
        """
            .formatted(CALL.formatted("[{\"role\": \"user\", \"content\": str(row)}]"));

    assertThat(rules("a.py", text)).containsExactly("llm.secret-in-prompt");
    assertThat(rules("a.py", text.replace("str(row)", "row[\"open_orders\"]"))).isEmpty();
    assertThat(rules("a.py", text.replace("str(row)", "row[\"ssn\"]")))
        .containsExactly("llm.secret-in-prompt");
  }

  @Test
  void conversation_isReportedWhereItsFirstMessageIsHandedOut_alsoThroughAMapping() {
    String text =
        """
        import { SystemMessage, HumanMessage } from "@langchain/core/messages";
        app.post("/chat", async (req, res) => {
          const messages = [new SystemMessage(await playbook("prices")), new HumanMessage("hi")];
          const reply = await model.invoke(messages);
          res.json({ text: reply.content, all: messages.map((m) => ({ text: m.content })) });
        });
        """;

    assertThat(rules("a.ts", text)).containsExactly("llm.conversation-returned");
    assertThat(rules("a.ts", text.replace("messages.map", "messages.slice(1).map"))).isEmpty();
    assertThat(rules("a.ts", text.replace(", all: messages.map((m) => ({ text: m.content }))", "")))
        .isEmpty();
  }

  @Test
  void whatIsPutTogetherForEach_isInWhatIsMadeOfAll() {
    String text =
        """
        class Staff {
          String ask(EmployeeRepository people, ChatModel model, String question) {
            String all = people.findAll().stream()
                .map(each -> each.getName() + ";" + each.getSalary())
                .collect(Collectors.joining("\\n"));
            return model.chat(SystemMessage.from("Staff: " + all), UserMessage.from(question));
          }
        }
        """;

    assertThat(rules("A.java", text)).containsExactly("llm.secret-in-prompt");
    assertThat(rules("A.java", text.replace("getSalary", "getRoom"))).isEmpty();
  }

  @Test
  void formThatWasChecked_makesNoTextSafeForAModel() {
    String text =
        """
        app.post("/report", async (req, res) => {
          const report = Report.safeParse(req.body);
          if (!report.success) return res.sendStatus(400);
          await pool.query("INSERT INTO classifier_examples (text) VALUES ($1)", [report.data.text]);
        });
        """;

    assertThat(rules("a.ts", text)).containsExactly("llm.poisoned-training");
    assertThat(rules("a.ts", text.replace("(text)", "(text, approved)"))).isEmpty();
  }

  @Test
  void settingThatIsASecret_isReportedInASystemPrompt_anotherIsNot() {
    String text =
        """
        from portal.config import settings
        PROMPT = "You help partners. Reach the stock service as {user} with {key}."
        def ask(client, question):
            return client.messages.create(model="m", max_tokens=9, system=PROMPT.format(
                user=settings.stock_user, key=settings.stock_password), messages=question)
        """;

    assertThat(rules("a.py", text))
        .containsExactlyInAnyOrder("llm.secret-in-prompt", "llm.system-prompt-secret");
    assertThat(rules("a.py", text.replace("stock_password", "stock_region"))).isEmpty();
  }

  @Test
  void loopThatAsksAModelUntilItSaysDone_isReported_unlessItCounts() {
    String text =
        """
        def solve(agent, task):
            result = agent.run(task)
            while "DONE" not in result:
                result = agent.run("go on")
            return result
        """;

    assertThat(rules("a.py", text)).containsExactly("llm.unbounded-consumption");
    assertThat(
            rules(
                "a.py",
                text.replace(
                    "        result = agent.run(\"go on\")",
                    "        steps += 1\n        if steps > 9:\n            break\n        result = agent.run(\"go on\")")))
        .isEmpty();
  }

  @Test
  void argumentsSpreadOverATool_areTheModels() {
    String text =
        """
        import json
        def close(account_id: str) -> dict:
            bank.delete_account(account_id)
            return {"closed": account_id}
        TOOLS = {"close": close}
        def run(messages):
            message = %s.choices[0].message
            for call in message.tool_calls:
                TOOLS[call.function.name](**json.loads(call.function.arguments))
        """
            .formatted(CALL.formatted("messages"));

    assertThat(rules("a.py", text)).contains("llm.tool-does-harm");
    assertThat(rules("a.py", text.replace("delete_account(account_id)", "balance(account_id)")))
        .isEmpty();
  }

  @Test
  void rowsOfACursor_areWhatItAskedFor_howeverItsConnectionWasMade() {
    String text =
        """
        import os, psycopg
        def main():
            with psycopg.connect(os.environ["DSN"]) as conn:
                cur = conn.cursor()
                cur.execute("SELECT name, ssn FROM customers WHERE id = 1")
                row = cur.fetchone()
                %s
        """
            .formatted(CALL.formatted("[{\"role\": \"user\", \"content\": f\"{row}\"}]"));

    assertThat(rules("a.py", text)).contains("llm.secret-in-prompt");
    assertThat(rules("a.py", text.replace("name, ssn", "name, plan"))).isEmpty();
  }

  @Test
  void memoryOfABean_isSharedByAll_oneOfACallIsNot() {
    String text =
        """
        import dev.langchain4j.memory.ChatMemory;
        import org.springframework.stereotype.Service;
        @Service
        class Chat {
          private final ChatMemory memory = MessageWindowChatMemory.withMaxMessages(40);
          String answer(String question) {
            memory.add(UserMessage.from(question));
            return model.chat(memory.messages()).aiMessage().text();
          }
        }
        """;
    String field =
        "  private final ChatMemory memory = MessageWindowChatMemory.withMaxMessages(40);\n";

    assertThat(rules("Chat.java", text)).contains("llm.shared-bean-memory");
    assertThat(
            rules(
                "Chat.java",
                text.replace(field, "")
                    .replace(
                        "    memory.add",
                        field.replace("private final ", "  ") + "    memory.add")))
        .isEmpty();
  }

  @Test
  void personsAnswerInAVariable_countsForAllThatTheModelHasSaid() {
    String text =
        """
        import json
        from shop.people import ask_operator
        def run(messages):
            message = %s.choices[0].message
            plan = json.loads(message.content)
            letter = {"to": plan["to"], "text": plan["text"]}
            approved = ask_operator("Send this?", letter)
            if not approved:
                return
            mailer.send_mail(letter)
        """
            .formatted(CALL.formatted("messages"));

    assertThat(rules("a.py", text)).isEmpty();
    assertThat(rules("a.py", text.replace("if not approved", "if approved is None and late")))
        .contains("llm.tool-acts");
    assertThat(rules("a.py", text.replace("ask_operator(\"Send this?\", letter)", "log(letter)")))
        .isNotEmpty();
  }

  @Test
  void whatSomebodyHasWritten_isForeign_whateverCallItComesFrom() {
    String text =
        """
        from openai import OpenAI
        client = OpenAI()
        def triage(db, number):
            ticket = db.get(Ticket, number)
            return %s
        """
            .formatted(
                CALL.formatted("[{\"role\": \"system\", \"content\": \"Sort: \" + ticket.%s}]"));

    assertThat(rules("a.py", text.formatted("body"))).contains("llm.system-prompt-with-input");
    assertThat(rules("a.py", text.formatted("queue"))).isEmpty();
  }

  @Test
  void listFromTheCallerElseAnEmptyOne_isTheCallersConversation() {
    String text =
        """
        import OpenAI from "openai";
        const openai = new OpenAI();
        app.post("/c", requireUser, perUserLimit, async (req, res) => {
          const turns = %s;
          const out = await openai.chat.completions.create({
            model: "m", max_tokens: 9, messages: [{ role: "system", content: "x" }, ...turns],
          });
          res.json(out.choices[0].message.content);
        });
        """;
    assertThat(
            rules(
                "a.ts",
                text.formatted("Array.isArray(req.body.turns) ? req.body.turns.slice(-9) : []")))
        .contains("llm.client-messages");
    assertThat(rules("a.ts", text.formatted("[{ role: \"user\", content: \"hello\" }]"))).isEmpty();
  }

  @Test
  void pythonsOwnTemplate_runsNothing_jinjasDoes() {
    String text =
        """
        from %s import Template
        from openai import OpenAI
        client = OpenAI()
        def letter(name):
            answer = %s.choices[0].message.content
            return Template(answer).%s(name=name)
        """;
    String call = CALL.formatted("[]");
    assertThat(rules("a.py", text.formatted("string", call, "safe_substitute"))).isEmpty();
    assertThat(rules("a.py", text.formatted("jinja2", call, "render")))
        .contains("llm.output-executed");
  }

  @Test
  void tenantThatTheCallerNames_isReported_thatOfTheSessionIsNot() {
    String text =
        """
        from fastapi import Depends, FastAPI
        from langchain_chroma import Chroma
        from pydantic import BaseModel, Field
        app = FastAPI()
        store = Chroma(collection_name="files")
        class Ask(BaseModel):
            company_id: str = Field(pattern="^[a-z]{3}$")
            question: str = Field(max_length=500)
        @app.post("/ask")
        def ask(body: Ask, user: User = Depends(current_user)):
            return store.similarity_search(body.question, filter={"company_id": %s.company_id})
        """;
    assertThat(rules("a.py", text.formatted("body"))).contains("llm.tenant-from-caller");
    assertThat(rules("a.py", text.formatted("user"))).isEmpty();
  }

  @Test
  void downloadThatIsLoaded_isReported_unlessItsDigestIsCompared() {
    String text =
        """
        import hashlib
        import requests
        from llama_cpp import Llama
        def load():
            body = requests.get("https://models.example/chat.gguf", timeout=60).content
            %s
            Path("/models/chat.gguf").write_bytes(body)
            return Llama(model_path="/models/chat.gguf")
        """;
    assertThat(rules("a.py", text.formatted("print(len(body))")))
        .containsExactly("llm.download-unchecked");
    assertThat(rules("a.py", text.formatted("assert hashlib.sha256(body).hexdigest() == EXPECTED")))
        .isEmpty();
  }
}
