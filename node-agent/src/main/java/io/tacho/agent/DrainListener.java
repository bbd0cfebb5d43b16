// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

/**
 * Receives the commands of operators, so that a host stops accepting new clients and lets those that it has go, or accepts new
 * ones again.
 */
@FunctionalInterface
public interface DrainListener {

    /**
     * Reports that the node has begun or ended to drain because of a command. Called on a thread of its own, one call at a time;
     * beats continue meanwhile.
     *
     * @param draining whether the node accepts no new work
     */
    void onDrain(boolean draining);
}
