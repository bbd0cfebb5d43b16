// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.source.NodeSource;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Sources to which lines are passed without a network, for tests of other packages. */
public final class StatsdSources {

    private StatsdSources() {}

    /** Returns a source of the node {@code uid-1}, which exists as long as its process. */
    public static NodeSource watched(IntervalRecorder recorder, OtherProcess process, LongSupplier nanoTime) {
        return of(Duration.ofMinutes(5), recorder, process, true, nanoTime);
    }

    /** Returns a source of the node {@code uid-1}, which is gone if nothing is received for some time. */
    public static NodeSource unwatched(Duration goneAfter, IntervalRecorder recorder, LongSupplier nanoTime) {
        return of(goneAfter, recorder, OtherProcess.none(), false, nanoTime);
    }

    private static NodeSource of(
            Duration goneAfter,
            IntervalRecorder recorder,
            OtherProcess process,
            boolean watched,
            LongSupplier nanoTime) {
        StatsdSettings settings =
                new StatsdSettings(new InetSocketAddress("127.0.0.1", 0), null, null, goneAfter, goneAfter);
        return new StatsdSource(settings, "uid-1", "app_1", recorder, process, watched, nanoTime);
    }

    public static void receive(NodeSource source, String line) {
        ((StatsdSource) source).intake().packet(line);
    }
}
