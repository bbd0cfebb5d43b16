// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring.webflux;

import io.tacho.agent.record.StatsRecorder;
import io.tacho.spring.websocket.ClientSessions;
import java.security.Principal;
import java.util.List;
import java.util.UUID;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Mono;

/**
 * Records the sessions of a handler: clients and their users. The sessions that it passes to the handler record frames.
 *
 * <p>Thread safety: safe.
 */
final class RecordingHandler implements WebSocketHandler {

    private final WebSocketHandler handler;
    private final ClientSessions sessions;
    private final StatsRecorder recorder;

    RecordingHandler(WebSocketHandler handler, ClientSessions sessions, StatsRecorder recorder) {
        this.handler = handler;
        this.sessions = sessions;
        this.recorder = recorder;
    }

    @Override
    public List<String> getSubProtocols() {
        return handler.getSubProtocols();
    }

    @Override
    public Mono<Void> handle(WebSocketSession session) {
        // the session's own id is a hash code
        String id = UUID.randomUUID().toString();
        sessions.connected(id, null);
        return session.getHandshakeInfo()
                .getPrincipal()
                .map(Principal::getName)
                .doOnNext(user -> sessions.authenticated(id, user))
                .then(Mono.defer(() -> handler.handle(new RecordingSession(session, recorder))))
                .doFinally(end -> sessions.disconnected(id));
    }
}
