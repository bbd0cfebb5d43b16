// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages of JSON-RPC in an input, a line each. Lines that are no message are left out, because the transport stops at the first
 * one.
 *
 * <p>Thread safety: one thread reads; any thread may wait for the end.
 */
final class MessageInput extends InputStream {

    private static final Logger logger = LoggerFactory.getLogger(MessageInput.class);

    /** A request of a tool has less than 1 KB. */
    private static final int MAX_LINE = 1 << 20;

    private final InputStream in;
    private final McpJsonMapper mapper;
    private final CountDownLatch ended = new CountDownLatch(1);
    private byte[] line = {};
    private int position;

    MessageInput(InputStream in, McpJsonMapper mapper) {
        this.in = new BufferedInputStream(in);
        this.mapper = mapper;
    }

    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    @Override
    public int read() throws IOException {
        return fill() ? line[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, line.length - position);
        System.arraycopy(line, position, bytes, offset, count);
        position += count;
        return count;
    }

    private boolean fill() throws IOException {
        while (position == line.length) {
            byte[] next = nextLine();
            if (next == null) {
                ended.countDown();
                return false;
            }
            String problem = problem(next);
            if (problem == null) {
                line = next;
                position = 0;
            } else if (!problem.isEmpty()) {
                logger.warn("input: {} (expected: a message of JSON-RPC 2.0 in a line)", problem);
            }
        }
        return true;
    }

    /** {@return the next line with its end, or its first part if it is too long; null at the end of the input} */
    private byte @Nullable [] nextLine() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            if (bytes.size() <= MAX_LINE) {
                bytes.write(next);
            }
            next = in.read();
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    /** {@return the reason for which a line is no message, "" if it is blank; null if it is one} */
    private @Nullable String problem(byte[] bytes) {
        if (bytes.length > MAX_LINE) {
            return "more than " + MAX_LINE + " bytes";
        }
        String text = new String(bytes, UTF_8);
        if (text.isBlank()) {
            return "";
        }
        try {
            McpSchema.deserializeJsonRpcMessage(mapper, text);
            return null;
        } catch (IOException | RuntimeException e) {
            return "no message in " + (bytes.length - 1) + " bytes";
        }
    }
}
