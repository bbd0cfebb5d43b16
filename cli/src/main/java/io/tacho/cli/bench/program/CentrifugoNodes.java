// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.process.ChildProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An alternative: real Centrifugo nodes that share a Redis and respond to {@code info}. Versions 3 to 6. */
public final class CentrifugoNodes implements AutoCloseable {

    private static final long START_SECONDS = 20;
    private static final String MODERN = "/api/info";

    private final List<ChildProcess> processes = new ArrayList<>();
    private final String key = UUID.randomUUID().toString();
    private final String url;
    private Wrk.@Nullable Request info;

    private CentrifugoNodes(String url) {
        this.url = url;
    }

    /** Starts nodes, and waits until the first one lists all of them. */
    public static CentrifugoNodes start(Path program, Path directory, int redisPort, int count)
            throws IOException, InterruptedException {
        List<Integer> ports = Tool.freePorts(count);
        CentrifugoNodes nodes = new CentrifugoNodes("http://127.0.0.1:" + ports.get(0));
        try {
            for (int port : ports) {
                nodes.processes.add(ChildProcess.start(
                        "centrifugo-" + port,
                        List.of(program.toString()),
                        directory,
                        nodes.environment(port, "redis://127.0.0.1:" + redisPort)));
            }
            nodes.awaitAll(count);
        } catch (IOException e) {
            nodes.close();
            throw e;
        }
        return nodes;
    }

    /** The variables of versions 3 to 5, and of 6; each ignores those of the other. */
    private Map<String, String> environment(int port, String redis) {
        return Map.ofEntries(
                Map.entry("CENTRIFUGO_API_KEY", key),
                Map.entry("CENTRIFUGO_PORT", Integer.toString(port)),
                Map.entry("CENTRIFUGO_ADDRESS", "127.0.0.1"),
                Map.entry("CENTRIFUGO_ENGINE", "redis"),
                Map.entry("CENTRIFUGO_REDIS_ADDRESS", redis),
                Map.entry("CENTRIFUGO_HTTP_API_KEY", key),
                Map.entry("CENTRIFUGO_HTTP_SERVER_PORT", Integer.toString(port)),
                Map.entry("CENTRIFUGO_HTTP_SERVER_ADDRESS", "127.0.0.1"),
                Map.entry("CENTRIFUGO_ENGINE_TYPE", "redis"),
                Map.entry("CENTRIFUGO_ENGINE_REDIS_ADDRESS", redis));
    }

    private void awaitAll(int count) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        Wrk.Request modern = request(MODERN, "{}");
        Wrk.Request command = request("/api", "{\"method\":\"info\",\"params\":{}}");
        String found = "";
        while (System.nanoTime() < deadline) {
            for (Wrk.Request request : List.of(modern, command)) {
                found = post(request);
                if (found.split("\"uid\"", -1).length - 1 == count) {
                    info = request;
                    return;
                }
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IOException(
                "Centrifugo lists other than " + count + " nodes after " + START_SECONDS + " s: " + found);
    }

    private Wrk.Request request(String path, String body) {
        return new Wrk.Request(url + path, body, Map.of("X-API-Key", key, "Authorization", "apikey " + key));
    }

    /** {@return the body of the response; empty if there is none, or another status than 200} */
    private static String post(Wrk.Request request) throws IOException {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(request.url()).toURL().openConnection();
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            request.headers().forEach(connection::setRequestProperty);
            try (OutputStream body = connection.getOutputStream()) {
                body.write(request.body().getBytes(UTF_8));
            }
            return connection.getResponseCode() == 200
                    ? new String(connection.getInputStream().readAllBytes(), UTF_8)
                    : "";
        } catch (ConnectException e) {
            return "";
        }
    }

    /** {@return the request of {@code info} that this version knows} */
    public Wrk.Request info() {
        return Objects.requireNonNull(info, "info");
    }

    /** {@return the process of the node that responds} */
    public long pid() {
        return processes.get(0).pid();
    }

    @Override
    public void close() {
        processes.forEach(ChildProcess::terminate);
        processes.forEach(ChildProcess::close);
    }
}
