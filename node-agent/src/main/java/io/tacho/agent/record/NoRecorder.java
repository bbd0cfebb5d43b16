// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

/** A recorder that ignores everything. */
enum NoRecorder implements StatsRecorder {
    INSTANCE;

    @Override
    public void messagesPublished(long count) {}

    @Override
    public void messagesQueued(long count) {}

    @Override
    public void messagesSent(long count) {}

    @Override
    public void apiRequest(long elapsedNanos) {}

    @Override
    public void clientRequest(long elapsedNanos) {}

    @Override
    public void bytesIn(long bytes) {}

    @Override
    public void bytesOut(long bytes) {}

    @Override
    public void userConnected(String user) {}

    @Override
    public void userDisconnected(String user) {}

    @Override
    public void channelSubscribed(String channel) {}

    @Override
    public void channelUnsubscribed(String channel) {}

    @Override
    public EventCounter counter(String name) {
        return count -> {};
    }
}
