// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** Events in the form of {@code text/event-stream}, put together of parts; data has no line breaks, as JSON has none. */
final class EventText {

    private final List<byte[]> parts = new ArrayList<>();

    /** Appends the delay after which a browser reconnects. */
    EventText retry(long millis) {
        return text("retry: " + millis + "\n\n");
    }

    /** An event that moves the reader on. */
    EventText event(String type, EventPosition id, byte[] data) {
        return text("id: " + id + "\n").event(type, data);
    }

    /** An event beside the numbered ones. */
    EventText event(String type, byte[] data) {
        return text("event: " + type + "\ndata: ").append(data).text("\n\n");
    }

    EventText append(byte[] text) {
        if (text.length > 0) {
            parts.add(text);
        }
        return this;
    }

    private EventText text(String text) {
        return append(text.getBytes(UTF_8));
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    List<byte[]> parts() {
        return List.copyOf(parts);
    }

    byte[] bytes() {
        byte[] bytes = new byte[length()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, bytes, at, part.length);
            at += part.length;
        }
        return bytes;
    }

    int length() {
        return parts.stream().mapToInt(part -> part.length).sum();
    }
}
