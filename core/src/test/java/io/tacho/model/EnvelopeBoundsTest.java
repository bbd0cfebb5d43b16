// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.testing.Snapshots;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the bounds of the envelope, that is, of everything except the 22 fields. */
class EnvelopeBoundsTest {

    private static final NodeSnapshot SNAPSHOT = Snapshots.snapshot("u1", "name");

    private static SnapshotEnvelope envelope(long seq, long ttlMillis, long intervalSeconds) {
        return SnapshotEnvelope.builder(SNAPSHOT)
                .seq(seq)
                .ttlMillis(ttlMillis)
                .metricsIntervalSeconds(intervalSeconds)
                .build();
    }

    private static NodeStatus labeled(Map<String, String> labels) {
        return new NodeStatus(null, 0, false, null, labels, QualityFlags.NONE);
    }

    private static NodeStatus versioned(String version) {
        return new NodeStatus(null, 0, false, version, Map.of(), QualityFlags.NONE);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "9007199254740991, 86400000, 86400"})
    void envelope_atBounds_isAccepted(long seq, long ttlMillis, long intervalSeconds) {
        assertThat(envelope(seq, ttlMillis, intervalSeconds).uid()).isEqualTo("u1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 1 | 1 | seq: 0 (expected: 1 to 9007199254740991)",
                "9007199254740992 | 1 | 1 | seq: 9007199254740992 (expected: 1 to 9007199254740991)",
                "1 | 0 | 1 | ttl_ms: 0 (expected: 1 to 86400000)",
                "1 | 86400001 | 1 | ttl_ms: 86400001 (expected: 1 to 86400000)",
                "1 | 1 | 0 | metrics_interval: 0 (expected: 1 to 86400)",
                "1 | 1 | 86401 | metrics_interval: 86401 (expected: 1 to 86400)",
            })
    void envelope_outOfBounds_isRejected(long seq, long ttlMillis, long intervalSeconds, String message) {
        assertThatThrownBy(() -> envelope(seq, ttlMillis, intervalSeconds))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void leave_outOfBounds_isRejected() {
        assertThatThrownBy(() -> new LeaveEnvelope("u1", 0)).hasMessage("seq: 0 (expected: 1 to 9007199254740991)");
        assertThatThrownBy(() -> new LeaveEnvelope("u 1", 1)).hasMessageStartingWith("uid: character U+0020");
    }

    @Test
    void window_empty_isAccepted() {
        assertThat(new MetricsWindow(5, 5).endMillis()).isEqualTo(5);
    }

    @Test
    void window_endBeforeStart_isRejected() {
        assertThatThrownBy(() -> new MetricsWindow(5, 4))
                .hasMessage("window_end_ms: 4 (expected: >= window_start_ms 5)");
    }

    @Test
    void window_before1970_isRejected() {
        assertThatThrownBy(() -> new MetricsWindow(-1, 4))
                .hasMessageStartingWith("window_start_ms: -1 (expected: 0 to ");
    }

    @Test
    void slot_containsMidpointOfWindow() {
        assertThat(WindowSlot.of(60, new MetricsWindow(30_000, 89_999))).isEqualTo(new WindowSlot(60, 0));
        assertThat(WindowSlot.of(60, new MetricsWindow(30_001, 90_001))).isEqualTo(new WindowSlot(60, 60_000));
    }

    @Test
    void slot_notMultipleOfInterval_isRejected() {
        assertThatThrownBy(() -> new WindowSlot(60, 60_001))
                .hasMessage("start_ms: 60001 (expected: a multiple of 60 s)");
    }

    @Test
    void host_empty_isRejected() {
        assertThatThrownBy(() -> new NodeStatus("", 0, false)).hasMessage("host: 0 characters (expected: 1 to 255)");
    }

    @Test
    void publishInterval_ofMoreThanOneDay_isRejected() {
        assertThatThrownBy(() -> new NodeStatus(null, 86_400_001, false))
                .hasMessage("publish_interval_ms: 86400001 (expected: 0 to 86400000)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chat_1:8000",
                "10.0.0.1:1",
                "[2001:db8::1]:65535",
                "https://chat-1.example",
                "http://[::1]:9100/metrics",
                "wss://chat-1.example:8443/connection/websocket"
            })
    void address_ofHostAndPortOrUrl_isAccepted(String address) {
        assertThat(NodeStatus.UNKNOWN.withAddress(address).address()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chat-1",
                "chat-1:",
                "chat-1:0",
                "chat-1:65536",
                "chat-1:8000/metrics",
                ":8000",
                "::1:8000",
                "http://",
                "http:///metrics",
                "chat 1:8000",
                "chät:8000",
                "a:1\nb:2"
            })
    void address_invalid_isRejected(String address) {
        assertThatThrownBy(() -> NodeStatus.UNKNOWN.withAddress(address))
                .hasMessage(
                        "address: '" + address + "' (expected: host:port, or a URL without user, query and fragment)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://me:secret@chat-1", "http://chat-1/?key=secret", "http://chat-1/#secret"})
    void address_withSecret_isNotShownInError(String address) {
        assertThatThrownBy(() -> NodeStatus.UNKNOWN.withAddress(address))
                .hasMessage("address: has a user, query or fragment"
                        + " (expected: host:port, or a URL without user, query and fragment)");
    }

    @Test
    void address_ofMoreThan256Characters_isRejected() {
        String host = "h".repeat(254);
        assertThat(NodeStatus.UNKNOWN.withAddress(host + ":1").address()).hasSize(256);
        assertThatThrownBy(() -> NodeStatus.UNKNOWN.withAddress(host + ":12"))
                .hasMessage("address: length: 257 (expected: 1 to 256)");
    }

    @Test
    void version_ofMoreThan64Characters_isRejected() {
        assertThat(versioned("v".repeat(64)).version()).hasSize(64);
        assertThatThrownBy(() -> versioned("v".repeat(65))).hasMessage("version: 65 characters (expected: 1 to 64)");
    }

    @Test
    void labels_areSortedByName() {
        assertThat(labeled(Map.of("zone", "a", "role", "b", "_x9", "c"))
                        .labels()
                        .keySet())
                .containsExactly("_x9", "role", "zone");
    }

    @Test
    void labels_areCopied() {
        Map<String, String> labels = new HashMap<>(Map.of("zone", "a"));
        NodeStatus status = labeled(labels);

        labels.put("zone", "b");

        assertThat(status.labels()).containsExactly(Map.entry("zone", "a"));
    }

    @Test
    void labels_above16_areRejected() {
        Map<String, String> labels =
                IntStream.range(0, 17).boxed().collect(Collectors.toMap(i -> "label_" + i, i -> "x"));

        assertThatThrownBy(() -> labeled(labels)).hasMessage("number of labels: 17 (expected: 0 to 16)");
    }

    @ParameterizedTest
    @CsvSource({"9a", "a-b", "ä", "''"})
    void label_withInvalidName_isRejected(String name) {
        assertThatThrownBy(() -> labeled(Map.of(name, "x")))
                .hasMessage(
                        "label: name '" + name + "' (expected: letters, digits and _, not a digit first, at most 63)");
    }

    @Test
    void label_withLongInvalidName_isTruncatedInError() {
        assertThatThrownBy(() -> labeled(Map.of("x".repeat(1_000), "x")))
                .hasMessageStartingWith("label: name '" + "x".repeat(80) + "…'");
    }

    @Test
    void label_withEmptyOrLongValue_isRejected() {
        assertThatThrownBy(() -> labeled(Map.of("zone", "")))
                .hasMessage("labels.zone: 0 characters (expected: 1 to 128)");
        assertThatThrownBy(() -> labeled(Map.of("zone", "x".repeat(129))))
                .hasMessage("labels.zone: 129 characters (expected: 1 to 128)");
    }

    @Test
    void quality_label_roundTrips() {
        for (Quality quality : Quality.values()) {
            assertThat(Quality.of(quality.label())).isSameAs(quality);
        }
    }

    @Test
    void quality_ofLaterVersion_isUnknown() {
        assertThat(Quality.of("guessed")).isSameAs(Quality.UNKNOWN);
    }
}
