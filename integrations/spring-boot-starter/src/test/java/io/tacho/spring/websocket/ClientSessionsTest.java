// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.record.IntervalRecorder;
import org.junit.jupiter.api.Test;

class ClientSessionsTest {

    private final IntervalRecorder recorder = new IntervalRecorder();
    private final ClientSessions sessions = new ClientSessions(recorder);

    @Test
    void session_isCountedOnceUntilClosed() {
        sessions.connected("1", null);
        sessions.connected("2", "anna");
        assertThat(sessions.size()).isEqualTo(2);

        sessions.disconnected("1");
        sessions.disconnected("1");
        sessions.disconnected("2");
        assertThat(sessions.size()).isZero();
        assertThat(recorder.users().ids()).isEmpty();
    }

    @Test
    void userAuthenticatedLater_isCounted() {
        sessions.connected("1", null);
        sessions.authenticated("1", "anna");
        sessions.authenticated("1", "anna");
        sessions.connected("2", "anna");

        assertThat(recorder.users().ids()).hasSize(1);
        assertThat(recorder.users().total()).isEqualTo(2);
    }

    @Test
    void sessionClosed_subscriptionsAreRemoved() {
        sessions.connected("1", null);
        sessions.subscribed("1", "a", "/topic/news");
        sessions.subscribed("1", "a", "/topic/news");
        sessions.subscribed("1", "b", "/topic/chat");
        sessions.unsubscribed("1", "b");
        assertThat(recorder.channels().ids()).hasSize(1);

        sessions.disconnected("1");
        sessions.subscribed("1", "c", "/topic/late");
        assertThat(recorder.channels().ids()).isEmpty();
    }
}
