// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring.websocket;

import io.tacho.agent.record.StatsRecorder;
import java.security.Principal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;

/**
 * Records the sessions of a handler: clients and their users, and each frame that a client sends. The sessions that it hands to
 * the handler record what is sent to the client.
 *
 * <p>Thread safety: safe.
 */
final class RecordingHandler extends WebSocketHandlerDecorator {

    private final ClientSessions sessions;
    private final StatsRecorder recorder;
    private final boolean queuesItself;
    private final Map<String, RecordingSession> open = new ConcurrentHashMap<>();

    RecordingHandler(WebSocketHandler handler, ClientSessions sessions, StatsRecorder recorder) {
        super(handler);
        this.sessions = sessions;
        this.recorder = recorder;
        queuesItself = !isStomp(getLastHandler());
    }

    /** Messages of STOMP are queued in a channel before they come to the session. By its name: STOMP is optional. */
    private static boolean isStomp(WebSocketHandler handler) {
        return handler.getClass()
                .getName()
                .startsWith("org.springframework.web.socket.messaging.SubProtocolWebSocketHandler");
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) throws Exception {
        RecordingSession recording = new RecordingSession(session, recorder, queuesItself);
        open.put(session.getId(), recording);
        Principal user = session.getPrincipal();
        sessions.connected(session.getId(), user == null ? null : user.getName());
        super.afterConnectionEstablished(recording);
    }

    @Override
    public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
        long start = System.nanoTime();
        try {
            super.handleMessage(recording(session), message);
        } finally {
            if (Payload.isData(message)) {
                recorder.bytesIn(Payload.bytes(message));
                recorder.clientRequest(System.nanoTime() - start);
            }
        }
    }

    @Override
    public void handleTransportError(WebSocketSession session, Throwable failure) throws Exception {
        super.handleTransportError(recording(session), failure);
    }

    @Override
    public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
        WebSocketSession recording = recording(session);
        open.remove(session.getId());
        sessions.disconnected(session.getId());
        super.afterConnectionClosed(recording, status);
    }

    private WebSocketSession recording(WebSocketSession session) {
        RecordingSession recording = open.get(session.getId());
        return recording == null ? session : recording;
    }
}
