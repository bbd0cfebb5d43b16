// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import static io.tacho.agent.source.centrifugo.ScrapedNode.metrics;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.record.RecordedInterval;
import io.tacho.model.Field;
import io.tacho.model.Quality;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests restarts of a Centrifugo, and missing responses. */
class CentrifugoRestartsTest {

    private final ScrapedNode node = new ScrapedNode();

    @Test
    void uid_isSameForAllAgents_untilNodeRestarts() {
        node.scrape(metrics(100));
        String uid = node.read().snapshot().uid();
        ScrapedNode another = new ScrapedNode();
        another.scrape(metrics(100));

        assertThat(another.read().snapshot().uid()).isEqualTo(uid);
        node.scrape(metrics(130));
        assertThat(node.read().snapshot().uid()).isNotEqualTo(uid);
    }

    @Test
    void restart_windowCountsFromZero() {
        node.scrape(metrics(100, "centrifugo_transport_messages_sent 500"));
        node.ticker().advance(Duration.ofSeconds(30));
        node.scrape(metrics(130, "centrifugo_transport_messages_sent 40"));
        node.ticker().advance(Duration.ofSeconds(30));
        node.scrape(metrics(130, "centrifugo_transport_messages_sent 45"));

        assertThat(node.source().endWindow()).isTrue();
        assertThat(node.read().snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(5);
    }

    @Test
    void restart_whileNodeWasLost_changesUid() {
        node.scrape(metrics(100));
        String uid = node.read().snapshot().uid();
        node.scrape(null);
        node.ticker().advance(Duration.ofMinutes(1));
        assertThat(node.read()).isNull();
        node.scrape(metrics(150));

        assertThat(node.read().snapshot().uid()).isNotEqualTo(uid);
    }

    @Test
    void startTimeUnknown_decreasedCounters_areRestart() {
        String unknown = "centrifugo_node_num_clients 1\ncentrifugo_transport_messages_sent %d\n";
        node.scrape(unknown.formatted(50));
        String uid = node.read().snapshot().uid();
        node.scrape(unknown.formatted(60));
        assertThat(node.read().snapshot().uid()).isEqualTo(uid);

        node.scrape(unknown.formatted(3));

        assertThat(node.read().snapshot().uid()).isNotEqualTo(uid);
        assertThat(node.read().quality().byWireName()).containsEntry("started_at", Quality.UNAVAILABLE);
    }

    @Test
    void startTime_drifting_isNotRestart() {
        String drifting = metrics(100, "centrifugo_transport_messages_sent %d")
                .replace("process_start_time_seconds 100", "process_start_time_seconds %s");
        node.scrape(drifting.formatted("1795825365.37", 500));
        String uid = node.read().snapshot().uid();
        for (int i = 1; i <= 20; i++) {
            node.scrape(drifting.formatted(i % 2 == 0 ? "1795825365.37" : "1795825366.12", 500 + i));
            assertThat(node.read().snapshot().uid()).isEqualTo(uid);
        }

        assertThat(node.source().endWindow()).isTrue();
        assertThat(node.read().snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(20);
    }

    @Test
    void startTime_smallChange_isRestartIfCountersDecreased() {
        node.scrape(metrics(100, "centrifugo_transport_messages_sent 500"));
        String uid = node.read().snapshot().uid();
        node.scrape(metrics(103, "centrifugo_transport_messages_sent 501"));
        assertThat(node.read().snapshot().uid()).isEqualTo(uid);

        node.scrape(metrics(106, "centrifugo_transport_messages_sent 1"));

        assertThat(node.read().snapshot().uid()).isNotEqualTo(uid);
    }

    @Test
    void startTime_missingOnce_isNotRestart() {
        node.scrape(metrics(100));
        String uid = node.read().snapshot().uid();
        node.scrape(metrics(100).replace("seconds 100", "seconds ?"));
        assertThat(node.read().snapshot().uid()).isEqualTo(uid);
        node.scrape(metrics(100));

        assertThat(node.read().snapshot().uid()).isEqualTo(uid);
    }

    @Test
    void noResponse_valuesAreStale_thenNodeIsLost_thenReturns() {
        node.scrape(metrics(100, "centrifugo_transport_messages_sent 500"));
        node.ticker().advance(Duration.ofSeconds(10));
        node.scrape(null);

        assertThat(node.read().snapshot().number(Field.NUM_CLIENTS)).isEqualTo(7);
        assertThat(node.read().quality().byWireName())
                .containsEntry("num_clients", Quality.STALE)
                .containsEntry("num_msg_sent", Quality.UNAVAILABLE)
                .doesNotContainKeys("started_at");
        assertThat(node.source().endWindow()).as("the window stays open").isFalse();

        node.ticker().advance(Duration.ofSeconds(6));
        assertThat(node.read()).isNull();
        assertThat(node.source().isLost()).isTrue();

        node.scrape(metrics(100, "centrifugo_transport_messages_sent 900"));
        assertThat(node.source().isLost()).isFalse();
        assertThat(node.read().quality().byWireName())
                .doesNotContainKey("num_clients")
                .containsEntry("num_msg_sent", Quality.UNAVAILABLE);
    }

    @Test
    void lostNode_returns_windowIncludesWhatWasCountedBeforeAndMeanwhile() {
        node.scrape(metrics(100, "centrifugo_transport_messages_sent 500"));
        node.ticker().advance(Duration.ofSeconds(10));
        node.scrape(metrics(100, "centrifugo_transport_messages_sent 520"));
        node.scrape(null);
        node.ticker().advance(Duration.ofSeconds(16));
        assertThat(node.read()).isNull();
        assertThat(node.source().endWindow()).as("the window stays open").isFalse();

        node.scrape(metrics(100, "centrifugo_transport_messages_sent 900").replace("total 10", "total 18"));
        assertThat(node.read().quality().byWireName())
                .as("as after a restart, until the window ends")
                .containsEntry("num_msg_sent", Quality.UNAVAILABLE);
        node.ticker().advance(Duration.ofSeconds(14));
        node.scrape(metrics(100, "centrifugo_transport_messages_sent 910").replace("total 10", "total 20"));

        assertThat(node.source().endWindow()).isTrue();
        assertThat(node.read().snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(410);
        assertThat(node.read().snapshot().number(Field.CPU_USAGE))
                .as("10 s of 40")
                .isEqualTo(25);
        assertThat(node.read().quality().byWireName()).containsEntry("num_msg_sent", Quality.CLOSE);
        node.scrape(metrics(100, "centrifugo_transport_messages_sent 913"));
        assertThat(node.source().endWindow()).isTrue();
        assertThat(node.read().snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(3);
    }

    @Test
    void agentEnds_whileNodeDoesNotRespond_lastWindowHasWhatIsKnown() {
        node.scrape(metrics(100, "centrifugo_transport_messages_sent 500"));
        node.scrape(metrics(100, "centrifugo_transport_messages_sent 520"));
        node.scrape(null);
        assertThat(node.source().endWindow()).isFalse();

        node.source().finish();

        assertThat(node.source().endWindow()).isTrue();
        assertThat(node.source().counted(RecordedInterval.EMPTY).numMsgSent()).isEqualTo(20);
        assertThat(node.source().totalsAtWindowEnd().totals().numMsgSent())
                .as("from which the next agent counts on")
                .isEqualTo(520);
        assertThat(node.source().endWindow()).as("without another response").isFalse();
    }

    @Test
    void lostNode_isReplaced_windowCountsFromZero() {
        node.scrape(metrics(100, "centrifugo_transport_messages_sent 500"));
        node.scrape(null);
        node.ticker().advance(Duration.ofMinutes(1));
        assertThat(node.read()).isNull();

        node.scrape(metrics(150, "centrifugo_transport_messages_sent 900"));
        node.scrape(metrics(150, "centrifugo_transport_messages_sent 910"));

        assertThat(node.source().endWindow()).isTrue();
        assertThat(node.read().snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(10);
    }

    @Test
    void noResponse_nextWindowIncludesMissedCounts() {
        node.scrape(metrics(100, "centrifugo_transport_messages_sent 500"));
        node.ticker().advance(Duration.ofSeconds(10));
        node.scrape(null);
        assertThat(node.source().endWindow()).isFalse();
        node.scrape(metrics(100, "centrifugo_transport_messages_sent 512"));

        assertThat(node.source().endWindow()).isTrue();
        assertThat(node.read().snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(12);
        assertThat(node.read().quality().byWireName()).containsEntry("num_msg_sent", Quality.CLOSE);
    }
}
