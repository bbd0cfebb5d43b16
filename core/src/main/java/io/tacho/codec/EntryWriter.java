// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import java.util.stream.Stream;

/**
 * Writes an entry of the nodes array: an object of the 22 fields in their order. An aggregator writes one for each beat of each
 * node, so the length is computed first.
 */
final class EntryWriter {

    private static final Field[] NUMBERS = Field.NUMBERS.toArray(Field[]::new);
    private static final byte[][] KEYS = Shape.NODE.keys();
    private static final int KEYS_LENGTH =
            Stream.of(KEYS).mapToInt(key -> key.length).sum();

    private EntryWriter() {}

    /** {@return the entry of a node, UTF-8 JSON} */
    static byte[] write(NodeSnapshot snapshot) {
        byte[] uid = JsonBytes.quoted(snapshot.uid());
        byte[] name = JsonBytes.quoted(snapshot.name());
        int length = KEYS_LENGTH + uid.length + name.length + 1;
        for (Field field : NUMBERS) {
            length += JsonBytes.digits(snapshot.number(field));
        }
        JsonBytes entry = new JsonBytes(length);
        entry.append(KEYS[0]);
        entry.append(uid);
        entry.append(KEYS[1]);
        entry.append(name);
        for (int i = 0; i < NUMBERS.length; i++) {
            entry.append(KEYS[2 + i]);
            entry.append(snapshot.number(NUMBERS[i]));
        }
        entry.append('}');
        return entry.toBytes();
    }
}
