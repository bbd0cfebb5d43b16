// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import io.lettuce.core.AbstractRedisClient;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closing the Redis client with a bounded wait. */
public final class Shutdown {

    private static final Logger logger = LoggerFactory.getLogger(Shutdown.class);

    private Shutdown() {}

    /** Closes clients, each within two seconds, and then their resources: those derived from others warn if they are left open. */
    static void close(List<? extends AbstractRedisClient> clients) {
        clients.forEach(client -> await(client.shutdownAsync(0, 1, TimeUnit.SECONDS)));
        clients.forEach(client -> await(client.getResources().shutdown(0, 1, TimeUnit.SECONDS)));
    }

    /** Waits up to two seconds for an end. */
    public static void await(Future<?> end) {
        try {
            end.get(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            logger.debug("Redis client: not closed in order", e);
        }
    }
}
