// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.alert.notify.AlertStatus.FiringCount;
import io.tacho.model.Quality;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the alerts and notifications of each kind of rule. */
class AlertEngineTest extends AlertEngineTestBase {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void lost_isNotifiedOnceByTheLeader_andResolvedWhenTheNodeReturns() {
        onBoth(aggregator -> aggregator.applyConfig("rule node-lost lost"));
        onBoth(aggregator -> aggregator.beat("chat_1"));
        runFor(5);
        assertThat(one.statusJson().path("leader").asBoolean()).isTrue();
        assertThat(other.statusJson().path("leader").asBoolean()).isFalse();

        onBoth(aggregator -> aggregator.loseNode("chat_1"));
        runFor(60);

        assertThat(otherWebhook.attempts()).isZero();
        assertThat(webhook.messages).hasSize(1);
        JsonNode message = webhook.messages.get(0);
        assertThat(message.path("version").asText()).isEqualTo("1");
        assertThat(message.path("text").asText()).isEqualTo("FIRING node-lost (1): chat_1: lost");
        assertThat(message.path("namespace").asText()).isEqualTo("tacho");
        assertThat(message.path("aggregator").asText()).isEqualTo("one:7022");
        JsonNode alert = message.at("/alerts/0");
        assertThat(alert.path("status").asText()).isEqualTo("firing");
        assertThat(alert.path("labels"))
                .isEqualTo(JSON.createObjectNode()
                        .put("alertname", "node-lost")
                        .put("severity", "warning")
                        .put("node", "chat_1")
                        .put("uid", "uid-chat_1"));
        onBoth(aggregator -> assertThat(
                        aggregator.statusJson().at("/alerts/0/id").asText())
                .isEqualTo(alert.path("id").asText()));
        onBoth(aggregator ->
                assertThat(aggregator.status().firingCounts()).isEqualTo(Map.of("node-lost", new FiringCount(1, 0))));

        onBoth(aggregator -> aggregator.beat("chat_1"));
        runFor(60);

        assertThat(webhook.texts().get(1)).isEqualTo("RESOLVED node-lost (1): chat_1: lost, reason: the node is back");
        assertThat(webhook.messages.get(1).at("/alerts/0/id").asText())
                .isEqualTo(alert.path("id").asText());
        assertThat(webhook.messages).hasSize(2);
        onBoth(aggregator -> assertThat(aggregator.statusJson().path("alerts")).isEmpty());
        assertThat(store.entries()).isEmpty();
    }

    @Test
    void outlier_isNotifiedWithItsFactor_andResolvedWhenTheNodeIsNormal() {
        onBoth(aggregator -> aggregator.applyConfig("rule odd outlier node=chat_*"));
        onBoth(aggregator -> aggregator.beat("chat_1"));
        onBoth(aggregator -> aggregator.reportSlow("chat_1", 4.12));
        runFor(60);

        assertThat(webhook.texts())
                .containsExactly("FIRING odd (1): chat_1: outlier: time_api_mean 4.1 × the median of 40 nodes");

        onBoth(TestAggregator::forgetOutliers);
        runFor(60);
        assertThat(webhook.attempts()).as("an aggregator that has just started").isEqualTo(1);

        onBoth(aggregator -> aggregator.reportSlow("chat_1", 1));
        runFor(60);

        assertThat(webhook.texts().get(1)).endsWith("reason: like its peers again");
    }

    @Test
    void outlier_ofUnmatchedOrDepartedNode_doesNotFire() {
        onBoth(aggregator -> aggregator.applyConfig("rule odd outlier node=web_*"));
        onBoth(aggregator -> aggregator.beat("chat_1"));
        onBoth(aggregator -> aggregator.reportSlow("chat_1", 4));
        runFor(60);
        onBoth(aggregator -> aggregator.reportSlow("web_1", 4));
        runFor(60);

        assertThat(webhook.attempts()).isZero();
    }

