// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** Builds text in the form of {@code text/event-stream} from parts; event data is JSON without line breaks. */
final class EventStreamWriter {

    private final List<byte[]> parts = new ArrayList<>();

    /** Appends the delay after which a browser reconnects; returns this. */
    EventStreamWriter appendRetry(long millis) {
        return text("retry: " + millis + "\n\n");
    }

    /** Appends an event with an id, from which the reader can continue; returns this. */
    EventStreamWriter appendEvent(String type, EventPosition id, byte[] data) {
        return text("id: " + id + "\n").appendEvent(type, data);
    }

    /** Appends an event without an id; returns this. */
    EventStreamWriter appendEvent(String type, byte[] data) {
        return text("event: " + type + "\ndata: ").append(data).text("\n\n");
    }

    /** Appends text; returns this. */
    EventStreamWriter append(byte[] text) {
        if (text.length > 0) {
            parts.add(text);
        }
        return this;
    }

    private EventStreamWriter text(String text) {
        return append(text.getBytes(UTF_8));
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Returns the parts, which together are the text. */
    List<byte[]> parts() {
        return List.copyOf(parts);
    }

    /** Returns the text in one array. */
    byte[] bytes() {
        byte[] bytes = new byte[length()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, bytes, at, part.length);
            at += part.length;
        }
        return bytes;
    }

    /** Returns the length of the text in bytes. */
    int length() {
        return parts.stream().mapToInt(part -> part.length).sum();
    }
}
