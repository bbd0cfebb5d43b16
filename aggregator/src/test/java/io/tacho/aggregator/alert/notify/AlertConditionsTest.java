// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Conditions that compare a node with its peers, or a value with earlier ones, and the inhibition by a loss. */
class AlertConditionsTest extends AlertEngineTestBase {

    private static final long MILLISECOND = 1_000_000;

    /** Sends a beat of one window for four nodes; the first node has another value. */
    private void beats(long window, long millisOfFirst) {
        onBoth(aggregator -> {
            aggregator.beat("chat_1", window, millisOfFirst * MILLISECOND);
            for (String peer : List.of("chat_2", "chat_3", "chat_4")) {
                aggregator.beat(peer, window, 100 * MILLISECOND);
            }
        });
        runFor(60);
    }

    @Test
    void factorOfTheMedian_firesAfterItsWindows_andIsResolvedByANormalWindow() {
        onBoth(aggregator -> aggregator.applyConfig("rule slow time_api_max > 3x median for 2 windows node=chat_*"));
        beats(1, 412);
        assertThat(webhook.attempts()).isZero();

        beats(2, 412);
        assertThat(webhook.texts())
                .containsExactly("FIRING slow (1): chat_1: time_api_max 412ms, 4.1x the median 100ms"
                        + " (time_api_max &gt; 3x median for 2 windows node=chat_*)");

        beats(3, 110);
        assertThat(webhook.texts().get(1)).endsWith("reason: time_api_max 110ms, 1.1x the median 100ms");
    }

    @Test
    void factorOfTheMedian_ofFewerThanThreeNodes_isNotViolated() {
        onBoth(aggregator -> aggregator.applyConfig("rule slow time_api_max > 3x median"));
        onBoth(aggregator -> aggregator.beat("chat_1", 1, 900 * MILLISECOND));
        onBoth(aggregator -> aggregator.beat("chat_2", 1, 100 * MILLISECOND));
        runFor(60);

        assertThat(webhook.attempts()).isZero();
    }

    @Test
    void changeOfANode_isComparedWithThePreviousWindows() {
        onBoth(aggregator -> aggregator.applyConfig("rule jump time_api_max rises > 50% within 2 windows node=chat_1"));
        beats(1, 100);
        beats(2, 140);
        assertThat(webhook.attempts()).isZero();

        beats(3, 160);
        assertThat(webhook.texts())
                .containsExactly("FIRING jump (1): chat_1: time_api_max 160ms, risen by 60%"
                        + " (time_api_max rises &gt; 50% within 2 windows node=chat_1)");

        beats(4, 165);
        assertThat(webhook.texts().get(1)).endsWith("reason: time_api_max 165ms, risen by 18%");
    }

    @Test
    void changeOfTheCluster_firesWhenItFalls() {
        onBoth(aggregator -> aggregator.applyConfig("rule drop cluster num_clients falls > 30% within 3 windows"));
        beats(1, 100);
        runFor(60);
        onBoth(aggregator -> List.of("chat_3", "chat_4").forEach(aggregator::loseNode));
        runFor(120);

        assertThat(webhook.texts())
                .containsExactly("FIRING drop (1): num_clients 20, fallen by 50%"
                        + " (cluster num_clients falls &gt; 30% within 3 windows)");

        runFor(240);
        assertThat(webhook.texts().get(1)).endsWith("reason: num_clients 20");
    }

    @Test
    void absentLabel_firesWhenItsLastNodeDeparts_andIsResolvedByANewNode() {
        onBoth(aggregator -> aggregator.applyConfig("rule no-eu absent label=zone=eu for 30s severity=critical"));
        onBoth(aggregator -> {
            aggregator.beatWithLabel("chat_1", "zone", "eu");
            aggregator.beatWithLabel("chat_2", "zone", "us");
        });
        runFor(60);
        onBoth(aggregator -> aggregator.loseNode("chat_1"));
        runFor(20);
        assertThat(webhook.attempts()).isZero();

        runFor(30);
        assertThat(webhook.texts()).containsExactly("FIRING no-eu (1): 0 nodes (absent label=zone=eu for 30s)");

        onBoth(aggregator -> aggregator.beatWithLabel("chat_5", "zone", "eu"));
        runFor(60);
        assertThat(webhook.texts().get(1)).endsWith("reason: 1 node");
    }

    @Test
    void lostNode_suppressesItsOtherAlerts() {
        onBoth(aggregator -> aggregator.applyConfig("rule node-lost lost", "rule slow time_api_max > 300ms"));
        beats(1, 400);
        assertThat(webhook.texts().get(0)).startsWith("FIRING slow (1): chat_1");

        onBoth(aggregator -> aggregator.loseNode("chat_1"));
        runFor(60);

        assertThat(webhook.texts()).hasSize(2);
        assertThat(webhook.texts().get(1)).isEqualTo("FIRING node-lost (1): chat_1: lost");
        assertThat(webhook.messages.get(1).path("alerts"))
                .as("receivers that track alerts see that the other one has ended")
                .anySatisfy(alert -> {
                    assertThat(alert.at("/labels/alertname").asText()).isEqualTo("slow");
                    assertThat(alert.path("status").asText()).isEqualTo("resolved");
                    assertThat(alert.path("reason").asText()).isEqualTo("the node is lost");
                });
    }
}
