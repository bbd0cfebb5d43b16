// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class LiveIdsTest {

    private final LiveIds ids = new LiveIds();

    @Test
    void id_isContainedUntilRemovedAsOftenAsAdded() {
        ids.add("a");
        ids.add("a");
        ids.add("b");
        assertThat(new long[] {ids.distinct(), ids.total()}).containsExactly(2, 3);

        ids.remove("a");
        assertThat(ids.ids()).containsExactlyInAnyOrder("a", "b");

        ids.remove("a");
        assertThat(ids.ids()).containsExactly("b");
        assertThat(new long[] {ids.distinct(), ids.total()}).containsExactly(1, 1);
    }

    @Test
    void remove_unknownId_isIgnored() {
        ids.remove("unknown");

        assertThat(new long[] {ids.distinct(), ids.total(), ids.changes()}).containsExactly(0, 0, 0);
    }

    @Test
    void changes_increasesOnlyWhenIdIsAddedOrRemoved() {
        ids.add("a");
        long first = ids.changes();
        ids.add("a");
        ids.remove("a");
        assertThat(ids.changes()).isEqualTo(first).isPositive();

        ids.remove("a");
        assertThat(ids.changes()).isGreaterThan(first);
    }

    @Test
    void add_concurrently_isExact() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> done = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int thread = t;
            done.add(threads.submit(() -> {
                for (int i = 0; i < 50_000; i++) {
                    String id = "user-" + i % 1_000;
                    ids.add(id);
                    // all but the first of the 1,000 ids of each thread are removed
                    if (i >= 1_000 || thread == 0) {
                        ids.remove(id);
                    }
                }
            }));
        }
        for (Future<?> future : done) {
            future.get();
        }
        threads.shutdown();

        assertThat(ids.distinct()).isEqualTo(1_000);
        assertThat(ids.total()).isEqualTo(3_000);
    }
}
