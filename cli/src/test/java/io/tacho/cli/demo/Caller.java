// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import java.net.URI;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client whose received frames are read one by one. */
final class Caller implements AutoCloseable {

    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final DemoClient client;

    Caller(EventLoopGroup threads, URI url) throws Exception {
        client = DemoClient.connect(threads, url, frames::add).get(10, TimeUnit.SECONDS);
    }

    Caller connect(String user) throws InterruptedException {
        assertThat(call("{\"id\":1,\"connect\":{\"user\":\"" + user + "\"}}"))
                .matches("\\{\"id\":1,\"connect\":\\{\"client\":\"[0-9a-f-]{36}\"}}");
        return this;
    }

    void subscribe(String channel) throws InterruptedException {
        assertThat(call("{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}"))
                .isEqualTo("{\"id\":2,\"subscribe\":{}}");
    }

    /** Sends a frame, and returns the next received frame. */
    String call(String frame) throws InterruptedException {
        assertThat(client.send(frame)).isTrue();
        return next();
    }

    String next() throws InterruptedException {
        String frame = frames.poll(5, TimeUnit.SECONDS);
        return frame == null ? "nothing in 5 s" : frame;
    }

    /** The received frames that were not read yet. */
    List<String> waiting() {
        return List.copyOf(frames);
    }

    DemoClient client() {
        return client;
    }

    void awaitClosed() {
        await().until(() -> client.closed().isDone());
    }

    @Override
    public void close() {
        client.close();
    }
}
