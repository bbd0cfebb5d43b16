// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A reader that retains the received nodes and the last event id, as the dashboard does. */
final class FollowingReader implements EventSink {

    private static final Pattern UID = Pattern.compile("\"uid\":\"([^\"]*)\"");
    private static final Pattern SEQ = Pattern.compile("\"seq\":(\\d+)");

    final List<String> types = new ArrayList<>();
    final Map<String, Long> seqByUid = new TreeMap<>();
    private final Deque<Runnable> notTaken = new ArrayDeque<>();

    private String lastId;
    private boolean slow;
    private boolean closed;
    private String lastData = "";

    FollowingReader() {
        this(null);
    }

    FollowingReader(String lastId) {
        this.lastId = lastId;
    }

    @Override
    public synchronized void write(List<byte[]> events, Runnable taken) {
        StringBuilder text = new StringBuilder();
        events.forEach(part -> text.append(new String(part, UTF_8)));
        for (String event : text.toString().split("\n\n")) {
            apply(event);
        }
        if (slow) {
            notTaken.add(taken);
        } else {
            taken.run();
        }
    }

    private void apply(String event) {
        String type = "";
        String data = "";
        for (String line : event.split("\n")) {
            if (line.startsWith("id: ")) {
                lastId = line.substring(4);
            } else if (line.startsWith("event: ")) {
                type = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            }
        }
        if (type.isEmpty()) {
            return;
        }
        types.add(type);
        lastData = data;
        switch (type) {
            case "reset" -> seqByUid.clear();
            case "snapshot", "joined", "draining" -> seqByUid.put(first(UID, data), Long.parseLong(first(SEQ, data)));
            case "left", "lost", "restarted" -> seqByUid.remove(first(UID, data));
            default -> {}
        }
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalArgumentException("no " + pattern + " in " + text);
        }
        return matcher.group(1);
    }

    /** Makes the reader slow, so that writes stay pending, or normal again. */
    synchronized void setSlow(boolean isSlow) {
        slow = isSlow;
        while (!slow && !notTaken.isEmpty()) {
            notTaken.remove().run();
        }
    }

    synchronized int batchesNotWritten() {
        return notTaken.size();
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized List<String> types() {
        return List.copyOf(types);
    }

    synchronized Map<String, Long> seqs() {
        return new TreeMap<>(seqByUid);
    }

    synchronized String lastId() {
        return lastId;
    }

    synchronized String lastData() {
        return lastData;
    }
}
