// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.NodeSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of a snapshot, encoded when it is first read: a beat that the next one replaces unread is never encoded.
 *
 * <p>Thread safety: safe; threads that read it first at the same time may each encode it.
 */
public final class NodeJson {

    private final SnapshotCodec codec;
    private volatile byte @Nullable [] bytes;

    NodeJson(SnapshotCodec codec) {
        this.codec = codec;
    }

    /**
     * Returns the 22 fields as UTF-8 JSON; shared, must not be modified.
     *
     * @param snapshot the same at every call
     */
    byte[] of(NodeSnapshot snapshot) {
        byte[] encoded = bytes;
        if (encoded == null) {
            encoded = codec.encodeNode(snapshot);
            bytes = encoded;
        }
        return encoded;
    }
}
