// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring.webflux;

import io.tacho.agent.record.StatsRecorder;
import org.reactivestreams.Subscription;
import org.springframework.web.reactive.socket.WebSocketMessage;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/**
 * Passes the frames of a client on, and records each with the time until the handler has returned. What the handler does
 * asynchronously is not included.
 *
 * <p>Thread safety: as that of a subscriber.
 */
final class RequestTimer implements CoreSubscriber<WebSocketMessage> {

    private final CoreSubscriber<? super WebSocketMessage> handler;
    private final StatsRecorder recorder;

    RequestTimer(CoreSubscriber<? super WebSocketMessage> handler, StatsRecorder recorder) {
        this.handler = handler;
        this.recorder = recorder;
    }

    @Override
    public Context currentContext() {
        return handler.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        handler.onSubscribe(subscription);
    }

    @Override
    public void onNext(WebSocketMessage message) {
        if (!RecordingSession.isData(message)) {
            handler.onNext(message);
            return;
        }
        // before the handler releases it
        int bytes = message.getPayload().readableByteCount();
        long start = System.nanoTime();
        try {
            handler.onNext(message);
        } finally {
            recorder.bytesIn(bytes);
            recorder.clientRequest(System.nanoTime() - start);
        }
    }

    @Override
    public void onError(Throwable failure) {
        handler.onError(failure);
    }

    @Override
    public void onComplete() {
        handler.onComplete();
    }
}
