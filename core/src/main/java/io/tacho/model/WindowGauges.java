// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.List;

/**
 * The gauges at the end of a window, of one node or summed over all nodes.
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

    /** The gauges, in their order on the wire. */
    public static final List<Field> FIELDS = Field.NUMBERS.stream()
            .filter(field -> field.kind() == Field.Kind.GAUGE)
            .toList();

    /** Nothing is held. */
    public static final WindowGauges NONE = new WindowGauges(0, 0, 0, 0, 0, 0);

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public WindowGauges {
        Checks.count(Field.NUM_GOROUTINE, numGoroutine);
        Checks.count(Field.NUM_CLIENTS, numClients);
        Checks.count(Field.NUM_UNIQUE_CLIENTS, numUniqueClients);
        Checks.count(Field.NUM_CHANNELS, numChannels);
        Checks.count(Field.MEMORY_SYS, memorySys);
        Checks.count(Field.CPU_USAGE, cpuUsage);
    }

    /** Creates gauges from the number of each field. */
    public static <E extends Exception> WindowGauges of(FieldNumbers<E> numbers) throws E {
        return new WindowGauges(
                numbers.of(Field.NUM_GOROUTINE),
                numbers.of(Field.NUM_CLIENTS),
                numbers.of(Field.NUM_UNIQUE_CLIENTS),
                numbers.of(Field.NUM_CHANNELS),
                numbers.of(Field.MEMORY_SYS),
                numbers.of(Field.CPU_USAGE));
    }

    /** {@return the gauges of a snapshot} */
    public static WindowGauges of(NodeSnapshot snapshot) {
        return of(field -> snapshot.number(field));
    }

    /**
     * Returns the value of one gauge.
     *
     * @throws IllegalArgumentException if the field is not a gauge
     */
    public long number(Field gauge) {
        return switch (gauge) {
            case NUM_GOROUTINE -> numGoroutine;
            case NUM_CLIENTS -> numClients;
            case NUM_UNIQUE_CLIENTS -> numUniqueClients;
            case NUM_CHANNELS -> numChannels;
            case MEMORY_SYS -> memorySys;
            case CPU_USAGE -> cpuUsage;
            default -> throw new IllegalArgumentException(gauge.wireName() + " (expected: a gauge)");
        };
    }
}
