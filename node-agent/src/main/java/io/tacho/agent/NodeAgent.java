// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.publish.PublishLoop;
import io.tacho.agent.publish.PublishSettings;
import io.tacho.agent.publish.SnapshotAssembler;
import io.tacho.agent.record.HostGauges;
import io.tacho.agent.record.HostIds;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.StatsRecorder;
import io.tacho.agent.source.JvmSource;
import io.tacho.agent.source.NodeSource;
import io.tacho.model.NodeTotals;
import io.tacho.redis.connection.RedisSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent of one node, embedded in the node's own JVM: publishes what the {@link #recorder()} has recorded and the values of the
 * gauges, until it is closed or the JVM shuts down.
 *
 * <pre>{@code
 * NodeAgent agent = NodeAgent.builder()
 *         .redis("redis://127.0.0.1:6379")
 *         .name("chat_8000")
 *         .numClients(hub::connections)
 *         .start();
 * agent.recorder().messagePublished();
 * }</pre>
 *
 * <p>It never throws into its host and never blocks it: it may start before Redis does, and outlives every outage.
 *
 * <p>Thread safety: safe.
 */
public final class NodeAgent implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(NodeAgent.class);

    private static final Duration MAX_GAUGE_LIMIT = Duration.ofSeconds(1);

    private final PublishSettings settings;
    private final IntervalRecorder recorder;
    private final HostGauges gauges;
    private final NodeSource source;
    private final Destination destination;
    private final PublishLoop loop;
    private final boolean closeOnShutdown;
    private final Thread shutdownHook = new Thread(this::closeOnce, "tacho-shutdown");
    private final AtomicBoolean closed = new AtomicBoolean();

    NodeAgent(
            PublishSettings settings,
            IntervalRecorder recorder,
            HostGauges gauges,
            NodeSource source,
            Destination destination,
            boolean closeOnShutdown) {
        this.settings = settings;
        this.recorder = recorder;
        this.gauges = gauges;
        this.source = source;
        this.destination = destination;
        this.closeOnShutdown = closeOnShutdown;
        SnapshotAssembler assembler =
                new SnapshotAssembler(settings, recorder, source, InstantSource.system(), System::nanoTime);
        loop = new PublishLoop(assembler, destination.publisher(), settings);
    }

    /**
     * Creates an agent that reports the values of a source, usually another process; it is not started.
     *
     * @param recorder the recorder to which the source writes, unless the source has totals itself
     */
    public static NodeAgent of(
            PublishSettings settings, IntervalRecorder recorder, NodeSource source, Destination destination) {
        return new NodeAgent(settings, recorder, HostGauges.NONE, source, destination, true);
    }

    /** Returns a builder of an agent for this JVM. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts to publish.
     *
     * @throws IllegalArgumentException naming the setting of the source that is invalid
     */
    public void start() {
        if (!destination.publishes()) {
            return;
        }
        source.start(this::drain);
        if (closeOnShutdown) {
            Runtime.getRuntime().addShutdownHook(shutdownHook);
        }
        loop.start();
        logger.info(
                "{} publishes to {} every {} ms",
                source.describe(),
                destination.name(),
                settings.publishInterval().toMillis());
    }

    /** Returns the recorder to which the host reports its events. */
    public StatsRecorder recorder() {
        return recorder;
    }

    /** Returns the totals of everything that was recorded since the start. */
    public NodeTotals totals() {
        return recorder.totals();
    }

    /** Returns the gauges of the host that the agent reads. */
    public HostGauges gauges() {
        return gauges;
    }

    /** {@return whether the node is visible: the last beat has reached Redis} */
    public boolean isPublished() {
        return destination.publishes() && loop.isPublished();
    }

    /** Returns the node's unique id, new for every agent. */
    public String uid() {
        return settings.uid();
    }

    /**
     * Publishes immediately, and with every later beat, that the node is draining: it accepts no new work and will leave. Beats
     * continue until the agent is closed.
     */
    public void drain() {
        if (!closed.get() && destination.publishes()) {
            loop.drain();
            logger.info("{} is draining", source.describe());
        }
    }

    /**
     * Publishes the last window and announces the departure, so that aggregators remove the node immediately. Waits at most a few
     * seconds; idempotent. Called automatically when the JVM shuts down, e.g. by SIGTERM, unless the host disables that.
     */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // the JVM is ending already
        }
        closeOnce();
    }

    private void closeOnce() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (!destination.publishes()) {
            return;
        }
        loop.close();
        destination.close();
        try {
            source.close();
        } catch (Exception e) {
            logger.warn("{} not closed", source.describe(), e);
        }
        logger.info("{} has left", source.describe());
    }

    /** Settings for an agent; all of them have defaults. */
    public static final class Builder {

        private Supplier<RedisSettings> redis = () -> RedisSettings.of(RedisSettings.DEFAULT_URI);
        private @Nullable String name;
        private @Nullable Duration metricsInterval;
        private @Nullable Duration publishInterval;
        private @Nullable Duration ttl;
        private @Nullable Duration history;
        private @Nullable LongSupplier numClients;
        private @Nullable LongSupplier numUniqueClients;
        private @Nullable LongSupplier numChannels;
        private @Nullable Supplier<? extends Collection<String>> users;
        private @Nullable Supplier<? extends Collection<String>> channels;
        private @Nullable IntervalRecorder recorder;
        private boolean windowDetail = true;
        private boolean closeOnShutdown = true;

        private Builder() {}

        /** Sets the URI of Redis; default {@code redis://127.0.0.1:6379}. */
        public Builder redis(String uri) {
            redis = () -> RedisSettings.of(uri);
            return this;
        }

        /** Sets the address, credentials and timeouts of Redis. */
        public Builder redis(RedisSettings settings) {
            redis = () -> settings;
            return this;
        }

        /** Sets the name of the node, preferably {@code hostname_port}; default: host name and process id. */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /** Sets the length of the window of counters and timers, in whole seconds; default 60 s. */
        public Builder metricsInterval(Duration interval) {
            metricsInterval = interval;
            return this;
        }

        /** Sets the time between two beats; default 5 s, or the metrics interval if that is shorter. */
        public Builder publishInterval(Duration interval) {
            publishInterval = interval;
            return this;
        }

        /** Sets the time after which the node is considered lost without a beat; default three beats. */
        public Builder ttl(Duration ttl) {
            this.ttl = ttl;
            return this;
        }

        /** Sets the retention of this node's windows in the cluster's history; default 24 h, 0 for none. */
        public Builder history(Duration history) {
            this.history = history;
            return this;
        }

        /** Sets a recorder that the host already writes to, for one agent only; default: the agent creates one. */
        public Builder recorder(IntervalRecorder recorder) {
            this.recorder = recorder;
            return this;
        }

        /**
         * Sets whether the agent closes itself at a regular end of the JVM; default true. A host that stops its own server first,
         * so that the last window is complete, sets false and calls {@link NodeAgent#close()} after that.
         */
        public Builder closeOnShutdown(boolean close) {
            closeOnShutdown = close;
            return this;
        }

        /**
         * Sets whether beats carry mergeable data: histograms of durations, and sketches of users and
         * channels; default true. Whether a recorder of the host keeps histograms is set by its constructor.
         */
        public Builder windowDetail(boolean detail) {
            windowDetail = detail;
            return this;
        }

        /** Sets the gauge of authorized clients; default: the clients that the recorder counts. */
        public Builder numClients(LongSupplier gauge) {
            numClients = gauge;
            return this;
        }

        /** Sets the gauge of distinct user ids; default: counted from {@link #users}, or by the recorder. */
        public Builder numUniqueClients(LongSupplier gauge) {
            numUniqueClients = gauge;
            return this;
        }

        /** Sets the gauge of channels with at least one subscriber; default: counted from {@link #channels}, or by the recorder. */
        public Builder numChannels(LongSupplier gauge) {
            numChannels = gauge;
            return this;
        }

        /**
         * Sets the ids of the connected users, each once, for a host that keeps them in a collection. Other hosts report connections to
         * the recorder. The agent's thread iterates over the collection while it changes, as the key set of a concurrent map allows.
         */
        public Builder users(Supplier<? extends Collection<String>> ids) {
            users = ids;
            return this;
        }

        /** Sets the channels with at least one subscriber, like {@link #users}. */
        public Builder channels(Supplier<? extends Collection<String>> ids) {
            channels = ids;
            return this;
        }

        private HostGauges gauges(IntervalRecorder recorder) {
            HostIds userIds = users == null ? HostIds.of(recorder.users()) : HostIds.of(users);
            HostIds channelIds = channels == null ? HostIds.of(recorder.channels()) : HostIds.of(channels);
            return new HostGauges(
                    numClients == null ? recorder.users()::total : numClients,
                    numUniqueClients == null ? userIds::size : numUniqueClients,
                    numChannels == null ? channelIds::size : numChannels,
                    windowDetail ? userIds : null,
                    windowDetail ? channelIds : null);
        }

        private static Duration gaugeLimit(PublishSettings settings) {
            Duration half = settings.publishInterval().dividedBy(2);
            return half.compareTo(MAX_GAUGE_LIMIT) < 0 ? half : MAX_GAUGE_LIMIT;
        }

        /**
         * Creates and starts the agent; returns immediately, whether or not Redis is reachable. Where a library that it needs is missing
         * or of an incompatible version, it logs one WARN, and the returned agent records but does not publish.
         *
         * @throws IllegalArgumentException naming the invalid setting
         */
        public NodeAgent start() {
            PublishSettings settings = PublishSettings.of(name, metricsInterval, publishInterval, ttl, history);
            IntervalRecorder recording = recorder == null ? new IntervalRecorder(windowDetail) : recorder;
            HostGauges gauges = gauges(recording);
            NodeSource source = new JvmSource(
                    settings.uid(),
                    settings.name(),
                    recording,
                    gauges,
                    new ProcessSampler(),
                    System::nanoTime,
                    gaugeLimit(settings));
            NodeAgent agent = new NodeAgent(settings, recording, gauges, source, destination(), closeOnShutdown);
            agent.start();
            return agent;
        }

        private Destination destination() {
            try {
                return Destination.redis(redis.get());
            } catch (LinkageError e) {
                logger.warn("no agent: a library is missing or incompatible; the node is not visible", e);
                return Destination.NONE;
            }
        }
    }
}
