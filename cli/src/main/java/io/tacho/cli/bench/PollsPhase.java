// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.cli.bench.Wrk.Load;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Polls that know the response already: 304 by ETag, of a cluster in which nothing changes, beside a small file of nginx. */
final class PollsPhase {

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

    /**
     * Medians, a second.
     *
     * @param notModified 304s of the aggregator
     * @param smallFile 200s of nginx, with 100 bytes
     * @param nginxNotModified 304s of nginx
     */
    record Outcome(int connections, double notModified, double smallFile, double nginxNotModified) {

        String text() {
            return String.format(
                    Locale.ROOT,
                    "unchanged polls, %d connections: %.0f 304s/s; nginx: %.0f/s of a small file (× %.2f), %.0f 304s/s (× %.2f)",
                    connections,
                    notModified,
                    smallFile,
                    notModified / smallFile,
                    nginxNotModified,
                    notModified / nginxNotModified);
        }
    }

    List<Outcome> run() throws IOException, InterruptedException {
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
        List<Outcome> outcomes = new ArrayList<>();
        for (int connections : settings.connections()) {
            double[] notModified = new double[settings.runs()];
            double[] smallFile = new double[settings.runs()];
            double[] nginxNotModified = new double[settings.runs()];
            for (int run = 0; run < settings.runs(); run++) {
                smallFile[run] = perSecond(nginx.url(true), connections);
                nginxNotModified[run] = perSecond(nginx.url(true), connections, nginxTag);
                notModified[run] = perSecond(aggregator.url(), connections, tag);
            }
            outcomes.add(new Outcome(
                    connections, Row.median(notModified), Row.median(smallFile), Row.median(nginxNotModified)));
        }
        testBed.clear();
        return outcomes;
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
