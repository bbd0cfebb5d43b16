// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConcurrentHyperLogLogTest {

    private final ConcurrentHyperLogLog ids = new ConcurrentHyperLogLog();

    @Test
    void take_returnsIdsSinceLastCall() {
        assertThat(ids.take()).isNull();
        ids.add("a");
        ids.add("ä");
        ids.add("a");

        assertThat(ids.take().encoded())
                .isEqualTo(HyperLogLog.of(List.of("a", "ä")).encoded());
        assertThat(ids.take()).isNull();
        ids.add("b");
        assertThat(ids.take().encoded()).isEqualTo(HyperLogLog.of(List.of("b")).encoded());
    }

    @Test
    void concurrentAddAndTake_noIdIsLost() throws Exception {
        int threads = 4;
        int each = 20_000;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> adding = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int first = thread * each / 2;
                adding.add(() -> {
                    IntStream.range(first, first + each).forEach(id -> ids.add("user-" + id));
                    return null;
                });
            }
            List<Future<Void>> running = adding.stream().map(executor::submit).toList();
            HyperLogLog.Builder union = new HyperLogLog.Builder();
            do {
                HyperLogLog taken = ids.take();
                if (taken != null) {
                    union.add(taken);
                }
            } while (!running.stream().allMatch(Future::isDone));
            for (Future<Void> done : running) {
                done.get();
            }
            HyperLogLog last = ids.take();
            if (last != null) {
                union.add(last);
            }

            List<String> all = IntStream.range(0, (threads + 1) * each / 2)
                    .mapToObj(id -> "user-" + id)
                    .toList();
            assertThat(union.build().encoded()).isEqualTo(HyperLogLog.of(all).encoded());
        } finally {
            executor.shutdownNow();
        }
    }
}
