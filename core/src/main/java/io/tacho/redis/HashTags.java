// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import java.util.Arrays;

/**
 * Chooses the hash tags of partitions such that their hash slots are equally far from each other. A Redis Cluster whose masters have equal
 * ranges of slots then has the partitions spread evenly, whatever the number of masters is.
 *
 * <p>Partition 0 has the tag with the number 0. The tag of partition p of P has the smallest number whose slot is that of partition 0
 * plus p/P of all slots. So the tags of P partitions are among those of any multiple of P.
 */
final class HashTags {

    private static final int SLOTS = 16_384;

    private HashTags() {}

    /** {@return by partition the number in its tag <code>{namespace:number}</code>} */
    static int[] numbers(String namespace, int partitions) {
        int[] numbers = new int[partitions];
        if (partitions == 1) {
            return numbers;
        }
        int[] partitionOfSlot = new int[SLOTS];
        Arrays.fill(partitionOfSlot, -1);
        int first = crc16(namespace + ":0") % SLOTS;
        for (int partition = 0; partition < partitions; partition++) {
            partitionOfSlot[(first + partition * SLOTS / partitions) % SLOTS] = partition;
        }
        int missing = partitions;
        for (int tens = 0; missing > 0; tens++) {
            int crc = crc16(namespace + ":" + (tens == 0 ? "" : tens));
            for (int digit = 0; digit < 10; digit++) {
                int slot = crc16(crc, '0' + digit) % SLOTS;
                int partition = partitionOfSlot[slot];
                if (partition >= 0) {
                    numbers[partition] = 10 * tens + digit;
                    partitionOfSlot[slot] = -1;
                    missing--;
                }
            }
        }
        return numbers;
    }

    private static int crc16(String ascii) {
        int crc = 0;
        for (int i = 0; i < ascii.length(); i++) {
            crc = crc16(crc, ascii.charAt(i));
        }
        return crc;
    }

    /** {@return the CRC-16 with the polynomial x¹⁶ + x¹² + x⁵ + 1 of a text with one more byte} */
    private static int crc16(int crc, int next) {
        int high = crc >> 8 ^ next;
        high ^= high >> 4;
        return (crc << 8 ^ high << 12 ^ high << 5 ^ high) & 0xffff;
    }
}
