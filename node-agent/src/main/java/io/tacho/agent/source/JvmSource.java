// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import io.tacho.agent.process.CpuUsageMeter;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.HostGauges;
import io.tacho.agent.record.HostIds;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.concurrent.DaemonThreads;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A source for this JVM: the host's recorder and gauges, and the process. */
public final class JvmSource implements NodeSource {

    private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(1);

    private final String uid;
    private final String name;
    private final IntervalRecorder recorder;
    private final ProcessSampler process;
    private final CpuUsageMeter cpu;
    private final List<HostGauge> hostGauges;
    private final List<IdSketch> sketches;
    private final @Nullable IdSketch users;
    private final @Nullable IdSketch channels;

    private final ExecutorService hostThreads = Executors.newCachedThreadPool(DaemonThreads.named("tacho-gauges"));
    private final long limitNanos;

    private @Nullable String version;
    private Map<String, String> labels = Map.of();
    private boolean windowComplete;
    private long cpuUsage;

    public JvmSource(
            String uid,
            String name,
            IntervalRecorder recorder,
            HostGauges gauges,
            ProcessSampler process,
            LongSupplier nanoTime) {
        this(uid, name, recorder, gauges, process, nanoTime, DEFAULT_LIMIT);
    }

    /**
     * Creates a source.
     *
     * @param limit how long a beat may wait for the host's gauges and ids
     */
    public JvmSource(
            String uid,
            String name,
            IntervalRecorder recorder,
            HostGauges gauges,
            ProcessSampler process,
            LongSupplier nanoTime,
            Duration limit) {
        limitNanos = limit.toNanos();
        this.uid = uid;
        this.name = name;
        this.recorder = recorder;
        this.process = process;
        cpu = new CpuUsageMeter(process::cpuTimeNanos, nanoTime, process.uptime());
        hostGauges = List.of(
                new HostGauge(Field.NUM_CLIENTS, gauges.numClients(), hostThreads),
                new HostGauge(Field.NUM_UNIQUE_CLIENTS, gauges.numUniqueClients(), hostThreads),
                new HostGauge(Field.NUM_CHANNELS, gauges.numChannels(), hostThreads));
        users = sketch("users", gauges.users(), nanoTime);
        channels = sketch("channels", gauges.channels(), nanoTime);
        sketches = Stream.of(users, channels).filter(Objects::nonNull).toList();
    }

    /** Sets what else the node reports of itself, before the source starts. */
    public JvmSource describedBy(@Nullable String softwareVersion, Map<String, String> ownLabels) {
        version = softwareVersion;
        labels = Map.copyOf(ownLabels);
        return this;
    }

    private @Nullable IdSketch sketch(String name, @Nullable HostIds ids, LongSupplier nanoTime) {
        return ids == null ? null : new IdSketch(name, ids, nanoTime, hostThreads);
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
        hostGauges.forEach(HostGauge::begin);
        sketches.forEach(IdSketch::begin);
        long deadline = System.nanoTime() + limitNanos;
        SnapshotBuilder snapshot = new SnapshotBuilder(uid, name)
                .set(Field.NUM_GOROUTINE, process.numThreads())
                .set(Field.STARTED_AT, process.startedAtSeconds())
                .set(Field.GOMAXPROCS, process.availableProcessors())
                .set(Field.NUM_CPU, process.machineProcessors())
                .set(Field.MEMORY_SYS, process.residentBytes())
                .set(Field.CPU_USAGE, windowComplete ? cpuUsage : cpu.peek())
                .set(recorded);
        for (HostGauge gauge : hostGauges) {
            gauge.set(snapshot, deadline);
        }
        return new NodeState(
                snapshot.snapshot(),
                recorded,
                version,
                labels,
                snapshot.quality(),
                recorder.totals(),
                users == null ? null : users.sketch(deadline),
                channels == null ? null : channels.sketch(deadline),
                Extras.NONE);
    }

    @Override
    public void close() {
        hostThreads.shutdownNow();
    }
}
