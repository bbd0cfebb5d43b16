// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import io.tacho.cli.bench.Measurement.Better;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The ingest rate of an aggregator, beside a subscriber that discards everything: messages published raw, as many as it
 * follows, and whole beats by the contract's script, as many as Redis carries.
 */
final class IngestPhase implements BenchPhase {

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

    @Override
    public List<String> run(Consumer<Measurement> results) throws IOException, InterruptedException {
        try (Resp redis = new Resp(testBed.redisPort())) {
            Beats scripts = Beats.scripts(NAMESPACE, NODES, Beats.load(redis));
            Beats raws = Beats.messages(NAMESPACE, NODES);
            Flood.withoutSubscriber(redis, scripts).run(1);
            Flood.Outcome withoutSubscriber =
                    Flood.withoutSubscriber(redis, scripts).run(seconds);
            Flood.Outcome discarded;
            try (RawSubscriber subscriber = new RawSubscriber(testBed.redisPort(), RawSubscriber.channel(NAMESPACE))) {
                new Flood(redis, raws, subscriber::received, WINDOW).run(1);
                discarded = new Flood(redis, raws, subscriber::received, WINDOW).run(seconds);
            }
            TestBed.Aggregator aggregator = testBed.aggregator(NAMESPACE);
            ReceivedCount received = new ReceivedCount(aggregator.url());
            new Flood(redis, raws, received::get, WINDOW).run(Math.min(WARM_UP_SECONDS, 4 * seconds));
            Flood.Outcome raw = new Flood(redis, raws, received::get, WINDOW).run(seconds);
            Flood.Outcome beats = new Flood(redis, scripts, received::get, Long.MAX_VALUE).run(seconds);
            Measurement messages = Measurement.of("messages received", "1/s", Better.HIGHER, raw.perSecond())
                    .beside("a subscriber that discards them", discarded.perSecond());
            Measurement applied = Measurement.of("beats by the script", "1/s", Better.HIGHER, beats.perSecond())
                    .beside("no subscriber", withoutSubscriber.perSecond());
            results.accept(messages);
            results.accept(applied);
            return List.of(
                    String.format(
                            Locale.ROOT,
                            "messages: %.0f/s received; a subscriber that discards them: %.0f/s (× %.2f)",
                            raw.perSecond(),
                            discarded.perSecond(),
                            messages.ratioToPeer().orElseThrow()),
                    String.format(
                            Locale.ROOT,
                            "beats by the script: %.0f/s, all received, at most %d behind, the last %.0f ms after it was sent"
                                    + " (%.0f/s without a subscriber)",
                            beats.perSecond(),
                            beats.worstBacklog(),
                            beats.drainMillis(),
                            withoutSubscriber.perSecond()));
        } finally {
            testBed.clear();
        }
    }
}
