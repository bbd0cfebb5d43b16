// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.publish.PublishSettings;
import io.tacho.agent.record.HostGauges;
import io.tacho.agent.record.HostIds;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.source.JvmSource;
import io.tacho.agent.source.NodeSource;
import io.tacho.model.NodeStatus;
import io.tacho.model.QualityFlags;
import io.tacho.redis.connection.RedisSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of an agent in this JVM; all of them have defaults. Made by {@link NodeAgent#builder()}.
 *
 * <p>Thread safety: one thread at a time.
 */
public final class NodeAgentBuilder {

    private static final Logger logger = LoggerFactory.getLogger(NodeAgentBuilder.class);

    private static final Duration MAX_GAUGE_LIMIT = Duration.ofSeconds(1);

    private Supplier<RedisSettings> redis = () -> RedisSettings.of(RedisSettings.DEFAULT_URI);
    private @Nullable String namespace;
    private @Nullable String name;
    private @Nullable String address;
    private long capacity;
    private @Nullable InetSocketAddress agentCheckListen;
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
    private @Nullable String version;
    private Map<String, String> labels = Map.of();
    private boolean windowDetail = true;
    private boolean closeOnShutdown = true;
    private DrainListener drainListener = draining -> {};

    NodeAgentBuilder() {}

    /** Sets the URI of Redis; default {@code redis://127.0.0.1:6379}. */
    public NodeAgentBuilder redis(String uri) {
        redis = () -> RedisSettings.of(uri);
        return this;
    }

    /** Sets the address, credentials and timeouts of Redis. */
    public NodeAgentBuilder redis(RedisSettings settings) {
        redis = () -> settings;
        return this;
    }

    /**
     * Sets the first part of every key and channel, the same for all agents and aggregators of a cluster; default {@code tacho}, or
     * that of {@link #redis(RedisSettings)}.
     */
    public NodeAgentBuilder namespace(String namespace) {
        this.namespace = namespace;
        return this;
    }

    /** Sets the name of the node, preferably {@code hostname_port}; default: host name and process id. */
    public NodeAgentBuilder name(String name) {
        this.name = name;
        return this;
    }

    /**
     * Sets where clients or scrapers reach the node, at most 256 characters: {@code host:port}, or a URL without user, query and
     * fragment; default: none is reported.
     */
    public NodeAgentBuilder address(String address) {
        this.address = address;
        return this;
    }

    /** Sets the number of clients that the node is meant to serve, for load balancers; default: none is reported. */
    public NodeAgentBuilder capacity(long clients) {
        capacity = clients;
        return this;
    }

    /**
     * Sets where the agent responds to agent-checks of HAProxy with the state and the free {@link #capacity} of the node; default:
     * nowhere.
     */
    public NodeAgentBuilder agentCheckListen(InetSocketAddress address) {
        agentCheckListen = address;
        return this;
    }

    /** Sets the version of the node's software, at most 64 characters; default: none is reported. */
    public NodeAgentBuilder version(String version) {
        this.version = version;
        return this;
    }

    /** Sets labels of the node, at most 16, for example its zone; default: none. */
    public NodeAgentBuilder labels(Map<String, String> labels) {
        this.labels = Map.copyOf(labels);
        return this;
    }

    /** Sets the length of the window of counters and timers, in whole seconds; default 60 s. */
    public NodeAgentBuilder metricsInterval(Duration interval) {
        metricsInterval = interval;
        return this;
    }

    /** Sets the time between two beats; default 5 s, or the metrics interval if that is shorter. */
    public NodeAgentBuilder publishInterval(Duration interval) {
        publishInterval = interval;
        return this;
    }

    /** Sets the time after which the node is considered lost without a beat; default three beats. */
    public NodeAgentBuilder ttl(Duration ttl) {
        this.ttl = ttl;
        return this;
    }

    /** Sets the retention of this node's windows in the cluster's history; default 24 h, 0 for none. */
    public NodeAgentBuilder history(Duration history) {
        this.history = history;
        return this;
    }

    /** Sets a recorder that the host already writes to, for one agent only; default: the agent creates one. */
    public NodeAgentBuilder recorder(IntervalRecorder recorder) {
        this.recorder = recorder;
        return this;
    }

    /**
     * Sets whether the agent closes itself at a regular end of the JVM; default true. A host that stops its own server first,
     * so that the last window is complete, sets false and calls {@link NodeAgent#close()} after that.
     */
    public NodeAgentBuilder closeOnShutdown(boolean close) {
        closeOnShutdown = close;
        return this;
    }

    /**
     * Sets whether beats carry mergeable data: histograms of durations, and sketches of users and
     * channels; default true. Whether a recorder of the host keeps histograms is set by its constructor.
     */
    public NodeAgentBuilder windowDetail(boolean detail) {
        windowDetail = detail;
        return this;
    }

    /** Sets the gauge of authorized clients; default: the clients that the recorder counts. */
    public NodeAgentBuilder numClients(LongSupplier gauge) {
        numClients = gauge;
        return this;
    }

    /** Sets the gauge of distinct user ids; default: counted from {@link #users}, or by the recorder. */
    public NodeAgentBuilder numUniqueClients(LongSupplier gauge) {
        numUniqueClients = gauge;
        return this;
    }

    /** Sets the gauge of channels with at least one subscriber; default: counted from {@link #channels}, or by the recorder. */
    public NodeAgentBuilder numChannels(LongSupplier gauge) {
        numChannels = gauge;
        return this;
    }

    /**
     * Sets the ids of the connected users, each once, for a host that keeps them in a collection. Other hosts report connections to
     * the recorder. The agent's thread iterates over the collection while it changes, as the key set of a concurrent map allows.
     */
    public NodeAgentBuilder users(Supplier<? extends Collection<String>> ids) {
        users = ids;
        return this;
    }

    /** Sets the channels with at least one subscriber, like {@link #users}. */
    public NodeAgentBuilder channels(Supplier<? extends Collection<String>> ids) {
        channels = ids;
        return this;
    }

    /** Sets what receives the commands of operators to drain or to accept new clients again; default: they only change the state. */
    public NodeAgentBuilder onDrain(DrainListener listener) {
        drainListener = listener;
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
        PublishSettings settings = PublishSettings.of(name, metricsInterval, publishInterval, ttl, history)
                .withAddress(address)
                .withCapacity(capacity);
        IntervalRecorder recording = recorder == null ? new IntervalRecorder(windowDetail) : recorder;
        HostGauges gauges = gauges(recording);
        NodeStatus status = new NodeStatus(null, 0, false, version, labels, QualityFlags.NONE);
        NodeSource source = new JvmSource(
                        settings.uid(),
                        settings.name(),
                        recording,
                        gauges,
                        new ProcessSampler(),
                        System::nanoTime,
                        gaugeLimit(settings))
                .describedBy(status.version(), status.labels());
        NodeAgent agent =
                new NodeAgent(settings, recording, gauges, source, destination(), closeOnShutdown, drainListener);
        agent.start();
        if (agentCheckListen != null) {
            listen(agent, agentCheckListen);
        }
        return agent;
    }

    private static void listen(NodeAgent agent, InetSocketAddress address) {
        try {
            agent.listenForAgentChecks(address);
        } catch (IllegalArgumentException e) {
            agent.close();
            throw e;
        }
    }

    private Destination destination() {
        try {
            RedisSettings settings = redis.get();
            return Destination.redis(namespace == null ? settings : settings.withNamespace(namespace));
        } catch (LinkageError e) {
            logger.warn("no agent: a library is missing or incompatible; the node is not visible", e);
            return Destination.NONE;
        }
    }
}
