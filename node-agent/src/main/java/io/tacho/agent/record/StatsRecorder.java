// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

/**
 * Records the events of a host. Designed for the hot path of a message server: never throws, blocks or allocates. Invalid values (a
 * negative count) are ignored.
 *
 * <p>Counting rules are those of Centrifugo 1.0–1.3, so that the numbers mean the same everywhere.
 *
 * <p>Thread safety: safe.
 */
public interface StatsRecorder {

    /** Records that this node accepted the publication of a message to a channel; each item of a batch is one. */
    default void messagePublished() {
        messagesPublished(1);
    }

    /** Records several published messages, as {@link #messagePublished()}. */
    void messagesPublished(long count);

    /** Records that a frame (reply, message, join or leave) was put into the queue of one client. */
    default void messageQueued() {
        messagesQueued(1);
    }

    /** Records several queued frames, as {@link #messageQueued()}. */
    void messagesQueued(long count);

    /** Records that a frame was written to the connection of one client. */
    default void messageSent() {
        messagesSent(1);
    }

    /** Records several written frames, as {@link #messageSent()}. */
    void messagesSent(long count);

    /**
     * Records a request to the server API, whether or not it succeeded; a batch is one request.
     *
     * @param elapsedNanos time in the handler, nanoseconds
     */
    void apiRequest(long elapsedNanos);

    /**
     * Records a frame from a client, however many commands it contains.
     *
     * @param elapsedNanos time in the handler, nanoseconds
     */
    void clientRequest(long elapsedNanos);

    /** Records the payload bytes of a frame from a client. */
    void bytesIn(long bytes);

    /** Records the payload bytes of a frame that was written to a client. */
    void bytesOut(long bytes);

    /**
     * Records that a client of this user has connected. A user may have several clients, each of which ends with {@link
     * #userDisconnected}. A host that records these events needs no gauges for its clients and users. Unlike the events above, this
     * may allocate.
     */
    void userConnected(String user);

    /** Records that a client of this user has disconnected. */
    void userDisconnected(String user);

    /** Records that a client has subscribed to this channel, which ends with {@link #channelUnsubscribed}. No gauge is needed then. */
    void channelSubscribed(String channel);

    /** Records that a client has unsubscribed from this channel. */
    void channelUnsubscribed(String channel);

    /**
     * Returns a counter of the host's own, which is published in addition to the 22 fields. Call this once, and keep the
     * counter; counting takes no lock.
     *
     * @param name lower-case letters, digits and underscores, perhaps with labels: {@code jobs}, {@code jobs{kind="a"}}
     * @return the counter of that name; one that does nothing if the name is invalid, or there are 64 already
     */
    EventCounter counter(String name);

    /** Returns a recorder that does nothing, for hosts that run without an agent. */
    static StatsRecorder none() {
        return NoRecorder.INSTANCE;
    }
}
