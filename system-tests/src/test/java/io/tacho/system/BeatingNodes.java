// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import io.tacho.codec.SnapshotCodec;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.SnapshotPublisher;
import io.tacho.testing.Resources;
import io.tacho.testing.Snapshots;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Nodes that send beats until the test loses them. The uid of each is its name. */
final class BeatingNodes implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(BeatingNodes.class);
    private static final long TTL_MILLIS = 5_000;
    private static final long BEAT_MILLIS = 300;

    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final Resources resources = new Resources();
    private final SnapshotPublisher publisher;
    private long seq = System.currentTimeMillis();

    BeatingNodes(String redisUri) {
        RedisTransport transport =
                resources.closeLater(new RedisTransport(RedisSettings.of(redisUri), new SnapshotCodec()));
        publisher = resources.closeLater(transport.publisher());
        ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();
        resources.closeLater(beats::shutdownNow);
        beats.scheduleWithFixedDelay(this::beat, 0, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void beat() {
        try {
            names.forEach(name -> publisher.publish(Snapshots.beat(name, name, ++seq, TTL_MILLIS)));
        } catch (RuntimeException e) {
            // an exception would end the schedule without a trace
            logger.warn("a beat of {} failed", names, e);
        }
    }

    void start(String... started) {
        names.addAll(List.of(started));
    }

    void lose(String name) {
        names.remove(name);
    }

    @Override
    public void close() {
        resources.close();
    }
}
