package dev.prguard.review.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.rules.Rule.Example;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SecretRedactorTest {

  private static final int ROUNDS = 20;

  @Test
  void plantedSecretsOfEachKind_neverSurvive() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (Rule rule : RuleCatalog.bundled().rules()) {
      if (!rule.isSecret() || rule.id().startsWith("secret.generic-")) {
        continue;
      }
      for (Example example : rule.bad()) {
        for (int round = 0; round < ROUNDS; round++) {
          String planted = Samples.fill(example.after(), random);
          String text = "+ before, {\"a\": 1}\n" + planted + "\nafter \t end\n";

          String redacted = SecretRedactor.redact(text);

          assertThat(redacted)
              .as("seed %d, %s", seed, rule.id())
              .contains("[REDACTED:")
              .startsWith("+ before, {\"a\": 1}\n")
              .endsWith("\nafter \t end\n");
          for (String secret : Samples.secrets(example.after(), planted)) {
            if (secret.length() > 8) {
              assertThat(redacted).as("seed %d, %s", seed, rule.id()).doesNotContain(secret);
            }
          }
          assertThat(SecretRedactor.redact(redacted)).as("seed %d", seed).isEqualTo(redacted);
          assertThat(redacted.lines().count()).isEqualTo(text.lines().count());
        }
      }
    }
  }

  @Test
  void privateKey_isTakenOutWhole_alsoInADiff() {
    Random random = new Random(5);
    String body = Samples.fill("+{{b64:64}}\n+{{b64:64}}\n+{{b64:20}}==\n", random);
    String diff =
        "@@ -1,2 +1,6 @@\n x = 1\n+-----BEGIN RSA PRIVATE KEY-----\n"
            + body
            + "+-----END RSA PRIVATE KEY-----\n+y = password_hint\n";

    String redacted = SecretRedactor.redact(diff);

    assertThat(body.lines()).noneMatch(line -> redacted.contains(line.substring(1)));
    assertThat(redacted).startsWith("@@ -1,2 +1,6 @@\n x = 1\n").endsWith("\n+y = password_hint\n");
    assertThat(SecretRedactor.redact(redacted)).isEqualTo(redacted);
  }

  @Test
  void privateKeyOnOneLine_isTakenOutWhole() {
    String body = Samples.fill("{{b64:64}}", new Random(6));
    String line =
        "KEY = \"-----BEGIN PRIVATE KEY-----\\n" + body + "\\n-----END PRIVATE KEY-----\" + x\n";

    assertThat(SecretRedactor.redact(line)).isEqualTo("KEY = \"[REDACTED:private-key]\" + x\n");
  }

  @Test
  void bodyOfAKey_withoutItsFirstLine_isTakenOut() {
    String body = Samples.fill("{{b64:64}}", new Random(8));

    assertThat(SecretRedactor.redact("+" + body + "\n")).isEqualTo("+[REDACTED:base64]\n");
    assertThat(SecretRedactor.redact("+ '" + body + "\\n' + \n"))
        .isEqualTo("+ '[REDACTED:base64]\\n' + \n");
    assertThat(SecretRedactor.redact(body + " \t\n")).isEqualTo("[REDACTED:base64] \t\n");
  }

  @Test
  void ordinaryText_staysAsItIs() {
    for (String text :
        List.of(
            "",
            "\n\n",
            "password = os.environ[\"DB_PASSWORD\"]\r\n",
            "token = get_token(request, 42)\n",
            "if (secret == null) {\n  return;\n}\n",
            "resolved \"https://registry.yarnpkg.com/a/-/a-1.0.0.tgz\"",
            "commit 0123456789abcdef0123456789abcdef01234567",
            "The token is sent in the Authorization header.",
            "[REDACTED:github-token]")) {
      assertThat(SecretRedactor.redact(text)).isEqualTo(text);
    }
  }

  @Test
  void hostileText_isRedactedInFull() {
    String token = Samples.fill("ghp_{{alnum:36}}", new Random(9));
    String text = "password=\"".repeat(10_000) + token + "-----BEGIN ".repeat(5_000);

    assertThat(SecretRedactor.redact(text)).doesNotContain(token);
  }
}
