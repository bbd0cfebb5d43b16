// SPDX-License-Identifier: Apache-2.0
package io.tacho.store.memory;

import io.tacho.store.AlertLedger;
import io.tacho.store.AlertLedgerContract;
import io.tacho.testing.ManualTicker;
import java.time.Duration;

class InMemoryAlertLedgerTest extends AlertLedgerContract {

    private final ManualTicker ticker = new ManualTicker();
    private final InMemoryAlertLedger ledger = new InMemoryAlertLedger(ticker, LEASE);

    @Override
    protected AlertLedger member() {
        return ledger.member();
    }

    @Override
    protected void elapse(Duration duration) {
        ticker.advance(duration);
    }

    @Override
    protected void flush() {
        ledger.clear();
    }
}
