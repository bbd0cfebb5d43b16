// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The ids that a host has in use, read by the agent's thread.
 *
 * @param ids each of them once
 * @param changes another number whenever there are others; 0 while there have been none
 */
public record HostIds(Supplier<? extends Collection<String>> ids, LongSupplier changes) {

    /** Returns the ids of a recorder. */
    public static HostIds of(LiveIds ids) {
        return new HostIds(ids::ids, ids::changes);
    }

    /** Returns the ids in a collection of the host, which may be iterated over while it changes. */
    public static HostIds of(Supplier<? extends Collection<String>> ids) {
        AtomicLong asked = new AtomicLong();
        return new HostIds(ids, asked::incrementAndGet);
    }

    /** Returns the current number of ids. */
    public long size() {
        return ids.get().size();
    }
}
