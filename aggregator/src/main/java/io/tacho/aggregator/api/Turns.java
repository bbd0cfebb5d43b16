// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.view.Changes;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.LiveNode;
import io.tacho.aggregator.view.NodeChange;
import io.tacho.aggregator.view.ViewCursor;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who came and who went since this aggregator's start: the last {@value #KEPT}, as it has seen it itself.
 *
 * <p>Thread safety: safe.
 */
public final class Turns {

    static final int KEPT = 1_000;

    private static final Logger logger = LoggerFactory.getLogger(Turns.class);

    private record Turn(long atMillis, String type, String uid, String name) {}

    private final ClusterView view;
    private final InstantSource clock;
    private final Deque<Turn> turns = new ArrayDeque<>();
    private final long sinceMillis;
    private ViewCursor cursor = ViewCursor.START;

    public Turns(ClusterView view, InstantSource clock) {
        this.view = view;
        this.clock = clock;
        sinceMillis = clock.millis();
    }

    /** Begins to remember. */
    public void start(ScheduledExecutorService executor) {
        executor.scheduleWithFixedDelay(this::guardedLook, 1, 1, TimeUnit.SECONDS);
    }

    private void guardedLook() {
        try {
            look();
        } catch (RuntimeException e) {
            // a task that throws would never be repeated
            logger.error("who came and went could not be found out", e);
        }
    }

    /** Done every second. */
    synchronized void look() {
        Changes changes = view.membership(cursor);
        cursor = changes.next();
        for (NodeChange turn : changes.changes()) {
            LiveNode node = turn.node();
            String type = turn.kind().name().toLowerCase(Locale.ROOT);
            turns.addFirst(new Turn(clock.millis(), type, node.uid(), node.name()));
        }
        while (turns.size() > KEPT) {
            turns.removeLast();
        }
    }

    /** The body, UTF-8 JSON, the newest first. */
    public synchronized byte[] body() {
        ObjectNode body = ApiJson.object().put("since", sinceMillis);
        ArrayNode listed = body.putArray("turns");
        turns.forEach(turn -> listed.addObject()
                .put("at", turn.atMillis())
                .put("type", turn.type())
                .put("uid", turn.uid())
                .put("name", turn.name()));
        return ApiJson.write(body);
    }
}
