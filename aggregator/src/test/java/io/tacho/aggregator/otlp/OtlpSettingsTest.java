// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpSettingsTest {

    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static OtlpSettings of(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>(Map.of(ENDPOINT, "http://collector:4318"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return OtlpSettings.of(environment).orElseThrow();
    }

    @Test
    void noEndpointOrDisabled_isOff() {
        assertThat(OtlpSettings.of(Map.of())).isEmpty();
        assertThat(OtlpSettings.of(Map.of(ENDPOINT, " "))).isEmpty();
        assertThat(OtlpSettings.of(Map.of("OTEL_EXPORTER_OTLP_HEADERS", "a=b"))).isEmpty();
        assertThat(OtlpSettings.of(Map.of(ENDPOINT, "http://c", "OTEL_SDK_DISABLED", "true")))
                .isEmpty();
        assertThat(OtlpSettings.of(Map.of(ENDPOINT, "http://c", "OTEL_METRICS_EXPORTER", "none")))
                .isEmpty();
    }

    @Test
    void endpointOnly_hasDefaults() {
        OtlpSettings settings = of();

        assertThat(settings.endpoint()).hasToString("http://collector:4318/v1/metrics");
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.interval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.compression()).isEqualTo("none");
        assertThat(settings.headers()).isEmpty();
        assertThat(settings.resource()).isEmpty();
        assertThat(settings.certificates()).isNull();
        assertThat(settings.client()).isNull();
    }

    @Test
    void metricsEndpoint_isUsedUnchanged() {
        assertThat(of("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "https://c/x").endpoint())
                .hasToString("https://c/x");
        assertThat(of(ENDPOINT, "https://c/otlp/").endpoint()).hasToString("https://c/otlp/v1/metrics");
    }

    @Test
    void metricsVariables_overrideGeneralVariables() {
        OtlpSettings settings = of(
                "OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20s3cret, x=1",
                "OTEL_EXPORTER_OTLP_METRICS_HEADERS", "x=a+b",
                "OTEL_EXPORTER_OTLP_TIMEOUT", "2000",
                "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "3000",
                "OTEL_EXPORTER_OTLP_COMPRESSION", "gzip",
                "OTEL_METRIC_EXPORT_INTERVAL", "5000");

        assertThat(settings.headers()).containsOnly(Map.entry("authorization", "Bearer s3cret"), Map.entry("x", "a+b"));
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.compression()).isEqualTo("gzip");
        assertThat(settings.interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.toString()).isEqualTo("http://collector:4318");
    }

    @Test
    void resource_hasAttributesAndTheServiceName() {
        assertThat(of(
                                "OTEL_RESOURCE_ATTRIBUTES", "service.name=x,deployment.environment.name=a%2Cb",
                                "OTEL_SERVICE_NAME", "chat")
                        .resource())
                .containsOnly(Map.entry("service.name", "chat"), Map.entry("deployment.environment.name", "a,b"));
    }

    @Test
    void certificates_areRead(@TempDir Path directory) throws IOException {
        String file = Files.writeString(directory.resolve("pem"), "PEM").toString();
        OtlpSettings settings = of(
                "OTEL_EXPORTER_OTLP_CERTIFICATE", file,
                "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", file,
                "OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY", file);

        assertThat(settings.certificates()).asString().isEqualTo("PEM");
        assertThat(settings.client()).isNotNull();
        assertThatThrownBy(() -> of("OTEL_EXPORTER_OTLP_CLIENT_KEY", file))
                .hasMessage("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE, OTEL_EXPORTER_OTLP_CLIENT_KEY: one of them"
                        + " (expected: both or none)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "collector:4318",
                "ftp://collector/s3cret",
                "http://user:s3cret@collector",
                "http://collector/?key=s3cret",
                "http://collector/#s3cret",
                "http:///s3cret",
                "http://collector/a s3cret"
            })
    void invalidEndpoint_isRejected_withoutShowingIt(String endpoint) {
        assertThatThrownBy(() -> of(ENDPOINT, endpoint))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("OTEL_EXPORTER_OTLP_ENDPOINT: not such a URL (expected: http://host:port or"
                        + " https://host:port, without a user, a query or a fragment)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OTEL_EXPORTER_OTLP_PROTOCOL | grpc | 'grpc' (expected: http/protobuf)",
                "OTEL_EXPORTER_OTLP_COMPRESSION | zstd | 'zstd' (expected: none or gzip)",
                "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE | delta | 'delta' (expected: cumulative)",
                "OTEL_EXPORTER_OTLP_TIMEOUT | 10s | '10s' (expected: milliseconds, 100 to 99999999)",
                "OTEL_METRIC_EXPORT_INTERVAL | 5 | '5' (expected: milliseconds, 100 to 99999999)",
                "OTEL_EXPORTER_OTLP_HEADERS | s3cret | a part without a name or = (expected: name=value,name=value)",
                "OTEL_EXPORTER_OTLP_HEADERS | a=%zzs3cret | an invalid percent-encoding (expected: name=value,name=value)",
                "OTEL_EXPORTER_OTLP_CERTIFICATE | /absent | '/absent' (expected: a readable file, PEM)",
            })
    void invalidVariable_isRejectedWithTheExpectedValue(String name, String value, String error) {
        assertThatThrownBy(() -> of(name, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(name + ": " + error);
    }
}
