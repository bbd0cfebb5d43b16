// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP server that accepts notifications at a secret path. */
final class TestWebhook implements AutoCloseable {

    static final String SECRET = "T0-s3cret";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The accepted notifications. */
    final List<JsonNode> messages = new CopyOnWriteArrayList<>();

    final AtomicInteger attempts = new AtomicInteger();
    private final HttpServer server;
    private volatile int status = 200;

    private TestWebhook(HttpServer server) {
        this.server = server;
    }

    static TestWebhook start() throws IOException {
        TestWebhook webhook =
                new TestWebhook(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        webhook.server.createContext("/" + SECRET, webhook::handle);
        webhook.server.start();
        return webhook;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode message = JSON.readTree(exchange.getRequestBody());
            attempts.incrementAndGet();
            boolean isMessage = exchange.getRequestMethod().equals("POST")
                    && "application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type"));
            if (status == 200 && isMessage) {
                messages.add(message);
            }
            exchange.sendResponseHeaders(isMessage ? status : 400, -1);
        }
    }

    void setStatus(int newStatus) {
        status = newStatus;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + SECRET;
    }

    List<String> texts() {
        return messages.stream().map(message -> message.path("text").asText()).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
