// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

/** Hears the channels of all partitions, comes back by itself and tells so, until it is closed. */
interface Subscription extends AutoCloseable {

    /** Begins to subscribe, in the background. */
    void start();

    /** Stops hearing, waiting for it a bounded time. Idempotent. */
    @Override
    void close();
}
