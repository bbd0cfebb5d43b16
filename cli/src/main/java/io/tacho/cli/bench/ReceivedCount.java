// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import io.tacho.cli.bench.program.Poller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads from an aggregator how many messages it has received; rarely, because the request costs what is measured. */
final class ReceivedCount {

    private static final Pattern RECEIVED = Pattern.compile("\"received\":(\\d+)");
    private static final long MAX_AGE_NANOS = 10_000_000;

    private final Poller poller;
    private long askedNanos = System.nanoTime() - MAX_AGE_NANOS;
    private long count;

    ReceivedCount(String url) {
        poller = new Poller(url);
    }

    long get() {
        if (System.nanoTime() - askedNanos >= MAX_AGE_NANOS) {
            try {
                Matcher received = RECEIVED.matcher(poller.get("/cluster").text());
                if (!received.find()) {
                    throw new IOException("/cluster does not contain how many messages were received");
                }
                count = Long.parseLong(received.group(1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            askedNanos = System.nanoTime();
        }
        return count;
    }
}
