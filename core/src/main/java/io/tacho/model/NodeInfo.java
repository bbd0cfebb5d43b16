// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

/**
 * The identity of a node and its current gauges: the first nine of the 22 fields of Centrifugo 1.0–1.3's {@code stats}, in
 * its order and under its names.
 *
 * @param uid unique id of the node, a new UUID per process start; 1 to 128 printable ASCII characters
 * @param name node name, {@code hostname_port} by default; 1 to 255 characters
 * @param numGoroutine live goroutines, on the JVM live threads
 * @param numClients authorized clients connected
 * @param numUniqueClients distinct user ids connected
 * @param numChannels channels with at least one subscriber
 * @param startedAt start of the node's process, UNIX seconds
 * @param gomaxprocs CPUs the process may use
 * @param numCpu CPUs on the machine, not the container's share
 */
public record NodeInfo(
        String uid,
        String name,
        long numGoroutine,
        long numClients,
        long numUniqueClients,
        long numChannels,
        long startedAt,
        long gomaxprocs,
        long numCpu) {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public NodeInfo {
        Checks.uid(uid);
        Checks.text("name", name);
        Checks.count(Field.NUM_GOROUTINE, numGoroutine);
        Checks.count(Field.NUM_CLIENTS, numClients);
        Checks.count(Field.NUM_UNIQUE_CLIENTS, numUniqueClients);
        Checks.count(Field.NUM_CHANNELS, numChannels);
        Checks.count(Field.STARTED_AT, startedAt);
        Checks.count(Field.GOMAXPROCS, gomaxprocs);
        Checks.count(Field.NUM_CPU, numCpu);
    }

    /** Creates the info of a node from the number of each field. */
    public static <E extends Exception> NodeInfo of(String uid, String name, FieldNumbers<E> numbers) throws E {
        return new NodeInfo(
                uid,
                name,
                numbers.of(Field.NUM_GOROUTINE),
                numbers.of(Field.NUM_CLIENTS),
                numbers.of(Field.NUM_UNIQUE_CLIENTS),
                numbers.of(Field.NUM_CHANNELS),
                numbers.of(Field.STARTED_AT),
                numbers.of(Field.GOMAXPROCS),
                numbers.of(Field.NUM_CPU));
    }
}
