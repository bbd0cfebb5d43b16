// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.Snapshots;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** Measures what an event loop allocates per request, which determines the rate of garbage collections under load. */
@Timeout(60)
@Isolated("counts what the threads of all servers allocate")
class AllocationIT {

    private static final int REQUESTS = 5_000;
    private static final int ROUNDS = 3;
    /** Longer than the test: the response does not change. */
    private static final long TTL_MILLIS = 600_000;

    private static final Pattern LENGTH = Pattern.compile("Content-Length: (\\d+)");

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer(0, null, 20);
        for (int i = 0; i < 20; i++) {
            String uid = "u" + i;
            server.view.onLoaded(new StoredSnapshot(Snapshots.beat(uid, "name-" + uid, 1, TTL_MILLIS), TTL_MILLIS));
        }
        server.becomeReady();
        await().untilAsserted(() -> assertThat(server.get("/-/ready")).startsWith("HTTP/1.1 200"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void unchangedStats_allocateOneDuplicateOfTheResponse() throws IOException {
        // a duplicate of the response, with its own indexes: no iterators, strings or bytes
        assertThat(bytesPerRequest()).isLessThan(72);
    }

    /** Returns the least of some rounds: event loops also allocate from time to time, whatever the requests. */
    private long bytesPerRequest() throws IOException {
        byte[] request = ("GET /stats HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(ISO_8859_1);
        try (Socket socket = server.connect()) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int length = 0;
            for (int i = 0; i < REQUESTS / 10; i++) {
                socket.getOutputStream().write(request);
                length = readResponse(in);
            }
            byte[] response = new byte[length];
            long least = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                long before = allocated();
                for (int i = 0; i < REQUESTS; i++) {
                    socket.getOutputStream().write(request);
                    in.readFully(response);
                }
                least = Math.min(least, allocated() - before);
            }
            return least / REQUESTS;
        }
    }

    /** Returns the length of the response. */
    private static int readResponse(DataInputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        Matcher length = LENGTH.matcher(head);
        assertThat(length.find()).describedAs(head.toString()).isTrue();
        byte[] body = new byte[Integer.parseInt(length.group(1))];
        in.readFully(body);
        return head.length() + body.length;
    }

    private long allocated() {
        long sum = 0;
        for (long id : threads.getAllThreadIds()) {
            var info = threads.getThreadInfo(id);
            if (info != null && info.getThreadName().startsWith("tacho-http")) {
                sum += Math.max(0, threads.getThreadAllocatedBytes(id));
            }
        }
        return sum;
    }
}
