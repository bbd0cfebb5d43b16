// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.record.HostIds;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdSketchTest {

    private final IntervalRecorder recorder = new IntervalRecorder();
    private final AtomicLong time = new AtomicLong(5_000_000_000L);
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void sketch_withoutIds_isNull() {
        assertThat(read(sketch())).isNull();
    }

    @Test
    void sketch_reflectsConnectsAndDisconnects() {
        IdSketch sketch = sketch();
        recorder.userConnected("a");
        recorder.userConnected("b");
        assertThat(count(sketch)).isEqualTo(2);

        recorder.userConnected("b");
        recorder.userDisconnected("a");
        assertThat(count(sketch)).isEqualTo(1);

        recorder.userDisconnected("b");
        recorder.userDisconnected("b");
        assertThat(count(sketch)).isZero();
    }

    @Test
    void sketch_isRebuiltOnlyAfterChanges() {
        recorder.userConnected("a");
        IdSketch sketch = new IdSketch("users", counting(HostIds.of(recorder.users())), time::get, Runnable::run);
        for (int i = 0; i < 5; i++) {
            read(sketch);
        }
        assertThat(calls).hasValue(1);

        recorder.userConnected("b");
        read(sketch);
        read(sketch);
        assertThat(calls).hasValue(2);
    }

    @Test
    void sketch_slowHost_isRebuiltForAtMostOnePercentOfTime() {
        Set<String> ids = Set.of("a", "b");
        Supplier<Set<String>> slow = () -> {
            calls.incrementAndGet();
            time.addAndGet(100_000_000);
            return ids;
        };
        IdSketch sketch = new IdSketch("users", HostIds.of(slow), time::get, Runnable::run);
        for (int second = 0; second < 100; second++) {
            assertThat(count(sketch)).isEqualTo(2);
            time.addAndGet(1_000_000_000);
        }

        assertThat(calls.get()).isBetween(9, 11);
    }

    @Test
    void sketch_ofOneMillionIds_isBuiltInBoundedTime() {
        List<String> million =
                IntStream.range(0, 1_000_000).mapToObj(i -> "user-" + i).toList();
        IdSketch sketch = new IdSketch("users", HostIds.of(() -> million), System::nanoTime, Runnable::run);

        long start = System.nanoTime();
        long count = count(sketch);

        assertThat(System.nanoTime() - start).as("duration in nanoseconds").isLessThan(10_000_000_000L);
        assertThat(count).isBetween(970_000L, 1_030_000L);
    }

    @Test
    void sketch_hostThrows_lastSketchIsKept() {
        List<String> ids = new ArrayList<>(List.of("a", "b", "c"));
        AtomicLong changes = new AtomicLong(1);
        IdSketch sketch = new IdSketch(
                "users",
                new HostIds(
                        () -> {
                            if (ids.isEmpty()) {
                                throw new StackOverflowError("host");
                            }
                            return ids;
                        },
                        changes::get),
                time::get,
                Runnable::run);
        assertThat(count(sketch)).isEqualTo(3);

        ids.clear();
        changes.incrementAndGet();
        assertThat(count(sketch)).isEqualTo(3);

        ids.add("d");
        assertThat(count(sketch)).isEqualTo(1);
    }

    private IdSketch sketch() {
        return new IdSketch("users", HostIds.of(recorder.users()), time::get, Runnable::run);
    }

    private HostIds counting(HostIds ids) {
        return new HostIds(
                () -> {
                    calls.incrementAndGet();
                    return ids.ids().get();
                },
                ids.changes());
    }

    private static long count(IdSketch sketch) {
        return read(sketch).decode().count().estimate();
    }

    private static Encoded<HyperLogLog> read(IdSketch sketch) {
        sketch.begin();
        return sketch.sketch(0);
    }
}
