// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The gauges of a host, read at every beat. If a supplier throws, its field keeps its last value.
 *
 * @param numClients authorized clients connected
 * @param numUniqueClients distinct user ids connected
 * @param numChannels channels with at least one subscriber
 * @param users the user ids; null if the host does not report them, or no sketch is wanted
 * @param channels the channels; null if the host does not report them, or no sketch is wanted
 */
public record HostGauges(
        LongSupplier numClients,
        LongSupplier numUniqueClients,
        LongSupplier numChannels,
        @Nullable HostIds users,
        @Nullable HostIds channels) {

    /** A host without clients. */
    public static final HostGauges NONE = new HostGauges(() -> 0, () -> 0, () -> 0);

    /** Creates the gauges of a host that reports no ids. */
    public HostGauges(LongSupplier numClients, LongSupplier numUniqueClients, LongSupplier numChannels) {
        this(numClients, numUniqueClients, numChannels, null, null);
    }
}
