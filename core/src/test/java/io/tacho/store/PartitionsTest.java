// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PartitionsTest {

    /** The check value of CRC-32, 0xCBF43926. */
    private static final String UID = "123456789";

    private static final long CRC = 0xCBF43926L;

    @Test
    void withoutPrevious_nodeIsInOnePartition() {
        Partitions partitions = new Partitions(8);

        assertThat(partitions.count()).isEqualTo(8);
        assertThat(partitions.of(UID)).isEqualTo((int) (CRC % 8));
        assertThat(partitions.previousOf(UID)).isEqualTo(partitions.of(UID));
        assertThat(partitions.contains(partitions.of(UID), UID)).isTrue();
        assertThat(partitions.contains(partitions.of(UID) + 1, UID)).isFalse();
        assertThat(partitions.both(UID, partition -> partition == CRC % 8)).isTrue();
    }

    /** Three previous partitions; the first one is also a current partition. */
    @Test
    void withPrevious_nodeIsInCurrentOrPreviousPartition() {
        Partitions partitions = new Partitions(8, List.of(0, 8, 9));
        int previous = List.of(0, 8, 9).get((int) (CRC % 3));
        int current = (int) (CRC % 8);

        assertThat(partitions.count()).isEqualTo(10);
        assertThat(partitions.of(UID)).isEqualTo(current).isNotEqualTo(previous);
        assertThat(partitions.previousOf(UID)).isEqualTo(previous);
        assertThat(partitions.contains(current, UID)).isTrue();
        assertThat(partitions.contains(previous, UID)).isTrue();
        Set<Integer> tested = new HashSet<>();
        assertThat(partitions.both(UID, tested::add)).isTrue();
        assertThat(tested).containsExactlyInAnyOrder(current, previous);
        assertThat(partitions.both(UID, partition -> partition == current)).isFalse();
        assertThat(partitions.both(UID, partition -> partition == previous)).isFalse();
    }

    @Test
    void zeroPartitions_isRejected() {
        assertThatThrownBy(() -> new Partitions(0)).hasMessage("partitions: 0 (expected: at least 1)");
    }
}
