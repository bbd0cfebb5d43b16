// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Tests the notifications when the leader, the webhook, the alert store or Redis fails. */
class AlertNotificationTest extends AlertEngineTestBase {

    @Test
    void leader_dies_anotherNotifiesNewAndResolvedAlertsOnce() {
        onBoth(aggregator -> aggregator.applyConfig("rule node-lost lost"));
        onBoth(aggregator -> aggregator.beat("a"));
        onBoth(aggregator -> aggregator.beat("b"));
        runFor(5);
        onBoth(aggregator -> aggregator.loseNode("a"));
        runFor(5);
        assertThat(webhook.messages).hasSize(1);

        // the first aggregator does not run from here on
        other.beat("a");
        other.loseNode("b");
        runFor(LEASE + 3, other);

        assertThat(webhook.messages).hasSize(1);
        assertThat(otherWebhook.texts())
                .containsExactly(
                        "FIRING node-lost (1): b: lost\nRESOLVED node-lost (1): a: lost, reason: the node is back");
    }

    private void loseNodeWhileTheWebhookDoesNotRespond() {
        onBoth(aggregator -> aggregator.applyConfig("rule node-lost lost"));
        onBoth(aggregator -> aggregator.beat("a"));
        runFor(5);
        webhook.stopResponding();
        onBoth(aggregator -> aggregator.loseNode("a"));
        runFor(3);
    }

    @Test
    void leader_diesBeforeStoringNotified_alertIsNotifiedAgainWithTheSameId() {
        loseNodeWhileTheWebhookDoesNotRespond();
        assertThat(webhook.messages).hasSize(1);

        runFor(LEASE + 3, other);

        assertThat(otherWebhook.ids()).isEqualTo(webhook.ids());
    }

    @Test
    void leader_endsWhileTheStoreIsSlow_alertIsNotNotifiedAgain() {
        loseNodeWhileTheWebhookDoesNotRespond();
        store.delayCalls();
        runFor(1, one);
        webhook.resumeResponding(Webhook.Result.delivered(200));
        AtomicBoolean stored = new AtomicBoolean();

        one.storeDeliveries(() -> stored.set(true));
        assertThat(stored).as("a call is pending").isFalse();
        store.executeDelayedCalls();

        assertThat(stored).isTrue();
        runFor(LEASE + 3, other);
        assertThat(webhook.messages).hasSize(1);
        assertThat(otherWebhook.attempts()).isZero();
    }

    @Test
    void newLeader_readsEarlierLossesFromTheStore() {
        one.applyConfig("rule node-lost lost");
        one.beat("a");
        runFor(5, one);
        one.loseNode("a");
        runFor(5, one);

        // the second aggregator starts after the loss, then the first one ends
        other.applyConfig("rule node-lost lost");
        runFor(LEASE + 30, other);
        assertThat(otherWebhook.attempts()).isZero();

        other.beat("a");
        runFor(5, other);
        assertThat(otherWebhook.texts()).containsExactly("RESOLVED node-lost (1): a: lost, reason: the node is back");
    }

    @Test
    void redisUnreachable_onlyTheAggregatorsThemselvesRaiseAlerts() {
        onBoth(aggregator -> aggregator.applyConfig(
                "rule not-receiving stale > 30s", "rule silent age > 20s", "rule few nodes < 1"));
        onBoth(aggregator -> aggregator.beat("a"));
        runFor(5);

        onBoth(TestAggregator::disconnectRedis);
        store.setReachable(false);
        runFor(40);
        assertThat(webhook.texts())
                .containsExactly(
                        "FIRING not-receiving (1): aggregator one:7022 has not received from Redis for 31s (stale &gt; 30s)");
        assertThat(otherWebhook.texts()).hasSize(1).allMatch(text -> text.contains("other:7022"));

        store.setReachable(true);
        onBoth(TestAggregator::reconnectRedis);
        runFor(10);
        assertThat(webhook.texts().get(1)).endsWith("reason: it receives from Redis again");
        assertThat(webhook.messages).hasSize(2);
        assertThat(otherWebhook.messages).hasSize(2);
        assertThat(store.entries()).isEmpty();
    }

    @Test
    void partitionDisconnected_itsNodesRaiseNoAlert_theAggregatorAlertHasTheShare() {
        one.applyConfig("rule not-receiving stale > 30s", "rule silent age > 20s");
        one.beat("a");
        one.beat("d");
        runFor(5, one);

        one.disconnectPartitionOf("a");
        for (int i = 0; i < 4; i++) {
            runFor(10, one);
            one.beat("d");
        }
        assertThat(webhook.texts())
                .containsExactly(
                        "FIRING not-receiving (1): aggregator one:7022 has not received 1 of 2 partitions from Redis for 31s (stale &gt; 30s)");

        one.reconnectPartitionOf("a");
        runFor(10, one);
        assertThat(webhook.texts().get(1)).endsWith("reason: it receives from Redis again");
        assertThat(webhook.messages).hasSize(2);
    }

    @Test
    void disconnectedLeader_releasesTheLease() {
        onBoth(aggregator -> aggregator.applyConfig("rule node-lost lost"));
        onBoth(aggregator -> aggregator.beat("a"));
        runFor(5);

        one.disconnectRedis();
        runFor(1);
        other.loseNode("a");
        runFor(4);

        assertThat(otherWebhook.texts()).containsExactly("FIRING node-lost (1): a: lost");
        assertThat(webhook.attempts()).isZero();
    }

