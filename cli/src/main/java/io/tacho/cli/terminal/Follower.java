// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.cli.client.ApiClient;
import io.tacho.cli.client.ApiException;
import io.tacho.concurrent.DaemonThreads;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps a cluster up to date by a thread of its own; tries again for as long as it makes sense. */
final class Follower {

    private static final long WAIT_MILLIS = 1_000;

    private final ApiClient client;
    private final LiveCluster cluster;
    private volatile @Nullable String trouble;
    private volatile @Nullable ApiException rejected;
    private volatile @Nullable String detailUid;

    Follower(ApiClient client, LiveCluster cluster) {
        this.client = client;
        this.cluster = cluster;
    }

    void start() {
        DaemonThreads.start("tacho-events", this::run);
        DaemonThreads.start("tacho-totals", this::runTotals);
    }

    private void runTotals() {
        try {
            while (rejected == null) {
                totals();
                TimeUnit.MILLISECONDS.sleep(WAIT_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sets the node whose details are loaded; null for none. */
    void detail(@Nullable String uid) {
        if (!Objects.equals(uid, detailUid)) {
            detailUid = uid;
            cluster.detail(null);
        }
    }

    /** Asks for the totals of all nodes and the alerts. While there is no response the totals are merged from the nodes that are shown. */
    void totals() {
        try {
            JsonNode response = client.cluster();
            cluster.totals(Totals.parse(response));
            cluster.status(ClusterStatus.parse(response, client.get("/alerts")));
            String uid = detailUid;
            if (uid != null) {
                cluster.detail(client.get("/node?uid=" + URLEncoder.encode(uid, UTF_8)));
            }
        } catch (IOException e) {
            // the stream of events reports the problem
            cluster.totals(null);
            cluster.status(ClusterStatus.UNKNOWN);
        }
    }

    private void run() {
        try {
            while (rejected == null) {
                once();
                TimeUnit.MILLISECONDS.sleep(WAIT_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void once() {
        try {
            client.follow(new ApiClient.EventListener() {
                @Override
                public void opened() {
                    trouble = null;
                    cluster.opened();
                }

                @Override
                public void event(String type, JsonNode data) {
                    if (type.equals("synced")) {
                        loadDepartures();
                    }
                    cluster.event(type, data);
                }
            });
            trouble = "the aggregator has ended the stream";
        } catch (ApiException e) {
            rejected = e;
        } catch (IOException e) {
            trouble = message(e);
        }
        cluster.closed();
    }

    /** Loads the nodes that departed before this program was started, which the events do not contain. */
    private void loadDepartures() {
        try {
            cluster.addDeparted(client.membership(), System.currentTimeMillis());
        } catch (IOException e) {
            // an aggregator without /membership; the nodes that depart from now on are shown
        }
    }

    static String message(IOException failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    /** Returns the reason for which it is disconnected; null while connected. */
    @Nullable
    String trouble() {
        return trouble;
    }

    /** Throws the error that further attempts would not resolve. */
    void check() throws ApiException {
        ApiException found = rejected;
        if (found != null) {
            throw found;
        }
    }
}
