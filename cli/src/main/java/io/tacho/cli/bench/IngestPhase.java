// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * The ingest rate of an aggregator, beside a subscriber that discards everything: messages published raw, as many as it
 * follows, and whole beats by the contract's script, as many as Redis carries.
 */
final class IngestPhase {

    private static final String NAMESPACE = "bench-ingest";
    private static final int NODES = 1_000;
    private static final long WINDOW = 10_000;
    private static final int WARM_UP_SECONDS = 10;

    private final TestBed testBed;
    private final int seconds;

    IngestPhase(TestBed testBed, int seconds) {
        this.testBed = testBed;
        this.seconds = seconds;
    }

    /**
     * All of it a second.
     *
     * @param rawSubscriber messages that a subscriber throws away
     * @param rawAggregator messages that the aggregator follows
     * @param scripts how beats by the script went with the aggregator following
     */
    record Outcome(double rawSubscriber, double rawAggregator, double scriptsUnheard, Flood.Outcome scripts) {

        List<String> text() {
            return List.of(
                    String.format(
                            Locale.ROOT,
                            "raw messages: %.0f/s taken in; a subscriber that throws them away: %.0f/s (× %.2f)",
                            rawAggregator,
                            rawSubscriber,
                            rawAggregator / rawSubscriber),
                    String.format(
                            Locale.ROOT,
                            "beats by the script: %.0f/s, all taken in, at most %d behind, the last %.0f ms after it was sent"
                                    + " (%.0f/s without a subscriber)",
                            scripts.perSecond(),
                            scripts.worstBacklog(),
                            scripts.drainMillis(),
                            scriptsUnheard));
        }
    }

    Outcome run() throws IOException, InterruptedException {
        try (Resp redis = new Resp(testBed.redisPort())) {
            Beats scripts = Beats.scripts(NAMESPACE, NODES, Beats.load(redis));
            Beats messages = Beats.messages(NAMESPACE, NODES);
            Flood.unheard(redis, scripts).run(1);
            Flood.Outcome unheard = Flood.unheard(redis, scripts).run(seconds);
            Flood.Outcome thrownAway;
            try (RawSubscriber subscriber = new RawSubscriber(testBed.redisPort(), RawSubscriber.channel(NAMESPACE))) {
                new Flood(redis, messages, subscriber::received, WINDOW).run(1);
                thrownAway = new Flood(redis, messages, subscriber::received, WINDOW).run(seconds);
            }
            TestBed.Aggregator aggregator = testBed.aggregator(NAMESPACE);
            ReceivedCount received = new ReceivedCount(aggregator.url());
            new Flood(redis, messages, received::get, WINDOW).run(Math.min(WARM_UP_SECONDS, 4 * seconds));
            Flood.Outcome raw = new Flood(redis, messages, received::get, WINDOW).run(seconds);
            Flood.Outcome beats = new Flood(redis, scripts, received::get, Long.MAX_VALUE).run(seconds);
            return new Outcome(thrownAway.perSecond(), raw.perSecond(), unheard.perSecond(), beats);
        } finally {
            testBed.clear();
        }
    }
}
