// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.record.IntervalRecorder;
import io.tacho.spring.websocket.ClientSessions;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class RecordingHandlerTest {

    private final IntervalRecorder recorder = new IntervalRecorder();
    private final ClientSessions sessions = new ClientSessions(recorder);
    private final Sinks.Empty<Void> end = Sinks.empty();
    private int handled;

    private Mono<Void> handle(Mono<Principal> principal) {
        HandshakeInfo handshake = new HandshakeInfo(URI.create("/ws"), new HttpHeaders(), principal, null);
        WebSocketSession session = (WebSocketSession) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {WebSocketSession.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("getHandshakeInfo");
                    return handshake;
                });
        return new RecordingHandler(
                        recording -> {
                            handled++;
                            return end.asMono();
                        },
                        sessions,
                        recorder)
                .handle(session);
    }

    @Test
    void user_isConnectedForTheTimeOfTheSession() {
        handle(Mono.just(() -> "ann")).subscribe();

        assertThat(recorder.users().distinct()).isEqualTo(1);
        end.tryEmitEmpty();
        assertThat(recorder.users().distinct()).isZero();
        assertThat(sessions.size()).isZero();
    }

    static Stream<Mono<Principal>> unknownUsers() {
        return List.<Mono<Principal>>of(
                Mono.empty(), Mono.never(), Mono.error(new IllegalStateException("session store is down")))
                .stream();
    }

    /** An application that does not need the user works without its session store. */
    @ParameterizedTest
    @MethodSource("unknownUsers")
    void userThatCannotBeHad_doesNotConcernTheHandler(Mono<Principal> principal) {
        handle(principal).subscribe();

        assertThat(handled).isEqualTo(1);
        assertThat(sessions.size()).isEqualTo(1);
        end.tryEmitEmpty();
        assertThat(sessions.size()).isZero();
    }

    @Test
    void handlerThatThrows_endsTheSession() {
        HandshakeInfo handshake = new HandshakeInfo(URI.create("/ws"), new HttpHeaders(), Mono.empty(), null);
        WebSocketSession session = (WebSocketSession) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {WebSocketSession.class},
                (proxy, method, arguments) -> handshake);
        RecordingHandler handler = new RecordingHandler(
                recording -> {
                    throw new IllegalStateException("bad request");
                },
                sessions,
                recorder);

        assertThat(handler.handle(session).materialize().block().getThrowable()).hasMessage("bad request");
        assertThat(sessions.size()).isZero();
    }
}
