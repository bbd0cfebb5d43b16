// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tacho.aggregator.events.EventFeed;
import io.tacho.aggregator.events.EventFilter;
import io.tacho.aggregator.events.EventSink;
import io.tacho.aggregator.events.EventStream;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Headers;
import io.tacho.aggregator.http.message.Query;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.message.Status;
import io.tacho.aggregator.http.message.Stream;
import io.tacho.aggregator.http.message.StreamingResponse;
import io.tacho.aggregator.http.routing.Endpoint;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /events}: the event feed as Server-Sent Events. */
final class EventsEndpoint implements Endpoint {

    private static final Set<String> PARAMETERS = Set.of("types", "node", "name", "last_event_id", "api_key");

    private static final List<Headers.Field> HEADERS = List.of(
            new Headers.Field("Content-Type", "text/event-stream"),
            new Headers.Field("Cache-Control", "no-store"),
            // disables buffering in nginx
            new Headers.Field("X-Accel-Buffering", "no"));

    private final EventFeed feed;

    EventsEndpoint(EventFeed feed) {
        this.feed = feed;
    }

    @Override
    public Response respond(Request request) {
        Query query = request.query();
        for (String name : query.names()) {
            if (!PARAMETERS.contains(name)) {
                throw new RequestRejectedException(
                        Status.BAD_REQUEST,
                        "unknown parameter " + name + " (expected: types, node, name, last_event_id)");
            }
        }
        EventFilter filter = filter(query);
        if (request.isHead()) {
            return new FullResponse(Status.OK, HEADERS, Unpooled.EMPTY_BUFFER, false, false);
        }
        String seen = request.headers().first("Last-Event-ID");
        return new StreamingResponse(
                HEADERS, new Connection(filter, seen == null ? query.single("last_event_id") : seen));
    }

    private static EventFilter filter(Query query) {
        try {
            return new EventFilter(list(query, "types"), Set.copyOf(query.all("node")), Set.copyOf(query.all("name")));
        } catch (IllegalArgumentException e) {
            throw new RequestRejectedException(Status.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private static Set<String> list(Query query, String parameter) {
        Set<String> members = new LinkedHashSet<>();
        for (String value : query.all(parameter)) {
            members.addAll(List.of(value.split(",", -1)));
        }
        return members;
    }

    /** Connects the feed's thread to the connection's event loop. */
    private final class Connection implements StreamingResponse.Listener, EventSink {

        private final EventFilter filter;
        private final @Nullable String lastEventId;
        private volatile @Nullable Stream stream;
        private volatile @Nullable EventStream reader;
        /** Runs when the client has read enough; confined to the event loop. */
        private @Nullable Runnable taken;

        Connection(EventFilter filter, @Nullable String lastEventId) {
            this.filter = filter;
            this.lastEventId = lastEventId;
        }

        @Override
        public void opened(Stream opened) {
            stream = opened;
            reader = feed.open(this, filter, lastEventId);
        }

        @Override
        public void write(List<byte[]> events, Runnable whenTaken) {
            Stream current = stream;
            if (current != null) {
                ByteBuf chunk = Unpooled.wrappedBuffer(events.toArray(new byte[0][]));
                current.eventLoop().execute(() -> write(current, chunk, whenTaken));
            }
        }

        private void write(Stream to, ByteBuf chunk, Runnable whenTaken) {
            to.write(chunk);
            if (to.isWritable()) {
                whenTaken.run();
            } else {
                taken = whenTaken;
            }
        }

        @Override
        public void writable(Stream writable) {
            Runnable waiting = taken;
            taken = null;
            if (waiting != null) {
                waiting.run();
            }
        }

        @Override
        public void closed(Stream closed) {
            EventStream current = reader;
            if (current != null) {
                current.close();
            }
        }

        @Override
        public void close() {
            Stream current = stream;
            if (current != null) {
                current.eventLoop().execute(current::close);
            }
        }
    }
}
