// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a host holds right now, asked for at every beat. A supplier that throws does no harm: its field keeps its last value.
 *
 * @param numClients authorized clients connected
 * @param numUniqueClients distinct user ids connected
 * @param numChannels channels with at least one subscriber
 * @param users the user ids; null where the host does not tell, or no sketch is wanted
 * @param channels the channels; null where the host does not tell, or no sketch is wanted
 */
public record HostGauges(
        LongSupplier numClients,
        LongSupplier numUniqueClients,
        LongSupplier numChannels,
        @Nullable HostIds users,
        @Nullable HostIds channels) {

    /** A host that holds nothing. */
    public static final HostGauges NONE = new HostGauges(() -> 0, () -> 0, () -> 0);

    /** A host that tells numbers alone. */
    public HostGauges(LongSupplier numClients, LongSupplier numUniqueClients, LongSupplier numChannels) {
        this(numClients, numUniqueClients, numChannels, null, null);
    }
}
