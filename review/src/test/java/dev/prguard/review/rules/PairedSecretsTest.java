package dev.prguard.review.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What leaves the process must not hold what only two lines together give away.
class PairedSecretsTest {
  private static final String VALUE = "Vq7kdl20xA9!";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<name>db.password</name>\n<value>Vq7kdl20xA9!</value>",
        "<key>BackendPassword</key>\n\t<string> Vq7kdl20xA9! </string>",
        "variable \"db_password\" {\n  type = string\n  default = \"Vq7kdl20xA9!\"\n}",
        "+variable \"db_password\" {\n+  default = \"Vq7kdl20xA9!\"\n+}",
        "{\n  \"name\": \"DB_PASSWORD\",\n  \"value\": \"Vq7kdl20xA9!\"\n}",
      })
  void valueBesideASecretsName_isTakenOut(String text) {
    String redacted = SecretRedactor.redact(text);
    assertThat(redacted).contains(SecretRedactor.MARK).doesNotContain(VALUE);
    assertThat(redacted.lines()).hasSameSizeAs(text.lines().toList());
    assertThat(SecretRedactor.redact(redacted)).isEqualTo(redacted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<name>db.user</name>\n<value>Vq7kdl20xA9!</value>",
        "<name>db.password</name>\n<value>${db.password}</value>",
        "variable \"db_password\" {\n  sensitive = true\n}\nvariable \"zone\" {\n  default = \"Vq7kdl20xA9!\"\n}",
      })
  void valueOfAnotherName_stays(String text) {
    assertThat(SecretRedactor.redact(text)).isEqualTo(text);
  }
}
