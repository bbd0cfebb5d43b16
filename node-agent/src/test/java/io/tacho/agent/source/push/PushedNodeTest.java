// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Extra;
import io.tacho.model.Field;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PushedNodeTest {

    private static final long GONE_AFTER = Duration.ofMinutes(5).toNanos();

    private final ManualTicker ticker = new ManualTicker();
    private final PushedNode node = new PushedNode(ticker);

    private void push(String counters, String members) {
        node.take(PushedFields.parse(("{" + members + "}").getBytes(UTF_8), counters));
    }

    private void pushSent(long total) {
        push("totals", "\"num_msg_sent\":" + total);
    }

    private long sentInWindow() {
        node.endWindow();
        return node.counted().sums().numMsgSent();
    }

    private void stayGone() {
        ticker.advance(Duration.ofMinutes(10));
        assertThat(node.expire(GONE_AFTER)).isTrue();
    }

    @Test
    void total_decreasedWithinWindow_countsBeforeAndAfterAreAdded() {
        pushSent(100);
        pushSent(106);
        pushSent(3);

        assertThat(sentInWindow()).isEqualTo(9);
        assertThat(node.number(Field.NUM_MSG_SENT)).hasValue(9);
        assertThat(sentInWindow()).isZero();
    }

    @Test
    void total_decreasedAndAboveStartOfWindow_countsBeforeAreNotLost() {
        pushSent(1_000);
        pushSent(1_500);
        pushSent(1_700);
        pushSent(20);
        pushSent(1_700);

        assertThat(sentInWindow()).isEqualTo(700 + 1_700);
    }

    @Test
    void sumOfTimes_decreasedAtItsBound_isClamped() {
        push("totals", "\"num_api_requests\":1,\"time_api_sum\":0");
        push("totals", "\"num_api_requests\":2,\"time_api_sum\":" + Long.MAX_VALUE);
        push("totals", "\"num_api_requests\":3,\"time_api_sum\":0");
        push("totals", "\"num_api_requests\":4,\"time_api_sum\":" + Long.MAX_VALUE);
        node.endWindow();

        assertThat(node.counted().sums().timeApiSum()).isEqualTo(1L << 61);
    }

    @Test
    void totalsAtWindowEnd_laterPushes_areNotInThem() {
        pushSent(100);
        assertThat(node.totalsAtWindowEnd()).as("no window ended").isNull();
        pushSent(106);
        node.endWindow();
        pushSent(120);
        pushSent(3);

        assertThat(node.totalsAtWindowEnd().numMsgSent()).isEqualTo(106);
    }

    @Test
    void totalsAtWindowEnd_withNumbersOfIntervals_areUnknown() {
        pushSent(100);
        push("interval", "\"num_msg_published\":1");
        node.endWindow();

        assertThat(node.totalsAtWindowEnd()).isNull();
    }

    @Test
    void gone_identityAndTotalsRemain() {
        push(
                "totals",
                "\"uid\":\"u1\",\"name\":\"n1\",\"labels\":{\"zone\":\"b\"},\"num_msg_sent\":100,"
                        + "\"started_at\":1700000000,\"extras\":{\"jobs\":{\"kind\":\"counter\",\"value\":5}}");
        stayGone();
        assertThat(sentInWindow()).isZero();
        push("totals", "\"num_msg_sent\":130,\"extras\":{\"jobs\":{\"kind\":\"counter\",\"value\":7}}");

        assertThat(node.expire(GONE_AFTER)).isFalse();
        assertThat(node.text("uid")).isEqualTo("u1");
        assertThat(node.text("name")).isEqualTo("n1");
        assertThat(node.labels()).containsEntry("zone", "b");
        assertThat(node.number(Field.STARTED_AT)).hasValue(1_700_000_000);
        assertThat(sentInWindow()).isEqualTo(30);
        assertThat(node.counted().detail(null, null, node.extras()).extras().byName())
                .containsEntry("jobs", Extra.counter(2, 7));
    }

    @Test
    void gone_gaugesAndLastWindowAreDiscarded() {
        push("interval", "\"num_clients\":7,\"num_msg_published\":4,\"extras\":{\"queue\":3}");
        pushSent(100);
        pushSent(104);
        assertThat(sentInWindow()).isEqualTo(4);
        stayGone();
        push(null, "\"num_channels\":1");

        assertThat(node.number(Field.NUM_CLIENTS)).isEmpty();
        assertThat(node.number(Field.NUM_MSG_PUBLISHED)).isEmpty();
        assertThat(node.number(Field.NUM_MSG_SENT)).isEmpty();
        assertThat(node.number(Field.NUM_CHANNELS)).hasValue(1);
        assertThat(node.extras().byName()).isEmpty();
        assertThat(node.counted().sums().numMsgSent()).isZero();
    }

    @Test
    void gone_otherUid_isOtherNode() {
        push("totals", "\"uid\":\"u1\",\"name\":\"n1\",\"num_msg_sent\":100");
        stayGone();
        push("totals", "\"uid\":\"u2\",\"num_msg_sent\":130");

        assertThat(node.text("name")).isNull();
        assertThat(sentInWindow()).as("the first push is the baseline").isZero();
    }

    @Test
    void neverPushed_isGone() {
        assertThat(node.expire(GONE_AFTER)).isTrue();
    }
}
