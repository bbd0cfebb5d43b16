// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.model.Quality;
import io.tacho.testing.InMemoryAlertLedger;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two aggregators, a cluster and a webhook, on a clock that the test moves. */
class AlertEngineTest {

    private static final int LEASE = 5;

    private final ManualTicker ticker = new ManualTicker(Instant.parse("2026-11-22T12:00:10Z"));
    private final InMemoryAlertLedger ledger = new InMemoryAlertLedger(ticker, Duration.ofSeconds(LEASE));
    private final FakePoster hook = new FakePoster();
    private final FakePoster otherHook = new FakePoster();
    private TestMember one;
    private TestMember other;

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

    private void both(Consumer<TestMember> action) {
        action.accept(one);
        action.accept(other);
    }

    private void pass(int seconds) {
        pass(seconds, one, other);
    }

    private void pass(int seconds, TestMember... alive) {
        for (int i = 0; i < seconds; i++) {
            ticker.advance(Duration.ofSeconds(1));
            List.of(alive).forEach(TestMember::tick);
        }
    }

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
    void leader_dies_anotherTellsWhatIsNewAndWhatIsOverAndNothingTwice() {
        both(member -> member.take("rule node-lost lost"));
        both(member -> member.beat("a"));
        both(member -> member.beat("b"));
        pass(5);
        both(member -> member.lose("a"));
        pass(5);
        assertThat(hook.messages).hasSize(1);

        // one is dead from here on
        other.beat("a");
        other.lose("b");
        pass(LEASE + 3, other);

        assertThat(hook.messages).hasSize(1);
        assertThat(otherHook.texts())
                .containsExactly("FIRING node-lost (1): b: lost\nRESOLVED node-lost (1): a: lost, over: it is back");
    }

    @Test
    void leader_diesBeforeAnybodyKnowsThatItTold_itIsToldAgainUnderTheSameId() {
        both(member -> member.take("rule node-lost lost"));
        both(member -> member.beat("a"));
        pass(5);
        hook.hang();
        both(member -> member.lose("a"));
        pass(3);
        assertThat(hook.messages).hasSize(1);

        pass(LEASE + 3, other);

        assertThat(otherHook.ids()).isEqualTo(hook.ids());
    }

