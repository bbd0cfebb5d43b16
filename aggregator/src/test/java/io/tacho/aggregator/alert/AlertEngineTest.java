// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.model.Quality;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What rules find, and what is said of it. */
class AlertEngineTest extends AlertMembers {

    @Test
    void lost_isToldOnceByOne_andThatItIsBack() {
        both(member -> member.take("rule node-lost lost"));
        both(member -> member.beat("chat_1"));
        pass(5);
        assertThat(one.board().path("leading").asBoolean()).isTrue();
        assertThat(other.board().path("leading").asBoolean()).isFalse();

        both(member -> member.lose("chat_1"));
        pass(60);

        assertThat(otherHook.attempts()).isZero();
        assertThat(hook.messages).hasSize(1);
        JsonNode message = hook.messages.get(0);
        assertThat(message.path("v").asInt()).isEqualTo(1);
        assertThat(message.path("text").asText()).isEqualTo("FIRING node-lost (1): chat_1: lost");
        assertThat(message.path("namespace").asText()).isEqualTo("tacho");
        assertThat(message.path("aggregator").asText()).isEqualTo("one:7022");
        JsonNode alert = message.at("/alerts/0");
        assertThat(alert.path("status").asText()).isEqualTo("firing");
        assertThat(alert.path("uid").asText()).isEqualTo("uid-chat_1");
        both(member -> assertThat(member.board().at("/alerts/0/id").asText())
                .isEqualTo(alert.path("id").asText()));
        both(member -> assertThat(member.board.firing()).isEqualTo(Map.of("node-lost", new AlertBoard.Firing(1, 0))));

        both(member -> member.beat("chat_1"));
        pass(60);

        assertThat(hook.texts().get(1)).isEqualTo("RESOLVED node-lost (1): chat_1: lost, over: it is back");
        assertThat(hook.messages.get(1).at("/alerts/0/id").asText())
                .isEqualTo(alert.path("id").asText());
        assertThat(hook.messages).hasSize(2);
        both(member -> assertThat(member.board().path("alerts")).isEmpty());
        assertThat(ledger.entries()).isEmpty();
    }

    @Test
    void lost_ofTheNamesThatTheRuleIsAbout_andNotAwaitedForEver() {
        both(member -> member.take("rule chat-lost lost node=chat_*"));
        both(member -> member.beat("chat_1"));
        both(member -> member.beat("push_1"));
        pass(5);
        both(member -> member.lose("chat_1"));
        both(member -> member.lose("push_1"));
        pass(10);
        assertThat(hook.texts()).containsExactly("FIRING chat-lost (1): chat_1: lost");

        pass(3_700);

        assertThat(hook.texts().get(1)).endsWith("over: not back within 1h, not awaited any more");
    }

    @Test
    void windows_notBeatsCount_andTheFirstThatIsWellEndsIt() {
        both(member -> member.take("rule api-slow time_api_max > 500ms for 3 windows"));
        for (int window = 1; window <= 2; window++) {
            for (int beat = 0; beat < 10; beat++) {
                long number = window;
                both(member -> member.beat("a", number, 812_000_000));
                pass(1);
            }
        }
        pass(5);
        assertThat(hook.messages).isEmpty();

        both(member -> member.beat("a", 3, 812_000_000));
        pass(5);
        assertThat(hook.texts())
                .containsExactly("FIRING api-slow (1): a: time_api_max 812ms (time_api_max > 500ms for 3 windows)");

        both(member -> member.beat("a", 4, 120_000_000));
        pass(10);
        assertThat(hook.texts().get(1)).endsWith("over: time_api_max 120ms");
    }

    @Test
    void windows_oneThatIsWellBeginsTheCountAnew_andANodeThatGoesEndsIt() {
        both(member -> member.take("rule api-slow time_api_max > 500ms for 2 windows"));
        long[] values = {812_000_000, 1, 812_000_000, 812_000_000};
        for (int window = 0; window < values.length; window++) {
            int number = window;
            assertThat(hook.messages).isEmpty();
            both(member -> member.beat("a", number, values[number]));
            pass(3);
        }
        assertThat(hook.messages).hasSize(1);

        both(member -> member.lose("a"));
        pass(10);
        assertThat(hook.texts().get(1)).endsWith("over: the node is gone");
    }

