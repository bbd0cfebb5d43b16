// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring.webflux;

import io.tacho.agent.record.StatsRecorder;
import io.tacho.spring.websocket.ClientSessions;
import java.security.Principal;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Records the sessions of a handler: clients and their users. The sessions that it passes to the handler record frames.
 *
 * <p>Thread safety: safe.
 */
final class RecordingHandler implements WebSocketHandler {

    private static final Logger logger = LoggerFactory.getLogger(RecordingHandler.class);

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
        return Mono.deferContextual(context -> {
            // the session's own id is a hash code
            String id = UUID.randomUUID().toString();
            sessions.connected(id, null);
            // beside the handler, which may not need it: it can fail or take as long as the session store
            Disposable user = session.getHandshakeInfo()
                    .getPrincipal()
                    .map(Principal::getName)
                    .contextWrite(context)
                    .subscribe(
                            name -> sessions.authenticated(id, name),
                            failure -> logger.debug("a session without a user", failure));
            return Mono.defer(() -> handler.handle(new RecordingSession(session, recorder)))
                    .doFinally(end -> {
                        user.dispose();
                        sessions.disconnected(id);
                    });
        });
    }
}
