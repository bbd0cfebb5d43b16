// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.aggregator.AggregatorSettings.Insecure;
import io.tacho.aggregator.http.HttpSettings;
import io.tacho.cli.program.ParsedOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpOptionsTest {

    private static HttpOptions parse(Map<String, String> environment, String... arguments) {
        return ParsedOptions.parse(new HttpOptions(), environment, arguments);
    }

    @Test
    void insecureApi_onceAllowsLoopback_twiceAllowsAnyAddress() {
        assertThat(parse(Map.of()).insecure()).isEqualTo(Insecure.NOT_ALLOWED);
        assertThat(parse(Map.of(), "--insecure-api").insecure()).isEqualTo(Insecure.ON_LOOPBACK);
        assertThat(parse(Map.of(), "--insecure-api", "--insecure-api").insecure())
                .isEqualTo(Insecure.ANYWHERE);
        assertThat(parse(Map.of("TACHO_INSECURE_API", "true")).insecure()).isEqualTo(Insecure.ON_LOOPBACK);
        assertThat(parse(Map.of("TACHO_INSECURE_API", "true,true")).insecure()).isEqualTo(Insecure.ANYWHERE);
        assertThat(parse(Map.of("TACHO_INSECURE_API", "false")).insecure()).isEqualTo(Insecure.NOT_ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "foo",
                "https://a/",
                "https://a/b",
                "https://A.example",
                "https://a:443",
                "http://a:80",
                "https://user@a",
                "//a",
                "https://a:0",
                "https://a:65536",
                "https://a:99999"
            })
    void corsOrigin_notInBrowserForm_isRejected(String origin) {
        assertThatThrownBy(() -> parse(Map.of(), "--cors-origin", origin).settings())
                .hasMessageStartingWith("cors-origin: '")
                .hasMessageContaining("(expected: an origin as browsers send it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "null",
                "https://dash.example",
                "http://[::1]:3000",
                "http://a:443",
                "https://a:65535",
                "https://a:9999",
                "capacitor://localhost"
            })
    void corsOrigin_inBrowserForm_isAccepted(String origin) {
        assertThat(parse(Map.of(), "--cors-origin", origin).settings().corsOrigins())
                .containsExactly(origin);
    }

    @Test
    void keys_areReadFromFiles(@TempDir Path directory) throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "s3cret\n");
        Path keys = Files.writeString(directory.resolve("keys"), "# who may read\n\nfirst\n  second  \n");

        HttpSettings settings = parse(
                        Map.of(), "--api-secret-file", secret.toString(), "--read-keys-file", keys.toString())
                .settings();

        assertThat(settings.keys().admin()).isNotNull();
        assertThat(settings.keys().admin().is("s3cret")).isTrue();
        assertThat(settings.keys().readers()).hasSize(2);
        assertThat(settings.keys().readers().get(1).is("second")).isTrue();
        assertThat(settings.toString()).doesNotContain("s3cret", "first", "second");
    }

    @Test
    void keys_invalidFiles_areRejected(@TempDir Path directory) throws IOException {
        Path two = Files.writeString(directory.resolve("two"), "a\nb\n");
        Path none = Files.writeString(directory.resolve("none"), "# nothing\n");

        assertThatThrownBy(() ->
                        parse(Map.of(), "--api-secret-file", two.toString()).settings())
                .hasMessage("api-secret-file: 2 keys in " + two + " (expected: 1)");
        assertThatThrownBy(() ->
                        parse(Map.of(), "--read-keys-file", none.toString()).settings())
                .hasMessageContaining("read-keys-file: no key");
        assertThatThrownBy(() -> parse(
                                Map.of(),
                                "--read-keys-file",
                                directory.resolve("absent").toString())
                        .settings())
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> parse(Map.of("TACHO_API_SECRET", "x"), "--api-secret-file", two.toString())
                        .settings())
                .hasMessageContaining("given together with api-secret");
    }

    @Test
    void tls_oneFileWithoutTheOther_isRejected(@TempDir Path directory) {
        assertThatThrownBy(() -> parse(Map.of(), "--tls-cert", "x").settings())
                .hasMessage("tls-cert: given without tls-key (expected: both or none)");
        String absent = directory.resolve("absent").toString();
        assertThatThrownBy(() -> parse(Map.of(), "--tls-cert", absent, "--tls-key", absent)
                        .settings())
                .hasMessageContaining("tls-cert: cannot read " + absent);
    }
}
