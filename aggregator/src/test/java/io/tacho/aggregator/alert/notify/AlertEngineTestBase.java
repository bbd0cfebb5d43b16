// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import io.tacho.testing.ManualScheduler;
import io.tacho.testing.UnreliableAlertStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two aggregators, a cluster and a webhook, on a clock that the test advances. */
abstract class AlertEngineTestBase {

    static final int LEASE = 5;

    final ManualScheduler ticker = new ManualScheduler(Instant.parse("2026-11-22T12:00:10Z"));
    final UnreliableAlertStore store = new UnreliableAlertStore(ticker, Duration.ofSeconds(LEASE));
    final FakeWebhook webhook = new FakeWebhook();
    final FakeWebhook otherWebhook = new FakeWebhook();
    TestAggregator one;
    TestAggregator other;

    @BeforeEach
    void start() {
        one = new TestAggregator("one:7022", ticker, store, webhook);
        other = new TestAggregator("other:7022", ticker, store, otherWebhook);
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
    }

    void onBoth(Consumer<TestAggregator> action) {
        action.accept(one);
        action.accept(other);
    }

    void runFor(int seconds) {
        runFor(seconds, one, other);
    }

    void runFor(int seconds, TestAggregator... running) {
        for (int i = 0; i < seconds; i++) {
            ticker.advance(Duration.ofSeconds(1));
            List.of(running).forEach(TestAggregator::evaluate);
        }
    }
}
