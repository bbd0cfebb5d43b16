// SPDX-License-Identifier: Apache-2.0
package io.tacho.store.memory;

import io.tacho.store.alerts.AlertStore;
import io.tacho.store.alerts.AlertStoreContract;
import io.tacho.testing.ManualTicker;
import java.time.Duration;

class InMemoryAlertStoreTest extends AlertStoreContract {

    private final ManualTicker ticker = new ManualTicker();
    private final InMemoryAlertStore store = new InMemoryAlertStore(ticker, LEASE);

    @Override
    protected AlertStore newStore() {
        return store.connect();
    }

    @Override
    protected void elapse(Duration duration) {
        ticker.advance(duration);
    }

    @Override
    protected void flush() {
        store.clear();
    }
}
