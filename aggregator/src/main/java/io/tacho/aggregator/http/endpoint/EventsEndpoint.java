// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.api.QueryParameters;
import io.tacho.aggregator.events.EventFeed;
import io.tacho.aggregator.events.EventFilter;
import io.tacho.aggregator.events.EventSink;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Header;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.message.Stream;
import io.tacho.aggregator.http.message.StreamingResponse;
import io.tacho.aggregator.http.routing.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** {@code /events}: the event feed as Server-Sent Events. */
final class EventsEndpoint implements Endpoint {

    private static final Set<String> PARAMETERS = Set.of("types", "node", "name", "last_event_id", "api_key");

    private static final List<Header> HEADERS = List.of(
            new Header("Content-Type", "text/event-stream"),
            new Header("Cache-Control", "no-store"),
            // disables buffering in nginx
            new Header("X-Accel-Buffering", "no"));

    private final EventFeed feed;

    EventsEndpoint(EventFeed feed) {
        this.feed = feed;
    }

    @Override
    public Response respond(Request request) {
        EventFilter filter = request.query(EventsEndpoint::filter);
        if (request.isHead()) {
            return new FullResponse(HttpResponseStatus.OK, HEADERS, Unpooled.EMPTY_BUFFER, false, false);
        }
        Optional<String> inQuery = request.query(query -> Optional.ofNullable(query.single("last_event_id")));
        String inHeader = request.headers().get("Last-Event-ID");
        return new StreamingResponse(
                HEADERS, new Connection(filter, inHeader == null ? inQuery.orElse(null) : inHeader));
    }

    private static EventFilter filter(QueryParameters query) {
        query.requireKnown(PARAMETERS);
        List<String> types = query.all("types");
        return new EventFilter(
                types.isEmpty()
                        ? Set.of()
                        : Set.copyOf(List.of(String.join(",", types).split(",", -1))),
                Set.copyOf(query.all("node")),
                Set.copyOf(query.all("name")));
    }

    /** Connects the feed's thread to the connection's event loop. */
    private final class Connection implements StreamingResponse.Listener, EventSink {

        private final EventFilter filter;
        private final @Nullable String lastEventId;
        private volatile @Nullable Stream stream;
        /** Removes the reader from the feed. */
        private volatile @Nullable Runnable remove;
        /** Runs when the client has read enough; confined to the event loop. */
        private @Nullable Runnable taken;

        Connection(EventFilter filter, @Nullable String lastEventId) {
            this.filter = filter;
            this.lastEventId = lastEventId;
        }

        @Override
        public void opened(Stream opened) {
            stream = opened;
            remove = feed.open(this, filter, lastEventId);
        }

        @Override
        public void write(List<byte[]> events, Runnable whenTaken) {
            Stream current = stream;
            if (current != null) {
                ByteBuf chunk = Unpooled.wrappedBuffer(events.toArray(new byte[0][]));
                onEventLoop(current, () -> write(current, chunk, whenTaken));
            }
        }

        private void onEventLoop(Stream of, Runnable task) {
            try {
                of.eventLoop().execute(task);
            } catch (RejectedExecutionException e) {
                // the server has closed all connections and its event loops
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
            Runnable current = remove;
            if (current != null) {
                current.run();
            }
        }

        @Override
        public void close() {
            Stream current = stream;
            if (current != null) {
                onEventLoop(current, current::close);
            }
        }
    }
}
