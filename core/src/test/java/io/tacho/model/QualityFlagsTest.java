// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests quality flags of known and unknown fields. */
class QualityFlagsTest {

    private final QualityFlags flags = QualityFlags.ofWireNames(
            Map.of("num_clients", Quality.STALE, "num_rooms", Quality.CLOSE, "num_channels", Quality.UNAVAILABLE));

    @Test
    void wireNames_areSeparatedIntoKnownAndUnknown() {
        assertThat(flags.known())
                .isEqualTo(Map.of(Field.NUM_CLIENTS, Quality.STALE, Field.NUM_CHANNELS, Quality.UNAVAILABLE));
        assertThat(flags.unknown()).isEqualTo(Map.of("num_rooms", Quality.CLOSE));
        assertThat(flags.byWireName().keySet()).containsExactly("num_channels", "num_clients", "num_rooms");
    }

    @Test
    void fieldWithoutFlag_isExact() {
        assertThat(flags.of(Field.CPU_USAGE)).isEqualTo(Quality.EXACT);
        assertThat(flags.isAvailable(Field.CPU_USAGE)).isTrue();
        assertThat(flags.isAvailable(Field.NUM_CHANNELS)).isFalse();
        assertThat(flags.contains(Quality.CLOSE)).isTrue();
        assertThat(flags.contains(Quality.BOUND)).isFalse();
        assertThat(QualityFlags.NONE.isEmpty()).isTrue();
    }

    @Test
    void tooManyFlags_areRejected() {
        Map<String, Quality> many = IntStream.rangeClosed(0, QualityFlags.MAX_FLAGS)
                .boxed()
                .collect(Collectors.toMap(i -> "num_" + i, i -> Quality.CLOSE));

        assertThatThrownBy(() -> QualityFlags.ofWireNames(many))
                .hasMessage("number of quality flags: 65 (expected: 0 to 64)");
    }

    @Test
    void invalidName_isRejected() {
        assertThatThrownBy(() -> QualityFlags.ofWireNames(Map.of("Num", Quality.CLOSE)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
