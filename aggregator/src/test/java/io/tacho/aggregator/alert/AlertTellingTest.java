// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Who tells, when leaders, webhooks, the ledger or Redis are away, and how much. */
class AlertTellingTest extends AlertMembers {

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
    void redisAway_nothingIsSaidOfNodes_andEachSaysOfItselfThatItIsDeaf() {
        both(member -> member.take("rule deaf stale > 30s", "rule silent age > 20s", "rule few nodes < 1"));
        both(member -> member.beat("a"));
        pass(5);

        both(TestMember::loseRedis);
        ledger.reachable(false);
        pass(40);
        assertThat(hook.texts())
                .containsExactly("FIRING deaf (1): aggregator one:7022 has not heard Redis for 31s (stale > 30s)");
        assertThat(otherHook.texts()).hasSize(1).allMatch(text -> text.contains("other:7022"));

        ledger.reachable(true);
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
        ledger.reachable(false);
        both(member -> member.lose("a"));
        pass(30);
        assertThat(hook.attempts() + otherHook.attempts()).isZero();

        ledger.reachable(true);
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
    void secret_isNowhereOnTheBoard() {
        both(member -> member.take("rule node-lost lost"));
        pass(3);

        assertThat(one.board().toString()).contains("http://hooks.example/***").doesNotContain("s3cret");
    }
}
