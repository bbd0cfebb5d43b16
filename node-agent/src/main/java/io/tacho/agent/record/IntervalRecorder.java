// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

/**
 * The recorder that keeps what it is told, and gives it out interval by interval: nothing is lost, nothing is counted twice,
 * however many threads write while an interval ends.
 *
 * <p>Thread safety: any number of writers; one reader takes intervals.
 */
public final class IntervalRecorder implements StatsRecorder {

    private final IntervalCounter published = new IntervalCounter();
    private final IntervalCounter queued = new IntervalCounter();
    private final IntervalCounter sent = new IntervalCounter();
    private final IntervalCounter bytesIn = new IntervalCounter();
    private final IntervalCounter bytesOut = new IntervalCounter();
    private final IntervalTimer api = new IntervalTimer();
    private final IntervalTimer client = new IntervalTimer();

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

    @Override
    public void bytesIn(long bytes) {
        bytesIn.add(bytes);
    }

    @Override
    public void bytesOut(long bytes) {
        bytesOut.add(bytes);
    }

    /** What was recorded since the last call; one caller at a time. */
    public RecordedInterval takeInterval() {
        IntervalTimer.Interval apiInterval = api.takeInterval();
        IntervalTimer.Interval clientInterval = client.takeInterval();
        return new RecordedInterval(
                published.takeInterval(),
                queued.takeInterval(),
                sent.takeInterval(),
                apiInterval.count(),
                clientInterval.count(),
                bytesIn.takeInterval(),
                bytesOut.takeInterval(),
                apiInterval.mean(),
                clientInterval.mean(),
                apiInterval.max(),
                clientInterval.max());
    }
}
