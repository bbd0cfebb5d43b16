// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import io.tacho.agent.process.CpuUsageMeter;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.HostGauges;
import io.tacho.agent.record.HostIds;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.model.Field;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A source for this JVM: the host's recorder and gauges, and the process. */
public final class JvmSource implements NodeSource {

    private final String uid;
    private final String name;
    private final IntervalRecorder recorder;
    private final ProcessSampler process;
    private final CpuUsageMeter cpu;
    private final HostGauge numClients;
    private final HostGauge numUniqueClients;
    private final HostGauge numChannels;
    private final @Nullable IdSketch users;
    private final @Nullable IdSketch channels;

    private boolean windowComplete;
    private long cpuUsage;

    public JvmSource(
            String uid,
            String name,
            IntervalRecorder recorder,
            HostGauges gauges,
            ProcessSampler process,
            LongSupplier nanoTime) {
        this.uid = uid;
        this.name = name;
        this.recorder = recorder;
        this.process = process;
        cpu = new CpuUsageMeter(process::cpuTimeNanos, nanoTime, process.uptime());
        numClients = new HostGauge(Field.NUM_CLIENTS, gauges.numClients());
        numUniqueClients = new HostGauge(Field.NUM_UNIQUE_CLIENTS, gauges.numUniqueClients());
        numChannels = new HostGauge(Field.NUM_CHANNELS, gauges.numChannels());
        users = sketch("users", gauges.users(), nanoTime);
        channels = sketch("channels", gauges.channels(), nanoTime);
    }

    private static @Nullable IdSketch sketch(String name, @Nullable HostIds ids, LongSupplier nanoTime) {
        return ids == null ? null : new IdSketch(name, ids, nanoTime);
    }

    @Override
    public String describe() {
        return "node " + name + " (" + uid + ")";
    }

    @Override
    public boolean endWindow() {
        cpuUsage = cpu.takeInterval();
        windowComplete = true;
        return true;
    }

    @Override
    public NodeState read(RecordedInterval recorded) {
        SnapshotBuilder snapshot = new SnapshotBuilder(uid, name)
                .set(Field.NUM_GOROUTINE, process.numThreads())
                .set(Field.NUM_CLIENTS, numClients.read())
                .set(Field.NUM_UNIQUE_CLIENTS, numUniqueClients.read())
                .set(Field.NUM_CHANNELS, numChannels.read())
                .set(Field.STARTED_AT, process.startedAtSeconds())
                .set(Field.GOMAXPROCS, process.availableProcessors())
                .set(Field.NUM_CPU, process.machineProcessors())
                .set(Field.MEMORY_SYS, process.residentBytes())
                .set(Field.CPU_USAGE, windowComplete ? cpuUsage : cpu.peek())
                .set(recorded);
        return new NodeState(
                snapshot.snapshot(),
                recorded,
                null,
                Map.of(),
                snapshot.quality(),
                recorder.totals(),
                users == null ? null : users.sketch(),
                channels == null ? null : channels.sketch());
    }
}
