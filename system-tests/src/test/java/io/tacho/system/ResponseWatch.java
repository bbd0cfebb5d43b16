// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests the names of the nodes continuously, and records the responses that lack one. */
final class ResponseWatch implements AutoCloseable {

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final List<String> incomplete = new CopyOnWriteArrayList<>();
    private final AtomicInteger responses = new AtomicInteger();

    /** Starts to request the names from each source in turn. */
    ResponseWatch(Set<String> expected, Collection<Callable<List<String>>> sources) {
        executor.scheduleWithFixedDelay(
                () -> sources.forEach(source -> request(expected, source)), 0, 5, TimeUnit.MILLISECONDS);
    }

    private void request(Set<String> expected, Callable<List<String>> source) {
        try {
            List<String> found = source.call();
            if (!Set.copyOf(found).equals(expected)) {
                incomplete.add(found.toString());
            }
        } catch (Exception e) {
            incomplete.add(e.toString());
        }
        responses.incrementAndGet();
    }

    /** Stops, and fails if a response was incomplete or there was none. */
    void assertComplete() throws InterruptedException {
        close();
        assertThat(executor.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(incomplete).isEmpty();
        assertThat(responses).hasPositiveValue();
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
