// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import io.tacho.agent.process.CpuUsageMeter;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.HostIds;
import io.tacho.agent.record.HubGauges;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.model.NodeInfo;
import io.tacho.model.NodeSnapshot;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The node that is this JVM: what its host recorded, what the host's gauges say, and what the process uses. */
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
            HubGauges gauges,
            ProcessSampler process,
            LongSupplier nanoTime) {
        this.uid = uid;
        this.name = name;
        this.recorder = recorder;
        this.process = process;
        cpu = new CpuUsageMeter(process::cpuTimeNanos, nanoTime, process.uptime());
        numClients = new HostGauge("num_clients", gauges.numClients());
        numUniqueClients = new HostGauge("num_unique_clients", gauges.numUniqueClients());
        numChannels = new HostGauge("num_channels", gauges.numChannels());
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
        NodeInfo info = new NodeInfo(
                uid,
                name,
                process.numThreads(),
                numClients.read(),
                numUniqueClients.read(),
                numChannels.read(),
                process.startedAtSeconds(),
                process.availableProcessors(),
                process.machineProcessors());
        return new NodeState(
                new NodeSnapshot(info, recorded.with(process.residentBytes(), windowComplete ? cpuUsage : cpu.peek())),
                recorded,
                null,
                Map.of(),
                Map.of(),
                recorder.totals(),
                users == null ? null : users.text(),
                channels == null ? null : channels.text());
    }
}
