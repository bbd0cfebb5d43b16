// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
        assertThat(received()).containsExactly("firing 1");
    }

    private void nextWindow(long timeApiMax) {
        window++;
        onBoth(aggregator -> aggregator.beat("a", window, timeApiMax));
    }

    /** Returns what the webhook has received, first of the first aggregator, e.g. {@code resolved 1} for the resolution of the first alert. */
    private List<String> received() {
        List<String> ids = new ArrayList<>();
        List<String> received = new ArrayList<>();
        for (JsonNode message : Stream.concat(webhook.messages.stream(), otherWebhook.messages.stream())
                .toList()) {
            for (JsonNode alert : message.path("alerts")) {
                String id = alert.path("id").asText();
                if (!ids.contains(id)) {
                    ids.add(id);
                }
                received.add(alert.path("status").asText() + " " + (ids.indexOf(id) + 1));
            }
        }
        return received;
    }

    private void end() {
        nextWindow(1);
        runFor(10);
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
        assertThat(received()).containsExactly("firing 1", "resolved 1", "firing 2");

        end();
        assertThat(received()).containsExactly("firing 1", "resolved 1", "firing 2", "resolved 2");
    }

    /** The receiver may have accepted the resolution, or not. */
    @Test
    void returnsAfterAResolutionWithoutAResponse_isANewAlert_andTheResolutionIsRepeatedBefore() {
        webhook.stopResponding();
        nextWindow(1);
        runFor(3);
        webhook.resumeResponding(Webhook.Result.failed(0, "no response within 10 s"));
        nextWindow(812_000_000);
        runFor(10);
        assertThat(received()).containsExactly("firing 1", "resolved 1", "resolved 1", "firing 2");

        end();
        assertThat(received()).endsWith("firing 2", "resolved 2").hasSize(5);
    }

    @Test
    void returnsRepeatedlyWhileTheReceiverIsDown_receiverIsNotifiedOfTheEndOfTheFirst() {
        webhook.setStatus(503);
        for (int i = 0; i < 3; i++) {
            nextWindow(1);
            runFor(70);
            nextWindow(812_000_000);
            runFor(70);
        }
        webhook.setStatus(200);
        runFor(70);
        assertThat(received())
                .as("those in between were never notified")
                .containsExactly("firing 1", "resolved 1", "firing 2");
        assertThat(webhook.texts().get(1)).startsWith("RESOLVED api-slow (1): ").contains("\nFIRING api-slow (1): ");

        end();
        assertThat(received()).endsWith("firing 2", "resolved 2").hasSize(4);
    }

    @Test
    void receiverIsDownForMoreThanAnHour_earlierEndsAreNotNotified() {
        webhook.setStatus(503);
        nextWindow(1);
        runFor(5);
        nextWindow(812_000_000);
        runFor(3_700);
        webhook.setStatus(200);
        runFor(70);

        assertThat(received()).containsExactly("firing 1", "firing 2");
    }

    @Test
    void formerLeader_doesNotNotifyOfEarlierEnds() {
        webhook.setStatus(503);
        nextWindow(1);
        runFor(5);
        nextWindow(812_000_000);
        runFor(5);
        runFor(LEASE, other);
        webhook.setStatus(200);
        runFor(LEASE);
        assertThat(other.statusJson().path("leader").asBoolean()).isTrue();
        runFor(2 * LEASE, one);

        assertThat(one.statusJson().path("leader").asBoolean()).isTrue();
        assertThat(received()).containsExactly("firing 1", "firing 2");
    }

    @Test
    void returnsBeforeTheResolutionIsSent_andTheLeaderEndsLater_isTheSameAlert() {
        // the next notification has to wait, while the other aggregator sees the end
        nextWindow(1);
        runFor(1);
        nextWindow(812_000_000);
        runFor(10);
        assertThat(received()).containsExactly("firing 1");

        runFor(LEASE + 5, other);

        assertThat(other.statusJson().path("leader").asBoolean()).isTrue();
        assertThat(received()).containsExactly("firing 1");
    }

    @Test
    void leaderDiesWhileTheResolutionIsBeingSent_returnIsANewAlertOfTheNextLeader() {
        webhook.stopResponding();
        nextWindow(1);
        runFor(3);
        assertThat(received()).containsExactly("firing 1", "resolved 1");

        // the first aggregator does not run from here on
        nextWindow(812_000_000);
        runFor(LEASE + 5, other);
        assertThat(received()).containsExactly("firing 1", "resolved 1", "resolved 1", "firing 2");

        nextWindow(1);
        runFor(10, other);
        assertThat(received()).endsWith("firing 2", "resolved 2").hasSize(5);
    }

    @Test
    void returnsBeforeTheResolutionIsSent_isTheSameAlert() {
        nextWindow(1);
        runFor(1);
        assertThat(one.statusJson().at("/alerts/0/status").asText()).isEqualTo("resolved");
        nextWindow(812_000_000);
        runFor(10);
        assertThat(received()).containsExactly("firing 1");

        end();
        assertThat(received()).containsExactly("firing 1", "resolved 1");
    }

    @Test
    void returnsAgainAndAgain_eachEndIsNotifiedOnce() {
        List<String> expected = new ArrayList<>(List.of("firing 1"));
        for (int i = 1; i <= 5; i++) {
            webhook.stopResponding();
            nextWindow(1);
            runFor(7);
            nextWindow(812_000_000);
            runFor(1);
            webhook.resumeResponding(Webhook.Result.delivered(200));
            runFor(7);
            expected.add("resolved " + i);
            expected.add("firing " + (i + 1));
        }

        assertThat(received()).isEqualTo(expected);
        assertThat(store.entries()).hasSize(1);
    }
}
