// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

/**
 * Records the events of a host. Made for the hottest path of a message server: never throws, never
 * blocks, never allocates. Invalid values (a negative count) are not recorded.
 *
 * <p>Counting rules are those of Centrifugo 1.0–1.3, so that the numbers mean the same everywhere.
 *
 * <p>Thread safety: safe.
 */
public interface StatsRecorder {

    /** A channel publish was accepted on this node; each item of a batch is one. */
    default void messagePublished() {
        messagesPublished(1);
    }

    void messagesPublished(long count);

    /** A frame (reply, message, join or leave) was put into one client's queue. */
    default void messageQueued() {
        messagesQueued(1);
    }

    void messagesQueued(long count);

    /** A frame was actually written to one client. */
    default void messageSent() {
        messagesSent(1);
    }

    void messagesSent(long count);

    /**
     * A request reached the server API, whatever became of it; a batch is one.
     *
     * @param elapsedNanos time in the handler, nanoseconds
     */
    void apiRequest(long elapsedNanos);

    /**
     * A frame came from a client, however many commands are in it.
     *
     * @param elapsedNanos time in the handler, nanoseconds
     */
    void clientRequest(long elapsedNanos);

    /** Payload bytes of a frame from a client. */
    void bytesIn(long bytes);

    /** Payload bytes of a frame written to a client. */
    void bytesOut(long bytes);

    /**
     * A client of this user has connected. A user may have several; each is taken back by {@link #userDisconnected}. A host
     * that reports these events needs no gauges for its clients and users. Unlike the events above this takes a place in a map.
     */
    void userConnected(String user);

    /** A client of this user is gone. */
    void userDisconnected(String user);

    /** A client follows this channel; taken back by {@link #channelUnsubscribed}. As with users, no gauge is needed then. */
    void channelSubscribed(String channel);

    /** A client does not follow this channel any more. */
    void channelUnsubscribed(String channel);

    /**
     * Returns a counter of the host's own, which is published in addition to the 22 fields. Call this once, and keep the
     * counter; counting takes no lock.
     *
     * @param name lower-case letters, digits and underscores, perhaps with labels: {@code jobs}, {@code jobs{kind="a"}}
     * @return the counter of that name; one that does nothing if the name is invalid, or there are 64 already
     */
    EventCounter counter(String name);

    /** A recorder for hosts that run without an agent: does nothing. */
    static StatsRecorder none() {
        return NoRecorder.INSTANCE;
    }
}