    @Test
    void lost_matchesNodeNames_andIsResolvedAfterAnHour() {
        onBoth(aggregator -> aggregator.applyConfig("rule chat-lost lost node=chat_*"));
        onBoth(aggregator -> aggregator.beat("chat_1"));
        onBoth(aggregator -> aggregator.beat("push_1"));
        runFor(5);
        onBoth(aggregator -> aggregator.loseNode("chat_1"));
        onBoth(aggregator -> aggregator.loseNode("push_1"));
        runFor(10);
        assertThat(webhook.texts()).containsExactly("FIRING chat-lost (1): chat_1: lost");

        runFor(3_700);

        assertThat(webhook.texts().get(1)).endsWith("reason: the node did not come back within 1h");
    }

    @Test
    void nodeField_countsWindowsNotBeats_andIsResolvedByTheFirstNormalWindow() {
        onBoth(aggregator -> aggregator.applyConfig("rule api-slow time_api_max > 500ms for 3 windows"));
        for (int window = 1; window <= 2; window++) {
            for (int beat = 0; beat < 10; beat++) {
                long number = window;
                onBoth(aggregator -> aggregator.beat("a", number, 812_000_000));
                runFor(1);
            }
        }
        runFor(5);
        assertThat(webhook.messages).isEmpty();

        onBoth(aggregator -> aggregator.beat("a", 3, 812_000_000));
        runFor(5);
        assertThat(webhook.texts())
                .containsExactly("FIRING api-slow (1): a: time_api_max 812ms (time_api_max &gt; 500ms for 3 windows)");

        onBoth(aggregator -> aggregator.beat("a", 4, 120_000_000));
        runFor(10);
        assertThat(webhook.texts().get(1)).endsWith("reason: time_api_max 120ms");
    }

    @Test
    void nodeField_normalWindowResetsTheCount_andLostNodeResolves() {
        onBoth(aggregator -> aggregator.applyConfig("rule api-slow time_api_max > 500ms for 2 windows"));
        long[] values = {812_000_000, 1, 812_000_000, 812_000_000};
        for (int window = 0; window < values.length; window++) {
            int number = window;
            assertThat(webhook.messages).isEmpty();
            onBoth(aggregator -> aggregator.beat("a", number, values[number]));
            runFor(3);
        }
        assertThat(webhook.messages).hasSize(1);

        onBoth(aggregator -> aggregator.loseNode("a"));
        runFor(10);
        assertThat(webhook.texts().get(1)).endsWith("reason: the node is lost");
    }

    @Test
    void nodeField_unavailableValueIsNotEvaluated() {
        onBoth(aggregator -> aggregator.applyConfig("rule idle time_api_max < 1s"));
        onBoth(aggregator -> aggregator.beat("a", 1, 0, Map.of("time_api_max", Quality.UNAVAILABLE)));
        onBoth(aggregator -> aggregator.beat("b", 1, 0, Map.of("time_api_max", Quality.BOUND)));
        runFor(5);
        assertThat(webhook.texts()).hasSize(1).allMatch(text -> text.startsWith("FIRING idle (1): b: "));

        onBoth(aggregator -> aggregator.beat("b", 2, 0, Map.of("time_api_max", Quality.STALE)));
        runFor(10);
        assertThat(webhook.messages).hasSize(1);
    }

    @Test
    void nodeCount_belowThresholdForTheDuration() {
        onBoth(aggregator -> aggregator.applyConfig("rule too-few nodes < 2 for 10s"));
        onBoth(aggregator -> aggregator.beat("a"));
        onBoth(aggregator -> aggregator.beat("b"));
        runFor(20);
        onBoth(aggregator -> aggregator.loseNode("b"));
        runFor(8);
        onBoth(aggregator -> aggregator.beat("b"));
        runFor(2);
        onBoth(aggregator -> aggregator.loseNode("b"));
        runFor(8);
        assertThat(webhook.messages).isEmpty();

        runFor(8);
        assertThat(webhook.texts()).containsExactly("FIRING too-few (1): 1 node (nodes &lt; 2 for 10s)");

        onBoth(aggregator -> aggregator.beat("b"));
        runFor(8);
        assertThat(webhook.texts().get(1))
                .isEqualTo("RESOLVED too-few (1): 1 node (nodes &lt; 2 for 10s), reason: 2 nodes");
    }

