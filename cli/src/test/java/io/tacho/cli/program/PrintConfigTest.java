// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrintConfigTest extends SettingsTestBase {

    @Test
    void printConfig_durations_areUnchanged() throws IOException {
        Path file = file("some-time = 1440m\n");
        assertThat(execute("--config", file, "--redis-timeout", "1000ms", "--print-config"))
                .isZero();
        assertThat(out.toString()).contains("\nsome-time = 1440m\n", "\nredis-timeout = 1000ms\n");
    }

    @Test
    void printConfig_hasValuesAndOrigins_andIsAValidConfigFile() throws IOException {
        Path file = file("limit = 3\nhosts = a\\\\b,\\u00fc\n");
        environment.put("TACHO_NAMESPACE", "blue");

        assertThat(execute("--config", file, "--dry-run", "--partitions", "4", "--print-config"))
                .isZero();

        String printed = out.toString();
        assertThat(printed)
                .startsWith("# sample: effective settings\n# file: " + file + "\n")
                .contains("\n# flag\ndry-run = true\n")
                .contains("\n# " + file + ":2\nhosts = a\\\\b,\\u00fc\n")
                .contains("\n# " + file + ":1\nlimit = 3\n")
                .contains("\n# default\n#log-format = text\n")
                .contains("\n# default\n#log-level = info\n")
                .contains("\n# environment TACHO_NAMESPACE\nnamespace = blue\n")
                .contains("\n# flag\npartitions = 4\n")
                .contains("\n# default\n#redis = redis://127.0.0.1:6379\n")
                .contains("\n# default\n#redis-user =\n")
                .contains("\n# default\n#redis-timeout = 2s\n")
                .contains("\n# default\n#some-time = 2500ms\n")
                .doesNotContain("print-config", "help");
        assertThat(sample.calls).isZero();

        environment.clear();
        assertThat(execute("--config", file(printed), "--print-config")).isZero();
        assertThat(sample.limit).isEqualTo(3);
        assertThat(sample.hosts).containsExactly("a\\b", "ü");
        assertThat(given(out.toString())).isNotEmpty().isEqualTo(given(printed));
    }

    private static List<String> given(String printed) {
        return printed.lines().filter(line -> !line.startsWith("#")).toList();
    }

    @Test
    void printConfig_secrets_areMasked() throws IOException {
        environment.put("TACHO_REDIS", "redis://me:s3cret@redis.example:6379/0");
        environment.put("TACHO_REDIS_SENTINEL_PASSWORD", "s3cret");
        Path file = file("hook = https://hooks.example/s3cret\n");

        assertThat(execute("--config", file, "--print-config")).isZero();

        assertThat(out.toString())
                .contains("\n# environment TACHO_REDIS, masked\n#redis = redis://me:***@redis.example:6379/0\n")
                .contains("\n# environment TACHO_REDIS_SENTINEL_PASSWORD, masked\n#redis-sentinel-password = ***\n")
                .contains("\n# " + file + ":1, masked\n#hook = ***\n")
                .doesNotContain("s3cret");
    }

    @Test
    void printConfig_invalidSettings_areRejectedAsAtStartup() throws IOException {
        Path file = file("limit = 0");
        rejected(file + ":1: limit: 0 (expected: at least 1)", "--config", file, "--print-config");
        assertThat(out.toString()).isEmpty();
    }
}
