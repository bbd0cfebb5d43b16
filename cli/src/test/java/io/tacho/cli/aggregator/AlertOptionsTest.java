// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacho.aggregator.alert.rule.AlertConfig;
import io.tacho.aggregator.alert.rule.Rule;
import io.tacho.cli.program.ParsedOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertOptionsTest {

    @TempDir
    private Path directory;

    private Path valid;
    private Path invalid;

    @BeforeEach
    void write() throws IOException {
        valid = Files.writeString(directory.resolve("valid.alerts"), "# on call\nrule node-lost lost\n");
        invalid = Files.writeString(directory.resolve("invalid.alerts"), "rule one\nrule node-lost lost\nwebhook\n");
    }

    private static AlertOptions parse(Map<String, String> environment, String... arguments) {
        return ParsedOptions.parse(new AlertOptions(), environment, arguments);
    }

    private static AlertOptions parse(String... arguments) {
        return parse(Map.of(), arguments);
    }

    private static String checked(AlertOptions options) {
        StringWriter out = new StringWriter();
        options.check(new PrintWriter(out));
        return out.toString();
    }

    @Test
    void noFile_hasNoRules() {
        assertThat(parse().rules()).isSameAs(AlertConfig.NONE);
        assertThat(parse().isCheck()).isFalse();
        assertThat(checked(parse())).isEmpty();
    }

    @Test
    void rules_areReadFromTheFile() {
        assertThat(parse("--alerts", valid.toString()).rules().rules())
                .extracting(Rule::name)
                .containsExactly("node-lost");
        assertThat(parse(Map.of("TACHO_ALERTS", valid.toString())).rules().rules())
                .hasSize(1);
    }

    @Test
    void check_printsTheRules_withoutApplyingThem() {
        AlertOptions options = parse("--check-alerts", valid.toString());

        assertThat(options.isCheck()).isTrue();
        assertThat(options.rules()).isSameAs(AlertConfig.NONE);
        assertThat(checked(options).lines().toList())
                .isEqualTo(AlertConfig.read(valid).toLines())
                .anySatisfy(line -> assertThat(line).startsWith("rule node-lost"));
    }

    @Test
    void invalidFile_isRejectedWithAllItsErrors() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--alerts", invalid.toString()).rules())
                .satisfies(e -> assertThat(e.getMessage())
                        .contains(invalid.toString(), "line 1: ", "line 3: ")
                        .doesNotContain("line 2: "));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> checked(parse("--check-alerts", invalid.toString())))
                .satisfies(e -> assertThat(e.getMessage()).contains("line 1: ", "line 3: "));
    }

    @Test
    void absentFile_errorHasItsPath() {
        Path absent = directory.resolve("absent");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--alerts", absent.toString()).rules())
                .withMessageContaining(absent.toString());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> checked(parse("--check-alerts", directory.toString())))
                .withMessageContaining(directory.toString());
    }
}
