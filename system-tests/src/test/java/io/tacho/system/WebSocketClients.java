// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import io.tacho.concurrent.DaemonThreads;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Clients that stay connected to one URL, and connect again when they are disconnected.
 *
 * <p>Thread safety: safe.
 */
final class WebSocketClients implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int RETRY_MILLIS = 200;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    private final ScheduledExecutorService timer = DaemonThreads.scheduler("test-clients");
    private final Random random = new Random(22);
    private final URI url;
    private final List<Client> clients;

    WebSocketClients(URI url, int count) {
        this.url = url;
        clients = IntStream.range(0, count).mapToObj(Client::new).toList();
    }

    /** Connects all clients, so many per second. */
    void connect(int perSecond) {
        for (int i = 0; i < clients.size(); i++) {
            timer.schedule(clients.get(i)::connect, i * 1_000L / perSecond, TimeUnit.MILLISECONDS);
        }
    }

    /** Makes so many random clients per second connect again from now on. */
    void reconnect(int perSecond) {
        timer.scheduleAtFixedRate(
                () -> clients.get(random.nextInt(clients.size())).reconnect(),
                0,
                1_000_000 / perSecond,
                TimeUnit.MICROSECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        clients.forEach(Client::disconnect);
    }

    private final class Client implements WebSocket.Listener {

        private final int number;
        private WebSocket socket;

        Client(int number) {
            this.number = number;
        }

        void connect() {
            http.newWebSocketBuilder()
                    .connectTimeout(CONNECT_TIMEOUT)
                    .buildAsync(url, this)
                    .whenComplete((opened, failure) -> {
                        if (failure != null) {
                            connectLater();
                        }
                    });
        }

        private void connectLater() {
            if (!timer.isShutdown()) {
                timer.schedule(this::connect, RETRY_MILLIS + random.nextInt(RETRY_MILLIS), TimeUnit.MILLISECONDS);
            }
        }

        synchronized void reconnect() {
            if (socket != null) {
                disconnect();
                connect();
            }
        }

        synchronized void disconnect() {
            WebSocket open = socket;
            socket = null;
            if (open != null) {
                open.abort();
            }
        }

        @Override
        public synchronized void onOpen(WebSocket opened) {
            socket = opened;
            opened.sendText("{\"id\":1,\"connect\":{\"user\":\"u" + number + "\"}}", true);
            opened.request(Long.MAX_VALUE);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket closed, int code, String reason) {
            lost(closed);
            return null;
        }

        @Override
        public void onError(WebSocket failed, Throwable failure) {
            lost(failed);
        }

        private synchronized void lost(WebSocket former) {
            if (socket == former) {
                socket = null;
                connectLater();
            }
        }
    }
}
