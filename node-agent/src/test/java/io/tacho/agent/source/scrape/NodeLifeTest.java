// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeLifeTest {

    private static final ScrapeForm FORM = new ScrapeForm("a test", "", List.of(), List.of(""));

    private static NodeLife life(String address) {
        return new NodeLife(
                address,
                scrape -> scrape.process("start"),
                (before, now) -> NodeLife.hasDecreased(scrape -> scrape.process("count"), before, now));
    }

    private static Scrape of(Map<String, Double> values) {
        Scrape.Builder scrape = Scrape.builder(FORM);
        values.forEach((name, value) -> scrape.add(name, Labels.NONE, value));
        return scrape.build();
    }

    private static Scrape at(double start, double count) {
        return of(Map.of("start", start, "count", count));
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 5, 1000, 6, false, nothing happened",
        "1000, 5, 1000, 2, false, a counter alone proves nothing",
        "1000, 5, 1001, 6, false, the clock was adjusted",
        "1000, 5, 1005, 6, false, by its limit",
        "1000, 5, 1001, 2, true, a quick restart",
        "1000, 5, 1005.5, 6, true, a restart that counted more since",
        "1000, 5, 900, 6, true, the clock was set back before the restart",
    })
    void restart_isDetected(
            double before, double countBefore, double now, double count, boolean restarted, String why) {
        assertThat(life("a").wasRestarted(at(before, countBefore), at(now, count)))
                .as(why)
                .isEqualTo(restarted);
    }

    @Test
    void withoutStartTime_decreasedCounter_isRestart() {
        assertThat(life("a").wasRestarted(of(Map.of("count", 5.0)), of(Map.of("count", 4.0))))
                .isTrue();
        assertThat(life("a").wasRestarted(of(Map.of("count", 5.0)), of(Map.of("count", 5.0))))
                .isFalse();
        assertThat(life("a").wasRestarted(of(Map.of()), of(Map.of("count", 5.0))))
                .isFalse();
        assertThat(life("a").wasRestarted(at(1_000, 5), of(Map.of("count", 4.0))))
                .isTrue();
    }

    @Test
    void uid_isDerivedFromAddressAndStartTime() {
        String uid = life("host:8000").uid(at(1_000, 5));

        assertThat(life("host:8000").uid(at(1_000, 99))).isEqualTo(uid);
        assertThat(life("host:8000").uid(at(1_000.5, 5))).isNotEqualTo(uid);
        assertThat(life("host:8001").uid(at(1_000, 5))).isNotEqualTo(uid);
    }

    @Test
    void uid_isStableWhileClockIsAdjusted_changesOnRestart() {
        NodeLife life = life("a");
        String uid = life.uid(at(1_000, 5));

        assertThat(life.isAnother(at(1_000, 5), at(1_001, 6))).isFalse();
        assertThat(life.uid(at(1_001, 6))).isEqualTo(uid);
        assertThat(life.isAnother(at(1_001, 6), at(2_000, 0))).isTrue();
        assertThat(life.uid(at(2_000, 0))).isNotEqualTo(uid).isEqualTo(life("a").uid(at(2_000, 0)));
    }

    @Test
    void uid_withoutStartTime_isRandomPerProcess() {
        NodeLife life = life("a");
        Scrape scrape = of(Map.of("count", 5.0));
        String uid = life.uid(scrape);

        assertThat(life.uid(scrape)).isEqualTo(uid);
        assertThat(life("a").uid(scrape)).isNotEqualTo(uid);
        assertThat(life.isAnother(scrape, of(Map.of("count", 0.0)))).isTrue();
        assertThat(life.uid(scrape)).isNotEqualTo(uid);
    }
}
