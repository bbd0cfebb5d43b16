// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodSummary;
import io.tacho.model.period.Tier;
import io.tacho.testing.Summaries;
import java.math.BigInteger;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeriodCodecTest {

    private static final long SLOT = 1_795_368_000_000L;

    private static final Period HOUR = new Period(Tier.HOUR, SLOT / 1_000, 3_600);

    private static PeriodSummary summary() {
        PeriodSummary minute = Summaries.minute(SLOT, 3, 7, 425, 500, 500);
        TreeMap<String, BigInteger> numbers = new TreeMap<>(minute.numbers());
        numbers.put("memory_sys_seconds", BigInteger.ONE.shiftLeft(70));
        return new PeriodSummary(
                numbers,
                minute.secondsByNodes(),
                minute.peaks(),
                minute.timeApi(),
                null,
                Summaries.users(0, 1_000).encoded(),
                Summaries.users(0, 100_000).encoded());
    }

    @Test
    void line_roundTrips() {
        byte[] line = PeriodCodec.line(HOUR, summary());

        PeriodCodec.Line read = PeriodCodec.line(line);

        assertThat(read.period()).isEqualTo(HOUR);
        assertThat(PeriodCodec.line(read.period(), read.summary())).isEqualTo(line);
        assertThat(read.summary().number("memory_sys_seconds")).isEqualTo(BigInteger.ONE.shiftLeft(70));
        assertThat(read.summary().users()).isEqualTo(summary().users());
        assertThat(new String(line, UTF_8))
                .startsWith("{\"v\":1,\"tier\":\"hour\",\"start\":1795368000,\"length\":3600,\"numbers\":{")
                .contains("\"seconds_by_nodes\":{\"3\":60}", "\"peaks\":{\"num_clients\":[231,1795368000]")
                .doesNotContain("\n", "time_client\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"v\":2}|v: 2 (expected: 1)",
                "{\"v\":1,\"tier\":\"year\"}|tier: 'year' (expected: hour, day or month)",
                "{\"v\":1,\"tier\":\"window\"}|tier: 'window' (expected: hour, day or month)",
                "{\"v\":1,\"tier\":\"day\",\"start\":0}|length: 0 (expected: 1 to 2764800 s)",
                "{\"v\":1,\"tier\":\"day\",\"start\":0,\"length\":1,\"numbers\":{\"seconds\":-1}}|seconds: NUMBER (expected: an integer >= 0)",
                "{\"v\":1,\"seconds_by_nodes\":{\"x\":1}}|seconds_by_nodes: x (expected: integers from 0, up to 18 digits)",
                "{\"v\":1,\"seconds_by_nodes\":{\"-1\":1}}|seconds_by_nodes: -1 (expected: integers from 0, up to 18 digits)",
                "{\"v\":1,\"seconds_by_nodes\":{\"1\":\"1\"}}|seconds_by_nodes: \"1\" (expected: integers from 0, up to 18 digits)",
                "{\"v\":1,\"seconds_by_nodes\":{\"1\":9223372036854775808}}|seconds_by_nodes: 9223372036854775808 (expected: integers from 0, up to 18 digits)",
            })
    void line_invalid(String line, String message) {
        assertThatThrownBy(() -> PeriodCodec.line(line.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void line_withALongInvalidValue_isReportedWithItsStart() {
        String line = "{\"v\":1,\"seconds_by_nodes\":{\"1\":\"" + "x".repeat(100_000) + "\"}}";

        assertThatThrownBy(() -> PeriodCodec.line(line.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("seconds_by_nodes: \"" + "x".repeat(79) + "… (expected: integers from 0, up to 18 digits)");
    }

    /** Jackson detects UTF-32, in which these bytes are invalid characters. */
    @Test
    void line_inOtherEncoding_isRejected() {
        byte[] line = {'{', 0, 0, 0, -1, -1, -1, 127};

        assertThatThrownBy(() -> PeriodCodec.line(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("line: ")
                .hasMessageEndingWith("(expected: a JSON object in UTF-8)");
    }

    @Test
    void line_withInvalidSketch_isRejected() {
        String line =
                new String(PeriodCodec.line(HOUR, summary()), UTF_8).replace("\"users\":\"SFl", "\"users\":\"AAA");

        assertThatThrownBy(() -> PeriodCodec.line(line.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("users: sketch:");
    }

    @Test
    void line_truncated_isRejected() {
        byte[] line = PeriodCodec.line(HOUR, summary());
        String half = new String(line, 0, line.length / 2, UTF_8);

        assertThatThrownBy(() -> PeriodCodec.line(half.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: a JSON object)");
    }
}