    @Test
    void newcomer_knowsNothingOfALossButWhatStandsInTheLedger() {
        one.take("rule node-lost lost");
        one.beat("a");
        pass(5, one);
        one.lose("a");
        pass(5, one);

        // it starts after the loss, and the first one dies
        other.take("rule node-lost lost");
        pass(LEASE + 30, other);
        assertThat(otherHook.attempts()).isZero();

        other.beat("a");
        pass(5, other);
        assertThat(otherHook.texts()).containsExactly("RESOLVED node-lost (1): a: lost, over: it is back");
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
    void redisAway_nothingIsSaidOfNodes_andEachSaysOfItselfThatItIsDeaf() {
        both(member -> member.take("rule deaf stale > 30s", "rule silent age > 20s", "rule few nodes < 1"));
        both(member -> member.beat("a"));
        pass(5);

        both(TestMember::loseRedis);
        ledger.away(true);
        pass(40);
        assertThat(hook.texts())
                .containsExactly("FIRING deaf (1): aggregator one:7022 has not heard Redis for 31s (stale > 30s)");
        assertThat(otherHook.texts()).hasSize(1).allMatch(text -> text.contains("other:7022"));

        ledger.away(false);
        both(TestMember::findRedis);
        pass(10);
        assertThat(hook.texts().get(1)).endsWith("over: it hears Redis");
        assertThat(hook.messages).hasSize(2);
        assertThat(otherHook.messages).hasSize(2);
        assertThat(ledger.entries()).isEmpty();
    }

    @Test
    void deafLeader_letsAnotherSpeakAtOnce() {
        both(member -> member.take("rule node-lost lost"));
        both(member -> member.beat("a"));
        pass(5);

        one.loseRedis();
        pass(1);
        other.lose("a");
        pass(4);

        assertThat(otherHook.texts()).containsExactly("FIRING node-lost (1): a: lost");
        assertThat(hook.attempts()).isZero();
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
    void webhookDown_triedLessAndLessOften_thenToldOnce_alsoWhatIsOver() {
        both(member -> member.take("rule node-lost lost"));
        both(member -> member.beat("a"));
        both(member -> member.beat("b"));
        pass(5);
        hook.answer(503);
        both(member -> member.lose("a"));
        both(member -> member.lose("b"));
        pass(10);
        both(member -> member.beat("b"));
        pass(290);
        assertThat(hook.attempts()).isBetween(8, 12);
        assertThat(one.board().at("/deliveries/0/problem").asText()).isEqualTo("status 503");

        hook.answer(200);
        pass(61);
        assertThat(hook.texts())
                .containsExactly("FIRING node-lost (1): a: lost\nRESOLVED node-lost (1): b: lost, over: it is back");
        assertThat(one.board().at("/deliveries/0/delivered").asBoolean()).isTrue();
    }

    @Test
    void ledgerFlushed_nothingIsRepeatedAndNothingForgotten() {
        both(member -> member.take("rule node-lost lost"));
        both(member -> member.beat("a"));
        pass(5);
        both(member -> member.lose("a"));
        pass(10);
        assertThat(hook.messages).hasSize(1);

        ledger.flush();
        pass(30);
        assertThat(hook.messages).hasSize(1);
        assertThat(ledger.entries()).hasSize(1);

        // and when whoever knows it best is dead
        ledger.flush();
        pass(30, other);
        assertThat(otherHook.attempts()).isZero();
        other.beat("a");
        pass(10, other);
        assertThat(otherHook.texts()).hasSize(1).allMatch(text -> text.startsWith("RESOLVED"));
    }

    @Test
    void ledgerAway_nobodySpeaks_untilItIsBack() {
        both(member -> member.take("rule node-lost lost"));
        both(member -> member.beat("a"));
        pass(5);
        ledger.away(true);
        both(member -> member.lose("a"));
        pass(30);
        assertThat(hook.attempts() + otherHook.attempts()).isZero();

        ledger.away(false);
        pass(10);
        assertThat(hook.messages.size() + otherHook.messages.size()).isEqualTo(1);
    }

    @Test
    void hundredLostAtOnce_areOneMessage() {
        both(member -> member.take("rule node-lost lost"));
        for (int i = 0; i < 100; i++) {
            String name = String.format("n%03d", i);
            both(member -> member.beat(name));
        }
        pass(5);
        for (int i = 0; i < 100; i++) {
            String name = String.format("n%03d", i);
            both(member -> member.lose(name));
        }
        pass(30);

        assertThat(hook.texts())
                .containsExactly("FIRING node-lost (100): n000: lost; n001: lost; n002: lost; n003: lost; n004: lost;"
                        + " and 95 more");
        assertThat(hook.messages.get(0).path("alerts")).hasSize(100);
    }

    @Test
    void moreThanAnybodyCanLookAt_isBounded() {
        both(member -> member.take("rule silent age > 5s"));
        for (int i = 0; i < 1_200; i++) {
            String name = "n" + i;
            both(member -> member.beat(name));
        }
        pass(60);

        assertThat(hook.messages)
                .extracting(message -> message.path("alerts").size())
                .containsExactly(500, 500);
        assertThat(hook.texts().get(0)).endsWith("500 more follow");
        assertThat(one.board().path("unlisted").asInt()).isEqualTo(200);
        assertThat(ledger.entries()).hasSize(1_000);
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

    @Test
    void secret_isNowhereOnTheBoard() {
        both(member -> member.take("rule node-lost lost"));
        pass(3);

        assertThat(one.board().toString()).contains("http://hooks.example/***").doesNotContain("s3cret");
    }
}
