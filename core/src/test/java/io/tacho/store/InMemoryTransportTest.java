// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualTicker;
import java.time.Duration;

class InMemoryTransportTest extends TransportContract {

    private final ManualTicker ticker = new ManualTicker();
    private final InMemoryTransport transport = new InMemoryTransport(ticker);
    private final SnapshotSource source = transport.source();

    @Override
    protected SnapshotPublisher publisher() {
        return transport.publisher();
    }

    @Override
    protected SnapshotSource source() {
        return source;
    }

    @Override
    protected WindowHistory history() {
        return transport.history();
    }

    @Override
    protected void elapse(Duration duration) {
        ticker.advance(duration);
    }
}
