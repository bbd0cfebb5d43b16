// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tacho.cli.bench.Measurement.Better;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MeasurementTest {

    private static Measurement of(double... values) {
        return Measurement.of("throughput", "1/s", Better.HIGHER, values);
    }

    @Test
    void median_isTheMiddleValueOrTheMeanOfBothMiddleValues() {
        assertThat(of(7).median()).isEqualTo(7);
        assertThat(of(9, 1, 5).median()).isEqualTo(5);
        assertThat(of(9, 1, 5, 6).median()).isEqualTo(5.5);
    }

    @Test
    void median_hasAsManyValuesBelowAsAbove() {
        Random random = new Random(11);
        for (int run = 0; run < 300; run++) {
            List<Double> values = new ArrayList<>();
            int count = 1 + random.nextInt(9);
            for (int i = 0; i < count; i++) {
                values.add((double) random.nextInt(6));
            }
            double median = Measurement.median(values);

            assertThat(values.stream().filter(value -> value < median).count() * 2)
                    .as("%s", values)
                    .isLessThanOrEqualTo(count);
            assertThat(values.stream().filter(value -> value > median).count() * 2)
                    .as("%s", values)
                    .isLessThanOrEqualTo(count);
        }
    }

    @Test
    void ratio_isOfTheMedians() {
        assertThat(of(10, 30, 20).beside("nginx", 40, 40, 10).ratio()).isEqualTo(0.5);
        assertThat(of(10).ratio()).isNull();
        assertThat(of(10).beside("nginx", 0, 0).ratioToPeer())
                .as("no division by 0")
                .isEmpty();
    }

    @Test
    void spread_withoutPeer_isOfTheValues() {
        assertThat(of(8, 10, 12).spread()).isCloseTo(0.4, within(1e-9));
        assertThat(of(10, 10).spread()).isZero();
        assertThat(of(10).spread()).as("unknown").isEqualTo(0.25);
        assertThat(of(0, 0, 5).spread()).as("a median of 0").isEqualTo(0.25);
    }

    @Test
    void spread_withAPeerOfTheSameRuns_isOfTheRatios() {
        assertThat(of(10, 20, 40).beside("nginx", 20, 40, 80).spread())
                .as("the load of the machine cancels out")
                .isZero();
        assertThat(of(8, 10, 12).beside("nginx", 1, 1).spread())
                .as("a peer of different runs")
                .isCloseTo(0.4, within(1e-9));
        assertThat(of(8, 10, 12).beside("nginx", 1, 0, 1).spread())
                .as("no ratio")
                .isCloseTo(0.4, within(1e-9));
    }

    @Test
    void noValue_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of())
                .withMessage("throughput: no values (expected: at least one)");
    }

    @Test
    void better_formattedAndParsed_isEqual() {
        for (Better better : Better.values()) {
            assertThat(Better.of(better.text())).isEqualTo(better);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Better.of("equal"));
    }

    @Test
    void rows_ofTheSameServer_haveTheirMedians() {
        Row row = Row.median(List.of(
                new Row(10, 64, Row.Server.TACHO, 999, 100, 9, 50),
                new Row(10, 64, Row.Server.TACHO, 999, 300, 1, 70),
                new Row(10, 64, Row.Server.TACHO, 999, 200, 5, 10)));

        assertThat(row).isEqualTo(new Row(10, 64, Row.Server.TACHO, 999, 200, 5, 50));
        assertThat(row.server().isLimit()).isFalse();
        assertThat(Row.Server.NGINX.isLimit()).isTrue();
        assertThat(Row.Server.NGINX_SENDFILE.isLimit()).isTrue();
    }
}
