// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.alert.rule.Silence;
import io.tacho.text.Glob;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredSilenceTest {

    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
    private static final Instant END = START.plusSeconds(60);
    private static final Silence SILENCE = new Silence(new Glob("a*"), new Glob("n?"), START, END);

    @Test
    void entry_isReadAsItWasWritten() {
        StoredSilence silence = new StoredSilence("id", SILENCE, "a \"comment\"");

        assertThat(StoredSilence.fromJson("silence/id", silence.toJson())).contains(silence);
    }

    @Test
    void entry_withoutAStart_isReadAsItWasWritten() {
        StoredSilence silence = new StoredSilence("id", new Silence(Glob.ANY, Glob.ANY, null, END), "");

        assertThat(StoredSilence.fromJson("silence/id", silence.toJson())).contains(silence);
    }

    @Test
    void entry_underTheKeyOfAnother_isInvalid() {
        String entry = new StoredSilence("id", SILENCE, "").toJson();

        assertThat(StoredSilence.fromJson("silence/other", entry)).isEmpty();
        assertThat(StoredSilence.fromJson("id", entry)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "{\"id\":\"id\"}",
                "{\"id\":\"id\",\"endsAt\":\"tomorrow\"}",
                "{\"id\":\"id\",\"endsAt\":60}",
                "{\"id\":\"id\",\"startsAt\":\"\",\"endsAt\":\"2026-11-22T12:01:00Z\"}",
                "{\"endsAt\":\"2026-11-22T12:01:00Z\"}"
            })
    void entry_thatIsNoSilence_isInvalid(String entry) {
        assertThat(StoredSilence.fromJson("silence/id", entry)).isEmpty();
    }
}
