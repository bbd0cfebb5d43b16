// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring.webflux;

import io.tacho.agent.record.StatsRecorder;
import java.util.Map;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * Records the data frames of a session, with their payload bytes: those from the client when the handler takes them, those to the
 * client when the connection takes them.
 *
 * <p>Thread safety: as that of the session.
 */
final class RecordingSession implements WebSocketSession {

    private final WebSocketSession session;
    private final StatsRecorder recorder;

    RecordingSession(WebSocketSession session, StatsRecorder recorder) {
        this.session = session;
        this.recorder = recorder;
    }

    static boolean isData(WebSocketMessage message) {
        return message.getType() == WebSocketMessage.Type.TEXT || message.getType() == WebSocketMessage.Type.BINARY;
    }

    @Override
    public Flux<WebSocketMessage> receive() {
        return session.receive()
                .transform(Operators.<WebSocketMessage, WebSocketMessage>lift(
                        (source, handler) -> new RequestTimer(handler, recorder)));
    }

    @Override
    public Mono<Void> send(Publisher<WebSocketMessage> messages) {
        return session.send(Flux.from(messages).doOnNext(this::sent));
    }

    private void sent(WebSocketMessage message) {
        if (isData(message)) {
            recorder.messageQueued();
            recorder.messageSent();
            recorder.bytesOut(message.getPayload().readableByteCount());
        }
    }

    @Override
    public String getId() {
        return session.getId();
    }

    @Override
    public HandshakeInfo getHandshakeInfo() {
        return session.getHandshakeInfo();
    }

    @Override
    public DataBufferFactory bufferFactory() {
        return session.bufferFactory();
    }

    @Override
    public Map<String, Object> getAttributes() {
        return session.getAttributes();
    }

    @Override
    public boolean isOpen() {
        return session.isOpen();
    }

    @Override
    public Mono<Void> close(CloseStatus status) {
        return session.close(status);
    }

    @Override
    public Mono<CloseStatus> closeStatus() {
        return session.closeStatus();
    }

    @Override
    public WebSocketMessage textMessage(String payload) {
        return session.textMessage(payload);
    }

    @Override
    public WebSocketMessage binaryMessage(Function<DataBufferFactory, DataBuffer> payload) {
        return session.binaryMessage(payload);
    }

    @Override
    public WebSocketMessage pingMessage(Function<DataBufferFactory, DataBuffer> payload) {
        return session.pingMessage(payload);
    }

    @Override
    public WebSocketMessage pongMessage(Function<DataBufferFactory, DataBuffer> payload) {
        return session.pongMessage(payload);
    }
}
