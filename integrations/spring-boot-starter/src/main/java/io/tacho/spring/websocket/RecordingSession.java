// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring.websocket;

import io.tacho.agent.record.StatsRecorder;
import java.io.IOException;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;

/**
 * Records what is sent to a client, with its payload bytes, after it was written.
 *
 * <p>Thread safety: as that of the session.
 */
final class RecordingSession extends WebSocketSessionDecorator {

    private final StatsRecorder recorder;
    private final boolean queuesItself;

    /** @param queuesItself whether a message that is sent is also recorded as queued */
    RecordingSession(WebSocketSession session, StatsRecorder recorder, boolean queuesItself) {
        super(session);
        this.recorder = recorder;
        this.queuesItself = queuesItself;
    }

    @Override
    public void sendMessage(WebSocketMessage<?> message) throws IOException {
        if (!Payload.isData(message)) {
            super.sendMessage(message);
            return;
        }
        if (queuesItself) {
            recorder.messageQueued();
        }
        super.sendMessage(message);
        recorder.messageSent();
        recorder.bytesOut(Payload.bytes(message));
    }
}
