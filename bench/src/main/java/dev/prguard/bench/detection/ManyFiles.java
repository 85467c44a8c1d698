package dev.prguard.bench.detection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// Writes a change of many files: small classes, modules and handlers in five languages, every
/// twentieth of them with something that the rules object to. The same every time.
///
/// Arguments: the folder, the number of files.
public final class ManyFiles {

  private static final List<String> VERBS =
      List.of("load", "store", "merge", "check", "render", "split", "count", "send", "close");
  private static final List<String> NOUNS =
      List.of("order", "invoice", "user", "report", "token", "page", "batch", "event", "price");

  private final Random random = new Random(8);

  private ManyFiles() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    ManyFiles files = new ManyFiles();
    for (int i = 0; i < Integer.parseInt(args[1]); i++) {
      boolean bad = i % 20 == 7;
      switch (i % 5) {
        case 0 -> write(folder, i, "py", files.python(bad));
        case 1 -> write(folder, i, "js", files.script(bad, ""));
        case 2 -> write(folder, i, "ts", files.script(bad, ": string"));
        case 3 -> write(folder, i, "java", files.java(i, bad));
        default -> write(folder, i, "go", files.go(bad));
      }
    }
  }

  private static void write(Path folder, int i, String ending, String text) throws IOException {
    Path file = folder.resolve("part" + i / 100).resolve("file" + i + "." + ending);
    Files.createDirectories(file.getParent());
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private String pick(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }

  private String python(boolean bad) {
    StringBuilder text = new StringBuilder("import json\nimport os\nfrom flask import request\n\n");
    for (int i = 0; i < 3; i++) {
      String noun = pick(NOUNS);
      text.append(
          """

          def %s_%s_%d(items, limit=%d):
              total = 0
              for %s in items:
                  if %s.get("size", 0) > limit:
                      total += %s["size"]
              return json.dumps({"%s": total})
          """
              .formatted(pick(VERBS), noun, i, random.nextInt(900), noun, noun, noun, noun));
    }
    return text
        + (bad ? "\n\ndef ping():\n    os.system(\"ping \" + request.args[\"host\"])\n" : "");
  }

  private String script(boolean bad, String type) {
    StringBuilder text = new StringBuilder("const fs = require(\"fs\");\n");
    for (int i = 0; i < 3; i++) {
      String noun = pick(NOUNS);
      text.append(
          """

          function %s%d(%s%s, limit = %d) {
            const parts = %s.split(",").filter((each) => each.length < limit);
            return parts.map((each, at) => ({ %s: each, at }));
          }
          """
              .formatted(pick(VERBS), i, noun, type, random.nextInt(900), noun, noun));
    }
    return text
        + (bad
            ? """

            app.get("/", (req, res) => {
              res.send("<b>" + req.query.name + "</b>");
            });
            """
            : "");
  }

  private String java(int number, boolean bad) {
    String noun = pick(NOUNS);
    return """
    package com.example.part;

    import java.util.ArrayList;
    import java.util.List;

    public class File%d {
      private final List<String> %ss = new ArrayList<>();

      public int %s(String %s, int limit) {
        for (String each : %ss) {
          if (each.equals(%s) && each.length() < limit) {
            return each.length() * %d;
          }
        }
        return %s.length();
      }
    %s}
    """
        .formatted(
            number,
            noun,
            pick(VERBS),
            noun,
            noun,
            noun,
            random.nextInt(900),
            noun,
            bad
                ? """
                  void run(HttpServletRequest r) throws Exception {
                    Runtime.getRuntime().exec("ls " + r.getParameter("d"));
                  }
                """
                : "");
  }

  private String go(boolean bad) {
    String noun = pick(NOUNS);
    return """
    package part

    import (
    	"fmt"
    	"strings"
    )

    func %s(%ss []string, limit int) (string, error) {
    	var parts []string
    	for i, each := range %ss {
    		if len(each) > limit {
    			return "", fmt.Errorf("%s %%d is longer than %d", i)
    		}
    		parts = append(parts, strings.TrimSpace(each))
    	}
    	return strings.Join(parts, ","), nil
    }
    %s\
    """
        .formatted(
            pick(VERBS),
            noun,
            noun,
            noun,
            random.nextInt(900),
            bad
                ? """

                func run(w http.ResponseWriter, r *http.Request) {
                	exec.Command("sh", "-c", r.FormValue("c")).Run()
                }
                """
                : "");
  }
}
