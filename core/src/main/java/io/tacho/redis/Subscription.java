// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.tacho.codec.MalformedSnapshotException;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Envelope;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.transport.SnapshotListener;
import java.util.HashSet;
import java.util.Set;

/**
 * Hears what a pub/sub connection says and tells the listener in the words of the port. The client subscribes again by
 * itself after a reconnect; only when all channels are confirmed is the source subscribed.
 *
 * <p>Thread safety: confined to the connection's event loop.
 */
final class Subscription extends RedisPubSubAdapter<String, byte[]> implements RedisConnectionStateListener {

    private final SnapshotListener listener;
    private final SnapshotCodec codec;
    private final int channels;
    private final Set<String> confirmed = new HashSet<>();

    Subscription(SnapshotListener listener, SnapshotCodec codec, int channels) {
        this.listener = listener;
        this.codec = codec;
        this.channels = channels;
    }

    void listenTo(StatefulRedisPubSubConnection<String, byte[]> connection) {
        connection.addListener((io.lettuce.core.pubsub.RedisPubSubListener<String, byte[]>) this);
        connection.addListener((RedisConnectionStateListener) this);
    }

    @Override
    public void subscribed(String channel, long count) {
        if (confirmed.add(channel) && confirmed.size() == channels) {
            listener.onSubscribed();
        }
    }

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
        confirmed.clear();
        listener.onDisconnected();
    }

    @Override
    public void message(String channel, byte[] message) {
        Envelope envelope;
        try {
            envelope = codec.decode(message);
        } catch (MalformedSnapshotException e) {
            listener.onMalformed(e);
            return;
        }
        if (envelope instanceof SnapshotEnvelope snapshot) {
            listener.onSnapshot(snapshot);
        } else if (envelope instanceof LeaveEnvelope leave) {
            listener.onLeave(leave);
        }
    }
}
