// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

/** A subscription of the channels of all partitions. Resubscribes after a failure and notifies the listener, until it is closed. */
interface Subscription extends AutoCloseable {

    /** Begins to subscribe, in the background. */
    void start();

    /** Stops hearing, waiting for it a bounded time. Idempotent. */
    @Override
    void close();
}
