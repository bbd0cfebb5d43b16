// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import io.tacho.agent.process.CpuUsageMeter;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.HubGauges;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeInfo;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.SnapshotEnvelope;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a node's messages: fresh gauges at every beat, together with the metrics of the last completed window.
 *
 * <p>Thread safety: one caller at a time.
 */
public final class SnapshotAssembler {

    private static final Logger logger = LoggerFactory.getLogger(SnapshotAssembler.class);

    private final PublishSettings settings;
    private final IntervalRecorder recorder;
    private final ProcessSampler process;
    private final CpuUsageMeter cpu;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final String host;

    private final Gauge numClients;
    private final Gauge numUniqueClients;
    private final Gauge numChannels;

    private long seq;
    private long windowStartMillis;
    private long windowStartNanos;
    private long cpuUsage;
    private RecordedInterval interval = RecordedInterval.EMPTY;
    private @Nullable MetricsWindow window;
    private volatile boolean draining;

    public SnapshotAssembler(
            PublishSettings settings,
            IntervalRecorder recorder,
            HubGauges gauges,
            ProcessSampler process,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.recorder = recorder;
        this.process = process;
        this.clock = clock;
        this.nanoTime = nanoTime;
        numClients = new Gauge("num_clients", gauges.numClients());
        numUniqueClients = new Gauge("num_unique_clients", gauges.numUniqueClients());
        numChannels = new Gauge("num_channels", gauges.numChannels());
        cpu = new CpuUsageMeter(process::cpuTimeNanos, nanoTime, process.uptime());
        host = ProcessSampler.host();
        windowStartMillis = clock.millis();
        windowStartNanos = nanoTime.getAsLong();
        // grows over restarts of this program too, for uids that outlive one
        seq = windowStartMillis;
    }

    /** Ends the current window and begins the next: from now on snapshots carry its metrics. */
    public void closeWindow() {
        interval = recorder.takeInterval();
        cpuUsage = cpu.takeInterval();
        long end = Math.max(0, clock.millis());
        long endNanos = nanoTime.getAsLong();
        if (end < windowStartMillis) {
            // the clock was set back: the window is as long as it was, and no two windows are the same
            long elapsedMillis = TimeUnit.NANOSECONDS.toMillis(endNanos - windowStartNanos);
            windowStartMillis = Math.max(0, end - elapsedMillis);
        }
        window = new MetricsWindow(windowStartMillis, end);
        windowStartMillis = end;
        windowStartNanos = endNanos;
    }

    /** From now on the node says that it is about to leave. */
    public void drain() {
        draining = true;
    }

    /** The next beat. */
    public SnapshotEnvelope nextBeat() {
        NodeInfo info = new NodeInfo(
                settings.uid(),
                settings.name(),
                process.numThreads(),
                numClients.read(),
                numUniqueClients.read(),
                numChannels.read(),
                process.startedAtSeconds(),
                process.availableProcessors(),
                process.machineProcessors());
        NodeSnapshot snapshot =
                new NodeSnapshot(info, interval.with(process.residentBytes(), window == null ? cpu.peek() : cpuUsage));
        return new SnapshotEnvelope(
                ++seq,
                settings.ttl().toMillis(),
                settings.metricsInterval().toSeconds(),
                window,
                new NodeStatus(
                        host.equals("localhost") ? null : host,
                        settings.publishInterval().toMillis(),
                        draining),
                snapshot);
    }

    /** The goodbye. */
    public LeaveEnvelope leave() {
        return new LeaveEnvelope(settings.uid(), ++seq);
    }

    /** A host's supplier, with the last value it gave: what throws or is negative does not reach the wire. */
    private static final class Gauge {

        private final String field;
        private final LongSupplier supplier;
        private long last;
        private boolean failing;

        Gauge(String field, LongSupplier supplier) {
            this.field = field;
            this.supplier = supplier;
        }

        // a host's code may throw anything, errors too; it must not end the beat
        long read() {
            try {
                long value = supplier.getAsLong();
                if (value < 0 || value > NodeSnapshot.MAX_VALUE) {
                    throw new IllegalArgumentException(value + " (expected: 0 to " + NodeSnapshot.MAX_VALUE + ")");
                }
                last = value;
                failing = false;
            } catch (Throwable e) {
                if (!failing) {
                    logger.warn("{}: the host's gauge failed; keeping {}", field, last, e);
                }
                failing = true;
            }
            return last;
        }
    }
}
