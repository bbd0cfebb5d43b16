// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tacho.concurrent.DaemonThreads;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Traffic as a cluster has it: clients that follow a few channels each, publish into them at a total rate that trembles a
 * little, ask who is there, and a backend that publishes by the server API. A hub that goes away loses its clients to the
 * others.
 *
 * <p>Thread safety: safe.
 */
final class DemoLoad implements AutoCloseable {

    private static final int CHANNELS = 20;
    private static final int CHANNELS_PER_CLIENT = 3;
    private static final int PRESENCE_EVERY = 20;
    private static final int API_EVERY = 10;
    private static final int MAX_TEXT_LENGTH = 200;
    private static final long MAX_LAG_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long CLOSE_TIMEOUT_SECONDS = 2;

    private final LoadSettings settings;
    private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(
            2, new DefaultThreadFactory("tacho-demo-client", true), NioIoHandler.newFactory());
    private final ScheduledExecutorService pacer = DaemonThreads.scheduler("tacho-demo-pacer");
    private final HttpClient backend = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final List<LoadClient> clients = new ArrayList<>();
    private final String text = "x".repeat(MAX_TEXT_LENGTH);

    private long published;
    private long nextNanos;

    DemoLoad(LoadSettings settings) {
        this.settings = settings;
        for (int i = 0; i < settings.clients(); i++) {
            List<String> channels = new ArrayList<>();
            for (int c = 0; c < CHANNELS_PER_CLIENT; c++) {
                channels.add(channel(i * 7 + c * 3));
            }
            clients.add(new LoadClient(threads, settings.urls(), i, settings.user(i), channels));
        }
    }

    /** Connects and publishes from now on; returns at once. */
    void start() {
        clients.forEach(LoadClient::start);
        if (settings.rate() > 0) {
            nextNanos = System.nanoTime();
            pacer.execute(this::publishDue);
        }
    }

    /** Clients that have a connection now. */
    long numConnected() {
        return clients.stream().filter(LoadClient::isConnected).count();
    }

    private void publishDue() {
        long now = System.nanoTime();
        if (now - nextNanos > MAX_LAG_NANOS) {
            // the machine was busy elsewhere: go on from here rather than burst
            nextNanos = now;
        }
        while (nextNanos - now <= 0) {
            publish();
            nextNanos += gapNanos();
        }
        pacer.schedule(this::publishDue, nextNanos - now, TimeUnit.NANOSECONDS);
    }

    /** The mean is that of the rate; half as long to half as long again. */
    private long gapNanos() {
        double mean = 1e9 / settings.rate();
        return (long) (mean * ThreadLocalRandom.current().nextDouble(0.5, 1.5));
    }

    private void publish() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        published++;
        String channel = channel(random.nextInt(CHANNELS));
        String parameters = "{\"channel\":\"" + channel + "\",\"data\":{\"n\":" + published + ",\"text\":\""
                + text.substring(0, random.nextInt(MAX_TEXT_LENGTH)) + "\"}}";
        if (published % API_EVERY == 0) {
            publishByApi("{\"method\":\"publish\",\"params\":" + parameters + "}");
            return;
        }
        LoadClient client = clients.get(random.nextInt(clients.size()));
        client.send("\"publish\":" + parameters);
        if (published % PRESENCE_EVERY == 1) {
            client.send("\"presence\":{\"channel\":\"" + channel + "\"}");
        }
    }

    private void publishByApi(String body) {
        URI hub = settings.urls()
                .get((int) (published / API_EVERY % settings.urls().size()));
        HttpRequest request = HttpRequest.newBuilder(apiOf(hub))
                .timeout(Duration.ofSeconds(2))
                .POST(BodyPublishers.ofString(body, UTF_8))
                .build();
        // a hub that is gone does not respond; that is expected
        backend.sendAsync(request, BodyHandlers.discarding());
    }

    /** Returns the server API of the hub whose clients connect there. */
    static URI apiOf(URI hub) {
        return URI.create("http://" + hub.getRawAuthority() + HubHttp.API_PATH);
    }

    private static String channel(int number) {
        return "channel-" + number % CHANNELS;
    }

    /** Stops and disconnects all clients, and waits at most a few seconds for that. Idempotent. */
    @Override
    public void close() {
        pacer.shutdownNow();
        clients.forEach(LoadClient::close);
        threads.shutdownGracefully(0, CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
