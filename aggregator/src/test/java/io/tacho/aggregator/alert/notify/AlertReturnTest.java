// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the notifications of a violation that returns soon after its end. */
class AlertReturnTest extends AlertEngineTestBase {

    private long window;

    @BeforeEach
    void startFiring() {
        onBoth(aggregator -> aggregator.applyConfig("rule api-slow time_api_max > 500ms"));
        nextWindow(812_000_000);
        runFor(10);
        assertThat(states()).containsExactly("firing");
    }

    private void nextWindow(long timeApiMax) {
        window++;
        onBoth(aggregator -> aggregator.beat("a", window, timeApiMax));
    }

    private List<String> states() {
        return webhook.messages.stream()
                .map(message -> message.path("status").asText())
                .toList();
    }

    private void assertSecondAlertIsNotifiedToItsEnd() {
        assertThat(states()).containsExactly("firing", "resolved", "firing");
        assertThat(webhook.ids().get(1)).isEqualTo(webhook.ids().get(0));
        assertThat(webhook.ids().get(2)).isNotEqualTo(webhook.ids().get(0));

        nextWindow(1);
        runFor(10);

        assertThat(states()).containsExactly("firing", "resolved", "firing", "resolved");
        assertThat(webhook.ids().get(3)).isEqualTo(webhook.ids().get(2));
        assertThat(store.entries()).isEmpty();
    }

    @Test
    void returnsWhileTheResolutionIsBeingSent_isANewAlert() {
        webhook.stopResponding();
        nextWindow(1);
        runFor(3);
        nextWindow(812_000_000);
        runFor(2);

        webhook.resumeResponding(Webhook.Result.delivered(200));
        runFor(10);

        assertSecondAlertIsNotifiedToItsEnd();
    }

    @Test
    void returnsAfterAResolutionWithoutAResponse_isANewAlert() {
        webhook.stopResponding();
        nextWindow(1);
        runFor(3);
        webhook.resumeResponding(Webhook.Result.failed(0, "no response within 10 s"));
        nextWindow(812_000_000);
        runFor(10);

        assertSecondAlertIsNotifiedToItsEnd();
    }

    @Test
    void returnsBeforeTheResolutionIsSent_isTheSameAlert() {
        nextWindow(1);
        runFor(1);
        assertThat(one.statusJson().at("/alerts/0/status").asText()).isEqualTo("resolved");
        nextWindow(812_000_000);
        runFor(10);
        assertThat(states()).containsExactly("firing");

        nextWindow(1);
        runFor(10);

        assertThat(states()).containsExactly("firing", "resolved");
        assertThat(new HashSet<>(webhook.ids())).hasSize(1);
    }

    @Test
    void returnsAgainAndAgain_eachEndIsNotifiedOnce() {
        for (int i = 0; i < 5; i++) {
            webhook.stopResponding();
            nextWindow(1);
            runFor(7);
            nextWindow(812_000_000);
            runFor(1);
            webhook.resumeResponding(Webhook.Result.delivered(200));
            runFor(7);
        }

        assertThat(states().subList(0, 4)).containsExactly("firing", "resolved", "firing", "resolved");
        assertThat(states()).hasSize(11);
        assertThat(new HashSet<>(webhook.ids())).hasSize(6);
        assertThat(store.entries()).hasSize(1);
    }
}
