// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.alert.rule.Condition;
import io.tacho.aggregator.alert.rule.Rule;
import io.tacho.text.Glob;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredAlertJsonTest {

    private static final Instant START = Instant.parse("2026-11-22T12:00:00.123Z");

    private static final Rule RULE = new Rule("api-slow", new Condition.LostNode(Glob.ANY), "critical");

    private static final Alert FIRING =
            Alert.firing("id-1", RULE, new Violation("uid-1", "chat_1", 812_000_000, "chat_1: <slow> \"ü\""), START);

    @Test
    void firingAlert_isReadAsWritten() {
        assertThat(StoredAlertJson.fromJson(StoredAlertJson.toJson(FIRING))).contains(FIRING);
    }

    @Test
    void notifiedAndResolvedAlert_isReadAsWritten() {
        Alert resolved = FIRING.asNotified().asResolved(START.plusSeconds(60), "time_api_max 120ms");

        assertThat(StoredAlertJson.fromJson(StoredAlertJson.toJson(resolved))).contains(resolved);
    }

    @Test
    void alertOfAnOlderAggregator_hasTheDefaultSeverity() {
        String older = StoredAlertJson.toJson(FIRING).replace("\"severity\":\"critical\",", "");

        assertThat(older).doesNotContain("severity");
        assertThat(StoredAlertJson.fromJson(older)).map(Alert::severity).contains("warning");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"id\":\"1\",\"rule\":\"a\"}",
                "{\"id\":1,\"rule\":\"a\",\"startsAt\":\"2026-11-22T12:00:00Z\"}",
                "{\"id\":\"1\",\"rule\":\"a\",\"startsAt\":\"noon\"}",
                "{\"id\":\"1\",\"rule\":\"a\",\"startsAt\":\"2026-11-22T12:00:00Z\"} {}",
                "no json"
            })
    void invalidEntry_isIgnored(String entry) {
        assertThat(StoredAlertJson.fromJson(entry)).isEmpty();
    }
}
