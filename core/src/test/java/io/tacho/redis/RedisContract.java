// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.awaitility.Awaitility.await;

import io.tacho.store.NodeCommands;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.store.TransportContract;
import io.tacho.store.WindowHistory;
import io.tacho.testing.Resources;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;

/** The transport contract against Redis, in real time. */
abstract class RedisContract extends TransportContract {

    @AutoClose
    final Resources resources = new Resources();

    SnapshotPublisher publisher;
    SnapshotSource source;
    WindowHistory history;
    NodeCommands operators;

    /** Opens what the contract uses; both sides may be one transport. */
    final void connect(RedisTransport agentSide, RedisTransport aggregatorSide) {
        publisher = resources.closeLater(agentSide.publisher());
        source = resources.closeLater(aggregatorSide.source());
        history = resources.closeLater(aggregatorSide.history());
        operators = resources.closeLater(aggregatorSide.commands());
    }

    @Override
    protected SnapshotPublisher publisher() {
        return publisher;
    }

    @Override
    protected SnapshotSource source() {
        return source;
    }

    @Override
    protected NodeCommands commands() {
        return operators;
    }

    @Override
    protected WindowHistory history() {
        return history;
    }

    @Override
    protected void elapse(Duration duration) {
        await().pollDelay(duration).until(() -> true);
    }
}