    @Test
    void windows_whatANodeDoesNotTellIsNotJudged() {
        both(member -> member.take("rule idle time_api_max < 1s"));
        both(member -> member.beat("a", 1, 0, Map.of("time_api_max", Quality.UNAVAILABLE)));
        both(member -> member.beat("b", 1, 0, Map.of("time_api_max", Quality.BOUND)));
        pass(5);
        assertThat(hook.texts()).hasSize(1).allMatch(text -> text.startsWith("FIRING idle (1): b: "));

        both(member -> member.beat("b", 2, 0, Map.of("time_api_max", Quality.OLD)));
        pass(10);
        assertThat(hook.messages).hasSize(1);
    }

    @Test
    void nodes_tooFewForAWhile() {
        both(member -> member.take("rule too-few nodes < 2 for 10s"));
        both(member -> member.beat("a"));
        both(member -> member.beat("b"));
        pass(20);
        both(member -> member.lose("b"));
        pass(8);
        both(member -> member.beat("b"));
        pass(2);
        both(member -> member.lose("b"));
        pass(8);
        assertThat(hook.messages).isEmpty();

        pass(8);
        assertThat(hook.texts()).containsExactly("FIRING too-few (1): 1 node (nodes < 2 for 10s)");

        both(member -> member.beat("b"));
        pass(8);
        assertThat(hook.texts().get(1)).isEqualTo("RESOLVED too-few (1): 1 node (nodes < 2 for 10s), over: 2 nodes");
    }

    @Test
    void cluster_oncePerWindow() {
        both(member -> member.take("rule busy cluster num_clients > 25 for 2 windows"));
        for (String name : List.of("a", "b", "c")) {
            both(member -> member.beat(name));
        }
        pass(50);
        assertThat(hook.messages).isEmpty();

        pass(30);
        assertThat(hook.texts())
                .containsExactly("FIRING busy (1): num_clients 30 (cluster num_clients > 25 for 2 windows)");

        both(member -> member.lose("c"));
        pass(61);
        assertThat(hook.texts().get(1)).endsWith("over: num_clients 20");
    }

    @Test
    void age_ofANodeThatIsSilent() {
        both(member -> member.take("rule silent age > 30s"));
        both(member -> member.beat("a"));
        pass(30);
        assertThat(hook.messages).isEmpty();

        pass(5);
        assertThat(hook.texts()).containsExactly("FIRING silent (1): a: no beat for 31s (age > 30s)");

        both(member -> member.beat("a"));
        pass(10);
        assertThat(hook.texts().get(1)).endsWith("over: it beats");
    }

    @Test
    void silence_nothingIsSaid_butWhatIsStillSoAfterwardsIs() {
        both(member -> member.take("rule node-lost lost", "silence node-lost node=a* until 2026-11-22T12:02:00Z"));
        List.of("a1", "a2", "b").forEach(name -> both(member -> member.beat(name)));
        pass(5);
        List.of("a1", "a2", "b").forEach(name -> both(member -> member.lose(name)));
        pass(20);
        assertThat(hook.texts()).containsExactly("FIRING node-lost (1): b: lost");
        both(member -> assertThat(member.board.firing()).isEqualTo(Map.of("node-lost", new AlertBoard.Firing(1, 2))));

        both(member -> member.beat("a2"));
        pass(10);
        assertThat(hook.messages).hasSize(1);

        pass(90);
        assertThat(hook.texts()).hasSize(2).last().isEqualTo("FIRING node-lost (1): a1: lost");
    }

    @Test
    void silence_whatWasToldBeforeIsToldToBeOver() {
        both(member ->
                member.take("rule node-lost lost", "silence * from 2026-11-22T12:01:00Z until 2026-11-22T13:00:00Z"));
        both(member -> member.beat("a"));
        pass(5);
        both(member -> member.lose("a"));
        pass(60);
        both(member -> member.beat("a"));
        pass(5);

        assertThat(hook.texts()).hasSize(2).last().asString().startsWith("RESOLVED");
    }

    @Test
    void reload_aRuleThatIsGoneEndsItsAlerts_andOneThatStaysGoesOn() {
        both(member -> member.take("rule node-lost lost", "rule silent age > 30s"));
        both(member -> member.beat("a"));
        both(member -> member.beat("b"));
        pass(5);
        both(member -> member.lose("a"));
        pass(40);
        assertThat(hook.messages).hasSize(2);

        both(member -> member.take("rule node-lost lost", "rule few nodes < 1"));
        pass(10);
        assertThat(hook.messages).hasSize(3);
        assertThat(hook.texts().get(2)).endsWith("over: the rule is gone");
        assertThat(one.board().at("/alerts/0/rule").asText()).isEqualTo("node-lost");
    }
}
