package dev.prguard.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TelemetryConfigTest {

  private static TelemetryConfig config(String... pairs) {
    Map<String, String> env = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      env.put(pairs[i], pairs[i + 1]);
    }
    return TelemetryConfig.from(env, "1.2.3");
  }

  private static OtlpEndpoint endpoint(String... pairs) {
    return Objects.requireNonNull(config(pairs).endpoint());
  }

  @Test
  void from_emptyEnvironment_hasTheResourceAndNoEndpoint() {
    TelemetryConfig config = config("OTEL_EXPORTER_OTLP_ENDPOINT", "  ");

    assertThat(config.enabled()).isTrue();
    assertThat(config.endpoint()).isNull();
    assertThat(config.resource())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "deployment.environment", "local",
                "service.name", "secure-pr-guard",
                "service.namespace", "pr-automation",
                "service.version", "1.2.3"));
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_EXPORTER_OTLP_ENDPOINT, http://h:4318, http://h:4318/v1/traces",
    "OTEL_EXPORTER_OTLP_ENDPOINT, https://h/otlp/, https://h/otlp/v1/traces",
    "OTEL_EXPORTER_OTLP_ENDPOINT, https://h/otlp/v1/traces, https://h/otlp/v1/traces",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, https://h/own, https://h/own",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, HTTPS://h, https://h",
    "OTLP_ENDPOINT, https://h/otlp, https://h/otlp/v1/traces",
    "OTLP_ENDPOINT, https://h/otlp/v1/traces, https://h/otlp/v1/traces",
    "OTLP_ENDPOINT, https://h/otlp/v1/traces/, https://h/otlp/v1/traces",
    "OTLP_ENDPOINT, 'http://[::1]:4318', 'http://[::1]:4318/v1/traces'"
  })
  void from_endpoint_hasThePathOnce(String variable, String value, String uri) {
    assertThat(endpoint(variable, value).uri()).hasToString(uri);
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_EXPORTER_OTLP_ENDPOINT, localhost:4318",
    "OTEL_EXPORTER_OTLP_ENDPOINT, /v1/traces",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, ftp://h",
    "OTEL_EXPORTER_OTLP_ENDPOINT, 'http://h h'",
    "OTLP_ENDPOINT, http://",
    "OTLP_ENDPOINT, https://user:canary-key@h/otlp",
    "OTLP_ENDPOINT, https://h/otlp?token=1",
    "OTLP_ENDPOINT, http://h:99999"
  })
  void from_malformedEndpoint_namesTheVariable(String variable, String value) {
    assertThatThrownBy(() -> config(variable, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(variable + ":")
        .hasMessageNotContaining("canary")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_EXPORTER_OTLP_TIMEOUT, -1",
    "OTEL_EXPORTER_OTLP_TIMEOUT, 0",
    "OTEL_EXPORTER_OTLP_TIMEOUT, 10s",
    "OTEL_EXPORTER_OTLP_PROTOCOL, http/json",
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL, carrier-pigeon",
    "OTEL_EXPORTER_OTLP_COMPRESSION, brotli",
    "OTEL_EXPORTER_OTLP_HEADERS, canary",
    "OTEL_EXPORTER_OTLP_HEADERS, 'ok=1,=canary'",
    "OTEL_EXPORTER_OTLP_HEADERS, 'a=%zzcanary'",
    "OTEL_EXPORTER_OTLP_HEADERS, 'a=%0d%0acanary'",
    "OTEL_EXPORTER_OTLP_HEADERS, host=canary",
    "OTEL_TRACES_EXPORTER, zipkin",
    "OTEL_RESOURCE_ATTRIBUTES, canary"
  })
  void from_malformedVariable_isNamedWithoutSecrets(String variable, String value) {
    assertThatThrownBy(() -> config("OTEL_EXPORTER_OTLP_ENDPOINT", "http://h", variable, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(variable + ":")
        .hasMessageNotContaining("canary");
  }

  @Test
  void from_shortVariables_makeBasicAuthorizationThatIsNeverPrinted() {
    TelemetryConfig config =
        config("OTLP_ENDPOINT", "https://h", "OTLP_USERNAME", "123", "OTLP_API_KEY", "canary-key");

    OtlpEndpoint endpoint = Objects.requireNonNull(config.endpoint());
    assertThat(endpoint.headers())
        .containsExactly(Map.entry("Authorization", "Basic MTIzOmNhbmFyeS1rZXk="));
    assertThat(config.toString()).doesNotContain("canary").doesNotContain("MTIzOmNhbmFyeS1rZXk");
    assertThat(config.resource().values()).noneMatch(value -> value.contains("canary"));
  }

  @Test
  void from_halfAnAuthorization_namesTheMissingVariable() {
    assertThatThrownBy(() -> config("OTLP_ENDPOINT", "https://h", "OTLP_API_KEY", "canary"))
        .hasMessageStartingWith("OTLP_USERNAME: not set")
        .hasMessageNotContaining("canary");
    assertThatThrownBy(() -> config("OTLP_ENDPOINT", "https://h", "OTLP_USERNAME", "1"))
        .hasMessageStartingWith("OTLP_API_KEY: not set");
  }

  @Test
  void from_bothKindsOfEndpoint_keyOfOneNeverGoesToTheOther() {
    OtlpEndpoint endpoint =
        endpoint(
            "OTEL_EXPORTER_OTLP_ENDPOINT", "https://standard",
            "OTLP_ENDPOINT", "https://short",
            "OTLP_USERNAME", "123",
            "OTLP_API_KEY", "key");

    assertThat(endpoint.host()).isEqualTo("standard");
    assertThat(endpoint.headers()).isEmpty();
  }

  @Test
  void from_variablesForTraces_goBeforeTheGeneralOnes() {
    OtlpEndpoint endpoint =
        endpoint(
            "OTEL_EXPORTER_OTLP_ENDPOINT", "https://general",
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://traces/t",
            "OTEL_EXPORTER_OTLP_HEADERS", "a=general",
            "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "a=traces%2C2 , b=c=d",
            "OTEL_EXPORTER_OTLP_TIMEOUT", "1000",
            "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "2000",
            "OTEL_EXPORTER_OTLP_COMPRESSION", "none",
            "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "gzip");

    assertThat(endpoint.uri()).hasToString("https://traces/t");
    assertThat(endpoint.headers())
        .containsExactlyInAnyOrderEntriesOf(Map.of("a", "traces,2", "b", "c=d"));
    assertThat(endpoint.timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(endpoint.gzip()).isTrue();
  }

  @Test
  void from_disabledOrNoExporter_hasNoEndpoint() {
    assertThat(config("OTEL_SDK_DISABLED", "true", "OTLP_ENDPOINT", "x").enabled()).isFalse();
    TelemetryConfig none = config("OTEL_TRACES_EXPORTER", "none", "OTLP_ENDPOINT", "https://h");
    assertThat(none.enabled()).isTrue();
    assertThat(none.endpoint()).isNull();
  }

  @Test
  void from_resourceVariables_areMerged() {
    assertThat(
            config(
                    "CI",
                    "true",
                    "OTEL_SERVICE_NAME",
                    "named",
                    "OTEL_RESOURCE_ATTRIBUTES",
                    "service.name=other,team=a%20b,")
                .resource())
        .containsEntry("deployment.environment", "ci")
        .containsEntry("service.name", "named")
        .containsEntry("team", "a b");
    assertThat(config("CI", "true", "PR_GUARD_ENVIRONMENT", "prod").resource())
        .containsEntry("deployment.environment", "prod");
    assertThat(
            config(
                    "PR_GUARD_ENVIRONMENT",
                    "prod",
                    "OTEL_RESOURCE_ATTRIBUTES",
                    "deployment.environment=staging")
                .resource())
        .containsEntry("deployment.environment", "staging");
  }
}
