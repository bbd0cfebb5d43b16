// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import java.util.function.LongSupplier;

/**
 * What a host holds right now, asked for at every beat. A supplier that throws does no harm: its field keeps its last value.
 *
 * @param numClients authorized clients connected
 * @param numUniqueClients distinct user ids connected
 * @param numChannels channels with at least one subscriber
 */
public record HubGauges(LongSupplier numClients, LongSupplier numUniqueClients, LongSupplier numChannels) {

    /** A host that holds nothing. */
    public static final HubGauges NONE = new HubGauges(() -> 0, () -> 0, () -> 0);
}
