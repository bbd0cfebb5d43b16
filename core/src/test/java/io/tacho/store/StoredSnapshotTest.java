// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.testing.Snapshots;
import org.junit.jupiter.api.Test;

class StoredSnapshotTest {

    @Test
    void remainingMillis_aboveMaximumTtl_isClamped() {
        assertThat(new StoredSnapshot(Snapshots.beat("a", 1), Long.MAX_VALUE).remainingMillis())
                .isEqualTo(86_400_000);
        assertThat(new StoredSnapshot(Snapshots.beat("a", 1), 15_000).remainingMillis())
                .isEqualTo(15_000);
    }

    @Test
    void remainingMillis_negative_isRejected() {
        assertThatThrownBy(() -> new StoredSnapshot(Snapshots.beat("a", 1), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("remainingMillis: -1 (expected: >= 0)");
    }
}
