// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import static org.awaitility.Awaitility.await;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Envelope;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.SnapshotSource;
import io.tacho.store.StoredSnapshot;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Follows the nodes of a namespace as an aggregator does. Declare it as a field with {@code @AutoClose}. */
public final class NamespaceFollower implements AutoCloseable {

    private final RecordingListener listener = new RecordingListener();
    private final RedisTransport transport;
    private final SnapshotSource source;

    /** Returns when it is subscribed. */
    public NamespaceFollower(RedisSettings settings) {
        transport = new RedisTransport(settings, new SnapshotCodec());
        source = transport.source();
        source.start(listener);
        await().until(() -> listener.subscribed.get() == 1);
    }

    /** Returns the messages so far. */
    public List<Envelope> envelopes() {
        return listener.envelopes;
    }

    /** Returns the beats so far. */
    public List<SnapshotEnvelope> beats() {
        return envelopes().stream()
                .filter(SnapshotEnvelope.class::isInstance)
                .map(SnapshotEnvelope.class::cast)
                .toList();
    }

    /** Returns the entries of the nodes. */
    public List<SnapshotEnvelope> entries() throws Exception {
        return source.loadAll().toCompletableFuture().get(5, TimeUnit.SECONDS).stream()
                .map(StoredSnapshot::envelope)
                .toList();
    }

    /** Returns the snapshots of the entries. */
    public List<NodeSnapshot> nodes() throws Exception {
        return entries().stream().map(SnapshotEnvelope::snapshot).toList();
    }

    /** Returns whether a node has announced that it is draining. */
    public boolean draining() {
        return beats().stream().anyMatch(beat -> beat.status().draining());
    }

    /** Returns whether a node has announced its departure. */
    public boolean left() {
        return envelopes().stream().anyMatch(LeaveEnvelope.class::isInstance);
    }

    @Override
    public void close() {
        source.close();
        transport.close();
    }
}
