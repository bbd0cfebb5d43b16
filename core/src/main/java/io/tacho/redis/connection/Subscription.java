// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

/** Receives the channels of all partitions, subscribes again whenever the subscription is lost, and reports both, until it is closed. */
public interface Subscription extends AutoCloseable {

    /** Begins to subscribe, in the background. */
    void start();

    /** Unsubscribes, waiting for it a bounded time. Idempotent. */
    @Override
    void close();
}
