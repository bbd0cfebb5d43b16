// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A WebSocket client with its own counters of sent and received frames and bytes. */
final class WebSocketClient implements WebSocket.Listener, AutoCloseable {

    final AtomicLong framesIn = new AtomicLong();
    final AtomicLong framesOut = new AtomicLong();
    final AtomicLong bytesIn = new AtomicLong();
    final AtomicLong bytesOut = new AtomicLong();
    private final StringBuffer received = new StringBuffer();
    private final WebSocket socket;

    WebSocketClient(int port, String path) throws Exception {
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + port + path), this)
                .get(10, TimeUnit.SECONDS);
    }

    void send(String text) throws Exception {
        socket.sendText(text, true).get(5, TimeUnit.SECONDS);
        framesOut.incrementAndGet();
        bytesOut.addAndGet(text.getBytes(UTF_8).length);
    }

    /** Sends a STOMP frame. */
    void stomp(String command, String headers, String body) throws Exception {
        send(command + "\n" + headers + "\n\n" + body + "\0");
    }

    String received() {
        return received.toString();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        bytesIn.addAndGet(data.toString().getBytes(UTF_8).length);
        if (last) {
            framesIn.incrementAndGet();
        }
        received.append(data);
        from.request(1);
        return null;
    }

    @Override
    public void close() throws Exception {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(5, TimeUnit.SECONDS);
    }
}
