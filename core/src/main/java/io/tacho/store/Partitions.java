// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The partitions of a namespace. The nodes of a partition are stored together; partitions may be in different places, each of
 * which may be unreachable on its own.
 *
 * @param count number of partitions, numbered from 0
 */
public record Partitions(int count) {

    /** All nodes in one partition. */
    public static final Partitions ONE = new Partitions(1);

    public Partitions {
        if (count < 1) {
            throw new IllegalArgumentException("partitions: " + count + " (expected: at least 1)");
        }
    }

    /** Returns the partition of a node: the CRC-32 of the uid's UTF-8 bytes, modulo the number of partitions. */
    public int of(String uid) {
        if (count == 1) {
            return 0;
        }
        CRC32 crc = new CRC32();
        crc.update(uid.getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % count);
    }
}
