// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.zip.CRC32;

/**
 * The partitions of a namespace. The nodes of a partition are stored together; partitions may be in different places, each of
 * which may be unreachable on its own. While the number of partitions is changed, a node is in its current or in its previous partition.
 *
 * @param current the number of current partitions, numbered from 0
 * @param previous the number of each previous partition: that of a current one in the same place, or one above those; empty for none
 */
public record Partitions(int current, List<Integer> previous) {

    /** All nodes in one partition. */
    public static final Partitions ONE = new Partitions(1);

    /** Creates partitions whose number is not being changed. */
    public Partitions(int current) {
        this(current, List.of());
    }

    public Partitions {
        if (current < 1) {
            throw new IllegalArgumentException("partitions: " + current + " (expected: at least 1)");
        }
        previous = List.copyOf(previous);
    }

    /** {@return the number of current and previous partitions; one in the same place counts once} */
    public int count() {
        int count = current;
        for (int partition : previous) {
            count = Math.max(count, partition + 1);
        }
        return count;
    }

    /** Returns the current partition of a node: the CRC-32 of the uid's UTF-8 bytes, modulo the number of partitions. */
    public int of(String uid) {
        return of(uid, current);
    }

    /** {@return the previous partition of a node; the current one if there is none} */
    public int previousOf(String uid) {
        return previous.isEmpty() ? of(uid) : previous.get(of(uid, previous.size()));
    }

    /** {@return whether this is the current or the previous partition of a node} */
    public boolean contains(int partition, String uid) {
        return of(uid) == partition || previousOf(uid) == partition;
    }

    /** {@return whether both the current and the previous partition of a node meet a condition} */
    public boolean both(String uid, IntPredicate condition) {
        return condition.test(of(uid)) && (previous.isEmpty() || condition.test(previousOf(uid)));
    }

    private static int of(String uid, int count) {
        if (count == 1) {
            return 0;
        }
        CRC32 crc = new CRC32();
        crc.update(uid.getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % count);
    }
}
