// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.sketch.DurationHistogram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IncreaseTest {

    private static final ScrapeForm FORM = new ScrapeForm("app", "", List.of(), List.of("m", "h", "s", "process_"));
    private static final Predicate<Labels> ALL = labels -> true;

    private static Scrape scrape(String... lines) {
        return Scrape.parse(Exposition.text(String.join("\n", lines)), FORM);
    }

    private static Increase between(String before, String now) {
        return new Increase(scrape(before.split(";")), scrape(now.split(";")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "m 5                    | m 12                   | 7",
                "m 5                    | m 5                    | 0",
                "m 12                   | m 5                    | 5",
                "x 1                    | m 5                    | 5",
                "m 5                    | x 1                    | 0",
                "m{a=\"1\"} 5           | m{a=\"1\"} 6;m{a=\"2\"} 3 | 4",
                "m{a=\"1\"} 5;m{a=\"2\"} 9 | m{a=\"1\"} 6           | 1",
                "m NaN                  | m 12                   | 0",
                "m 5                    | m NaN                  | 0",
                "m -1                   | m 12                   | 0",
                "m 5                    | m +Inf                 | 0",
                "m five                 | m 12                   | 0",
            })
    void of_isKnownIncrease(String before, String now, double expected) {
        assertThat(between(before, now).of("m")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "m 5    | m 12   | true",
                "x 1    | m 12   | true",
                "m NaN  | m 12   | false",
                "m 5    | m -3   | false",
                "m five | m 12   | false",
                "m 5    | m 12 x | false",
            })
    void isComplete_requiresNumberInEachLine(String before, String now, boolean complete) {
        assertThat(between(before, now).isComplete("m", ALL)).isEqualTo(complete);
    }

    @Test
    void isComplete_ignoresOtherSeries() {
        Increase increase = between("m{a=\"1\"} 5;m{a=\"2\"} NaN", "m{a=\"1\"} 6;m{a=\"2\"} NaN");

        assertThat(increase.isComplete("m", labels -> "1".equals(labels.get("a"))))
                .isTrue();
        assertThat(increase.isComplete("m", ALL)).isFalse();
    }

    @Test
    void of_manyScrapesWithResets_sumIsExact() {
        Random random = new Random(17);
        long[] values = new long[4];
        long expected = 0;
        double found = 0;
        Scrape last = scrape();
        for (int step = 0; step < 400; step++) {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < values.length; i++) {
                long more = random.nextInt(50);
                if (values[i] > 100 && random.nextInt(5) == 0) {
                    values[i] = 0;
                }
                values[i] += more;
                expected += more;
                lines.add("m{series=\"" + i + "\"} " + values[i]);
            }
            Scrape now = scrape(lines.toArray(String[]::new));
            found += new Increase(last, now).of("m");
            last = now;
        }
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void ofSeries_isIncreaseOfOneLabelSet() {
        Increase increase = between("m{a=\"1\"} 5;m{a=\"2\"} 5", "m{a=\"1\"} 6;m{a=\"2\"} 9");

        assertThat(increase.ofSeries("m", Labels.of(Map.of("a", "2")))).isEqualTo(4);
        assertThat(increase.ofSeries("m", Labels.of(Map.of("a", "3")))).isZero();
    }

    @Test
    void ofProcess_afterRestart_isUnknown() {
        assertThat(between("process_cpu 5", "process_cpu 7.5").ofProcess("process_cpu"))
                .hasValue(2.5);
        assertThat(between("process_cpu 5", "process_cpu 4").ofProcess("process_cpu"))
                .isEmpty();
        assertThat(between("m 1", "process_cpu 4").ofProcess("process_cpu")).isEmpty();
    }

    @Test
    void durations_areNewObservations() {
        String before = "h_bucket{le=\"0.1\"} 5;h_bucket{le=\"1\"} 7;h_bucket{le=\"+Inf\"} 7;h_sum 2;h_count 7";
        String now = "h_bucket{le=\"0.1\"} 9;h_bucket{le=\"1\"} 13;h_bucket{le=\"+Inf\"} 13;h_sum 4;h_count 13";

        DurationHistogram seconds = between(before, now).durations("h", ALL);
        DurationHistogram millis = between(before, now).durations("h", ALL, 1e-3);

        assertThat(seconds.count()).isEqualTo(6);
        assertThat(seconds.sum()).isEqualTo(2_000_000_000);
        assertThat(seconds.max()).isEqualTo(1_000_000_000);
        assertThat(millis.count()).isEqualTo(6);
        assertThat(millis.sum()).isEqualTo(2_000_000);
        assertThat(millis.max()).isEqualTo(1_000_000);
    }

    @Test
    void durations_withoutNewOrValidBuckets_areUnknown() {
        String buckets = "h_bucket{le=\"0.1\"} 5;h_bucket{le=\"+Inf\"} 5;h_sum 1;h_count 5";

        assertThat(between(buckets, buckets).durations("h", ALL)).isNull();
        assertThat(between("m 1", "m 1").durations("h", ALL)).isNull();
        assertThat(between("h_bucket{le=\"0.1\"} five", buckets).durations("h", ALL))
                .isNull();
        assertThat(between("h_bucket{le=\"0.1\"} NaN", buckets).durations("h", ALL))
                .isNull();
    }

    @Test
    void durations_afterRestart_areAllOfNewProcess() {
        String before = "h_bucket{le=\"0.1\"} 50;h_bucket{le=\"+Inf\"} 50;h_sum 4;h_count 50";
        String now = "h_bucket{le=\"0.1\"} 3;h_bucket{le=\"+Inf\"} 3;h_sum 0.2;h_count 3";

        assertThat(between(before, now).durations("h", ALL).count()).isEqualTo(3);
    }

    @Test
    void highestQuantile_ofSeriesWithNewEvents() {
        String before =
                "s{m=\"a\",quantile=\"0.9\"} 9;s_count{m=\"a\"} 5;s{m=\"b\",quantile=\"0.9\"} 2;s_count{m=\"b\"} 5";
        String now =
                "s{m=\"a\",quantile=\"0.9\"} 9;s_count{m=\"a\"} 5;s{m=\"b\",quantile=\"0.9\"} 3;s_count{m=\"b\"} 6";

        assertThat(between(before, now).highestQuantile("s", "0.9", ALL)).hasValue(3);
        assertThat(between(before, now).highestQuantile("s", "0.99", ALL)).isEmpty();
        assertThat(between(before, before).highestQuantile("s", "0.9", ALL)).isEmpty();
    }

    @Test
    void labels_inAnyOrder_areEqual() {
        Labels one = Labels.of(Map.of("a", "1", "b", "2", "c", "3"));
        Labels other = Labels.of(new TreeMap<>(Map.of("c", "3", "b", "2", "a", "1")).descendingMap());

        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other).isNotEqualTo(Labels.NONE);
        assertThat(one.get("b")).isEqualTo("2");
        assertThat(one.get("d")).isNull();
        assertThat(one.without("b")).isEqualTo(Labels.of(Map.of("a", "1", "c", "3")));
        assertThat(one.without("d")).isSameAs(one);
        assertThat(one.without("c").without("a").without("b")).isEqualTo(Labels.NONE);
    }
}
