// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import io.netty.buffer.ByteBuf;
import io.tacho.aggregator.http.message.ETag;

/**
 * A reference to one version of a cached body. The bytes stay valid until the holder releases the body, however many newer
 * versions exist by then.
 *
 * @param version the view's version that the body shows
 * @param body read-only by convention; the holder releases it once
 * @param tag equal tags mean equal bytes
 */
public record Lease(long version, ByteBuf body, ETag tag) {

    Lease retained() {
        body.retain();
        return this;
    }

    /** Ends the lease. */
    public void release() {
        body.release();
    }
}