    @Test
    void webhookDown_isRetriedWithBackoff_thenNotifiedOnce() {
        onBoth(aggregator -> aggregator.applyConfig("rule node-lost lost"));
        onBoth(aggregator -> aggregator.beat("a"));
        onBoth(aggregator -> aggregator.beat("b"));
        runFor(5);
        webhook.setStatus(503);
        onBoth(aggregator -> aggregator.loseNode("a"));
        onBoth(aggregator -> aggregator.loseNode("b"));
        runFor(10);
        onBoth(aggregator -> aggregator.beat("b"));
        runFor(290);
        assertThat(webhook.attempts()).isBetween(8, 12);
        assertThat(one.statusJson().at("/notifications/0/error").asText()).isEqualTo("status 503");

        webhook.setStatus(200);
        runFor(61);
        assertThat(webhook.texts())
                .containsExactly(
                        "FIRING node-lost (1): a: lost\nRESOLVED node-lost (1): b: lost, reason: the node is back");
        assertThat(one.statusJson().at("/notifications/0/delivered").asBoolean())
                .isTrue();
    }

    @Test
    void storeFlushed_isRestored_andNothingIsNotifiedTwice() {
        onBoth(aggregator -> aggregator.applyConfig("rule node-lost lost"));
        onBoth(aggregator -> aggregator.beat("a"));
        runFor(5);
        onBoth(aggregator -> aggregator.loseNode("a"));
        runFor(10);
        assertThat(webhook.messages).hasSize(1);

        store.flush();
        runFor(30);
        assertThat(webhook.messages).hasSize(1);
        assertThat(store.entries()).hasSize(1);

        // even if the leader has ended
        store.flush();
        runFor(30, other);
        assertThat(otherWebhook.attempts()).isZero();
        other.beat("a");
        runFor(10, other);
        assertThat(otherWebhook.texts()).hasSize(1).allMatch(text -> text.startsWith("RESOLVED"));
    }

    @Test
    void storeUnreachable_noNotifications_untilItIsReachable() {
        onBoth(aggregator -> aggregator.applyConfig("rule node-lost lost"));
        onBoth(aggregator -> aggregator.beat("a"));
        runFor(5);
        store.setReachable(false);
        onBoth(aggregator -> aggregator.loseNode("a"));
        runFor(30);
        assertThat(webhook.attempts() + otherWebhook.attempts()).isZero();

        store.setReachable(true);
        runFor(10);
        assertThat(webhook.messages.size() + otherWebhook.messages.size()).isEqualTo(1);
    }

    @Test
    void hundredLostNodes_areOneNotification() {
        onBoth(aggregator -> aggregator.applyConfig("rule node-lost lost"));
        for (int i = 0; i < 100; i++) {
            String name = String.format("n%03d", i);
            onBoth(aggregator -> aggregator.beat(name));
        }
        runFor(5);
        for (int i = 0; i < 100; i++) {
            String name = String.format("n%03d", i);
            onBoth(aggregator -> aggregator.loseNode(name));
        }
        runFor(30);

        assertThat(webhook.texts())
                .containsExactly("FIRING node-lost (100): n000: lost; n001: lost; n002: lost; n003: lost; n004: lost;"
                        + " and 95 more");
        assertThat(webhook.messages.get(0).path("alerts")).hasSize(100);
    }

    @Test
    void tooManyAlerts_areTruncated() {
        onBoth(aggregator -> aggregator.applyConfig("rule silent age > 5s"));
        for (int i = 0; i < 1_200; i++) {
            String name = "n" + i;
            onBoth(aggregator -> aggregator.beat(name));
        }
        runFor(60);

        assertThat(webhook.messages)
                .extracting(message -> message.path("alerts").size())
                .containsExactly(500, 500);
        assertThat(webhook.texts().get(0)).endsWith("500 more follow");
        assertThat(one.statusJson().path("truncatedAlerts").asInt()).isEqualTo(200);
        assertThat(store.entries()).hasSize(1_000);
    }

    @Test
    void secret_isNotInTheStatus() {
        onBoth(aggregator -> aggregator.applyConfig("rule node-lost lost"));
        runFor(3);

        assertThat(one.statusJson().toString())
                .contains("http://hooks.example/***")
                .doesNotContain("s3cret");
    }

    @Test
    void webhookRequestsDelay_isRetriedAfterTheDelay() {
        onBoth(aggregator -> aggregator.applyConfig("rule node-lost lost"));
        onBoth(aggregator -> aggregator.beat("a"));
        runFor(5);
        webhook.setStatus(429);
        webhook.setRetryAfter(Duration.ofMinutes(5));
        onBoth(aggregator -> aggregator.loseNode("a"));
        runFor(280);
        assertThat(webhook.attempts()).isEqualTo(1);

        webhook.setStatus(200);
        runFor(30);
        assertThat(webhook.texts()).containsExactly("FIRING node-lost (1): a: lost");
    }

    @Test
    void text_hasNoSlackMentions_andAnnotationsAreNotEscaped() {
        onBoth(aggregator -> aggregator.applyConfig("rule node-lost lost"));
        onBoth(aggregator -> aggregator.beat("<!channel>&co"));
        runFor(5);
        onBoth(aggregator -> aggregator.loseNode("<!channel>&co"));
        runFor(5);

        assertThat(webhook.texts()).containsExactly("FIRING node-lost (1): &lt;!channel&gt;&amp;co: lost");
        assertThat(webhook.messages.get(0).at("/alerts/0/annotations/summary").asText())
                .isEqualTo("<!channel>&co: lost");
    }
}
