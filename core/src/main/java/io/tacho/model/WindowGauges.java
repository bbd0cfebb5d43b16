// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

/**
 * What is held and used at the end of a window: of one node, or of all nodes together.
 *
 * @param numGoroutine live goroutines, on the JVM live threads
 * @param numClients authorized clients connected
 * @param numUniqueClients distinct user ids connected; over several nodes an upper bound
 * @param numChannels channels with at least one subscriber; over several nodes an upper bound
 * @param memorySys bytes of memory held from the operating system
 * @param cpuUsage CPU percent, 100 is one core busy
 */
public record WindowGauges(
        long numGoroutine, long numClients, long numUniqueClients, long numChannels, long memorySys, long cpuUsage) {

    public static final WindowGauges NONE = new WindowGauges(0, 0, 0, 0, 0, 0);

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public WindowGauges {
        Checks.count("num_goroutine", numGoroutine);
        Checks.count("num_clients", numClients);
        Checks.count("num_unique_clients", numUniqueClients);
        Checks.count("num_channels", numChannels);
        Checks.count("memory_sys", memorySys);
        Checks.count("cpu_usage", cpuUsage);
    }

    /** Those of a snapshot. */
    public static WindowGauges of(NodeSnapshot snapshot) {
        return new WindowGauges(
                snapshot.info().numGoroutine(),
                snapshot.info().numClients(),
                snapshot.info().numUniqueClients(),
                snapshot.info().numChannels(),
                snapshot.metrics().memorySys(),
                snapshot.metrics().cpuUsage());
    }
}
