// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.testing.ManualScheduler;
import io.tacho.testing.UnreliableAlertLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two aggregators, a cluster and a webhook, on a clock that the test moves. */
abstract class AlertMembers {

    static final int LEASE = 5;

    final ManualScheduler ticker = new ManualScheduler(Instant.parse("2026-11-22T12:00:10Z"));
    final UnreliableAlertLedger ledger = new UnreliableAlertLedger(ticker, Duration.ofSeconds(LEASE));
    final FakePoster hook = new FakePoster();
    final FakePoster otherHook = new FakePoster();
    TestMember one;
    TestMember other;

    @BeforeEach
    void start() {
        one = new TestMember("one:7022", ticker, ledger, hook);
        other = new TestMember("other:7022", ticker, ledger, otherHook);
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
    }

    void both(Consumer<TestMember> action) {
        action.accept(one);
        action.accept(other);
    }

    void pass(int seconds) {
        pass(seconds, one, other);
    }

    void pass(int seconds, TestMember... alive) {
        for (int i = 0; i < seconds; i++) {
            ticker.advance(Duration.ofSeconds(1));
            List.of(alive).forEach(TestMember::tick);
        }
    }
}