    @Test
    void clusterField_isEvaluatedOncePerWindow() {
        onBoth(aggregator -> aggregator.applyConfig("rule busy cluster num_clients > 25 for 2 windows"));
        for (String name : List.of("a", "b", "c")) {
            onBoth(aggregator -> aggregator.beat(name));
        }
        runFor(50);
        assertThat(webhook.messages).isEmpty();

        runFor(30);
        assertThat(webhook.texts())
                .containsExactly("FIRING busy (1): num_clients 30 (cluster num_clients &gt; 25 for 2 windows)");

        onBoth(aggregator -> aggregator.loseNode("c"));
        runFor(61);
        assertThat(webhook.texts().get(1)).endsWith("reason: num_clients 20");
    }

    @Test
    void age_ofANodeWithoutBeats() {
        onBoth(aggregator -> aggregator.applyConfig("rule silent age > 30s"));
        onBoth(aggregator -> aggregator.beat("a"));
        runFor(30);
        assertThat(webhook.messages).isEmpty();

        runFor(5);
        assertThat(webhook.texts()).containsExactly("FIRING silent (1): a: no beat for 31s (age &gt; 30s)");

        onBoth(aggregator -> aggregator.beat("a"));
        runFor(10);
        assertThat(webhook.texts().get(1)).endsWith("reason: the node sends beats again");
    }

    @Test
    void silence_suppressesNotifications_untilItEnds() {
        onBoth(aggregator ->
                aggregator.applyConfig("rule node-lost lost", "silence node-lost node=a* until 2026-11-22T12:02:00Z"));
        List.of("a1", "a2", "b").forEach(name -> onBoth(aggregator -> aggregator.beat(name)));
        runFor(5);
        List.of("a1", "a2", "b").forEach(name -> onBoth(aggregator -> aggregator.loseNode(name)));
        runFor(20);
        assertThat(webhook.texts()).containsExactly("FIRING node-lost (1): b: lost");
        onBoth(aggregator ->
                assertThat(aggregator.status().firingCounts()).isEqualTo(Map.of("node-lost", new FiringCount(1, 2))));

        onBoth(aggregator -> aggregator.beat("a2"));
        runFor(10);
        assertThat(webhook.messages).hasSize(1);

        runFor(90);
        assertThat(webhook.texts()).hasSize(2).last().isEqualTo("FIRING node-lost (1): a1: lost");
    }

    @Test
    void silence_notifiedAlert_isNotifiedWhenResolved() {
        onBoth(aggregator -> aggregator.applyConfig(
                "rule node-lost lost", "silence * from 2026-11-22T12:01:00Z until 2026-11-22T13:00:00Z"));
        onBoth(aggregator -> aggregator.beat("a"));
        runFor(5);
        onBoth(aggregator -> aggregator.loseNode("a"));
        runFor(60);
        onBoth(aggregator -> aggregator.beat("a"));
        runFor(5);

        assertThat(webhook.texts()).hasSize(2).last().asString().startsWith("RESOLVED");
    }

    @Test
    void reload_resolvesAlertsOfRemovedRules_andKeepsOthers() {
        onBoth(aggregator -> aggregator.applyConfig("rule node-lost lost", "rule silent age > 30s"));
        onBoth(aggregator -> aggregator.beat("a"));
        onBoth(aggregator -> aggregator.beat("b"));
        runFor(5);
        onBoth(aggregator -> aggregator.loseNode("a"));
        runFor(40);
        assertThat(webhook.messages).hasSize(2);

        onBoth(aggregator -> aggregator.applyConfig("rule node-lost lost", "rule few nodes < 1"));
        runFor(10);
        assertThat(webhook.messages).hasSize(3);
        assertThat(webhook.texts().get(2)).endsWith("reason: the rule was removed");
        assertThat(one.statusJson().at("/alerts/0/labels/alertname").asText()).isEqualTo("node-lost");
    }
}
