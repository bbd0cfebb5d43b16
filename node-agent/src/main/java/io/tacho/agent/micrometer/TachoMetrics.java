// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tacho.agent.NodeAgent;
import io.tacho.agent.record.HostGauges;
import io.tacho.model.NodeTotals;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Registers the values that an agent publishes in a Micrometer registry: counters and timers from the same totals, gauges
 * from the same suppliers. Nothing is recorded twice; the registry reads when it is read.
 *
 * <pre>{@code
 * TachoMetrics.of(agent).bindTo(registry);
 * }</pre>
 *
 * <p>Thread safety: safe.
 */
public final class TachoMetrics implements MeterBinder {

    private final Supplier<NodeTotals> totals;
    private final HostGauges gauges;
    private final Tags tags;

    /**
     * Creates the meters of a recorder and of gauges.
     *
     * @param totals returns the totals since the start, e.g. {@code recorder::totals}
     * @param gauges the gauges of the host
     * @param tags the tags of all meters
     */
    public TachoMetrics(Supplier<NodeTotals> totals, HostGauges gauges, Tags tags) {
        this.totals = totals;
        this.gauges = gauges;
        this.tags = tags;
    }

    /** Creates the meters of an agent. */
    public static TachoMetrics of(NodeAgent agent) {
        return new TachoMetrics(agent::totals, agent.gauges(), Tags.empty());
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "tacho.clients", "authorized clients connected", gauges.numClients());
        gauge(registry, "tacho.users", "distinct user ids connected", gauges.numUniqueClients());
        gauge(registry, "tacho.channels", "channels with at least one subscriber", gauges.numChannels());
        counter(registry, "tacho.messages.published", BaseUnits.MESSAGES, NodeTotals::numMsgPublished);
        counter(registry, "tacho.messages.queued", BaseUnits.MESSAGES, NodeTotals::numMsgQueued);
        counter(registry, "tacho.messages.sent", BaseUnits.MESSAGES, NodeTotals::numMsgSent);
        counter(registry, "tacho.client.in", BaseUnits.BYTES, NodeTotals::bytesClientIn);
        counter(registry, "tacho.client.out", BaseUnits.BYTES, NodeTotals::bytesClientOut);
        timer(registry, "tacho.api.requests", NodeTotals::numApiRequests, NodeTotals::timeApiSum);
        timer(registry, "tacho.client.requests", NodeTotals::numClientRequests, NodeTotals::timeClientSum);
    }

    private void gauge(MeterRegistry registry, String name, String description, LongSupplier value) {
        Gauge.builder(name, value::getAsLong)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    // a registry refers weakly to the object of a function, and strongly to the function, which therefore refers to the
    // totals

    private void counter(MeterRegistry registry, String name, String unit, ToLongFunction<NodeTotals> field) {
        FunctionCounter.builder(name, totals, any -> field.applyAsLong(totals.get()))
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }

    private void timer(
            MeterRegistry registry, String name, ToLongFunction<NodeTotals> count, ToLongFunction<NodeTotals> nanos) {
        FunctionTimer.builder(
                        name,
                        totals,
                        any -> count.applyAsLong(totals.get()),
                        any -> nanos.applyAsLong(totals.get()),
                        TimeUnit.NANOSECONDS)
                .tags(tags)
                .register(registry);
    }
}
