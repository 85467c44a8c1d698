package dev.prguard.review.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class YamlSecretsTest {

  private static final String MANIFEST =
      """
      kind: ConfigMap
      data:
        greeting: aGVsbG8gd29ybGQ=
      ---
      kind: Secret
      metadata:
        name: db
      data:
        username: YWRtaW4tb2Ytc2hvcA==
        tls.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUQ=
        empty: ""
        template: {{ .Values.password }}
        password: UyFCXCpkJHpEc2I9
        config.json: |
          eyJhdXRoIjoiazcjcXoxbVJwOVgifQ==
      type: Opaque
      ---
      kind: Deployment
      env:
        - name: DB_PASSWORD
          value: Vq7kdl20xA9!
        - name: LOG_LEVEL
          value: Vq7kdl20xA8!
      """;

  private static List<Integer> lines(String text) {
    return List.copyOf(YamlSecrets.find(text.lines().toList()).keySet());
  }

  @Test
  void dataOfASecret_andValueBesideItsName_areFound() {
    assertThat(lines(MANIFEST)).containsExactly(12, 14, 20);
  }

  @Test
  void signsOfADiff_doNoHarm() {
    String diff = MANIFEST.lines().map(line -> "+" + line + "\n").reduce("", String::concat);

    assertThat(lines(diff)).containsExactly(12, 14, 20);
  }

  @Test
  void prompt_hasNoneOfThem_andKeepsItsLines() {
    String redacted = SecretRedactor.redact(MANIFEST);

    assertThat(redacted)
        .doesNotContain("UyFCXCpkJHpEc2I9", "eyJhdXRoIjoiazcjcXoxbVJwOVgifQ", "Vq7kdl20xA9!")
        .contains("greeting: aGVsbG8gd29ybGQ=", "value: Vq7kdl20xA8!", "name: DB_PASSWORD");
    assertThat(redacted.lines().count()).isEqualTo(MANIFEST.lines().count());
    assertThat(SecretRedactor.redact(redacted)).isEqualTo(redacted);
  }

  @Test
  void finding_doesNotQuoteTheSecret() {
    byte[] content = MANIFEST.getBytes(StandardCharsets.UTF_8);

    assertThat(new RuleScanner(RuleCatalog.bundled()).scanFile("deploy.yaml", content))
        .filteredOn(finding -> finding.rule().startsWith("secret."))
        .hasSize(2)
        .allSatisfy(finding -> assertThat(finding.quote()).contains("[REDACTED:"))
        .noneSatisfy(finding -> assertThat(finding.quote()).contains("UyFC"))
        .noneSatisfy(finding -> assertThat(finding.quote()).contains("Vq7k"));
  }
}
