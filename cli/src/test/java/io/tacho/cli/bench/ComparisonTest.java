// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.cli.bench.Measurement.Better;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final Machine MACHINE = new Machine(2, "cpu", 8_000, "Linux", "0.1");

    private static BenchResults results(Machine machine, String java, Measurement... measurements) {
        return new BenchResults(
                BenchResults.SCHEMA,
                "2026-01-01T00:00:00Z",
                machine,
                Map.of("java", java, "redis", "7.0"),
                new BenchSettings(Set.of(BenchSettings.Phase.START), List.of(1), List.of(1), 1, 1),
                Map.of(),
                List.of(measurements));
    }

    private static BenchResults results(Measurement... measurements) {
        return results(MACHINE, "17", measurements);
    }

    private static Measurement responses(double... values) {
        return Measurement.of("responses", "1/s", Better.HIGHER, values);
    }

    private static Measurement p99(double... values) {
        return Measurement.of("p99", "ms", Better.LOWER, values);
    }

    @Test
    void regression_isBeyondTenPercentAndBeyondTheRangeOfTheRuns() {
        BenchResults before = results(responses(100, 101, 99), p99(10, 10, 10));

        assertThat(new Comparison(before, results(responses(92, 92, 92), p99(10.9, 10.9, 10.9))).regressions())
                .isZero();
        assertThat(new Comparison(before, results(responses(85, 85, 85), p99(10, 10, 10))).regressions())
                .isEqualTo(1);
        assertThat(new Comparison(before, results(responses(100, 100, 100), p99(11.5, 11.5, 11.5))).regressions())
                .isEqualTo(1);
        // a range of 40 % of the median
        assertThat(new Comparison(before, results(responses(65, 85, 99), p99(10, 10, 10))).regressions())
                .isZero();
    }

    @Test
    void regression_singleValue_isBeyond25Percent() {
        assertThat(new Comparison(results(p99(100)), results(p99(124))).regressions())
                .isZero();
        assertThat(new Comparison(results(p99(100)), results(p99(126))).regressions())
                .isEqualTo(1);
        assertThat(new Comparison(results(responses(100)), results(responses(79))).regressions())
                .isEqualTo(1);
    }

    @Test
    void sameMachine_otherLoad_isComparable() {
        Machine busier = new Machine(2, "cpu", 8_000, "Linux", "3.5");

        assertThat(new Comparison(results(p99(1)), results(busier, "17", p99(9))).regressions())
                .isEqualTo(1);
    }

    @Test
    void otherMachine_onlyRatiosToAPeerAreCompared() {
        Machine faster = new Machine(16, "cpu", 64_000, "Linux", "0.1");
        Measurement before = responses(100, 100).beside("nginx", 100, 100);
        Measurement now = responses(800, 800).beside("nginx", 1_000, 1_000);

        Comparison comparison = new Comparison(results(before, p99(1)), results(faster, "17", now, p99(9)));

        assertThat(comparison.regressions()).isEqualTo(1);
        assertThat(comparison.text())
                .contains("| responses | × nginx | 1.00 | 0.8000 | 0.80 | 10 % | worse |")
                .last()
                .isEqualTo("1 measurements of both runs compared, 1 worse;"
                        + " 1 without a peer left out: another machine, Java or Redis");
    }

    @Test
    void otherJava_absoluteValuesAreNotCompared() {
        assertThat(new Comparison(results(p99(1)), results(MACHINE, "25", p99(9))).regressions())
                .isZero();
    }

    @Test
    void improvement_isNotARegression() {
        Comparison comparison = new Comparison(results(p99(10, 10)), results(p99(5, 5)));

        assertThat(comparison.regressions()).isZero();
        assertThat(comparison.text()).contains("| p99 | ms | 10.0 | 5.00 | 0.50 | 10 % | better |");
    }

    @Test
    void measurementsOfOneRunOnly_orWithAnotherUnit_areIgnored() {
        Measurement seconds = Measurement.of("p99", "s", Better.LOWER, 9);

        assertThat(new Comparison(results(p99(1), responses(1)), results(seconds)).text())
                .last()
                .isEqualTo("0 measurements of both runs compared, 0 worse");
    }

    @Test
    void peerInOneRunOnly_absoluteValuesAreCompared() {
        Comparison comparison =
                new Comparison(results(responses(100)), results(responses(100).beside("nginx", 1)));

        assertThat(comparison.text()).contains("| responses | 1/s | 100 | 100 | 1.00 | 25 % | same |");
    }

    @Test
    void zeros_haveNoRatio() {
        assertThat(new Comparison(results(p99(0)), results(p99(5))).text()).hasSize(4);
    }
}
