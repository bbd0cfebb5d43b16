// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring;

import io.tacho.agent.NodeAgent;
import io.tacho.agent.NodeAgentBuilder;
import io.tacho.agent.record.HostGauges;
import io.tacho.agent.record.IntervalRecorder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;

/**
 * The agent in the life cycle of the application. It starts last, when the port of the server is known. It is the first to stop:
 * the node is draining while the server completes its requests. It leaves when the beans are destroyed.
 *
 * <p>Thread safety: safe.
 */
public final class TachoAgent implements SmartLifecycle, DisposableBean {

    private static final Logger logger = LoggerFactory.getLogger(TachoAgent.class);

    private final TachoProperties properties;
    private final IntervalRecorder recorder;
    private final List<NodeAgentCustomizer> customizers;
    private final Environment environment;

    private volatile @Nullable NodeAgent agent;
    private volatile boolean running;

    TachoAgent(
            TachoProperties properties,
            IntervalRecorder recorder,
            List<NodeAgentCustomizer> customizers,
            Environment environment) {
        this.properties = properties;
        this.recorder = recorder;
        this.customizers = List.copyOf(customizers);
        this.environment = environment;
    }

    /**
     * Starts the agent.
     *
     * @throws IllegalArgumentException naming the invalid setting
     */
    @Override
    public void start() {
        destroy();
        try {
            agent = builder().start();
        } catch (LinkageError e) {
            logger.warn("no agent: a library is missing or incompatible; the node is not visible", e);
        }
        running = true;
    }

    private NodeAgentBuilder builder() {
        NodeAgentBuilder builder = NodeAgent.builder()
                .recorder(recorder)
                .windowDetail(properties.windowDetail())
                .closeOnShutdown(false)
                .capacity(properties.capacity())
                .redis(properties.redisSettings());
        String name = properties.name() == null ? hostAndPort() : properties.name();
        if (name != null) {
            builder.name(name);
        }
        if (properties.address() != null) {
            builder.address(properties.address());
        }
        if (properties.metricsInterval() != null) {
            builder.metricsInterval(properties.metricsInterval());
        }
        if (properties.publishInterval() != null) {
            builder.publishInterval(properties.publishInterval());
        }
        if (properties.ttl() != null) {
            builder.ttl(properties.ttl());
        }
        if (properties.history() != null) {
            builder.history(properties.history());
        }
        customizers.forEach(each -> each.customize(builder));
        return builder;
    }

    /** {@return host name and port of the server; null without a server, or if the host has no name} */
    private @Nullable String hostAndPort() {
        String port = environment.getProperty("local.server.port");
        if (port == null) {
            return null;
        }
        try {
            return InetAddress.getLocalHost().getHostName() + "_" + port;
        } catch (UnknownHostException e) {
            return null;
        }
    }

    @Override
    public void stop() {
        running = false;
        NodeAgent current = agent;
        if (current != null) {
            current.drain();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public void destroy() {
        NodeAgent current = agent;
        agent = null;
        if (current != null) {
            current.close();
        }
    }

    /** {@return whether the node is visible: the last beat has reached Redis} */
    public boolean isPublished() {
        NodeAgent current = agent;
        return current != null && current.isPublished();
    }

    /** {@return the unique id of the node; null while the agent has not started} */
    public @Nullable String uid() {
        NodeAgent current = agent;
        return current == null ? null : current.uid();
    }

    /** {@return the gauges that the agent publishes, also before it has started} */
    HostGauges gauges() {
        return new HostGauges(
                gauge(HostGauges::numClients), gauge(HostGauges::numUniqueClients), gauge(HostGauges::numChannels));
    }

    private LongSupplier gauge(Function<HostGauges, LongSupplier> field) {
        return () -> {
            NodeAgent current = agent;
            return current == null ? 0 : field.apply(current.gauges()).getAsLong();
        };
    }
}
