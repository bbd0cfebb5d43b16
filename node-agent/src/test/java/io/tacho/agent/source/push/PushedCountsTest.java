// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Field;
import io.tacho.model.NodeTotals;
import org.junit.jupiter.api.Test;

/** Tests sums of pushes: each event counts in exactly one window, independent of push times. */
class PushedCountsTest {

    private static final NodeTotals NOTHING = new NodeTotals(0, 0, 0, 0, 0, 0, 0, 0, 0);

    private final PushedNode node = new PushedNode(System::nanoTime);

    private void push(String how, String members) {
        node.take(PushedFields.parse(("{" + members + "}").getBytes(UTF_8), how));
    }

    private NodeTotals endWindow() {
        node.endWindow();
        return node.counted().sums();
    }

    @Test
    void intervals_eachPush_isCountedOnce() {
        push("interval", "\"num_msg_sent\":5,\"num_api_requests\":4,\"time_api_mean\":250,\"time_api_max\":900");
        push("interval", "\"num_msg_sent\":7,\"num_api_requests\":1,\"time_api_mean\":100,\"time_api_max\":100");

        assertThat(endWindow()).isEqualTo(new NodeTotals(0, 0, 12, 5, 0, 0, 0, 1_100, 0));
        assertThat(node.counted().api().max()).isEqualTo(900);
        assertThat(endWindow())
                .as("the interval is reported again, but counted once")
                .isEqualTo(NOTHING);
        assertThat(node.number(Field.NUM_MSG_SENT)).hasValue(7);
    }

    @Test
    void totals_countTheirIncrease() {
        push("totals", "\"num_client_requests\":100,\"time_client_sum\":1000");
        push("totals", "\"num_client_requests\":103,\"time_client_sum\":1600");

        assertThat(endWindow()).isEqualTo(new NodeTotals(0, 0, 0, 0, 3, 0, 0, 0, 600));
        assertThat(endWindow()).isEqualTo(NOTHING);
    }

    @Test
    void otherUid_countsFromZero() {
        push("interval", "\"uid\":\"a\",\"num_msg_sent\":5");
        push("interval", "\"uid\":\"b\",\"num_msg_sent\":1");

        assertThat(endWindow().numMsgSent()).isEqualTo(1);
    }

    @Test
    void extremeTimes_areClamped() {
        long most = 9_007_199_254_740_991L;
        push("interval", "\"num_api_requests\":" + most + ",\"time_api_mean\":" + most);
        push("interval", "\"num_api_requests\":" + most + ",\"time_api_mean\":" + most);

        assertThat(endWindow().timeApiSum()).isPositive();
    }

    @Test
    void sumsOfWindow_areClamped_nextWindowIsExact() {
        long most = 9_007_199_254_740_991L;
        for (int i = 0; i < 1_100; i++) {
            push(
                    "interval",
                    "\"num_msg_sent\":%d,\"num_api_requests\":%d,\"time_api_mean\":%d".formatted(most, most, most));
        }
        NodeTotals bounded = endWindow();
        assertThat(bounded.numMsgSent()).isEqualTo(most);
        assertThat(bounded.timeApiSum()).isGreaterThan(most);
        push("interval", "\"num_msg_sent\":5,\"num_api_requests\":2,\"time_api_mean\":3");

        assertThat(endWindow()).isEqualTo(new NodeTotals(0, 0, 5, 2, 0, 0, 0, 6, 0));
    }

    @Test
    void sumOfTimes_mayExceedFieldBounds() {
        push("totals", "\"num_api_requests\":10,\"time_api_sum\":9007199254740992");
        push("totals", "\"num_api_requests\":12,\"time_api_sum\":9007199254740998");

        assertThat(endWindow().timeApiSum()).isEqualTo(6);
    }
}
