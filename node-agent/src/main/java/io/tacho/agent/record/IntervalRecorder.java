// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.RequestKind;

/**
 * The recorder that counts events and returns them interval by interval: nothing is lost, nothing is counted twice,
 * however many threads write while an interval ends.
 *
 * <p>Thread safety: any number of writers; one reader takes intervals, any thread reads the totals.
 */
public final class IntervalRecorder implements StatsRecorder {

    private final IntervalCounter published = new IntervalCounter();
    private final IntervalCounter queued = new IntervalCounter();
    private final IntervalCounter sent = new IntervalCounter();
    private final IntervalCounter bytesIn = new IntervalCounter();
    private final IntervalCounter bytesOut = new IntervalCounter();
    private final IntervalTimer api;
    private final IntervalTimer client;
    private final LiveIds users = new LiveIds();
    private final LiveIds channels = new LiveIds();
    private final EventCounters counters = new EventCounters();

    /** Creates a recorder that keeps histograms of durations. */
    public IntervalRecorder() {
        this(true);
    }

    /**
     * Creates a recorder.
     *
     * @param histograms whether to keep histograms of durations, which takes 8 KB for each stripe and kind of request
     */
    public IntervalRecorder(boolean histograms) {
        api = new IntervalTimer(histograms);
        client = new IntervalTimer(histograms);
    }

    @Override
    public void messagesPublished(long count) {
        published.add(count);
    }

    @Override
    public void messagesQueued(long count) {
        queued.add(count);
    }

    @Override
    public void messagesSent(long count) {
        sent.add(count);
    }

    @Override
    public void apiRequest(long elapsedNanos) {
        api.record(elapsedNanos);
    }

    @Override
    public void clientRequest(long elapsedNanos) {
        client.record(elapsedNanos);
    }

    /**
     * Records requests of the same duration.
     *
     * @param times how many, at least 0; that times the duration must be in the bounds of a long
     */
    public void requests(RequestKind kind, long elapsedNanos, int times) {
        (kind == RequestKind.API ? api : client).record(elapsedNanos, times);
    }

    @Override
    public void bytesIn(long bytes) {
        bytesIn.add(bytes);
    }

    @Override
    public void bytesOut(long bytes) {
        bytesOut.add(bytes);
    }

    @Override
    public void userConnected(String user) {
        users.add(user);
    }

    @Override
    public void userDisconnected(String user) {
        users.remove(user);
    }

    @Override
    public void channelSubscribed(String channel) {
        channels.add(channel);
    }

    @Override
    public void channelUnsubscribed(String channel) {
        channels.remove(channel);
    }

    @Override
    public EventCounter counter(String name) {
        return counters.get(name);
    }

    /** Returns the connected users. */
    public LiveIds users() {
        return users;
    }

    /** Returns the channels with at least one subscriber. */
    public LiveIds channels() {
        return channels;
    }

    /** Returns the interval recorded since the last call; one caller at a time. */
    public RecordedInterval takeInterval() {
        RequestTimes apiTimes = RequestTimes.of(api.takeInterval());
        RequestTimes clientTimes = RequestTimes.of(client.takeInterval());
        return new RecordedInterval(
                published.takeInterval(),
                queued.takeInterval(),
                sent.takeInterval(),
                bytesIn.takeInterval(),
                bytesOut.takeInterval(),
                apiTimes,
                clientTimes,
                counters.takeInterval());
    }

    /**
     * Returns the totals since the start; any thread may call it. A total beyond the bounds of a field starts again at 0, as
     * after a restart, so that its increase stays right.
     */
    public NodeTotals totals() {
        IntervalTimer.Totals apiTotals = api.totals();
        IntervalTimer.Totals clientTotals = client.totals();
        return new NodeTotals(
                wrapped(published.total()),
                wrapped(queued.total()),
                wrapped(sent.total()),
                wrapped(apiTotals.count()),
                wrapped(clientTotals.count()),
                wrapped(bytesIn.total()),
                wrapped(bytesOut.total()),
                apiTotals.sum() & Long.MAX_VALUE,
                clientTotals.sum() & Long.MAX_VALUE);
    }

    static long wrapped(long value) {
        // all bits set
        return value & NodeSnapshot.MAX_VALUE;
    }
}
