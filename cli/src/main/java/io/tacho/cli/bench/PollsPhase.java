// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.cli.bench.Measurement.Better;
import io.tacho.cli.bench.program.Nginx;
import io.tacho.cli.bench.program.Poller;
import io.tacho.cli.bench.program.Wrk.Load;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Polls that know the response already: 304 by ETag, of a cluster in which nothing changes, beside those of nginx. */
final class PollsPhase implements BenchPhase {

    private static final String NAMESPACE = "bench-polls";
    private static final String STATS = "/stats";
    private static final int NODES = 100;
    private static final int WARM_UP_SECONDS = 3;

    private final TestBed testBed;
    private final BenchSettings settings;

    PollsPhase(TestBed testBed, BenchSettings settings) {
        this.testBed = testBed;
        this.settings = settings;
    }

    @Override
    public List<String> run(Consumer<Measurement> results) throws IOException, InterruptedException {
        try (Resp redis = new Resp(testBed.redisPort())) {
            Beats beats = Beats.scripts(NAMESPACE, NODES, Beats.load(redis));
            for (int i = 0; i < NODES; i++) {
                redis.send(beats.next());
                redis.reply();
            }
        }
        TestBed.Aggregator aggregator = testBed.aggregator(NAMESPACE);
        Nginx nginx = testBed.nginx("x".repeat(100).getBytes(UTF_8));
        String tag = tag(aggregator.url());
        String nginxTag = tag(nginx.url(true));
        testBed.wrk().run(aggregator.url() + STATS, 32, WARM_UP_SECONDS, tag);
        List<String> summary = new ArrayList<>();
        for (int connections : settings.connections()) {
            double[] notModified = new double[settings.runs()];
            double[] nginxNotModified = new double[settings.runs()];
            for (int run = 0; run < settings.runs(); run++) {
                nginxNotModified[run] = perSecond(nginx.url(true), connections, nginxTag);
                notModified[run] = perSecond(aggregator.url(), connections, tag);
            }
            Measurement polls = Measurement.of(
                            "unchanged polls, " + connections + " connections", "1/s", Better.HIGHER, notModified)
                    .beside("nginx", nginxNotModified);
            results.accept(polls);
            summary.add(String.format(
                    Locale.ROOT,
                    "%s: %.0f 304s/s; nginx: %.0f 304s/s (× %.2f)",
                    polls.name(),
                    polls.median(),
                    Measurement.median(polls.peerValues()),
                    polls.ratioToPeer().orElseThrow()));
        }
        testBed.clear();
        return summary;
    }

    private double perSecond(String url, int connections, String... headers) throws IOException, InterruptedException {
        Load load = testBed.wrk().run(url + STATS, connections, settings.seconds(), headers);
        if (load.errors() > 0) {
            throw new IOException(url + STATS + ": " + load.errors() + " errors (expected: none)");
        }
        return load.perSecond();
    }

    /** Returns the header by which this server returns 304. */
    private static String tag(String url) throws IOException {
        Poller poller = new Poller(url);
        String tag = poller.get(STATS).tag();
        int status = tag == null ? 200 : poller.getUnless(tag, STATS).status();
        if (status != 304) {
            throw new IOException(url + STATS + ": ETag " + tag + ", then " + status + " (expected: 304)");
        }
        return "If-None-Match: " + tag;
    }
}
